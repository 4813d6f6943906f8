"""The rehearsal: simulated participants are themselves, and one workshop is kept for good.

`golden/room-20.jsonl` is the log of the flagship's shortest script, rehearsed with a clock of its own,
and `golden/room-20.json` its debrief. Where they no longer fit, what they would be is written beside
them as `.new`; it is accepted by `mv`, and explained in the commit.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from sim import load
from sim.errors import RequestError
from sim.room import archive, cast, opening, scripts
from sim.room.debrief import debrief
from sim.room.events import OBJECT, Ballot, Entry, Gavelled, Seated, as_json, from_json
from sim.room.live import LiveRoom
from sim.room.mind import minds
from sim.room.opening import open_room
from sim.room.rehearsal import OverHttp, Rehearsal, script_of
from sim.room.seats import fitting
from tests.rooms import Clock, Inside

GOLDEN = Path(__file__).parent / "golden"
PEOPLE, SEED = 30, 0


def rehearsed(
    folder: Path, name: str, people: int, seed: int = SEED, seating: str = ""
) -> LiveRoom:
    clock = Clock()

    def wait(minutes: float) -> None:
        clock.now = round(clock.now + 60 * minutes, 3)

    scenario = load(name)
    room = open_room(
        scenario,
        folder,
        seating_=seating or fitting(scenario, people),
        script=scripts.names(scenario)[0],
        clock=clock,
    )
    Rehearsal(room, Inside(room), people, seed, wait).play(script_of(room))
    return room


def facts(log: Iterable[Entry]) -> list[tuple[str, dict[str, Any]]]:
    """What was said and done, without times and the code of the room."""
    return [
        (kind, {key: value for key, value in body.items() if key != "code"})
        for kind, body in (as_json(entry.event) for entry in log)
    ]


@pytest.mark.parametrize(
    ("people", "seating"),
    [(1, "blocs"), (5, "blocs"), (6, "key"), (12, "key"), (13, "all"), (99, "all")],
)
def test_there_is_a_seat_for_as_many_as_there_can_be(people, seating):
    assert fitting(load("draft-treaty-2021"), people) == seating


def test_a_server_that_is_gone_or_says_nonsense_is_told_in_a_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        phones = OverHttp("127.0.0.1", taken.getsockname()[1], "KXTRM")
        with pytest.raises(RequestError, match=r"no answer that can be read: .*refused"):
            phones.join("Ada", "")


# Golden ---------------------------------------------------------------------------------------------


def written(log: Iterable[Entry]) -> str:
    """A log as lines of JSON."""
    rows = ({"number": e.number, "at": e.at, **_kind(e)} for e in log)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _kind(entry: Entry) -> dict[str, Any]:
    kind, body = as_json(entry.event)
    return {"kind": kind, "body": body}


def read(text: str) -> list[Entry]:
    """A log that was written as lines of JSON."""
    rows = [json.loads(line) for line in text.splitlines()]
    return [Entry(row["number"], row["at"], from_json(row["kind"], row["body"])) for row in rows]


def check(name: str, text: str) -> None:
    """Fail, and leave what it would be beside it, where a golden file says something else."""
    place = GOLDEN / name
    if not place.exists() or place.read_text("utf-8") != text:
        new = place.with_name(f"{name}.new")
        new.parent.mkdir(exist_ok=True)
        new.write_text(text, "utf-8")
        pytest.fail(f"{place} says something else now; look at {new} and mv it if that is right")


def told(log: Iterable[Entry]) -> str:
    """The debrief of a log, without the versions of what worked it out."""
    found = debrief(load("draft-treaty-2021"), log).as_json()
    del found["versions"]
    return json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def test_the_rehearsal_of_the_short_script_writes_the_log_that_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "new_code", lambda: "KXTRM")
    check("room-20.jsonl", written(rehearsed(tmp_path, "draft-treaty-2021", PEOPLE).log))


def test_the_log_that_is_kept_replays_to_the_debrief_that_is_kept():
    check("room-20.json", told(read((GOLDEN / "room-20.jsonl").read_text("utf-8"))))


# Laws -----------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_workshop_and_another_seed_another(tmp_path):
    names = ("a", "b", "c")
    first, again, other = (
        facts(rehearsed(tmp_path / name, "three-neighbours", 4, seed).log)
        for name, seed in zip(names, (3, 3, 4))
    )
    assert first == again
    assert first != other


def test_everybody_comes_in_and_the_rest_watch(tmp_path):
    room = rehearsed(tmp_path, "draft-treaty-2021", 15, seating="key")
    seated = [person.seat for person in room.state.people.values() if person.seat]
    assert len(room.state.people) == 15
    assert sorted(seated) == sorted(room.state.seats)


def test_where_few_come_the_model_plays_the_rest(tmp_path):
    room = rehearsed(tmp_path, "draft-treaty-2021", 2, seating="key")
    gavels = [entry.event for entry in room.log if isinstance(entry.event, Gavelled)]
    assert gavels
    assert all(len(event.model) == 28 for event in gavels)


def test_somebody_changes_their_mind_and_somebody_says_nothing(tmp_path):
    room = rehearsed(tmp_path, "draft-treaty-2021", 12)
    ballots = [entry.event for entry in room.log if isinstance(entry.event, Ballot)]
    assert any(ballot.turn == 2 for ballot in ballots)
    texts = {text.number for text in room.state.texts}
    spoke = {(ballot.put, ballot.seat) for ballot in ballots}
    assert len(spoke) < len(texts) * 12


def test_whoever_would_break_the_silence_never_just_says_nothing(tmp_path):
    room = rehearsed(tmp_path, "draft-treaty-2021", 12)
    seated = [entry.event for entry in room.log if isinstance(entry.event, Seated)]
    places = {event.seat: place for place, event in enumerate(seated)}
    for text in room.state.texts:
        read_ = cast.readings(room.scenario, text.injects, people=12, seed=SEED)
        for seat, place in places.items():
            meant = read_[place].answer(room.state.seats[seat].members, text.put.levels)
            if meant[0] == OBJECT:
                assert text.ballots[seat].stance == OBJECT


def test_where_worlds_are_all_alike_participants_are_the_models_members():
    toy = load("three-neighbours")  # has no bands
    central = minds(toy)
    for reading in cast.readings(toy, (), people=3, seed=7):
        for name, row in toy.clauses.items():
            levels = {name: row.level}
            assert reading.heard.stances(levels) == central.stances(levels)


def test_participants_are_not_all_of_one_mind():
    treaty = load("draft-treaty-2021")
    said = [
        tuple(reading.heard.stances({"N5.1": 1.0}).items())
        for reading in cast.readings(treaty, (), people=12, seed=0)
    ]
    assert len(set(said)) > 3


def test_a_bloc_is_as_hard_as_its_hardest_member():
    treaty = load("draft-treaty-2021")
    for reading in cast.readings(treaty, (), people=6, seed=0):
        alone = [reading.answer([iso], {"N5.1": 1.0})[0] for iso in ("EST", "LUX")]
        together = reading.answer(["EST", "LUX"], {"N5.1": 1.0})[0]
        assert together == min(alone, key=cast.HARSHEST.index)


@pytest.mark.parametrize("name", ["three-neighbours", "security-council-2022", "eu-council-2022"])
def test_other_scenarios_can_be_rehearsed_too(name, tmp_path):
    room = rehearsed(tmp_path, name, 10)
    found = debrief(room.scenario, room.log)
    assert found.texts
    assert all(text.said for text in found.texts)


# The command ----------------------------------------------------------------------------------------


def rehearse(folder: Path, *asked: str) -> subprocess.CompletedProcess[str]:
    """`oneveto room --rehearse`, to its end."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "sim.cli", "room", *asked, "--no-browser"]
    return subprocess.run(
        [*command, "--port", str(port), "--folder", str(folder), "--pace", "0"],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_over_the_network_the_workshop_is_the_same(tmp_path):
    ended = rehearse(tmp_path, "three-neighbours", "--rehearse", "4", "--seed", "3")
    assert ended.returncode == 0, ended.stderr
    (kept,) = tmp_path.glob("*.room")
    log = archive.read(kept).log
    assert facts(log) == facts(rehearsed(tmp_path / "inside", "three-neighbours", 4, 3).log)
    assert f"the debrief of room {kept.stem}" in ended.stdout
    assert f"oneveto debrief {kept}" in ended.stdout.replace("\n", " ")
    assert list(tmp_path.glob("*.room*")) == [kept]  # nothing is left beside it


def test_a_rehearsal_needs_a_room_of_its_own(tmp_path):
    ended = rehearse(tmp_path, "--resume", str(tmp_path / "k.room"), "--rehearse", "4")
    assert ended.returncode == 2
    assert ended.stderr.strip() == "a rehearsal needs a room of its own; leave --resume out"
