"""One member moved and whom to persuade: exact answers, and agreement with the council that plays."""

from __future__ import annotations

import itertools
import json
import os
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, milp

from sim import centre, load, run, with_changes
from sim.analysis import arguments
from sim.analysis.arguments import Room, cheapest, fewest
from sim.analysis.one_member import moves
from sim.analysis.over import curve_frame, curve_over, map_frame, map_over, spanned
from sim.analysis.persuasion import members_of, persuasion, room, total
from sim.analysis.turned import knob, turned
from sim.errors import RequestError
from sim.rules import RULES, SLACK
from sim.scenario import from_document
from sim.story import persuasion as story
from sim.worlds import central
from tests import strategies
from tests.test_cli import oneveto

FLAGSHIP = load("draft-treaty-2021")
TOY = load("three-neighbours")


def survives(scenario, clause, move, value):
    """Whether the clause stands in the played central world when a number is moved to a value."""
    if move.interest != "*":
        changed = with_changes(scenario, {move.address: value})
    else:
        numbers = getattr(scenario.seats[move.member], move.number)
        own = move.address.removesuffix("*")
        factors = {f"{own}{name}": number.value * value for name, number in numbers.items()}
        changed = with_changes(scenario, factors)
    return centre(changed).survival[clause] == 1


def bisected(scenario, clause, move):
    """Where playing the central world over and over says that the verdict tips."""
    near, far = move.start, move.to + (move.to - move.start) * 1e-3
    before = survives(scenario, clause, move, near)
    assert survives(scenario, clause, move, far) != before
    for _ in range(26):
        middle = (near + far) / 2
        if survives(scenario, clause, move, middle) == before:
            near = middle
        else:
            far = middle
    return far


# One member moved -------------------------------------------------------------------------------

CASES = [
    (FLAGSHIP, "N5.1"),
    (FLAGSHIP, "N1.4"),
    (with_changes(FLAGSHIP, {"rule": "majority"}), "N7.3"),
    (with_changes(FLAGSHIP, {"rule": "consensus-3"}), "N5.1"),
    (with_changes(FLAGSHIP, {"assumptions.cohesion": 0}), "N1.4"),
    (with_changes(FLAGSHIP, {"assumptions.cohesion": 0.47}), "N5.1"),
    (load("us-draft-2021"), "U1"),
    (TOY, "strip"),
]


@pytest.mark.parametrize(("scenario", "clause"), CASES)
def test_the_exact_tipping_point_equals_the_one_found_by_bisection_over_runs(scenario, clause):
    found = moves(scenario, clause)
    assert found.exact
    assert found.flipping
    kinds = {}
    for move in found.flipping:
        kinds.setdefault(move.number, move)
    for move in kinds.values():
        assert bisected(scenario, clause, move) == pytest.approx(move.to, rel=1e-6)


def test_in_several_rounds_the_tipping_point_is_that_of_the_played_central_world():
    scenario = with_changes(TOY, {"process.rounds": 3, "assumptions.cohesion": 0.2})
    found = moves(scenario, "strip")
    assert not found.exact
    kinds = {move.number: move for move in reversed(found.flipping)}
    assert kinds
    for move in kinds.values():
        assert bisected(scenario, "strip", move) == pytest.approx(move.to, rel=1e-5)


@given(scenario=strategies.scenarios(cohesion=None), part=st.floats(0.01, 0.99))
@settings(max_examples=15, deadline=None)
def test_nothing_flips_nearer_than_the_nearest_tipping_point(scenario, part):
    clause = next(iter(scenario.clauses))
    found = moves(scenario, clause)
    for move in (*found.flipping[:3], *found.flipping[-2:]):
        assert survives(scenario, clause, move, move.start) == found.stands
        far = move.to - move.start
        for share in (part, 0.999):
            for value in (move.start + share * far, move.start - share * far):
                if value >= 0 and (move.number != "trust" or 0.12 < value < 0.84):
                    assert survives(scenario, clause, move, value) == found.stands


