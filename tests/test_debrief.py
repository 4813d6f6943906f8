"""The debrief: what a room's log says of people and of the model, counted by hand."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.errors import RequestError
from sim.room import account, archive, called, pages
from sim.room.debrief import debrief
from sim.room.events import SILENT, Ballot
from sim.room.findings import Debrief
from sim.room.live import LiveRoom
from sim.room.saving import saving
from sim.story import rule_meaning
from sim.story.page import Items, Paragraph
from tests.rooms import Clock, opened


@pytest.fixture
def room(tmp_path: Path) -> LiveRoom:
    return opened(tmp_path)


def clock(room: LiveRoom) -> Clock:
    assert isinstance(room.clock, Clock)
    return room.clock


def decide(
    room: LiveRoom, levels: dict[str, float], *said: tuple[str, str, str], **asked: str
) -> int:
    """A text put, answered after a minute, gavelled half a minute later, revealed."""
    number = room.put(levels, **asked)
    clock(room).now += 60
    for turn, (who, stance, reason) in enumerate(said):
        room.speak(who, number, stance, reason, turn)
    clock(room).now += 30
    room.gavel()
    room.reveal()
    return number


@pytest.fixture
def played(room: LiveRoom) -> LiveRoom:
    """Estonia blocks missiles as tabled and at .6; Germany changes its mind; Poland is silent."""
    ada, _ = room.join("Ada", "EST")
    ben, _ = room.join("=Ben", "DEU")
    room.join("<b>Cleo</b>", "POL")
    decide(room, {"N2.1": 1.0}, (ada, "support", ""), (ben, "support", ""))
    decide(
        room,
        {"N5.1": 1.0},
        (ada, "object", "deterrence"),
        (ben, "object", "trust"),
        (ben, "reserve", "trust"),
    )
    decide(room, {"N5.1": 0.6}, (ada, "object", "trust"))
    return room


@pytest.fixture
def found(played: LiveRoom) -> Debrief:
    return debrief(played.scenario, played.log)


def items(found: Debrief) -> list[str]:
    return [line for part in account.parts(found) if isinstance(part, Items) for line in part.texts]


def test_who_blocked_and_why_is_counted(found):
    hotline, missiles, lower = found.texts
    assert (hotline.adopted, missiles.adopted, lower.adopted) == (True, False, False)
    # Poland's model would have broken the silence too, but somebody sat there and kept it
    assert set(missiles.blockers) == {"EST", "LVA", "LTU"}
    assert missiles.reasons() == {"deterrence": 1}
    assert missiles.reasons("reserve") == {"trust": 1}
    assert lower.blockers == ("EST",)
    assert found.stands == {"N2.1": 1.0}


def test_the_model_is_asked_about_the_same_texts(found):
    _, missiles, lower = found.texts
    assert set(missiles.model_blockers) == {"EST", "LVA", "LTU", "POL"}
    assert lower.model_blockers == ()
    assert (missiles.model_adopted, lower.model_adopted) == (False, True)
    assert found.model_stands == {"N2.1": 1.0, "N5.1": 0.6}


def test_people_are_set_beside_the_model_where_they_played(found):
    _, missiles, lower = found.texts
    beside = {one.member: one.beside for one in missiles.said if one.played}
    # the model: Estonia and Poland break the silence, Germany supports; silence is consent
    assert beside == {"EST": "same", "POL": "softer", "DEU": "same"}
    assert missiles.beside() == {"same": 2, "harder": 0, "softer": 1}
    assert {one.member for one in lower.said if one.beside == "harder"} >= {"EST"}
    assert sum(found.beside.values()) == 9  # three people, three texts


def test_answers_beside_the_model_are_counted_so_that_they_add_up(found):
    said = next(part.text for part in account.beside(found) if isinstance(part, Paragraph))
    same, total, harder, softer = map(int, re.findall(r"\d+", said)[:4])
    assert [same, harder, softer] == list(found.beside.values())
    assert same + harder + softer == total


def test_what_watering_down_would_have_saved_is_the_tightest_ceiling_of_those_who_blocked(found):
    _, missiles, lower = found.texts
    tightest = min(missiles.ceilings.values())
    level = missiles.bearable["N5.1"]
    assert level <= tightest < level + 0.01
    assert set(missiles.ceilings) == set(missiles.blockers)
    assert lower.bearable == {"N5.1": 0.6}  # the model's Estonia could have lived with it as put


def test_of_a_package_the_worst_clauses_are_taken_out(played):
    decide(played, {"N2.1": 1.0, "N6.1": 1.0, "N2.2": 1.0})
    text = debrief(played.scenario, played.log).texts[-1]
    assert not text.adopted
    assert text.bearable == {"N2.1": 1.0, "N2.2": 1.0}
    assert text.ceilings == {}


def test_a_clause_that_no_level_saves_says_so(played):
    decide(played, {"N6.1": 1.0})
    found = debrief(played.scenario, played.log)
    assert found.texts[-1].bearable == {}
    assert any("could have lived with no smaller version of it" in line for line in items(found))


def test_where_support_is_missing_no_silence_saves_a_text(played):
    decide(played, {"N5.1": 1.0}, rule="affirmative")
    assert debrief(played.scenario, played.log).texts[-1].bearable == {}


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("majority", "Hungary broke the silence, but what was missing is support as well."),
        ("only:USA", None),
    ],
)
def test_what_was_missing_is_support_where_no_lower_level_would_help(room, rule, told):
    ada, _ = room.join("Ada", "HUN")
    decide(room, {"N1.1": 1.0}, (ada, "object", "trust"), rule=rule, empty=SILENT)
    saved = list(saving(debrief(room.scenario, room.log)))
    assert [line.split(": ")[1] for line in saved] == ([told] if told else [])


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


def test_support_that_people_gave_goes_with_that_of_the_model(tmp_path):
    room = opened(tmp_path, "security-council-2022", "all")
    ada, ben = (room.join(name, name)[0] for name in ("ALB", "IND"))
    decide(room, {"deplore": 1.0}, (ada, "support", ""), (ben, "support", ""))
    (text,) = debrief(room.scenario, room.log).texts
    model = room.minds()
    for iso in ("ALB", "IND"):
        turns = [model.stances({"deplore": level})[iso] for level in (1.0, 0.54)]
        assert text.then[iso] == ("silent" if turns == ["support", "silent"] else "support")


def test_what_saves_a_text_is_said_without_more(found):
    _, missiles, lower = found.texts
    assert {missiles.then[iso] for iso in missiles.blockers} <= {"silent", "support"}
    assert not any("all the same" in line for line in saving(found))
    assert lower.then


def test_the_same_voices_are_counted_under_other_rules(found):
    _, missiles, lower = found.texts
    assert missiles.elsewhere["consensus"] is False
    assert missiles.elsewhere["majority"] is True  # three break the silence, most support
    assert missiles.elsewhere["consensus-2"] is False
    assert lower.elsewhere["consensus-2"] is True


def test_a_delegation_is_followed_over_all_texts(found):
    records = {record.seat: record for record in found.records}
    assert (records["EST"].spoke, records["EST"].broke, records["EST"].supported) == (3, 2, 1)
    assert (records["DEU"].spoke, records["DEU"].reserved, records["DEU"].changes) == (2, 1, 1)
    assert (records["POL"].spoke, records["POL"].played) == (0, 3)
    assert records["USA"].played == 0


def test_events_change_what_the_model_would_have_said(room):
    number = decide(room, {"N5.1": 1.0})
    room.inject("step_back")
    after = decide(room, {"N5.1": 1.0})
    first, second = debrief(room.scenario, room.log).texts
    assert (first.number, second.number) == (number, after)
    assert (first.injects, second.injects) == ((), ("step_back",))
    assert len(second.model_blockers) < len(first.model_blockers)


def test_minutes_are_counted_from_the_opening(found):
    assert [text.minute for text in found.texts] == [0, 1.5, 3]
    assert [text.lasted for text in found.texts] == [1.5, 1.5, 1.5]
    assert found.minutes == 4.5
    assert [moment.what for moment in found.moments[:4]] == [
        "opened",
        "put",
        "gavelled",
        "revealed",
    ]


def test_what_was_taken_back_never_happened(played):
    before = debrief(played.scenario, played.log)
    played.inject("troops_move")
    played.undo()
    played.put({"N3.1": 1.0})
    played.undo()
    after = debrief(played.scenario, played.log)
    assert after.texts == before.texts
    assert after.moments == before.moments


def test_nothing_is_told_of_a_text_that_is_not_revealed(played):
    who = next(iter(played.state.people))
    number = played.put({"N3.1": 1.0})
    played.speak(who, number, "object", "consultation", 9)
    before = debrief(played.scenario, played.log)
    played.gavel()
    for found in (before, debrief(played.scenario, played.log)):
        told = json.dumps(found.as_json()) + pages.html(found) + pages.voices_csv(found)
        assert "consultation" not in told.replace("Urgent consultation", "").replace(
            "after consultation", ""
        )
        assert number not in [text.number for text in found.texts]
    played.reveal()
    assert '"consultation"' in json.dumps(debrief(played.scenario, played.log).as_json())


def test_seats_that_are_told_to_be_silent_when_empty_are_nobodys_answers(room):
    decide(room, {"N5.1": 1.0}, empty=SILENT)
    found = debrief(room.scenario, room.log)
    assert sum(found.beside.values()) == 0
    assert found.texts[0].adopted  # nobody broke the silence


def test_where_support_counts_silence_is_harder_than_the_support_of_the_model(room):
    room.join("Ben", "DEU")
    room.put({"N5.1": 1.0}, rule="majority")
    room.gavel()
    room.reveal()
    (text,) = debrief(room.scenario, room.log).texts
    assert {one.member: one.beside for one in text.said if one.played} == {"DEU": "harder"}


def test_a_bloc_is_as_hard_as_the_model_of_its_hardest_member(tmp_path):
    room = opened(tmp_path, seating="blocs")
    ada, _ = room.join("Ada", "baltic")
    decide(room, {"N1.1": 0.75}, (ada, "object", "trust"))
    (text,) = debrief(room.scenario, room.log).texts
    assert {one.model for one in text.said if one.seat == "baltic"} != {"object"}
    assert {one.beside for one in text.said if one.seat == "baltic"} == {"same"}


def test_a_bloc_speaks_for_all_its_members(tmp_path):
    room = opened(tmp_path, seating="blocs")
    ada, _ = room.join("Ada", "baltic")
    decide(room, {"N5.1": 1.0}, (ada, "object", "trust"))
    (text,) = debrief(room.scenario, room.log).texts
    assert set(text.blockers) == {"EST", "LVA", "LTU", "POL"}
    assert text.reasons() == {"trust": 1}  # one delegation gave it
    assert text.beside() == {"same": 1, "harder": 0, "softer": 0}
    assert (
        called.who(debrief(room.scenario, room.log), text.by("object"))
        == "Baltic states and Poland"
    )


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


# Words and files ------------------------------------------------------------------------------------


def test_no_name_of_a_person_leaves_the_room(played, found):
    files = pages.html(found), pages.voices_csv(found), pages.timeline_csv(found)
    told = "".join([json.dumps(found.as_json()), *files])
    for person in played.state.people.values():
        assert person.name.strip("<b>/=") not in told
    assert len(list(csv.DictReader(io.StringIO(pages.voices_csv(found))))) == 3 * 30


def test_who_leaves_and_comes_back_is_one_person(played):
    for _ in range(3):
        played.leave(played.join("Dan")[0])
    assert debrief(played.scenario, played.log).people == 4


def test_no_token_and_no_digest_leaves_the_room(played, found):
    secrets = [text for name, text in played.store.papers().items() if name.startswith("token:")]
    told = json.dumps(found.as_json()) + pages.html(found) + pages.voices_csv(found)
    assert secrets
    assert not any(secret in told for secret in secrets)


def test_the_report_loads_nothing_and_runs_nothing(found):
    page = pages.html(found)
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert page == pages.html(found)


def test_cells_that_the_model_played_have_the_colours_of_the_page(found):
    """Light or dark; whatever has a colour of its own has letters to go with it."""
    picture = pages.html(found).partition("<svg")[2].partition("</svg>")[0]
    coloured = re.findall(r'aria-roledescription="rect mark"[^>]* fill="', picture)
    letters = re.findall(r'aria-roledescription="text mark"[^>]* fill="([^"]+)"', picture)
    assert len(coloured) == sum(found.beside.values())
    assert letters.count("currentColor") == 3 * 30 - len(coloured)


def test_json_has_no_number_that_is_none(found):
    shown = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert shown["schema"] == 1
    assert [text["number"] for text in shown["texts"]] == [text.number for text in found.texts]


def test_a_room_in_which_nothing_happened_has_a_debrief(room):
    found = debrief(room.scenario, room.log)
    assert found.texts == ()
    assert "Nothing stands." in " ".join(account.summary(found))
    assert pages.html(found)
    assert pages.voices_csv(found).count("\n") == 1


# The command ----------------------------------------------------------------------------------------


def test_the_command_reads_a_room_that_is_open_and_leaves_it_open(played):
    kept = archive.read(played.store.path)
    assert list(kept.log) == played.log
    played.put({"N3.1": 1.0})
    assert list(archive.read(played.store.path).log) == played.log
    live = debrief(played.scenario, kept.log)
    assert debrief(kept.scenario, kept.log).as_json() == live.as_json()


def test_a_copied_room_is_read_too(played, tmp_path):
    played.store.close()
    copied = tmp_path / "elsewhere" / "kept.room"
    copied.parent.mkdir()
    shutil.copy(played.store.path, copied)
    assert list(archive.read(copied).log) == played.log
    assert list(copied.parent.iterdir()) == [copied]  # and nothing is left beside it


def test_a_room_whose_server_was_killed_is_read_whole(played, tmp_path):
    place = played.store.path  # the server has it open still; a copy is what a kill leaves
    for file in place.parent.glob(f"{place.name}*"):
        if not file.name.endswith("-open"):
            (tmp_path / "killed").mkdir(exist_ok=True)
            shutil.copy(file, tmp_path / "killed" / file.name)
    assert list(archive.read(tmp_path / "killed" / place.name).log) == played.log


def test_the_command_writes_what_it_is_asked_for(played, tmp_path):
    places = {name: tmp_path / f"out.{name}" for name in ("csv", "timeline", "report")}
    asked = [word for name, place in places.items() for word in (f"--{name}", str(place))]
    result = CliRunner().invoke(app, ["debrief", str(played.store.path), *asked])
    assert result.exit_code == 0, result.output
    found = debrief(played.scenario, played.log)
    assert places["csv"].read_text("utf-8") == pages.voices_csv(found)
    assert places["timeline"].read_text("utf-8") == pages.timeline_csv(found)
    assert places["report"].read_text("utf-8") == pages.html(found)


def test_the_command_prints_json(played):
    result = CliRunner().invoke(app, ["debrief", str(played.store.path), "--json"])
    found = debrief(played.scenario, played.log)
    assert json.loads(result.stdout) == json.loads(json.dumps(found.as_json()))


def test_the_account_fits_a_terminal(played):
    result = CliRunner().invoke(app, ["debrief", str(played.store.path)])
    assert result.exit_code == 0
    assert max(len(line.rstrip()) for line in result.stdout.splitlines()) <= 80
    assert "Estonia" in result.stdout


@pytest.mark.parametrize("content", [b"", b"no room at all", b"SQLite format 3\0" + bytes(200)])
def test_a_file_that_is_no_room_gives_one_sentence(tmp_path, content):
    place = tmp_path / "bad.room"
    place.write_bytes(content)
    with pytest.raises(RequestError, match="is not the file of a room"):
        archive.read(place)
    assert place.read_bytes() == content


def test_the_file_of_a_later_version_is_left_to_it(played):
    played.store.close()
    with closing(sqlite3.connect(played.store.path)) as file:
        file.execute("PRAGMA user_version = 99")
    with pytest.raises(RequestError, match="was written by a later oneveto"):
        archive.read(played.store.path)


def test_a_room_is_not_written_over(played):
    path = str(played.store.path)
    result = CliRunner().invoke(app, ["debrief", path, "--csv", path])
    assert isinstance(result.exception, RequestError)
    assert list(archive.read(played.store.path).log) == played.log
