"""A what-if can be taken away: as one line, as a file, as a command, in Python."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import load, run, story, with_changes
from sim.errors import RequestError, ScenarioError
from sim.scenario import as_file, files, from_bytes, names, parse_line, spelled
from tests.test_cli import oneveto

WHAT_IFS = (
    {},
    {"rule": "majority"},
    {"assumptions.trust": -0.5, "assumptions.cohesion.band": 0},
    {"members.*.resolve": 0.09, "members.POL.trust": 0.3, "members.POL.trust.band": 0},
    {"members.drop": ["HUN", "TUR"], "process.rounds": 4},
    {"members.roster": "nato-2024", "evidence.step_back": 1},
    {"clauses.N5.1.level": 0.6, "clauses.N5.1.cost.deterrence": 0.2, "process.kind": "steps"},
    {"evidence.build_up": 0, "proposer.opening": 0.6, "proposer.floor.security_seeker": 0.3},
)


@pytest.mark.parametrize("changes", WHAT_IFS, ids=spelled)
def test_the_file_of_a_what_if_plays_the_same_worlds(changes):
    asked = with_changes(load("draft-treaty-2021"), changes)
    read = from_bytes(as_file(asked).encode(), "mine.toml")
    assert not read.changes
    one, other = run(asked, worlds=300).as_json(), run(read, worlds=300).as_json()
    assert (one["clauses"], one["members"]) == (other["clauses"], other["members"])


@pytest.mark.parametrize("name", names())
def test_every_scenario_can_be_written_whole(name):
    scenario = load(name)
    read = from_bytes(as_file(scenario, "Mine").encode(), "mine.toml")
    assert read.about.title == "Mine"
    assert read.base is None
    assert run(read, worlds=100).survival == run(scenario, worlds=100).survival


def test_a_changed_number_no_longer_rests_on_its_old_grounds():
    asked = with_changes(load("draft-treaty-2021"), {"assumptions.cohesion": 0.5})
    read = from_bytes(as_file(asked).encode(), "mine.toml")
    assert read.assumptions.cohesion.judgement == "A what-if; the original says 0.3."
    assert read.assumptions.cohesion.band == 0.06
    assert read.about.sources[-1] == "A what-if of draft-treaty-2021: assumptions.cohesion=0.5"


def test_levers_that_no_longer_fit_are_left_out_and_so_are_claims():
    document = as_file(load("draft-treaty-2021")).replace(
        "[levers.step_back]",
        '[levers.poland]\ntitle = "Poland trusts"\n[levers.poland.set]\n"members.POL.trust" = 0.5\n\n'
        "[levers.step_back]",
    )
    scenario = from_bytes(document.encode(), "mine.toml")
    assert "poland" in scenario.levers
    without = with_changes(scenario, {"members.drop": ["POL"]})
    levers = from_bytes(as_file(without).encode(), "mine.toml").levers
    assert "poland" not in levers
    assert "step_back" in levers
    assert "expect" not in document


def test_what_somebody_hands_over_is_checked_like_a_file():
    with pytest.raises(ScenarioError, match="not UTF-8"):
        from_bytes("title = 'ä'".encode("latin-1"), "mine.toml")
    with pytest.raises(ScenarioError, match="too large"):
        from_bytes(b"#" * (5 * 2**20), "mine.toml")
    for name in ("../x", "/etc/hostname", "rosters/nato-2024"):
        with pytest.raises(
            ScenarioError, match=r"members\.roster names .* does not come with oneveto"
        ):
            from_bytes(as_file(load("nato-32")).replace("nato-2024", name).encode(), "mine.toml")
        with pytest.raises(ScenarioError, match=r"base names .* does not come with oneveto"):
            from_bytes(f'base = "{name}"'.encode(), "mine.toml")


VALUES = st.one_of(
    st.integers(-5, 5),
    st.floats(-5, 5).map(lambda x: round(x, 6)),
    st.sampled_from(["majority", "only:USA,DEU", "steps", "a b", "it's"]),
)


@given(
    st.dictionaries(st.sampled_from(["rule", "members.*.resolve", "clauses.N5.1.level"]), VALUES)
)
def test_a_line_is_read_back_as_it_was(changes):
    assert parse_line(spelled(changes)) == changes


def test_a_line_without_its_quotation_mark_is_refused():
    with pytest.raises(RequestError, match="without its pair"):
        parse_line("rule='majority")


def test_the_command_of_a_what_if_prints_its_numbers(capsys):
    asked = with_changes(
        load("draft-treaty-2021"), {"rule": "majority", "members.drop": ["HUN", "TUR"]}
    )
    words = shlex.split(story.command(asked, asked.name, 300, 7))
    assert words[0] == "oneveto"
    code, printed, _ = oneveto(*words[1:], capsys=capsys)
    assert code == 0
    assert "Rule: majority · 28 members · 300 worlds, seed 7" in printed


def test_the_python_of_a_what_if_gives_its_numbers():
    asked = with_changes(load("draft-treaty-2021"), {"rule": "majority", "members.*.resolve": 0.09})
    found: dict[str, object] = {}
    exec(story.python(asked, asked.name, 300, 7), found)
    assert found["outcome"].survival == run(asked, worlds=300, seed=7).survival


def test_a_roster_of_ones_own_is_written_in(tmp_path):
    shipped = (files.shipped() / "rosters" / "nato-2021.toml").read_text("utf-8")
    (tmp_path / "mine.toml").write_text(shipped.replace("trust = 0.387", "trust = 0.8"), "utf-8")
    head = 'base = "draft-treaty-2021"\n[about]\ntitle = "Mine"\nquestion = "Who?"\ndate = 2021-12-17\n'
    rest = 'sources = ["a"]\nleaves_out = ["b"]\n[members]\nroster = "mine"\ndrop = ["USA"]\n'
    (tmp_path / "s.toml").write_text(head + rest, "utf-8")
    scenario = load(tmp_path / "s.toml")
    read = from_bytes(as_file(scenario).encode(), "mine.toml")
    assert read.members.roster is None
    assert list(read.seats) == list(scenario.seats)
    assert read.seats["ALB"].trust.value == 0.8
    assert run(read, worlds=100).survival == run(scenario, worlds=100).survival


def test_a_roster_that_only_has_a_shipped_name_is_written_in(tmp_path):
    shipped = (files.shipped() / "rosters" / "nato-2021.toml").read_text("utf-8")
    own = shipped.replace("trust = 0.387", "trust = 0.8")
    (tmp_path / "nato-2021.toml").write_text(own, "utf-8")
    document = as_file(load("draft-treaty-2021"))
    (tmp_path / "s.toml").write_text(document, "utf-8")
    read = from_bytes(as_file(load(tmp_path / "s.toml")).encode(), "mine.toml")
    assert read.seats["ALB"].trust.value == 0.8
