"""Other schools on any scenario: what they are told of it, and what they say beside the rule."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import charts, formats, load, with_changes
from sim.analysis.verdicts import at_centre
from sim.baselines.predictions import SCHOOLS, predictions
from sim.baselines.preferences import positions, preferences, saliences
from sim.scenario import from_document, names, rules_of
from sim.scenario.files import tables_of
from sim.story import baselines as story
from tests import strategies
from tests.test_cli import oneveto

FLAGSHIP = load("draft-treaty-2021")
TOY = load("three-neighbours")
INVITATION = "precedents/macedonia-2008"

SLOPES = st.floats(-3, 3).map(lambda value: round(value, 3))
CURVES = st.floats(0, 3).map(lambda value: round(value, 3))


def worth(motive, curvature, level):
    return (motive - curvature * level) * level


# What other schools are told ----------------------------------------------------------------------


@given(SLOPES, CURVES)
def test_members_stand_where_a_clause_is_worth_most_to_them(motive, curvature):
    level = positions(np.array(motive), np.array(curvature))
    grid = np.linspace(0, 1, 1001)
    assert worth(motive, curvature, level) >= worth(motive, curvature, grid).max() - 1e-12


@given(SLOPES, CURVES)
def test_salience_is_what_is_lost_at_the_far_end_by_the_distance_squared(motive, curvature):
    bends = np.array(motive), np.array(curvature)
    level, care = positions(*bends), saliences(*bends)
    ends = np.array([0.0, 1.0])
    far = ends[np.abs(ends - level).argmax()]
    lost = worth(motive, curvature, level) - worth(motive, curvature, far)
    assert care * (level - far) ** 2 == pytest.approx(lost, abs=1e-12)
    assert care >= 0


@given(st.floats(0, 1), st.floats(0.01, 5))
def test_ideal_points_and_saliences_that_are_given_come_back(ideal, salience):
    bends = np.array(2 * salience * ideal), np.array(salience)
    assert positions(*bends) == pytest.approx(ideal)
    assert saliences(*bends) == pytest.approx(salience)


def test_what_leaves_a_member_cold_has_no_weight():
    nothing = np.array(0.0)
    assert (positions(nothing, nothing), saliences(nothing, nothing)) == (0, 0)


def test_the_toy_is_told_as_the_hand_works_it_out():
    """Hill: (.3·1 − .2) / (2·2) = .025, salience 2; the others want all, worth 1.1 and 1.3."""
    told = preferences(TOY)
    place, rows = told.clauses.index("strip"), dict(zip(told.members, range(3)))
    found = {
        iso: (told.positions[row, place], told.saliences[row, place], told.capabilities[row, place])
        for iso, row in rows.items()
    }
    assert found["HILL"] == pytest.approx((0.025, 2, 1))
    assert found["LAKE"] == pytest.approx((1, 1.1, 1))
    assert found["SEA"] == pytest.approx((1, 1.3, 3))


def test_only_those_who_have_a_say_are_told_of():
    alone = predictions(with_changes(FLAGSHIP, {"rule": "only:USA"}))
    assert alone.preferences.members == ("USA",)
    for place, row in enumerate(alone.clauses.values()):
        levels = [level for level in row.levels.values() if not np.isnan(level)]
        assert levels == pytest.approx([alone.preferences.positions[0, place]] * len(levels))


# What they say, beside the rule -------------------------------------------------------------------


def test_the_toy_comes_out_as_the_hand_works_it_out():
    """Mean (2·.025 + 1.1 + 3·1.3) / 7; for the strip 5 of weight against 2, which win 25 of 29 times.

    Hill talks with the others for half of what it says: 4/8·.1 + 1.1/8 + 3·1.3/8 − 4/8·2·x = −resolve/x.
    """
    strip = predictions(TOY).clauses["strip"]
    assert strip.levels["mean"] == pytest.approx(5.05 / 7)
    assert strip.levels["median"] == 1
    assert strip.election.winner == 1
    assert strip.election.conditional == pytest.approx([4 / 29, 25 / 29])
    assert strip.levels["condorcet"] == pytest.approx((4 * 0.025 + 25) / 29)
    assert strip.levels["exchange"] == pytest.approx(
        strip.levels["mean"]
    )  # nobody minds the hotline
    assert strip.agreed == pytest.approx(0.8)
    assert strip.binding == ("HILL",)


def test_what_the_models_agree_on_one_veto_kills():
    """Bucharest, 2008: Greece blocked Macedonia's invitation; the others would have let it pass."""
    invitation = predictions(load(INVITATION)).clauses["invitation"]
    assert invitation.agreed is None
    assert invitation.binding == ("GRC",)
    assert min(invitation.levels.values()) > 0.9


