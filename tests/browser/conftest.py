"""A server and a browser for all tests of a process, and phones; without a browser they are left out."""

from __future__ import annotations

import os
import re

import pytest

from tests.browser import chromium
from tests.browser import server as serving
from tests.phones import renew, served
from tests.rooms import emptied

REQUIRED = os.environ.get("CI") == "true"
SMALL = {"width": 320, "height": 568}
EXPECTED = re.compile("INTERNET_DISCONNECTED|401 .Unauthorized|409 .Conflict|status of 503")
"""What a browser complains of where a network was away, or a room said no."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    reason = chromium.lacking()
    if item.get_closest_marker("browser") and reason:
        (pytest.fail if REQUIRED else pytest.skip)(f"tests in a browser: {reason}")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, **chromium.launching()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": chromium.SCREEN}


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    with serving.dashboard(tmp_path_factory.mktemp("server") / "log") as running:
        yield running
    assert not running.troubles(), running.troubles()


@pytest.fixture(scope="session")
def base_url(server):
    return server.address


@pytest.fixture
def context(context, server):
    """A new browser window; afterwards nobody has asked another machine or complained."""
    before, watch = server.heard(), chromium.Watch(context)
    yield context
    assert watch.strangers == []
    assert watch.complaints == []
    assert not server.troubles(before), server.troubles(before)


@pytest.fixture
def page(page):
    """The dashboard as it opens."""
    page.goto("/")
    chromium.settle(page)
    return page


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A live room that phones can reach, one for all tests of a file."""
    with served(tmp_path_factory.mktemp("rooms")) as open_:
        yield open_


@pytest.fixture
def link(here, monkeypatch):
    """The way into that room, which everybody has left."""
    renew(monkeypatch)
    emptied(here.room)
    return f"http://127.0.0.1:{here.address[1]}/r/{here.room.code}"


@pytest.fixture
def phones(browser):
    """New phones, one after another, that complain of nothing but a network that is away."""
    contexts, watches = [], []

    def phone(link, **traits):
        context = browser.new_context(**{"viewport": SMALL, "has_touch": True, **traits})
        contexts.append(context)
        watches.append(chromium.Watch(context))
        page = context.new_page()
        page.goto(link)
        return page

    yield phone
    for context, watch in zip(contexts, watches):
        context.close()
        assert watch.strangers == []
        assert [words for words in watch.complaints if not EXPECTED.search(words)] == []
