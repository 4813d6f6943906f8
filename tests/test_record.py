"""A validation that was written down says what it said when it was made."""

from __future__ import annotations

import copy
import json

import pytest

from sim.analysis import record as module
from sim.analysis.record import read, record
from sim.analysis.validation import validate
from sim.errors import RequestError
from sim.story import validation as story
from tests.test_fitting import few


@pytest.fixture(scope="module")
def found():
    return validate(few(), worlds=256, points=32, draws=3)


@pytest.fixture(scope="module")
def written(found):
    return json.loads(json.dumps(found.as_json()))


def test_a_record_says_the_same_sentences_as_the_validation_it_was_made_of(found, written):
    kept = record(written)
    assert story.result(kept) == story.result(found)
    assert story.advice(kept) == story.advice(found)
    assert story.in_sample(kept.reply) == story.in_sample(found.reply)
    assert story.order(kept.reply) == story.order(found.reply)


def test_a_record_keeps_every_number(found, written):
    kept = record(written)
    assert dict(kept.contests) == dict(found.contests)
    assert (kept.hits, kept.weighted_hits) == (found.hits, found.weighted_hits)
    assert kept.outcome_reliability == found.outcome_reliability
    assert kept.member_reliability == found.member_reliability
    assert kept.reply.answers == found.reply.answers
    assert [row.value for row in kept.learned] == [row.value for row in found.fitted]
    for told, verdict in zip(kept.cases, found.verdicts, strict=True):
        assert told.survival == verdict.forecast.survival
        assert list(told.chances.items()) == list(verdict.chances.items())
        assert told.fails == bool(story.failure(verdict))


def test_fields_that_came_later_are_passed_over(written):
    later = copy.deepcopy(written)
    later["later"] = later["cases"][0]["later"] = later["contests"]["all"]["rows"][0]["later"] = 1
    assert record(later) == record(written)


@pytest.mark.parametrize("name", ["right", "contests", "reliability", "cases", "reply", "blockers"])
def test_what_is_missing_in_a_record_is_named(written, name):
    with pytest.raises(RequestError, match=f"says nothing of '{name}'; `oneveto validate"):
        record({key: value for key, value in written.items() if key != name})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("cases", 3),
        ("right", "many"),
        ("right", 3.5),
        ("right", True),
        ("contests", []),
        ("parameters", [[]]),
        ("reply", None),
    ],
)
def test_what_is_in_the_wrong_place_is_said_in_one_sentence(written, key, value):
    with pytest.raises(RequestError, match="something in the wrong place"):
        record(written | {key: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [("passed", None), ("right", "no"), ("blockers", "DEU"), ("body", None), ("survival", "0.5")],
)
def test_what_could_be_read_as_something_else_is_not(written, field, value):
    wrong = copy.deepcopy(written)
    wrong["cases"][0][field] = value
    with pytest.raises(RequestError, match="something in the wrong place"):
        record(wrong)


@pytest.mark.parametrize("whole", [[], None, 3, "text"])
def test_what_is_no_record_at_all_is_said_in_one_sentence(whole):
    with pytest.raises(RequestError, match="something in the wrong place"):
        record(whole)


def test_a_record_is_read_from_its_file_or_the_file_is_named(written, tmp_path):
    place = tmp_path / "mine.json"
    with pytest.raises(RequestError, match=r"mine\.json, cannot be read: No such file"):
        read(place)
    place.write_text(json.dumps(written), "utf-8")
    assert read(place) == record(written)
    place.write_text(json.dumps(written)[:-9], "utf-8")
    with pytest.raises(RequestError, match=r"mine\.json is not JSON from its beginning to its end"):
        read(place)
    place.write_bytes(b"\xff\xfe")
    with pytest.raises(RequestError, match="is not JSON"):
        read(place)


def test_without_a_path_it_is_the_one_that_comes_with_oneveto(written, tmp_path, monkeypatch):
    (tmp_path / module.FILE).write_text(json.dumps(written), "utf-8")
    monkeypatch.setattr(module, "shipped", lambda: tmp_path)
    assert read() == record(written)
