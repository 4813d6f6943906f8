"""The page as a person meets it: in a browser."""

from __future__ import annotations

import pytest

from tests.browser.chromium import settle

pytestmark = pytest.mark.browser


def test_the_page_opens_with_a_picture(page):
    assert page.locator('[data-testid="stVegaLiteChart"] svg').count() > 0


def test_a_slider_changes_the_picture(page):
    pictures = page.locator('[data-testid="stVegaLiteChart"] svg')
    before = pictures.first.inner_html()
    page.get_by_role("slider").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "before => document.querySelector('[data-testid=stVegaLiteChart] svg')?.innerHTML !== before",
        arg=before,
    )
    settle(page)
