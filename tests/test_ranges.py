"""Ranges as people type them."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import RequestError
from sim.scenario.ranges import ends, spread


@given(st.integers(-999, 999), st.integers(1, 999), st.integers(2, 50))
def test_every_value_is_the_nearest_number_to_the_exact_one(low, width, count):
    text = f"{low / 100!r}:{(low + width) / 100!r}:{count}"
    values = spread("assumptions.trust", text).values
    exact = [Fraction(low, 100) + Fraction(width * k, 100 * (count - 1)) for k in range(count)]
    assert values == tuple(float(each) for each in exact)


BAD = {
    "0:1": "is no range; write LOW:HIGH:COUNT, as a=0:1:11",
    "": "is no range",
    "0:1:2:3": "is no range",
    "0::3": "`` is no number",
    "inf:1:3": "`inf` is no number",
    "0:1:²": "`²` is no count",
    "0:1:-3": "`-3` is no count",
    "0:1:0": "is empty",
    "1:1:3": "is empty",
    "1:0:3": "runs backwards; write a=0:1:3",
    "0:1:99": "write no more than 12",
    "0:1:" + "9" * 999: "write no more than 12",
}


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_spread_is_answered_with_a_sentence(text):
    with pytest.raises(RequestError, match=re.escape(BAD[text])) as found:
        spread("a", text, most=12)
    assert len(str(found.value)) < 250


NO_ENDS = {
    "0:1:2": "is no range; write a=LOW:HIGH",
    "0": "is no range",
    ":1": "`` is no number",
    "1:0": "runs backwards; write a=0:1",
    ".5:.5": "is empty",
}


@pytest.mark.parametrize("text", NO_ENDS)
def test_what_has_no_two_ends_is_answered_with_a_sentence(text):
    with pytest.raises(RequestError, match=re.escape(NO_ENDS[text])):
        ends("a", text)
