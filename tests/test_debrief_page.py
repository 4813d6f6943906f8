"""The debrief on the room's own server: behind the PIN, and silent on what is not revealed."""

from __future__ import annotations

import pytest

from dashboard.room import debrief as page
from dashboard.room import hall
from sim.room.live import LiveRoom
from tests.rooms import opened
from tests.screens import visit as at


@pytest.fixture
def room(monkeypatch, tmp_path) -> LiveRoom:
    made = opened(tmp_path)
    monkeypatch.setattr(hall, "room", lambda: made)
    monkeypatch.setattr(hall, "at_desk", lambda: True)
    monkeypatch.setattr("sys.argv", ["app.py", "no.room"])
    return made


def words(app) -> str:
    """All that the page says."""
    parts = [*app.title, *app.header, *app.markdown, *app.caption, *app.info]
    tables = [table.proto.body for table in app.get("html")]
    return "\n".join([*(part.value for part in parts), *tables]).replace("\\", "")


def decide(room: LiveRoom, who: str, reveal: bool = True) -> None:
    number = room.put({"N5.1": 1.0})
    room.speak(who, number, "object", "consultation", 1)
    room.gavel()
    if reveal:
        room.reveal()


def test_before_the_first_reveal_there_is_nothing_to_tell(room):
    who, _ = room.join("Ada", "EST")
    decide(room, who, reveal=False)
    said = words(at("debrief"))
    assert "Nothing has been revealed yet" in said
    assert "Estonia" not in said


def test_the_page_tells_who_blocked_what_and_why(room):
    who, _ = room.join("Ada <b>", "EST")
    decide(room, who)
    app = at("debrief")
    said = words(app)
    assert "Who broke the silence, and why" in said
    assert "Estonia" in said
    assert "We were not consulted enough" in said
    assert "<b>" not in said
    assert len(app.get("download_button")) == 4
    assert len(app.get("vega_lite_chart")) == 1


def test_who_has_not_typed_the_pin_learns_nothing_of_what_others_could_live_with(room, monkeypatch):
    who, _ = room.join("Ada", "EST")
    decide(room, who)
    monkeypatch.setattr(hall, "at_desk", lambda: False)
    app = at("debrief")
    assert "the facilitator opens it at the end" in words(app)
    assert "Estonia" not in words(app)
    assert not app.get("download_button")


def test_the_page_follows_the_room(room):
    who, _ = room.join("Ada", "EST")
    decide(room, who)
    app = at("debrief")
    assert "Text 2" not in words(app)
    decide(room, who)
    app.run()
    assert "Text 2" in words(app)


def test_no_empty_band_lies_above_the_title(room):
    styles = [html.proto.body for html in at("debrief").get("html")]
    assert any('[data-testid="stHeader"] { display: none; }' in style for style in styles)


def test_words_stay_as_they_were_written():
    assert page.plain("1. a *b* [c](d) $x$") == r"1\. a \*b\* \[c\]\(d\) \$x\$"
