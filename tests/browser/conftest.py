"""One server and one browser for all tests of a process; without a browser they are left out."""

from __future__ import annotations

import os

import pytest

from tests.browser import chromium
from tests.browser import server as serving

REQUIRED = os.environ.get("CI") == "true"


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
