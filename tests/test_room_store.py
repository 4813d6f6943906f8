"""The file of a room: appended to, by one process, and never half written."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from sim.errors import RequestError
from sim.room import archive, store
from sim.room.events import Joined, Timed
from sim.room.live import Refusal
from sim.room.opening import reopen
from sim.room.store import FOLDER, FORMAT, Store
from sim.scenario import names
from tests import rooms
from tests.rooms import busy, opened


@pytest.fixture
def room(tmp_path):
    held = rooms.opened(tmp_path)
    yield held
    held.store.close()


def test_what_is_written_is_what_is_read(tmp_path):
    store = Store(tmp_path / "a.room")
    written = store.append([Joined("p1", "Zoë ✓"), Timed(60)], at=5.0)
    assert store.read() == written
    store.close()
    again = Store(tmp_path / "a.room")
    assert again.read() == written
    again.close()


def test_a_room_is_open_in_one_program_at_a_time(room):
    other = "import sys, pathlib; from sim.room.opening import reopen; reopen(pathlib.Path(sys.argv[1]))"
    command = [sys.executable, "-c", other, str(room.store.path)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert "is open already; close that room first" in run.stderr
    assert room.join("Ann")


def test_a_room_that_is_open_is_open_by_any_link_to_it(room):
    link = room.store.path.parent / "elsewhere" / "link.room"
    link.parent.mkdir()
    link.symlink_to(room.store.path)
    with pytest.raises(RequestError, match="is open already"):
        Store(link)
    room.join("Ann")
    assert list(archive.read(link).log) == room.log
    room.store.close()
    Store(link).close()
    assert [path.name for path in link.parent.iterdir()] == [link.name]


def test_a_lock_whose_file_is_taken_away_meanwhile_is_none(room, monkeypatch):
    path, connect, late = room.store.path, sqlite3.connect, [room.store.close]

    def connected(place, **asked):
        made = connect(place, **asked)
        if late and str(place).endswith("-open"):
            late.pop()()  # closed between our reaching for the lock and having it
        return made

    monkeypatch.setattr(sqlite3, "connect", connected)
    second = Store(path)
    with pytest.raises(RequestError, match="is open already"):
        Store(path)
    second.close()


def test_others_may_read_it_meanwhile(room):
    room.join("Ann")
    assert list(archive.read(room.store.path).log) == room.log


def test_when_it_is_closed_everything_is_in_one_file(tmp_path):
    room = rooms.opened(tmp_path)
    room.join("Ann")
    room.store.close()
    assert [path.name for path in tmp_path.iterdir()] == [room.store.path.name]
    copy = shutil.copy(room.store.path, tmp_path / "copy.room")
    assert list(archive.read(copy).log) == room.log


def test_what_cannot_be_written_never_happened(room, monkeypatch):
    who, token = room.join("Ann", "POL")
    number, before = room.put({"N5.1": 1.0}), room.state
    room.store._file.execute("PRAGMA max_page_count = 1")  # as good as a full disk
    reason, full = "", False
    for turn in range(1, 200):
        try:
            room.speak(who, number, "support" if turn % 2 else "silent", turn=turn)
        except Refusal as refusal:
            reason, full = str(refusal), True
            break
        before = room.state
    assert full
    assert "Nothing was written down" in reason
    assert "full" in reason
    assert room.state == before
    room.store._file.execute("PRAGMA max_page_count = 100000")
    room.store.close()
    again = reopen(room.store.path, rooms.Clock())
    assert again.state == before
    assert again.knows(who, token)
    again.store.close()


def test_a_file_of_a_later_program_is_left_alone(room):
    room.store.close()
    with sqlite3.connect(room.store.path) as file:
        file.execute(f"PRAGMA user_version = {FORMAT + 1}")
    file.close()
    with pytest.raises(RequestError, match="was written by a later oneveto"):
        reopen(room.store.path)
    assert [path.name for path in room.store.path.parent.iterdir()] == [room.store.path.name]


def _text(path):
    path.write_text(
        "no room at all, and long enough to be looked at by whoever looks at files" * 20
    )


def _elsewhere(path):
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE mine (a)")
    file.close()


@pytest.mark.parametrize("made", [_text, _elsewhere, lambda path: path.touch()])
def test_a_file_that_is_no_room_is_left_as_it_was(tmp_path, made):
    path = tmp_path / "other.room"
    made(path)
    before = path.read_bytes()
    with pytest.raises(RequestError, match="is not the file of a room"):
        reopen(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_the_log_is_only_appended_to(room):
    busy(room)
    room.store.close()
    with sqlite3.connect(room.store.path) as file:
        for deed in (
            "UPDATE log SET body = '{}' WHERE number = 3",
            "DELETE FROM log WHERE number = 3",
            "DELETE FROM log",
        ):
            with pytest.raises(sqlite3.DatabaseError, match="only appended to"):
                file.execute(deed)
    file.close()
    assert reopen(room.store.path).log == room.log


DAMAGED = {
    "seats are a list": "UPDATE log SET body = json_set(body, '$.seats', json('[]')) WHERE number = 1",
    "a seat for nobody known": "UPDATE log SET body = json_set(body, '$.seats.EST[1][0]', 'XXX') "
    "WHERE number = 1",
    "no such seating": "UPDATE log SET body = json_set(body, '$.seating', 'x') WHERE number = 1",
    "no such stance": "UPDATE log SET body = json_set(body, '$.stance', 'veto') WHERE kind = 'ballot'",
    "no such seat": "UPDATE log SET body = json_set(body, '$.seat', 'XXX') WHERE kind = 'locked'",
    "no such clause": "UPDATE log SET body = json_set(body, '$.levels', json('{\"X\": 1}')) "
    "WHERE kind = 'put'",
    "levels are a word": "UPDATE log SET body = json_set(body, '$.levels', 'x') WHERE kind = 'put'",
    "a level is a word": "UPDATE log SET body = json_set(body, '$.levels', json('{\"N5.1\": \"x\"}')) "
    "WHERE kind = 'put'",
    "no such rule": "UPDATE log SET body = json_set(body, '$.rule', 'x') WHERE kind = 'put'",
    "seconds are a word": "UPDATE log SET body = json_set(body, '$.seconds', 'x') WHERE kind = 'put'",
    "no such inject": "UPDATE log SET body = json_set(body, '$.name', 'x') WHERE kind = 'injected'",
    "no such member": "UPDATE log SET body = json_set(body, '$.model.XXX', 'object') "
    "WHERE kind = 'gavelled'",
    "opened twice": "UPDATE log SET kind = 'opened', body = (SELECT body FROM log WHERE number = 1) "
    "WHERE number = 3",
    "no such kind": "UPDATE log SET kind = 'x' WHERE number = 3",
    "time stands still": "UPDATE log SET at = 9e999 WHERE number = 3",
    "time is long over": "UPDATE log SET at = 1e12 WHERE number = 3",
    "time has not begun": "UPDATE log SET at = -1 WHERE number = 3",
    "seconds run backwards": "UPDATE log SET body = json_set(body, '$.seconds', -1) WHERE kind = 'put'",
    "a clock runs backwards": "UPDATE log SET body = json_set(body, '$.seconds', -1) "
    "WHERE kind = 'timed'",
    "a clock runs for ever": "UPDATE log SET body = replace(body, '300', '3' || hex(zeroblob(200))) "
    "WHERE kind = 'timed'",
    "empty seats dance": "UPDATE log SET body = json_set(body, '$.empty', 'x') WHERE kind = 'put'",
    "a level below the least": "UPDATE log SET body = json_set(body, '$.levels', "
    "json('{\"N5.1\": 0.001}')) WHERE kind = 'put'",
    "a seat without an id": "UPDATE log SET body = replace(body, '\"EST\": [', '\"\": [') "
    "WHERE number = 1",
    "half a character": "UPDATE log SET body = replace(body, 'Ada', '\\ud800') WHERE kind = 'joined'",
    "somebody joins twice": 'UPDATE log SET kind = \'joined\', body = \'{"who": "p2", "name": ""}\' '
    "WHERE kind = 'timed'",
    "a stranger sits down": "UPDATE log SET body = json_set(body, '$.who', 'p9') WHERE kind = 'seated'",
    "a stranger leaves": "UPDATE log SET body = json_set(body, '$.who', 'p9') WHERE kind = 'left'",
    "a ballot on another's seat": "UPDATE log SET body = json_set(body, '$.seat', 'DEU') "
    "WHERE kind = 'ballot'",
    "a ballot on no text": "UPDATE log SET body = json_set(body, '$.put', 2) WHERE kind = 'ballot'",
    "a ballot on a later text": "UPDATE log SET body = json_set(body, '$.put', "
    "(SELECT max(number) FROM log WHERE kind = 'put')) WHERE kind = 'ballot'",
    "a gavel on no text": "UPDATE log SET body = json_set(body, '$.put', 2) WHERE kind = 'gavelled'",
    "a text put while one is open": "UPDATE log SET kind = 'put', "
    "body = (SELECT body FROM log WHERE kind = 'put') WHERE kind = 'gavelled'",
    "a gavel that falls twice": "UPDATE log SET kind = 'gavelled', "
    "body = (SELECT body FROM log WHERE kind = 'gavelled') WHERE kind = 'revealed'",
    "a reveal before the gavel": "UPDATE log SET kind = 'revealed', "
    "body = (SELECT body FROM log WHERE kind = 'revealed') WHERE kind = 'gavelled'",
    "a reveal of no text": "UPDATE log SET body = json_set(body, '$.put', 0) WHERE kind = 'revealed'",
    "what happens twice": "UPDATE log SET kind = 'injected', "
    "body = (SELECT body FROM log WHERE kind = 'injected') WHERE kind = 'undone'",
    "an act before the first": "UPDATE log SET kind = 'passed', body = '{\"acts\": [-1]}' "
    "WHERE kind = 'timed'",
    "what a phone did is taken back": "UPDATE log SET body = json_set(body, '$.entry', 2) "
    "WHERE kind = 'undone'",
    "a gavel is taken back under its reveal": "UPDATE log SET body = json_set(body, '$.entry', "
    "(SELECT number FROM log WHERE kind = 'gavelled')) WHERE kind = 'undone'",
    "what comes later is taken back": "UPDATE log SET body = json_set(body, '$.entry', 99) "
    "WHERE kind = 'undone'",
    "another scenario": "UPDATE papers SET text = replace(text, '0.', '0.1') WHERE name = 'scenario'",
    "an entry is missing": "DELETE FROM log WHERE number = 4",
    "a token is no text": "UPDATE papers SET text = CAST(x'ff' AS TEXT) WHERE name LIKE 'token:%'",
}


def damaged(path, deed, *values):
    """What somebody does to the file of a room behind its back."""
    with sqlite3.connect(path) as file:
        file.executescript("DROP TRIGGER log_is_kept; DROP TRIGGER log_stays;")
        assert file.execute(deed, values).rowcount
    file.close()


@pytest.mark.parametrize("look", [archive.read, reopen])
@pytest.mark.parametrize("deed", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_room_is_refused_with_one_sentence(room, deed, look):
    busy(room)
    room.store.close()
    damaged(room.store.path, deed)
    with pytest.raises(RequestError) as caught:
        look(room.store.path)
    assert str(room.store.path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert [path.name for path in room.store.path.parent.iterdir()] == [room.store.path.name]


def test_a_scenario_that_is_cut_off_is_a_fault_of_the_room_s_file(room):
    room.store.close()
    cut = "substr(text, 1, instr(text, '[clauses') + 3)"
    damaged(room.store.path, f"UPDATE papers SET text = {cut} WHERE name = 'scenario'")
    with sqlite3.connect(room.store.path) as file:  # as in rooms of former days
        file.execute("DELETE FROM papers WHERE name = 'scenario:sha256'")
    file.close()
    with pytest.raises(RequestError, match="the scenario in it cannot be read: line") as caught:
        reopen(room.store.path)
    assert str(caught.value).startswith(str(room.store.path))


def test_a_token_that_is_no_text_is_a_sentence_for_the_room_too(room):
    busy(room)
    with sqlite3.connect(room.store.path) as file:
        file.execute("UPDATE papers SET text = CAST(x'ff' AS TEXT)")
    file.close()
    with pytest.raises(RequestError, match="cannot be read"):
        room.store.papers()


@pytest.mark.parametrize("name", names())
def test_every_shipped_scenario_opens_again_from_its_file(tmp_path, name):
    room = rooms.opened(tmp_path, name, "all")
    room.store.close()
    assert list(archive.read(room.store.path).log) == room.log


def test_a_room_is_kept_for_its_owner_alone(room):
    assert room.store.path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"no room", b"SQLite format 3\0" + bytes(50)])
def test_a_file_that_is_no_room_is_refused_with_one_sentence(tmp_path, content):
    place = tmp_path / "bad.room"
    place.write_bytes(content)
    with pytest.raises(RequestError, match="is not the file of a room") as caught:
        Store(place)
    assert "\n" not in str(caught.value)


def test_a_room_that_has_no_place_is_refused_with_one_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RequestError, match="cannot be written"):
        opened(tmp_path / "file" / "rooms")


@pytest.mark.parametrize("pages", [1, 8])
def test_a_new_room_for_which_the_disk_has_no_place_leaves_nothing(tmp_path, monkeypatch, pages):
    full = f"PRAGMA max_page_count = {pages};"
    monkeypatch.setattr(store, "SCHEMA", store.SCHEMA.replace("CREATE", f"{full} CREATE", 1))
    with pytest.raises(RequestError, match=r"cannot be written: .*full"):
        opened(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_room_in_the_usual_folder_is_found_by_its_code_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    room = rooms.opened(FOLDER)
    room.store.close()
    assert archive.meant(Path(room.code.lower())) == room.store.path
    assert archive.meant(Path("NOPE")) == Path("NOPE")