@pytest.mark.parametrize("name", ["draft-treaty-2021", "risk-reduction-after-step-back"])
def test_a_number_turned_by_hand_gives_the_world_that_changing_the_scenario_gives(name):
    scenario = load(name)
    values = {
        "members.POL.trust": 0.3,
        "members.POL.weight.deterrence": 1.2,
        "members.USA.exposure.deterrence": 0.1,
        "members.USA.resolve": 0.2,
        "clauses.N5.1.cost.deterrence": 0.9,
        "assumptions.cohesion": 0.6,
        "assumptions.trust": 0.7,
        "assumptions.pretext": 0.5,
        "assumptions.logroll": 0.4,
        "proposer.keep.expansionist": 0.1,
        "proposer.keep.security_seeker": 0.9,
        "proposer.floor.security_seeker": 0.7,
        "proposer.audience": 0.2,
    }
    knobs = [knob(scenario, address) for address in values]
    worlds = turned(scenario, knobs, np.arange(len(knobs)), np.array(list(values.values())))
    for place, change in enumerate(values.items()):
        expected = central(with_changes(scenario, dict([change])))
        for field, value in vars(expected).items():
            if isinstance(value, np.ndarray):
                np.testing.assert_allclose(getattr(worlds, field)[..., [place]], value, rtol=1e-12)


def test_a_member_without_a_say_and_a_trust_that_plays_no_part_flip_nothing():
    bilateral = moves(load("us-draft-2021"), "U1")
    assert {move.member for move in bilateral.flipping} == {"USA"}


# Whom to persuade -------------------------------------------------------------------------------

RULED = [name for name in RULES if name != "only:"]


@st.composite
def rooms(draw, rule):
    """Up to four members, what they think of one text, and who listens to whom."""
    count = draw(st.integers(1, 4))
    number = strategies.amounts(-1, 0.4)
    views = np.array(draw(st.lists(number, min_size=count, max_size=count)))
    resolve = np.array(
        draw(st.lists(strategies.amounts(0.01, 0.1), min_size=count, max_size=count))
    )
    h = draw(st.sampled_from([0, 0.3, 0.8]))
    heard = (1 - h) * np.eye(count) + h * np.full((count, count), 1 / count)
    return Room(views[:, None], heard, resolve, strategies.rule(rule, count))


def by_enumeration(room, most):
    """The least worth over all ways in which members could speak, each a linear program."""
    count, best = len(room.views), np.inf
    for stances in itertools.product((0, 1, 2), repeat=count):
        said = np.array(stances, np.int8)
        if not room.rule.adopts(said[:, None, None]).all():
            continue
        wanted = np.where(said == 1, -room.resolve, room.resolve + 2 * SLACK) - room.views[:, 0]
        held = said > 0
        rows = (-room.heard[held], -wanted[held]) if held.any() else (None, None)
        found = linprog(np.ones(count), *rows, bounds=list(zip(np.zeros(count), most)))
        best = min(best, found.fun) if found.success else best
    return best


@pytest.mark.parametrize("rule", RULED)
@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_the_cheapest_arguments_are_the_cheapest_of_all_ways_to_speak(rule, data):
    there = data.draw(rooms(rule))
    worth = cheapest(there)
    expected = by_enumeration(there, np.full(len(there.views), np.inf))
    assert worth.sum() == pytest.approx(expected, abs=1e-6)
    assert there.adopts(worth * (1 + 1e-6))


@pytest.mark.parametrize("rule", RULED)
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_no_smaller_set_of_members_would_do(rule, data):
    there = data.draw(rooms(rule))
    most = np.full(there.views.shape, 0.9)
    worth = fewest(there, most)
    count = len(there.views)
    by_set = {
        chosen: by_enumeration(there, np.where(np.isin(range(count), chosen), 0.9, 0))
        for size in range(count + 1)
        for chosen in itertools.combinations(range(count), size)
    }
    able = {chosen: much for chosen, much in by_set.items() if np.isfinite(much)}
    if worth is None:
        assert not able
        return
    size = min(map(len, able))
    assert np.count_nonzero(worth) <= size
    least = min(much for chosen, much in able.items() if len(chosen) == size)
    assert worth.sum() == pytest.approx(least, abs=1e-6)


