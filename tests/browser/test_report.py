"""A report in a browser: taken from the page, read in the dark and on a phone, printed."""

from __future__ import annotations

import re

import pytest

from sim import load, with_changes
from sim.report import report
from tests.browser import chromium
from tests.browser.test_accessible import violations

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A report with every section that there is."""
    changed = with_changes(load("draft-treaty-2021"), {"process.rounds": 3})
    path = tmp_path_factory.mktemp("report") / "report.html"
    pins = {"By majority": {"rule": "majority"}}
    path.write_text(report(changed, worlds=128, pins=pins).html(), "utf-8")
    return path


def test_one_button_gives_the_report_of_the_page_with_what_is_pinned(page):
    page.goto("/?scenario=three-neighbours&set=rule%3Dmajority&pins=Alone:%20rule%3Donly:HILL")
    chromium.settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("^Report")).click()
    text = download.value.path().read_text("utf-8")
    assert download.value.suggested_filename == "three-neighbours-report.html"
    assert "rule = majority" in text
    assert "Alone: rule = only:HILL" in text


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_report_breaks_no_rule_of_axe_and_fits_a_phone(browser, file, scheme):
    for size in (chromium.SCREEN, chromium.PHONE):
        page = browser.new_page(viewport=size, color_scheme=scheme)
        page.goto(file.as_uri())
        assert violations(page) == {}
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wide)
        page.close()


def test_a_report_can_be_printed(browser, file):
    page = browser.new_page(color_scheme="dark")
    page.goto(file.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert printed.startswith(b"%PDF")
    assert 8 < len(re.findall(rb"/Type\s*/Page\b", printed)) < 40