def failed(least=0.25):
    """Two who want all of it and one who cannot live with a fifth of it, all equally heard."""
    rows = {"gain": {"calm": 1.0}, "cost": {"calm": 0.1}, "least": least}
    keen = {"population": 1e6, "trust": 0.6, "resolve": 0.01, "weight": {"calm": 1.0}}
    sore = keen | {"weight": {"calm": 1.0}, "exposure": {"calm": 60.0}, "trust": 0.3}
    document = strategies.document(
        members={"A": keen, "B": keen, "C": sore},
        clauses={"text": rows},
        interests={"calm": "divisible"},
    )
    return from_document(document)


def test_a_failed_negotiation_has_no_agreement_while_the_means_name_a_text():
    """C: .3·x − 6·x² = −.01 at x = .073; it would choose .025, the others all."""
    text = predictions(failed()).clauses["text"]
    assert text.limit == pytest.approx((0.3 + np.sqrt(0.09 + 4 * 6 * 0.01)) / 12)
    assert text.agreed is None
    assert text.binding == ("C",)
    assert 0 < text.levels["mean"] < 1
    assert predictions(failed(least=0.05)).clauses["text"].agreed == pytest.approx(text.limit)


@pytest.mark.parametrize(
    ("name", "rule"), [(name, rule) for name in names() for rule in rules_of(load(name))]
)
def test_the_rule_lets_stand_as_tabled_what_the_council_adopts(name, rule):
    """Under a rule that counts support, a level above the text can find more of it than the text."""
    taking_parts = {"proposer.accepts_part.pretext_seeker": True, "proposer.opening": 1.0}
    once = {"process": "clauses", "process.rounds": 1, "rule": rule}
    whole = {f"clauses.{clause}.level": 1.0 for clause in load(name).clauses}
    scenario = with_changes(load(name), once | taking_parts | whole)
    found = predictions(scenario)
    rows = np.arange(len(scenario.clauses))
    adopted = at_centre(scenario, rows).adopted[:, 0]
    for stands, (clause, row) in zip(adopted, found.clauses.items()):
        assert stands == (row.host is None and row.best == 1), clause
        assert stands == (row.agreed == 1) == (story.verdict(row) == "as tabled")


def test_a_veto_is_told_from_too_little_support():
    """Where five hold a veto, the silence of the one that uses it lets the text stand as tabled."""
    council = load("security-council-2022")
    found = predictions(council)
    vetoed = {name for name, row in found.clauses.items() if row.vetoes == ("RUS",)}
    assert vetoed == {"deplore", "withdraw", "recognition"}
    assert all("Russia vetoes what" in line for line in story.apart(found))
    silent = predictions(with_changes(council, {"members.RUS.resolve": 500.0}))
    assert all(row.agreed == 1 and not row.vetoes for row in silent.clauses.values())
    unanimous = predictions(with_changes(council, {"rule": "affirmative"}))
    dead = [row for row in unanimous.clauses.values() if row.agreed is None]
    assert dead
    assert not any(row.vetoes for row in dead)  # silence is not enough for all to support


def test_a_clause_falls_with_the_one_it_cannot_stand_without():
    harmless = {f"clauses.N4.2.cost.{k}": 0 for k in FLAGSHIP.interests}
    row = predictions(with_changes(FLAGSHIP, harmless)).clauses["N4.2"]
    assert row.limit > 1
    assert (row.host, row.agreed) == ("N4.1", None)


def test_where_nobody_cares_the_models_have_nothing_to_say():
    rows = {"nothing": {}, "something": {"gain": {"calm": 1.0}}}
    member = {"population": 1e6, "trust": 0.5, "resolve": 0.01, "weight": {"calm": 1.0}}
    document = strategies.document(
        members={"A": member, "B": member}, clauses=rows, interests={"calm": "divisible"}
    )
    found = predictions(from_document(document))
    assert all(np.isnan(level) for level in found.clauses["nothing"].levels.values())
    assert found.clauses["nothing"].agreed == 1
    shown = found.as_json("nothing")["clauses"][0]
    assert [shown[school] for school in SCHOOLS] == [None] * 4
    assert shown["election"]["winner"] is None
    assert story.one(found, "nothing").startswith("nothing: nobody cares")
    assert "name a level for 1 of 2 clauses; nobody cares about nothing." in story.always(found)
    assert len(charts.baselines(found).to_dict()["datasets"]) == 2