def test_without_cohesion_arguments_cost_what_silence_does():
    apart = with_changes(FLAGSHIP, {"assumptions.cohesion": 0})
    measures = centre(apart).measures()
    for clause in ("N1.1", "N3.1", "N5.1", "N6.1", "N7.3"):
        there = room(apart, clause)
        short = np.maximum(-there.resolve - there.views[:, 0], 0)
        found = persuasion(apart, clause)
        assert total(found.cheapest) == pytest.approx(short.sum(), abs=1e-9)
        assert measures[clause]["price"]["p50"] == pytest.approx(short.sum(), abs=0.006)  # its bins
        assert set(members_of(found.cheapest)) == set(np.array(list(apart.seats))[short > 0])


def argued(document, clause, worth):
    """The scenario with an interest more, whose gain is to each member worth its argument."""
    document["interests"]["argued"] = {"title": "argued", "kind": "divisible"}
    for name, row in document["clauses"].items():
        row["gain"] = row["gain"] | {"argued": float(name == clause)}
    for iso, much in worth.items():
        row = document["members"][iso]
        row["weight"] = row["weight"] | {"argued": much / row["trust"]}
    return from_document(document)


@given(data=st.data(), rule=st.sampled_from(["consensus", "majority", "entry-into-force"]))
@settings(max_examples=25, deadline=None)
def test_the_arguments_carry_the_clause_when_it_is_played_and_one_per_cent_less_do_not(data, rule):
    document = data.draw(strategies.documents(cohesion=None)) | {"rule": {"name": rule}}
    found = persuasion(from_document(document), "C0")
    worth = {row.member: row.worth for row in found.cheapest}
    for iso in document["members"].keys() - {"judgement"}:
        worth.setdefault(iso, 0.0)
    if found.stands:
        assert not found.cheapest
        return
    ample = {iso: much + 1e-5 * (much > 0) for iso, much in worth.items()}
    assert centre(argued(document, "C0", ample)).survival["C0"] == 1
    short = {iso: 0.99 * much - 1e-5 * (much > 0) for iso, much in worth.items()}
    if min(short.values()) >= 0:
        assert centre(argued(document, "C0", short)).survival["C0"] == 0


def test_what_the_solver_writes_on_its_own_is_not_among_the_output(monkeypatch, capfd):
    def talkative(*given, **options):
        os.write(1, b"tmpSolver.run();")
        return milp(*given, **options)

    monkeypatch.setattr(arguments, "milp", talkative)
    assert cheapest(room(FLAGSHIP, "N5.1")).any()
    os.write(1, b"{}")
    assert capfd.readouterr().out == "{}"


def test_who_waits_is_told_how_far_the_search_is():
    told = []
    moves(load("negotiated-2021"), "N3.2", progress=lambda *done: told.append(done))
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert all(0 < done <= total for done, total in told)
    persuasion(FLAGSHIP, "N5.1", progress=lambda *done: told.append(done))
    assert told[-1] == (1, 2)


def test_one_member_is_not_said_to_be_the_fewest():
    toy = persuasion(TOY, "strip")
    assert members_of(toy.fewest) == members_of(toy.cheapest) == ("HILL",)
    assert story.fewest_to_persuade(toy) == ""


def test_the_trust_that_is_said_to_do_the_same_saves_the_clause_when_it_is_played():
    found = persuasion(FLAGSHIP, "N5.1")
    assert set(members_of(found.cheapest)) == {"EST", "LVA", "LTU", "POL"}
    for share, stands in ((1.001, 1), (0.99, 0)):
        changes = {
            f"members.{row.member}.trust": row.trust + share * (row.needed - row.trust)
            for row in found.cheapest
        }
        assert centre(with_changes(FLAGSHIP, changes)).survival["N5.1"] == stands


