"""Reading, changing and describing scenarios."""

from __future__ import annotations

import re

import jsonschema
import pytest

from sim.errors import OnevetoError
from sim.scenario import load, locate, names, parse, schema, sha256, shipped, with_changes
from sim.scenario.files import read

FLAGSHIP = load("draft-treaty-2021")


@pytest.mark.parametrize("name", names())
def test_every_shipped_scenario_is_complete(name):
    about = load(name).about
    assert about.notice
    assert about.try_
    assert about.sources
    assert about.leaves_out


def test_setting_moves_the_centre_and_keeps_the_band():
    changed = with_changes(FLAGSHIP, {"assumptions.cohesion": 0.4})
    assert changed.assumptions.cohesion.value == 0.4
    assert changed.assumptions.cohesion.band == FLAGSHIP.assumptions.cohesion.band


def test_a_band_of_zero_pins_a_number():
    changed = with_changes(FLAGSHIP, {"members.POL.trust.band": 0, "assumptions.trust.band": 0})
    assert changed.seats["POL"].trust.band == 0
    assert changed.seats["POL"].trust.value == FLAGSHIP.seats["POL"].trust.value
    assert changed.assumptions.trust.band == 0


def test_a_star_is_everybody():
    changed = with_changes(FLAGSHIP, {"members.*.resolve": 0.09, "clauses.*.least": 0.5})
    assert {member.resolve.value for member in changed.seats.values()} == {0.09}
    assert {clause.least for clause in changed.clauses.values()} == {0.5}


def test_the_longest_id_wins():
    assert locate(FLAGSHIP, "clauses.N5.1.level") == [("clauses", "N5.1", "level")]
    cost = locate(FLAGSHIP, "clauses.N5.1.cost.deterrence.band")
    assert cost == [("clauses", "N5.1", "cost", "deterrence", "band")]


def test_an_interest_left_out_can_be_set():
    changed = with_changes(FLAGSHIP, {"clauses.N2.3.cost.equal_security": 0.3})
    assert changed.clauses["N2.3"].cost["equal_security"].value == 0.3
    assert changed.clauses["N2.3"].cost["deterrence"] == FLAGSHIP.clauses["N2.3"].cost["deterrence"]


def test_short_addresses_stand_for_what_they_name():
    changed = with_changes(FLAGSHIP, {"rule": "majority", "evidence.build_up": 0})
    assert changed.rule.name == "majority"
    assert (changed.evidence["build_up"].count, changed.evidence["build_up"].included) == (0, 1)


def test_the_council_can_change():
    later = with_changes(FLAGSHIP, {"members.roster": "2024", "members.drop": "HUN,TUR"})
    assert len(later.seats) == 30
    assert "FIN" in later.seats
    assert "HUN" not in later.seats


def test_a_later_change_replaces_an_earlier_one_and_both_are_remembered():
    one = with_changes(FLAGSHIP, {"members.POL.trust": 0.2, "rule": "majority"})
    two = with_changes(one, {"members.POL.trust": 0.3})
    assert two.seats["POL"].trust.value == 0.3
    assert two.changes == {"rule": "majority", "members.POL.trust": 0.3}
    assert FLAGSHIP.changes == {}


def test_changing_leaves_the_original_alone():
    before = FLAGSHIP.model_dump()
    with_changes(FLAGSHIP, {"members.*.trust": 0.3, "clauses.N5.1.cost.deterrence": 0.1})
    assert FLAGSHIP.model_dump() == before


UNKNOWN = {
    "members.POL.trst": "Did you mean `trust`?",
    "members.PLO.trust": "Did you mean `POL`?",
    "clauses.N5.level": "`clauses` has no `N5.level`",
    "rul": "Did you mean `rule`?",
    "about.title": "names nothing that can be changed",
    "members.POL": "is a table",
    "members.POL.name": "is text",
    "members.POL.trust.bnd": "`members.POL.trust` has no `bnd`. Did you mean `band`?",
    "clauses.N5.1.level.band": "has no parts",
    "process.*": "`process` has no `*`",
}


@pytest.mark.parametrize("address", UNKNOWN)
def test_an_address_that_names_nothing_is_one_sentence(address):
    with pytest.raises(OnevetoError) as raised:
        with_changes(FLAGSHIP, {address: 0.5})
    assert UNKNOWN[address] in str(raised.value)


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        ("a.b=.3", 0.3),
        ("a.b=1", 1),
        ("a.b = -2e-3", -0.002),
        ("rule=only:USA", "only:USA"),
        ('x="a b"', "a b"),
        ("x=true", True),
        ("x=[1, 2]", [1, 2]),
    ],
)
def test_an_assignment_is_read_as_typed(assignment, expected):
    assert parse(assignment)[1] == expected


def test_the_hash_does_not_depend_on_layout_or_changes(tmp_path):
    text = (shipped() / "draft-treaty-2021.toml").read_text("utf-8")
    (tmp_path / "draft-treaty-2021.toml").write_text("# moved\n\n" + text, "utf-8")
    assert sha256(load(tmp_path / "draft-treaty-2021.toml")) == sha256(FLAGSHIP)
    assert sha256(with_changes(FLAGSHIP, {"rule": "majority"})) == sha256(FLAGSHIP)
    (tmp_path / "other.toml").write_text(text.replace("least = 1.0", "least = 0.9", 1), "utf-8")
    assert sha256(load(tmp_path / "other.toml")) != sha256(FLAGSHIP)


