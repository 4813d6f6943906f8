"""The rosters are what the facts and the formula give."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import pytest

from scenarios import calibrate
from sim.scenario import load, with_changes

ROSTERS = Path(calibrate.__file__).parent / "rosters"


@pytest.mark.parametrize("name", calibrate.rosters())
def test_a_committed_roster_is_what_the_script_writes(name):
    assert (ROSTERS / f"{name}.toml").read_text("utf-8") == calibrate.rosters()[name]


def test_the_check_notices_a_stale_roster(monkeypatch, capsys):
    assert calibrate.main(["--check"]) == 0
    monkeypatch.setattr(calibrate, "rosters", lambda: {"nato-2021": "something else"})
    assert calibrate.main(["--check"]) == 1
    assert "nato-2021.toml is not what the facts give" in capsys.readouterr().err


def test_thirty_sat_at_the_table_in_2021_and_thirty_two_do_since_2024():
    scenario = load("draft-treaty-2021")
    assert len(scenario.seats) == 30
    later = with_changes(scenario, {"members.roster": "2024"})
    assert set(later.seats) - set(scenario.seats) == {"FIN", "SWE"}


def test_two_newcomers_change_nothing_of_the_thirty():
    scenario = load("draft-treaty-2021")
    later = with_changes(scenario, {"members.roster": "2024"})
    assert all(later.seats[iso] == member for iso, member in scenario.seats.items())


@pytest.mark.parametrize("name", calibrate.rosters())
def test_members_stand_in_the_order_of_their_codes_with_numbers_in_range(name):
    members = tomllib.loads((ROSTERS / f"{name}.toml").read_text("utf-8"))["members"]
    assert list(members) == sorted(members)
    for row in members.values():
        assert 0.11 < row["trust"] < 0.85
        numbers = [row["resolve"], *row["weight"].values(), *row["exposure"].values()]
        assert all(0 < number < 2 for number in numbers)


def test_a_mistyped_option_writes_nothing(capsys):
    before = [path.stat().st_mtime_ns for path in sorted(ROSTERS.iterdir())]
    assert calibrate.main(["--chek"]) == 2
    assert "usage" in capsys.readouterr().err
    assert [path.stat().st_mtime_ns for path in sorted(ROSTERS.iterdir())] == before


def test_estonia_by_hand():
    estonia = next(facts for facts in calibrate.read() if facts.iso == "EST")
    threat = 0.45 * math.exp(-141 / 700) + 0.10 + 0.20 + 0.15
    assert calibrate.threat(estonia, calibrate.Threat()) == pytest.approx(threat)
    norm = calibrate.norm_of(calibrate.read())
    align = (2.1544 - 1.4728) / (3.2301 - 1.4728)
    row = calibrate.numbers(estonia, norm, calibrate.Formula())
    assert row.weight["deterrence"] == pytest.approx(0.25 + 0.6 * threat)
    assert row.trust == pytest.approx(0.45 - 0.35 * threat - 0.1 * align + 0.15 * 0.3 * (1 - align))


def test_what_is_not_known_is_said_and_counts_as_the_formula_says():
    unknown = [facts for facts in calibrate.read() if facts.gas is None]
    assert [facts.iso for facts in unknown] == ["DNK", "HRV"]
    for text in calibrate.rosters().values():
        assert "share of Russian gas is unknown (Denmark, Croatia), none is assumed" in text
    norm = calibrate.norm_of(calibrate.read())
    none, half = (
        {f.iso: calibrate.numbers(f, norm, calibrate.Formula(gas_unknown=gas)) for f in unknown}
        for gas in (0.0, 0.5)
    )
    assert half["DNK"].trust - none["DNK"].trust == pytest.approx(0.06)
    assert half["HRV"].trust == none["HRV"].trust


def test_a_later_roster_says_of_which_year_its_facts_are():
    then, since = calibrate.rosters()["nato-2021"], calibrate.rosters()["nato-2024"]
    assert "All facts are of 2021" in since
    assert "All facts are of 2021" not in then


def test_nobody_needs_clipping_so_the_formula_alone_orders_trust():
    scenario = load("draft-treaty-2021")
    formula = calibrate.Trust()
    trusts = [member.trust.value for member in scenario.seats.values()]
    assert formula.least < min(trusts)
    assert max(trusts) < formula.most