def test_who_listens_makes_arguments_cheaper_than_side_payments_or_dearer():
    price = centre(FLAGSHIP).measures()["N5.1"]["price"]["p50"]
    much = total(persuasion(FLAGSHIP, "N5.1").cheapest)
    alone = total(persuasion(with_changes(FLAGSHIP, {"assumptions.cohesion": 0}), "N5.1").cheapest)
    assert price < much < alone


def test_a_clause_that_hangs_on_another_needs_arguments_for_both():
    found = persuasion(FLAGSHIP, "N4.2")
    assert found.texts == ("N4.2", "N4.1")
    assert total(found.cheapest) > total(persuasion(FLAGSHIP, "N4.1").cheapest)
    assert {row.text for row in found.cheapest} == {"N4.1", "N4.2"}


def test_a_package_is_argued_for_as_a_whole():
    bundled = with_changes(FLAGSHIP, {"process": "package"})
    found = persuasion(bundled, "N5.1")
    assert found.texts == ("the package",)
    there = room(bundled, "N5.1")
    assert there.adopts(cheapest(there))
    assert not there.adopts(cheapest(there) * 0.99)
    assert len(members_of(found.fewest)) < len(members_of(found.cheapest))


def test_the_words_name_those_who_must_be_persuaded():
    said = story.whom_to_persuade(persuasion(FLAGSHIP, "N5.1"))
    assert "Estonia, Lithuania, Latvia and Poland" in said
    assert "nobody must be persuaded" in story.whom_to_persuade(persuasion(FLAGSHIP, "N2.1"))
    rows = persuasion(FLAGSHIP, "N5.1").cheapest
    assert ".25 (Estonia)" in story.by_trust(FLAGSHIP, rows)
    some = story.by_trust(FLAGSHIP, persuasion(FLAGSHIP, "N6.1").cheapest)
    assert some.startswith("For 9 of 30 arguments")
    assert "no single number" in story.moved_alone(moves(FLAGSHIP, "N5.1"))


def test_what_is_rounded_for_reading_still_flips():
    assert story.beyond(0.3, 0.47700001) == ".4771"
    assert story.beyond(0.3, 0.11989) == ".1198"


# Curves and maps --------------------------------------------------------------------------------


def test_a_curve_over_an_address_is_the_runs_at_its_settings():
    span = spanned(FLAGSHIP, "clauses.N5.1.cost.deterrence=.1:.5:3")
    found = curve_over(FLAGSHIP, "N5.1", span, worlds=256)
    for point in found.points:
        changed = with_changes(FLAGSHIP, {"clauses.N5.1.cost.deterrence": point.at})
        assert point.share.survival == run(changed, worlds=256).survival["N5.1"]
        assert point.share.low <= point.share.survival <= point.share.high
    (crossing,) = found.crossings
    assert 0.1 < crossing.at < 0.3
    assert not crossing.rises


def test_a_map_has_a_place_for_every_pair_and_whole_numbers_stay_whole():
    sides = [spanned(TOY, text) for text in ("process.rounds=1:3:9", "assumptions.cohesion=0:1:2")]
    found = map_over(TOY, "strip", *sides, worlds=8)
    assert sorted(found.cells) == [(x, y) for x in (1, 2, 3) for y in (0, 1)]
    assert found.here is not None


def test_a_setting_that_is_no_scenario_is_left_empty():
    span = spanned(TOY, "members.HILL.trust=.1:1.5:3")
    found = curve_over(TOY, "strip", span, worlds=8)
    assert found.points[-1].share is None
    assert found.points[0].share is None or found.points[1].share is not None


