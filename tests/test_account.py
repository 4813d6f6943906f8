"""The account of a debrief: who came, what happened and what might have, told in sentences."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from sim.room import account, pages
from sim.room.debrief import debrief
from sim.room.events import SILENT, Ballot
from sim.room.findings import Debrief
from sim.room.live import LiveRoom
from sim.room.saving import saving
from sim.story import rule_meaning
from sim.story.page import Items, Paragraph
from tests.rooms import decide, opened


@pytest.fixture
def room(tmp_path: Path) -> LiveRoom:
    return opened(tmp_path)


def items(found: Debrief) -> list[str]:
    return [line for part in account.parts(found) if isinstance(part, Items) for line in part.texts]


HIGH, LOW = {"N5.1": 1.0}, {"N5.1": 0.6}
"""At the centre the model breaks the silence on the first and lets the second stand."""

LET = "The model's members alone would have let "


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([(LOW, "")], f"{LET}it stand too."),
        ([(LOW, "object")], f"{LET}it stand."),
        ([(HIGH, "")], "The model's members alone would not have let it stand."),
        ([(HIGH, "object")], "The model's members alone would not have let it stand either."),
        ([(LOW, ""), (HIGH, "object")], f"{LET}the same texts stand."),
        ([(HIGH, "object"), (HIGH, "object")], f"{LET}none of them stand either."),
        ([(HIGH, ""), (HIGH, "object")], f"{LET}none of them stand."),
        ([(LOW, ""), (LOW, "object")], f"{LET}all of them stand."),
        ([(LOW, "object"), (HIGH, "object")], f"{LET}text 1 (N5.1 at .6 of the text) stand."),
        (
            [({"N2.1": 1.0}, ""), (HIGH, "object"), (LOW, "object")],
            f"{LET}text 3 (N5.1 at .6 of the text) stand as well.",
        ),
        (
            [({"N2.1": 1.0}, ""), (HIGH, "")],
            "The model's members alone would not have let text 2 (N5.1) stand.",
        ),
        (
            [(LOW, "object"), (HIGH, ""), ({"N2.1": 1.0}, "")],
            f"{LET}text 1 (N5.1 at .6 of the text) stand as well, but not text 2 (N5.1).",
        ),
        (
            [(LOW, "object"), (HIGH, "")],
            f"{LET}text 1 (N5.1 at .6 of the text) stand, but not text 2 (N5.1).",
        ),
    ],
)
def test_what_the_model_would_have_let_stand_is_told_text_by_text(room, texts, said):
    ada, _ = room.join("Ada", "EST")
    for levels, stance in texts:
        spoken = [(ada, stance, "")] if stance else []
        decide(room, levels, *spoken, empty=SILENT)
    found = debrief(room.scenario, room.log)
    assert list(account.summary(found))[1] == said


def test_a_level_that_fell_later_hides_nothing_that_would_have_stood(room):
    """The model lets a clause stand twice; of that the end of the day shows the lower alone."""
    ada, _ = room.join("Ada", "EST")
    for level, said in ((0.6, []), (0.5, [(ada, "object", "")])):
        decide(room, {"N5.1": level}, *said, empty=SILENT)
    found = debrief(room.scenario, room.log)
    assert (dict(found.stands), dict(found.model_stands)) == ({"N5.1": 0.6}, {"N5.1": 0.5})
    assert list(account.summary(found))[1] == f"{LET}all of them stand."


def test_seats_that_people_played_are_counted_and_the_model_spoke_for_the_rest(room, found):
    first = next(account.summary(found))
    assert first.startswith(
        "3 people came and played 3 of 12 seats; the model spoke for everybody else. 3 texts were"
    )
    assert next(account.summary(debrief(room.scenario, room.log[:1]))).startswith(
        "0 people came. 0"
    )


def test_where_every_seat_was_played_the_model_spoke_for_those_that_were_empty_at_first(tmp_path):
    room = opened(tmp_path, "three-neighbours", "all")
    decide(room, {"strip": 1.0})
    people = [room.join("", seat)[0] for seat in room.state.seats]
    decide(room, {"strip": 1.0}, *((who, "silent", "") for who in people))
    assert next(account.summary(debrief(room.scenario, room.log))).startswith(
        "3 people came and played 3 of 3 seats; the model spoke for seats while nobody sat there. 2"
    )
    room.store.close()


def test_every_delegation_that_was_harder_or_softer_is_named(tmp_path):
    room = opened(tmp_path, "security-council-2022", "all")
    people = [room.join("", seat)[0] for seat in ("GAB", "IND", "RUS")]
    decide(room, {"aid": 1.0}, (people[0], "object", ""), (people[1], "silent", ""))
    decide(room, {"recognition": 1.0}, (people[1], "support", ""), (people[2], "object", ""))
    found = debrief(room.scenario, room.log)
    assert list(account.parted(found)) == [
        "1. aid: Gabon broke the silence; in its place the model would not have.",
        "1. aid: India and Russia did not support it; in their place the model would have.",
        "2. recognition: Gabon did not support it; in its place the model would have.",
        "2. recognition: India supported it; in its place the model would not have.",
    ]
    named = sum(
        way for text in found.texts for word, way in text.beside().items() if word != "same"
    )
    assert named == 5
    room.store.close()


def test_the_time_for_talks_is_told_as_it_was_set(room):
    room.time(90)
    found = debrief(room.scenario, room.log)
    assert "Talks: 1:30." in [said for _, said in account.timeline(found).rows]


def test_whoever_only_watches_plays_no_seat(room):
    room.join("Ada")
    decide(room, {"N5.1": 1.0}, empty=SILENT)
    said = next(account.summary(debrief(room.scenario, room.log)))
    assert said.startswith("1 person came and played none of 12 seats. 1 text was decided in 2 min")


def timeline(found: Debrief) -> list[str]:
    return [said for _, said in account.timeline(found).rows]


def test_a_text_put_under_another_rule_than_the_rooms_own_is_told_with_it(tmp_path):
    """Russia breaks the silence, and the text stands all the same: under which rule, one asks."""
    room = opened(tmp_path, "security-council-2022", "all")
    (clause, *_), (ada, _) = room.scenario.clauses, room.join("Ada", "RUS")
    decide(room, {clause: 1.0}, (ada, "object", ""))
    decide(room, {clause: 1.0}, (ada, "object", ""), rule="majority")
    found = debrief(room.scenario, room.log)
    own, other = (said for said in timeline(found) if re.match(r"Text \d (stands|falls)", said))
    assert "rule" not in own
    assert other.startswith("Text 2 stands under the rule “Simple majority”; ")
    assert any(line.startswith(f"2. {clause} (Simple majority): ") for line in items(found))


def test_voices_that_the_rule_passes_over_are_told_apart(tmp_path):
    room = opened(tmp_path, "us-draft-2021")
    poland, america = (room.join(iso, iso)[0] for iso in ("POL", "USA"))
    decide(room, {"U6": 1.0}, (poland, "object", ""), empty=SILENT)
    both = (poland, "object", ""), (america, "object", "")
    decide(room, {"U6": 1.0}, *both, empty=SILENT)
    told = timeline(debrief(room.scenario, room.log))
    passed = "which the rule passes over."
    assert [said for said in told if passed in said] == [
        f"Text 1 stands; Poland broke the silence, {passed}",
        f"Text 2 falls; United States broke the silence; Poland broke the silence too, {passed}",
    ]


def test_a_text_that_falls_for_want_of_support_says_how_much_was_lacking(tmp_path):
    room = opened(tmp_path, "security-council-2022", "all")
    clause = next(iter(room.scenario.clauses))
    ada, _ = room.join("Ada", "FRA")
    decide(room, {clause: 1.0}, (ada, "support", ""), empty=SILENT)
    found = debrief(room.scenario, room.log)
    assert timeline(found)[-1] == "Text 1 falls: 1 in support, 9 needed."


@pytest.mark.parametrize("name", ["security-council-2022", "us-draft-2021", "draft-treaty-2021"])
def test_the_rule_of_the_room_is_told_once_and_is_its_own(tmp_path, name):
    room = opened(tmp_path, name)
    decide(room, {next(iter(room.scenario.clauses)): 1.0})
    told = pages.html(debrief(room.scenario, room.log))
    assert told.count(rule_meaning(room.scenario, room.scenario.rule.name)) == 1
    assert "By consensus a text stands" not in told


def test_a_reason_of_former_days_is_told_though_nobody_is_offered_it_any_more(tmp_path):
    room = opened(tmp_path, "eu-council-2022", "all")
    ada, _ = room.join("Ada", "HUN")
    decide(room, {"patriarch": 1.0}, (ada, "object", "too_far"))
    for reason, said in (
        ("purpose", "harms us: what the"),
        ("trust", "do not trust the"),
        ("gone", "gone"),
    ):
        old = [
            replace(entry, event=replace(entry.event, reason=reason))
            if isinstance(entry.event, Ballot)
            else entry
            for entry in room.log
        ]
        found = debrief(room.scenario, old)
        assert reason not in room.reasons
        assert said in " ".join(account.blocking(found))
        assert pages.html(found)


def test_answers_beside_the_model_are_counted_so_that_they_add_up(found):
    said = next(part.text for part in account.beside(found) if isinstance(part, Paragraph))
    same, total, harder, softer = map(int, re.findall(r"\d+", said)[:4])
    assert [same, harder, softer] == list(found.beside.values())
    assert same + harder + softer == total


def test_a_bloc_differs_from_its_model_only_where_none_of_its_members_would_have_done_it(tmp_path):
    room = opened(tmp_path, seating="blocs")
    ada, _ = room.join("Ada", "baltic")
    decide(room, {"N1.1": 0.75}, (ada, "object", "trust"))
    found = debrief(room.scenario, room.log)
    model = {one.model for one in found.texts[0].said if one.seat == "baltic"}
    assert len(model) > 1
    assert "object" in model
    assert list(account.parted(found)) == []
    decide(room, {"N1.1": 0.75})
    (kept,) = account.parted(debrief(room.scenario, room.log))
    assert kept.endswith("did not break the silence; in its place the model would have.")


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (
            "majority",
            "Hungary broke the silence, but support was missing as well; by the model it would have "
            "stood at no lower level.",
        ),
        (
            "entry-into-force",
            "Hungary broke the silence, which counts here as no support; by the model it would have "
            "stood at no lower level.",
        ),
        ("only:USA", None),
    ],
)
def test_what_was_missing_is_support_where_no_lower_level_would_help(room, rule, told):
    ada, _ = room.join("Ada", "HUN")
    decide(room, {"N1.1": 1.0}, (ada, "object", "trust"), rule=rule, empty=SILENT)
    saved = list(saving(debrief(room.scenario, room.log)))
    assert [line.split(": ")[1] for line in saved] == ([told] if told else [])


@pytest.mark.parametrize(
    ("levels", "stance", "where"),
    [
        ({"strip": 1.0}, "", "at no lower level"),  # since Hill's people would keep silent again
        ({"strip": 1.0}, "object", "at .45 of the text"),
        ({"hotline": 1.0}, "", "at no lower level"),
        ({"hotline": 1.0}, "object", "as it was put"),
        ({"hotline": 1.0, "strip": 0.9}, "object", "at .72 to .8 of the text"),
    ],
)
def test_where_support_was_missing_the_level_is_told_at_which_it_would_have_stood(
    tmp_path, levels, stance, where
):
    room = opened(tmp_path, "three-neighbours", "all")
    hill, _ = room.join("Ada", "HILL")
    decide(room, levels, *([(hill, stance, "")] if stance else []), rule="affirmative")
    (said,) = saving(debrief(room.scenario, room.log))
    assert ("Hill broke the silence" if stance else "nobody broke the silence; what was ") in said
    assert said.endswith(f"; by the model it would have stood {where}.")


@pytest.mark.parametrize(
    ("iso", "said"),
    [
        ("RUS", "Russia broke the silence, but support was missing as well; "),
        (
            "GAB",
            "Gabon broke the silence, which this rule passes over; what was missing is support; ",
        ),
        ("", "nobody broke the silence; what was missing is support; "),
    ],
)
def test_where_holders_of_a_veto_are_heard_and_others_not_a_lack_of_support_is_told_so(
    tmp_path, iso, said
):
    room = opened(tmp_path, "security-council-2022", "all")
    spoken = [(room.join("Ada", iso)[0], "object", "")] if iso else []
    decide(room, {"withdraw": 1.0}, *spoken, empty=SILENT)
    (line,) = saving(debrief(room.scenario, room.log))
    assert line.startswith(f"1. withdraw: {said}by the model it would have stood ")


def test_a_clause_that_no_level_saves_says_so(played):
    decide(played, {"N6.1": 1.0})
    found = debrief(played.scenario, played.log)
    assert found.texts[-1].bearable == {}
    assert any("could have lived with no smaller version of it" in line for line in items(found))


def test_a_smaller_text_saves_nothing_where_its_supporters_turn_away(tmp_path):
    """At .54 Russia could live with it, but by the model six of fifteen want so little."""
    room = opened(tmp_path, "security-council-2022", "all")
    decide(room, {"deplore": 1.0})
    decide(room, {"deplore": 0.54})
    found = debrief(room.scenario, room.log)
    higher, lower = found.texts
    assert (higher.bearable, lower.by("object")) == ({"deplore": 0.54}, ())
    assert higher.then == {one.member: one.stance for one in lower.said}
    assert next(saving(found)) == (
        "1. deplore: Russia could have lived with it at .54 of the text; it would have fallen all the "
        "same: 6 in support, 9 needed."
    )


def test_what_saves_a_text_is_said_without_more(found):
    _, missiles, lower = found.texts
    assert {missiles.then[iso] for iso in missiles.blockers} <= {"silent", "support"}
    assert not any("all the same" in line for line in saving(found))
    assert lower.then
