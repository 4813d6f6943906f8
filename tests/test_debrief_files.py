"""What a room leaves in files: its own, open, closed or copied, and those of `oneveto debrief`."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.errors import RequestError
from sim.room import account, archive, pages
from sim.room.debrief import debrief
from sim.room.live import LiveRoom
from tests.rooms import opened


@pytest.fixture
def room(tmp_path: Path) -> LiveRoom:
    return opened(tmp_path)


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


def test_no_name_of_a_person_leaves_the_room(played, found):
    files = pages.html(found), pages.voices_csv(found), pages.timeline_csv(found)
    told = "".join([json.dumps(found.as_json()), *files])
    for person in played.state.people.values():
        assert person.name.strip("<b>/=") not in told
    assert len(list(csv.DictReader(io.StringIO(pages.voices_csv(found))))) == 3 * 30


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