def test_frames_hold_what_was_drawn_and_nothing_where_there_is_no_scenario():
    across, up = (
        spanned(TOY, text) for text in ("members.HILL.trust=.1:1.5:3", "process.rounds=1:2:2")
    )
    line = curve_over(TOY, "strip", across, worlds=8)
    rows = curve_frame(line)
    assert list(rows["at"]) == [0.1, 0.8, 1.5]
    assert list(rows["survival"].isna()) == [point.share is None for point in line.points]
    places = map_frame(map_over(TOY, "strip", across, up, worlds=8))
    assert len(places) == 6
    first = places[places["up"] == 1].set_index("across")["survival"]
    assert list(first.dropna()) == list(rows["survival"].dropna())


BAD = {
    "assumptions.cohesoin=0:1:5": "Did you mean `cohesion`?",
    "cohesion=0:1:5": "Did you mean `assumptions.cohesion`?",
    "assumptions.cohesion": "turns nothing; write ADDRESS=LOW:HIGH:COUNT",
    "assumptions.cohesion=0:1": "is no range",
    "assumptions.cohesion=1:0:5": "runs backwards; write assumptions.cohesion=0:1:5",
    "assumptions.cohesion=1:1:5": "is empty: a range has two ends",
    "assumptions.cohesion=0:1:1": "is empty: a range has two ends and at least two values",
    "assumptions.cohesion=0:1:1002": "write no more than 1,001",
    "assumptions.cohesion=0:x:5": "`x` is no number",
    "assumptions.cohesion=0:nan:5": "`nan` is no number",
    "rule=0:1:5": "is `consensus` and no number",
    "proposer.accepts_part.expansionist=0:1:2": "is `True` and no number",
}


@pytest.mark.parametrize("text", BAD)
def test_a_range_that_makes_no_sense_is_answered_with_a_sentence(text):
    with pytest.raises(RequestError, match=re.escape(BAD[text])):
        spanned(FLAGSHIP, text)


# The command ------------------------------------------------------------------------------------


def test_the_command_says_whom_to_persuade_and_where_it_tips(capsys):
    code, out, err = oneveto("tip", "three-neighbours", "strip", "--worlds", "8", capsys=capsys)
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    assert "Hill's weight on defence" in out
    assert "1.55" in out
    assert "it is cheapest to persuade Hill" in out


def test_the_json_of_tip_has_the_promised_fields(capsys):
    data = json.loads(
        oneveto("tip", "three-neighbours", "strip", "--worlds", "8", "--json", capsys=capsys)[1]
    )
    assert data["schema"] == 1
    assert (data["clause"], data["stands"], data["exact"], data["worlds"]) == (
        "strip",
        False,
        True,
        8,
    )
    assert {"member", "number", "interest", "address", "start", "to"} == set(data["moves"][0])
    assert data["persuasion"]["cheapest"]["total"] == pytest.approx(0.45)
    assert {"over", "here", "points", "tips"} == set(data["curves"][0])


def test_a_curve_and_a_map_on_the_terminal_fit_it(monkeypatch, capsys):
    side, other = "members.HILL.weight.defence=1:2:5", "assumptions.cohesion=0:1:3"
    for width in (80, 60):
        monkeypatch.setenv("COLUMNS", str(width))
        for options in (["--over", side], ["--over", side, "--over", other]):
            command = ("tip", "three-neighbours", "strip", *options, "--worlds", "8")
            code, out, _ = oneveto(*command, capsys=capsys)
            assert code == 0
            assert max(map(len, out.splitlines())) <= width
    assert "survives in most worlds on" in out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["POL"], "`POL` is a member; write a clause"),
        (["N9"], "N9"),
        (["N5.1", *["--over", "assumptions.cohesion=0:1:2"] * 3], "a map has two sides"),
        (["N5.1", *["--over", "assumptions.cohesion=0:1:2"] * 2], "a map needs two numbers"),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(arguments, sentence, capsys):
    code, out, err = oneveto("tip", "draft-treaty-2021", *arguments, capsys=capsys)
    assert (code, out) == (2, "")
    assert sentence in err