def test_the_hash_covers_the_roster_in_use():
    later = with_changes(FLAGSHIP, {"members.roster": "2024"})
    assert sha256(later) != sha256(FLAGSHIP)
    assert sha256(with_changes(later, {"members.roster": "2021"})) == sha256(FLAGSHIP)
    assert sha256(with_changes(FLAGSHIP, {"members.drop": "HUN"})) == sha256(FLAGSHIP)


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A scenario with a roster of its own beside it, loaded by a relative path."""
    text = (shipped() / "draft-treaty-2021.toml").read_text("utf-8")
    assert text.count('roster = "nato-2021"') == 1
    (tmp_path / "mine.toml").write_text(text.replace('"nato-2021"', '"friends"'), "utf-8")
    roster = (shipped() / "rosters" / "nato-2021.toml").read_text("utf-8")
    (tmp_path / "friends.toml").write_text(roster, "utf-8")
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    return load("mine.toml")


def test_a_scenario_does_not_move_with_the_folder(own, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path / "sub")
    own.origin.rosters.clear()
    assert with_changes(own, {"rule": "majority"}).seats.keys() == FLAGSHIP.seats.keys()
    assert sha256(own)


def test_all_what_ifs_of_a_scenario_see_the_roster_as_it_was_read(own, tmp_path):
    before = sha256(own)
    (tmp_path / "friends.toml").write_text("broken", "utf-8")
    changed = with_changes(own, {"rule": "majority"})
    assert changed.seats == own.seats
    assert sha256(changed) == before
    with pytest.raises(OnevetoError, match=r"friends\.toml: line 1 is not TOML"):
        load(tmp_path / "mine.toml")


def test_a_roster_answers_for_its_numbers(own, tmp_path):
    text = (tmp_path / "friends.toml").read_text("utf-8")
    unargued = re.sub(r"^(source|judgement) = .*\n", "", text, flags=re.MULTILINE)
    (tmp_path / "friends.toml").write_text(unargued, "utf-8")
    with pytest.raises(OnevetoError, match=r"friends\.toml: roster carries neither `source` nor"):
        load(tmp_path / "mine.toml")


def test_a_lever_that_calls_up_a_broken_roster_names_that_file(own, tmp_path):
    (tmp_path / "foes.toml").write_text("broken", "utf-8")
    text = (tmp_path / "mine.toml").read_text("utf-8")
    lever = (
        '[levers.foes]\ntitle = "Foes"\nset = { "members.roster" = "foes" }\n\n[levers.step_back]'
    )
    (tmp_path / "mine.toml").write_text(text.replace("[levers.step_back]", lever), "utf-8")
    with pytest.raises(OnevetoError) as raised:
        load(tmp_path / "mine.toml")
    assert str(raised.value).startswith("mine.toml: levers.foes: foes.toml: line 1 is not TOML")


DROPS = [3, True, 0.5, [["HUN"]], [3], {"HUN": 1}]


@pytest.mark.parametrize("drop", DROPS, ids=repr)
def test_who_is_dropped_is_named(drop):
    with pytest.raises(OnevetoError, match=r"members\.drop is .*; write ids of members"):
        with_changes(FLAGSHIP, {"members.drop": drop})


@pytest.mark.parametrize("drop", ["HUN,TUR", " HUN , TUR ", ["HUN", "TUR"], ("HUN", "TUR")])
def test_who_is_dropped_may_be_a_list_or_text_with_commas(drop):
    assert len(with_changes(FLAGSHIP, {"members.drop": drop}).seats) == 28


def test_who_was_dropped_has_no_numbers():
    with pytest.raises(OnevetoError, match=r"`members\.HUN\.trust` .*: HUN was dropped"):
        with_changes(FLAGSHIP, {"members.drop": "HUN", "members.HUN.trust": 0.3})


def test_a_scenario_may_begin_with_a_byte_order_mark(tmp_path):
    text = (shipped() / "draft-treaty-2021.toml").read_text("utf-8")
    (tmp_path / "mine.toml").write_text(text, "utf-8-sig")
    assert sha256(load(tmp_path / "mine.toml")) == sha256(FLAGSHIP)


def plain(value):
    """A TOML document as JSON has it: dates are text."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


@pytest.mark.parametrize("name", names())
def test_the_schema_accepts_what_ships(name):
    jsonschema.validate(plain(read(shipped() / f"{name}.toml")), schema())


def test_the_schema_refuses_a_key_that_means_nothing():
    document = plain(read(shipped() / "draft-treaty-2021.toml"))
    document["clauses"]["N5.1"]["gains"] = {}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema())


def test_scenarios_of_the_same_file_and_changes_are_equal():
    one, other = (load("draft-treaty-2021") for _ in range(2))
    assert with_changes(one, {"rule": "majority"}) == with_changes(other, {"rule": "majority"})
    assert with_changes(one, {"rule": "majority"}) != with_changes(other, {"rule": "consensus-2"})
    assert one == other
