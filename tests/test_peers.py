"""The files of other projects, where they are at hand: they run, and their numbers are found.

None of them is part of this project. Figures that are small enough are typed into the tests of what
computes them (`test_baselines`, `test_power`, `test_formats`); here the files themselves are read.
"""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from sim import charts, ensemble, formats
from sim.analysis.games import indices, weighing
from sim.baselines import condorcet, spatial
from sim.baselines.predictions import SCHOOLS, predictions
from sim.scenario import from_document, with_changes
from sim.scenario.files import tables_of

PEERS = Path(__file__).parent.parent.parent / "shared" / "peers"
PARIS, EMISSION, KTAB = FILES = (
    "cop21_3issues_input_decide_format.csv",
    "ec_emission_10actors.csv",
    "ktab_dummy3dim_input.csv",
)

pytestmark = pytest.mark.skipif(
    not PEERS.is_dir(),
    reason="the sample files of other projects are not in ../shared/peers, beside this repository",
)


def scenario(name: str, status_quo: str = "lowest", *, tabled: tuple[str, ...] = ()):
    text = formats.to_scenario(formats.read(PEERS / name), [status_quo], tabled)
    return from_document(tables_of(text, "test.toml"))


def rows(name: str, **how: str) -> list[list[str]]:
    lines = (PEERS / name).read_text("utf-8").splitlines()
    return list(csv.reader((line for line in lines if not line.startswith("#")), **how))


@pytest.mark.parametrize("name", FILES)
def test_a_sample_goes_through_a_scenario_unharmed(name):
    assert formats.from_scenario(scenario(name)) == formats.read(PEERS / name)


@pytest.mark.parametrize("name", FILES)
def test_a_sample_runs_under_consensus_and_under_the_models_and_is_drawn(name):
    built = scenario(name)
    outcome, found = ensemble.run(built, worlds=200, seed=0, workers=1), predictions(built)
    assert outcome.survival.keys() == found.clauses.keys()
    for row in found.clauses.values():
        assert all(np.isfinite(row.levels[school]) for school in SCHOOLS)
        assert row.levels["mean"] == pytest.approx(1, abs=1e-6)  # the mean is what was tabled
    assert charts.baselines(found).to_dict()["layer"]


def test_the_emission_standards_have_the_mean_and_the_median_in_print():
    found = predictions(scenario(EMISSION)).as_json()["clauses"][0]["scale"]
    assert found["mean"] == pytest.approx(7.389955686853767, abs=1e-13)
    assert found["median"] == pytest.approx(7, abs=1e-13)


def test_the_paris_conference_has_the_means_in_print():
    found = [row["scale"]["mean"] for row in predictions(scenario(PARIS)).as_json()["clauses"]]
    assert found == pytest.approx([49.255404, 57.211274, 57.968750], abs=5e-7)


def test_the_paris_conference_makes_the_exchanges_of_the_exchange_model():
    """Each row: one, on what it gives way, other, on what, the gain, … to where each goes."""
    found = predictions(scenario(PARIS))
    who, place = found.preferences, found.clauses
    expected = rows("cop21_3issues_equalgain_expected.csv", delimiter=";")
    assert len(found.exchanges) == len(expected)
    for made, (one, gives, other, wants, gain, _, _, to, _, _, _, there, *_) in zip(
        found.exchanges, expected
    ):
        assert made.gain == pytest.approx(float(gain), abs=1e-12)
        moves = {
            (who.members[move.member], name): place[name].place(move.to)
            for move in made.moves
            for name in [who.clauses[move.clause]]
        }
        assert moves == pytest.approx({(one, gives): float(to), (other, wants): float(there)})


def test_the_actors_of_ktab_value_each_other_as_ktab_says():
    places, saliences, _ = formats.read(PEERS / KTAB).arrays()
    worth = spatial.value(places / 100, saliences, places / 100)
    assert worth[0] == pytest.approx([1, 0.903, 0.639, 0.870, 0.929, 0.882, 0.890], abs=5e-4)


def numbers(text: str) -> np.ndarray:
    return np.array([row.split() for row in text.split(";")], float)


def test_elections_come_out_as_ktab_prints_them():
    head, *cases = rows("ktab_pce_expected.csv")
    assert head[1:] == [
        "C_rows_semicolon_separated",
        "victory_matrix",
        "markov_uniform",
        "markov_incentive",
        "conditional",
    ]
    checked = 0
    for _, strength, *printed in cases:
        if strength.startswith("analytic"):  # the circle, which test_baselines has
            continue
        found = numbers(strength)
        chance = condorcet.victory(found)
        ours = (chance, condorcet.uniform(chance), condorcet.incentive(found, chance))
        for shares, text in zip((*ours, condorcet.conditional(chance)), printed):
            assert shares == pytest.approx(np.squeeze(numbers(text)), abs=5e-5)
            checked += 1
    assert checked == 8


def weights(text: str) -> list[int]:
    """`5x7+10x1` is five of seven, `10x4,2` is four of ten, as the file has them."""
    if "+" in text:
        parts = [part.split("x") for part in text.split("+")]
        return [int(weight) for times, weight in parts for _ in range(int(times))]
    parts = [part.split("x") for part in text.split(",")]
    return [int(part[0]) for part in parts for _ in range(int(part[1]) if part[1:] else 1)]


def test_every_power_index_in_the_file_is_found():
    head, *games = rows("power_index_expected.csv")
    checked = 0
    for row in (dict(zip(head, cells)) for cells in games):
        if row["weights"] == "1 each":  # unanimity, which test_power has
            continue
        found = indices(weighing(weights(row["weights"]), int(row["quota"])))
        place = found.swings.index(int(row["swings"]))
        exact = row["banzhaf_norm_exact"] or row["banzhaf_norm"]
        assert found.banzhaf[place] == Fraction(exact), row
        assert found.shapley_shubik[place] == Fraction(row["shapley_exact"]), row
        assert float(found.act) == pytest.approx(
            float(Fraction(row["coleman_power_to_act"].partition("=")[0])), abs=5e-7
        )
        checked += 1
    assert checked == len(games) - 1


def test_a_text_that_every_model_names_finds_no_agreement():
    """Monitoring at Paris, from 40: the median of 70 is 30 too far for China, which stands at 0."""
    table = formats.read(PEERS / PARIS).among(["mrv"])
    text = formats.to_scenario(table, ["40"], ["median"])
    row = predictions(from_document(tables_of(text, "test.toml"))).clauses["mrv"]
    assert (row.agreed, row.binding) == (None, ("China",))
    assert all(row.levels[school] > row.least for school in SCHOOLS)
    alone = with_changes(scenario(EMISSION), {"assumptions.cohesion": 0.0})
    assert predictions(alone).clauses["issue_1"].limit < 0.35
