"""The engine reproduces a table that was computed before it existed."""

from __future__ import annotations

import numpy as np
import pytest

from sim.council import Council
from sim.rules import Stance
from sim.scenario import from_document
from sim.worlds import central
from tests.first_calibration import first_document

BALTIC = {"POL", "EST", "LVA", "LTU"}

# clause: objectors, lowest own ceiling and whose, price of consensus; as tabled, no consultation.
TABLE = {
    "N1.1": (BALTIC | {"USA"}, 0.502, "EST", 0.229),
    "N1.4": (set(), 1.737, "EST", 0),
    "N3.1": (BALTIC, 0.581, "EST", 0.176),
    "N3.2": (set(), 6.210, "EST", 0),
    "N4.1": (30, 0.086, "LTU", 9.475),
    "N5.1": (BALTIC, 0.622, "EST", 0.416),
    "N6.1": (30, 0.049, "LTU", 9.219),
    "N6.2": (30, 0.043, "LTU", 10.534),
    "N7.1": (30, 0.072, "LTU", 7.287),
    "N7.2": (30, 0.085, "LTU", 7.588),
    "N7.3": (BALTIC, 0.553, "EST", 0.557),
    "N8.1": (set(), 6.200, "EST", 0),
}


@pytest.fixture(scope="module")
def council():
    scenario = from_document(first_document())
    council = Council(scenario, worlds=0, rng=0)
    council.deal(central(scenario))
    council.run_model()
    return council


@pytest.mark.parametrize("clause", TABLE)
def test_objectors_ceilings_and_prices_are_those_of_the_table(council, clause):
    expected, lowest, whose, price = TABLE[clause]
    decisions = council.decisions()
    place = list(council.scenario.clauses).index(clause)
    seats = np.array(list(council.scenario.seats))
    objects = set(seats[decisions.stance[:, place, 0] == Stance.OBJECT])
    assert objects == expected if isinstance(expected, set) else len(objects) == expected
    ceilings = decisions.ceiling[:, place, 0]
    assert ceilings.min() == pytest.approx(lowest, abs=5e-4)
    assert seats[ceilings.argmin()] == whose
    assert decisions.price[place, 0] == pytest.approx(price, abs=5e-4)


@pytest.mark.parametrize("clause", ["N2.1", "N2.2", "N2.3"])
def test_consultation_hotlines_and_exchange_have_headroom_and_no_objector(council, clause):
    decisions = council.decisions()
    place = list(council.scenario.clauses).index(clause)
    assert decisions.ceiling[:, place].min() > 3
    assert not (decisions.stance[:, place] == Stance.OBJECT).any()
    assert decisions.price[place, 0] == 0


def test_twenty_five_of_thirty_support_the_missile_clause(council):
    place = list(council.scenario.clauses).index("N5.1")
    assert (council.decisions().stance[:, place] == Stance.SUPPORT).sum() == 25