@given(strategies.documents(cohesion=None))
def test_the_order_of_members_changes_nothing(document):
    members = document["members"]
    turned = {**document, "members": dict(reversed(members.items()))}
    one, other = (predictions(from_document(each)) for each in (document, turned))
    for clause, row in one.clauses.items():
        again = other.clauses[clause]
        for school in ("mean", "median", "condorcet"):  # of equal exchanges the first is made first
            expected = pytest.approx(row.levels[school], abs=1e-6, nan_ok=True)
            assert again.levels[school] == expected
        assert again.limit == pytest.approx(row.limit)


@given(strategies.documents())
def test_the_models_never_leave_the_scale(document):
    for row in predictions(from_document(document)).clauses.values():
        for level in row.levels.values():
            assert np.isnan(level) or -1e-9 <= level <= 1 + 1e-9


def test_among_equals_all_schools_say_what_each_of_them_says():
    found = predictions(strategies.equals(4, 1.0, 0.0))
    row = found.clauses["C"]
    assert list(row.levels.values()) == pytest.approx([found.preferences.positions[0, 0]] * 4)


def told(table, status_quo, tabled):
    """The predictions for a bare table of actor, capability, position and salience, or more issues."""
    read = formats.from_bytes(f"actor,capability,position,salience\n{table}".encode(), "test.csv")
    return predictions(
        from_document(tables_of(formats.to_scenario(read, (status_quo,), (tabled,)), "test.toml"))
    )


def test_places_on_a_scale_of_years_are_years():
    found = told("Ann,1,2030,.9\nBob,4,2045,.7\nCy,3,2037,.4\n", "2030", "2045")
    row = found.clauses["issue_1"]
    assert story.text(row) == "2030 to 2045"
    mean = (0.9 * 2030 + 2.8 * 2045 + 1.2 * 2037) / 4.9
    assert story.place(row, row.levels["mean"]) == f"{mean:.1f}"
    assert "e+" not in " ".join([story.one(found, "issue_1"), *story.apart(found)])


def test_models_that_lead_away_from_the_text_do_not_stay_near_the_status_quo():
    found = told("Ann,1,1,.9\nBob,4,1,.7\nCy,3,2,.4\nDi,2,10,.6\n", "5", "10")
    row = found.clauses["issue_1"]
    assert row.agreed is None
    assert max(row.levels.values()) < -row.least
    assert story.always(found).endswith("There the models go the other way from the status quo.")


def test_where_all_models_are_silent_they_name_no_level():
    found = told("Ann,1,2,0\nBob,0,3,1\n", "2", "3")
    said = story.always(found)
    assert said.startswith(
        "Mean, median, Condorcet and exchange name no level: nobody cares about the"
    )
    assert "the models" not in said


def test_the_election_does_not_pass_for_that_of_ktab():
    """KTAB's actors vote with capability alone; here whoever cares twice as much weighs double."""
    table = "Ann,1,0,.4\nBob,1,10,{}\n"
    found = [told(table.format(care), "0", "10") for care in (0.4, 0.8)]
    even, keen = (each.clauses["issue_1"].election.conditional[1] for each in found)
    assert even == pytest.approx(1 / 2)
    assert keen == pytest.approx(4 / 5)
    assert "with capability alone" in story.meanings(found[0])["Condorcet"]
    assert "the election does so in a way of our own" in story.judgement(found[0])


def test_the_spatial_value_falls_with_the_distance_on_the_scale(capsys):
    """From 5 to 10 on a scale from 0 to 10: Ann, at 2, is 3 tenths from the one and 8 from the other."""
    found = told("Ann,1,2,.5\nBob,1,10,.5\nCy,1,0,0\n", "5", "10")
    low, high = (found.clauses["issue_1"].scale.low, found.clauses["issue_1"].scale.high)
    span = high - low
    worth = {row["member"]: row["worth"] for row in found.members("issue_1")}
    ann, bob, cy = (worth[iso] for iso in found.scenario.seats)
    assert ann == pytest.approx(
        {"status_quo": 1 - 3 / span, "mean": 1 - 4 / span, "tabled": 1 - 8 / span}
    )
    assert bob["tabled"] == pytest.approx(1)
    assert set(cy.values()) == {1}
    written = json.loads(json.dumps(found.as_json("issue_1"), allow_nan=False))
    assert {row["member"]: row["worth"] for row in written["clauses"][0]["members"]} == worth
    out = oneveto("baselines", TOY.name, "strip", capsys=capsys)[1]
    assert re.search(r"HILL +\.97 +\.30 +\.03\n", re.sub(r" +\n", "\n", out))


