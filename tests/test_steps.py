"""The reassurance table: how large a first step must be, and how small."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sim import load, with_changes
from sim.analysis.steps import Payoffs, first_step, first_steps, in_steps, one_shot, reassurance
from sim.errors import RequestError
from tests.test_cli import oneveto

FLAGSHIP = load("draft-treaty-2021")
DEFAULT = Payoffs()


@pytest.mark.parametrize(("prior", "low", "high"), [(0.40, 0.4286, 0.5000), (0.30, 0.3462, 0.3529)])
def test_the_table_to_four_decimals(prior, low, high):
    found = first_step(prior, DEFAULT)
    assert (round(found[0], 4), round(found[1], 4)) == (low, high)


def test_there_is_no_step_below_two_sevenths():
    assert in_steps(DEFAULT) == pytest.approx(2 / 7)
    for prior in (0, 0.1, 0.25, 0.2857, 2 / 7 - 1e-9):
        assert first_step(prior, DEFAULT) is None
    low, high = first_step(2 / 7 + 1e-9, DEFAULT)
    assert low == pytest.approx(high, abs=1e-6) == pytest.approx(1 / 3, abs=1e-6)
    assert low <= high


def test_at_one_stroke_the_largest_step_is_the_whole():
    threshold = one_shot(DEFAULT)
    assert threshold == pytest.approx(2 / 3)
    assert first_step(threshold + 1e-9, DEFAULT)[1] == 1
    assert first_step(threshold - 1e-3, DEFAULT)[1] < 1
    assert first_step(1.0, DEFAULT) == (0.75, 1.0)


def test_the_table_is_the_same_for_one_and_for_many():
    priors = np.linspace(0, 1, 101)
    low, high, works = first_steps(priors, DEFAULT)
    for place, prior in enumerate(priors):
        found = first_step(prior, DEFAULT)
        assert (found is not None) == works[place]
        assert found is None or found == (low[place], high[place])
    assert (works == (low <= high))[1:].all()  # without any trust a step of nothing is no step


@pytest.mark.parametrize(
    "payoffs", [DEFAULT, Payoffs(2, 3, 0, 2.5), Payoffs(1, 0.1, 0.9, 5), Payoffs(1, 9, 0, 1.01)]
)
def test_more_trust_allows_larger_steps_and_asks_for_larger_ones(payoffs):
    low, high, works = first_steps(np.linspace(0, 1, 501), payoffs)
    assert (np.diff(low) > 0).all()
    assert (np.diff(high) >= 0).all()
    assert (np.diff(works.astype(int)) >= 0).all()
    assert (low[works] <= high[works]).all()
    assert in_steps(payoffs) < one_shot(payoffs)


@pytest.mark.parametrize(
    ("payoffs", "said"),
    [
        ((-1, 1, 0.5, 1.5), "`both` is -1"),
        ((1, -1, 0.5, 1.5), "`loss` is -1"),
        ((1, 0, 0.5, 1.5), "`loss` is 0"),
        ((1, 1, 1.2, 1.5), "must lie below and above"),
        ((1, 1, 0.5, 1.0), "must lie below and above"),
        ((1, float("nan"), 0.5, 1.5), "`loss` is nan"),
        ((1, 1, 0.5, float("inf")), "`untrustworthy` is inf"),
    ],
)
def test_payoffs_without_a_dilemma_are_one_sentence(payoffs, said):
    with pytest.raises(RequestError, match=said):
        Payoffs(*payoffs)


@pytest.mark.parametrize("prior", [-0.1, 1.1, float("nan")])
def test_a_prior_that_is_no_probability_is_one_sentence(prior):
    with pytest.raises(RequestError, match="within 0 and 1"):
        first_step(prior, DEFAULT)


# A scenario -------------------------------------------------------------------------------------


def test_a_members_prior_is_its_belief_in_a_security_seeker():
    """Backed out of its trust: b = (t − k)/(keep − k), with k what the other types would keep."""
    found = reassurance(FLAGSHIP)
    others = 0.6 * 0.15 + 0.4 * 0.05
    for prior, member in zip(found.prior, FLAGSHIP.seats.values()):
        assert prior == pytest.approx((member.trust.value - others) / (0.85 - others))


def test_the_step_is_a_signal_to_as_many_as_any():
    found = reassurance(FLAGSHIP)

    def signals(step: float) -> int:
        return int(((found.low <= step) & (step <= found.high) & found.works).sum())

    most = max(signals(step) for step in np.linspace(0, 1, 10_001))
    assert list(found.readings.values()).count("signal") == signals(found.step) == most > 0


def test_a_step_back_lets_most_members_be_reassured_but_not_those_at_the_edge():
    before = reassurance(FLAGSHIP)
    after = reassurance(with_changes(FLAGSHIP, {"evidence.step_back": 1}))
    assert after.works.sum() > before.works.sum()
    without = {iso for iso, works in zip(FLAGSHIP.seats, after.works) if not works}
    assert without == {"EST", "LVA", "LTU", "POL"}


def test_where_nobody_trusts_no_step_is_proposed(capsys):
    shift = {"assumptions.trust": -8}
    assert reassurance(with_changes(FLAGSHIP, shift)).step is None
    doubt = ("--set", "assumptions.trust=-8")
    code, out, _ = oneveto("steps", "draft-treaty-2021", *doubt, capsys=capsys)
    assert code == 0
    assert "No first step is a signal to anybody" in " ".join(out.split())


@pytest.mark.parametrize("width", [80, 60])
def test_the_view_fits_and_counts_for_whom_the_step_is_too_big(width, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    code, out, err = oneveto("steps", "draft-treaty-2021", capsys=capsys)
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= width
    found = reassurance(FLAGSHIP)
    big = sum(reading in ("too big", "both") for reading in found.readings.values())
    words = " ".join(out.split())
    assert f"too big to be risked for {big}, too small to be a signal for none" in words
    assert "0.6667" in words
    assert "0.2857" in words


def test_every_reading_has_its_words(capsys):
    """Where cheating hardly pays, an early step can be too small for those who trust much."""
    options = ("--untrustworthy", "1.05", "--lever", "step_back", "--json")
    code, out, _ = oneveto("steps", "draft-treaty-2021", *options, capsys=capsys)
    readings = {row["reading"] for row in json.loads(out)["members"]}
    assert code == 0
    assert readings <= {"signal", "too big", "too small", "both"}
    assert oneveto("steps", "draft-treaty-2021", *options[:-1], capsys=capsys)[0] == 0


def test_the_json_has_the_promised_fields(capsys):
    code, out, _ = oneveto("steps", "draft-treaty-2021", "--json", "--loss", 2, capsys=capsys)
    data = json.loads(out)
    assert code == 0
    assert next(iter(data.items())) == ("schema", 1)
    assert data["payoffs"] == {"both": 1, "loss": 2, "trustworthy": 0.5, "untrustworthy": 1.5}
    assert data["one_shot"] == pytest.approx(2 / 2.5)
    assert data["members"][0].keys() == {"id", "prior", "first_step", "reading"}
    estonia = next(row for row in data["members"] if row["id"] == "EST")
    assert estonia["first_step"] is None


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("steps", "draft-treaty-2022"), "Did you mean `draft-treaty-2021`?"),
        (("steps", "draft-treaty-2021", "--loss", "-1"), "`loss` is -1"),
        (("steps", "draft-treaty-2021", "--trustworthy", "2"), "must lie below and above"),
    ],
    ids=str,
)
def test_bad_input_is_one_sentence_and_exit_code_two(command, said, capsys):
    code, out, err = oneveto(*command, capsys=capsys)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert said in err
