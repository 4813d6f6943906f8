"""The pages of a room's own server, as a test opens them, presses their buttons and reads them."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from sim.scenario import Scenario

APP = str(resources.files("dashboard.room") / "app.py")


def visit(page: str = "desk", *unfolded: str) -> AppTest:
    """A page that somebody opens, with sections that they have unfolded, by title."""
    app = AppTest.from_file(APP, default_timeout=60)
    for title in unfolded:
        app.session_state[f"open {title}"] = True
    return turned(app, page)


def turned(app: AppTest, page: str = "desk") -> AppTest:
    """The page drawn anew."""
    app._page_hash = calc_hash(page)
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, key: str) -> AppTest:
    """The desk after a button is pressed."""
    app.button(key=key).click()
    return turned(app)


def drawn(app: AppTest) -> str:
    """All that a page sends to the browser, which is more than it shows."""
    sent = [MessageToDict(each.proto) for each in app.main if each.proto is not None]
    return json.dumps(sent, ensure_ascii=False, sort_keys=True)


def words(app: AppTest) -> str:
    """What a page says."""
    return "\n".join(element.value for element in (*app.markdown, *app.caption, *app.error))


def playing(scenario: Scenario, **played: Any) -> Scenario:
    """The scenario with another way to play it in a workshop."""
    return scenario.model_copy(update={"room": scenario.room.model_copy(update=played)})