def test_a_package_is_told_from_clauses_put_by_themselves():
    council = load("security-council-2022")
    together = "The scenario puts all of them as one package, which stands or falls as a whole."
    assert together in story.always(predictions(council))
    apart = story.always(predictions(with_changes(council, {"process": "clauses"})))
    assert together not in apart
    assert "could agree, each clause put by itself, on 1 as tabled; it has none on 3: " in apart


# In words, in JSON, as a picture ------------------------------------------------------------------


@pytest.mark.parametrize("name", [*names(), INVITATION])
def test_every_scenario_can_be_said_in_every_form(name):
    found = predictions(load(name))
    written = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert written["schema"] == 1
    assert written["scenario"] == name
    assert [row["id"] for row in written["clauses"]] == list(found.clauses)
    for row in written["clauses"]:
        assert row["verdict"]["agreement"] == (row["verdict"]["level"] is not None)
        for way in ("conditional", "uniform", "incentive"):
            assert sum(row["election"][way]["p"]) == pytest.approx(1)
    frame = found.frame()
    assert list(frame["clause"]) == list(found.clauses)
    dead = [name for name, row in found.clauses.items() if row.agreed is None]
    assert list(frame["clause"][frame["agreed"].isna()]) == dead
    said = [story.always(found), *story.apart(found), *map(str, story.lesson(found))]
    said += [story.one(found, clause) for clause in found.clauses]
    assert not any(re.search(r"\b(nan|inf)\b", line) for line in said)


def test_the_flagship_says_how_often_the_models_agree_and_how_often_the_council(capsys):
    code, out, err = oneveto("baselines", FLAGSHIP.name, capsys=capsys)
    assert (code, err) == (0, "")
    said = " ".join(out.split())
    found = predictions(FLAGSHIP)
    dead = [name for name, row in found.clauses.items() if row.agreed is None]
    assert f"each of the {len(found.clauses)} clauses" in said
    whole = sum(row.agreed == 1 for row in found.clauses.values())
    part = len(found.clauses) - whole - len(dead)
    assert "Consensus could agree, each clause put by itself, on" in said
    assert f"on {whole} as tabled" in said if whole else "as tabled and" not in said
    assert f"on {part} in part, if that part were tabled; it has none on {len(dead)}: " in said
    assert "N5.1: the models say .81 to 1, but beyond .81 Estonia breaks the silence." in said


def test_one_clause_says_where_its_members_stand(capsys):
    out = oneveto("baselines", INVITATION, "invitation", capsys=capsys)[1]
    assert "GRC     Greece" in out
    said = " ".join(out.split())
    assert "Consensus: no agreement; beyond .44 Greece breaks the silence" in said
    assert "it is all or nothing" in said


@pytest.mark.parametrize("asked", [(), ("N5.1",), ("--rule", "only:USA"), ("--rule", "majority")])
@pytest.mark.parametrize("width", [80, 60])
def test_the_view_fits_the_screen(asked, width, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(width))
    out = oneveto("baselines", FLAGSHIP.name, *asked, capsys=capsys)[1]
    assert max(map(len, out.splitlines())) <= width
    assert "…" not in out


def test_json_of_one_clause_has_that_clause_alone(capsys):
    out = oneveto("baselines", FLAGSHIP.name, "N5.1", "--json", capsys=capsys)[1]
    (row,) = json.loads(out)["clauses"]
    assert row["id"] == "N5.1"
    assert len(row["members"]) == len(FLAGSHIP.seats)
    assert row["verdict"]["binding"] == ["EST"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [(("N51",), "Did you mean `N5.1`?"), (("POL",), "`POL` is a member; write a clause")],
)
def test_what_is_no_clause_is_one_sentence(asked, says, capsys):
    code, out, err = oneveto("baselines", FLAGSHIP.name, *asked, capsys=capsys)
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.splitlines()) == 1


def test_a_picture_has_a_point_for_each_model_and_a_bar_or_a_cross():
    found = predictions(FLAGSHIP)
    points, verdicts = sorted(charts.baselines(found).to_dict()["datasets"].values(), key=len)[::-1]
    assert len(points) == len(SCHOOLS) * len(found.clauses)
    crossed = [row["label"].split()[0] for row in verdicts if row["rule"] == "✕ no agreement"]
    assert crossed == [name for name, row in found.clauses.items() if row.agreed is None]
    for row in verdicts:
        clause = found.clauses[row["label"].split()[0]]
        assert row["level"] == (clause.agreed or 0)


def test_a_picture_can_be_drawn():
    drawing = pytest.importorskip("vl_convert")
    for scenario in (FLAGSHIP, load(INVITATION)):
        spec = charts.baselines(predictions(scenario)).to_dict()
        assert drawing.vegalite_to_png(spec, scale=1).startswith(b"\x89PNG")
