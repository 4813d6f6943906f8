"""What axe finds on the pages, beyond what it finds on an empty page of Streamlit."""

from __future__ import annotations

import json

import pytest

from tests.browser import chromium
from tests.browser import server as serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="session")
def empty(tmp_path_factory):
    """An empty page of Streamlit."""
    folder = tmp_path_factory.mktemp("empty")
    (folder / "app.py").write_text('import streamlit as st\n\nst.write("")\n')
    with serving.script(folder / "app.py", folder / "log") as running:
        yield running


OWN = {"presentation-role-conflict": 'data-testid="stFileUploaderDropzone"'}
"""What Streamlit's own widgets break wherever they are; no page can mend it."""


def violations(page) -> dict[str, list[str]]:
    """The rules that a page breaks, by their ids, and where."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    broken = {rule["id"]: [node["html"][:200] for node in rule["nodes"]] for rule in found}
    return {
        rule: mine
        for rule, where in broken.items()
        if (mine := [node for node in where if rule not in OWN or OWN[rule] not in node])
    }


def test_no_page_breaks_a_rule_of_axe_that_an_empty_page_keeps_nor_is_wider_than_a_phone(
    page, empty
):
    paths, added, wide = chromium.pages(page), {}, []
    page.goto(empty.address)
    chromium.settle(page)
    allowed = set(violations(page))
    for path in paths:
        page.goto(path)
        for scheme in chromium.schemes(page):
            found = {rule: at for rule, at in violations(page).items() if rule not in allowed}
            added |= {f"{path} {scheme}": found} if found else {}
        page.set_viewport_size(chromium.PHONE)
        page.wait_for_timeout(200)
        if chromium.lasting(page, chromium.too_wide):
            wide.append(path)
        page.set_viewport_size(chromium.SCREEN)
    print("An empty page breaks", allowed or "nothing")
    assert not added, json.dumps(added, indent=1)
    assert not wide
