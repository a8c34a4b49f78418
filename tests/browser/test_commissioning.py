"""Sections 7.16.1 and 7.16.2 of the manual, played in a browser against devices that answer over Modbus TCP."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.commissioning import Electrician, commission
from tests.browser.switchboard import new_site
from tests.soak import FULL

SCREENS = {"pc": (1440, 900), "phone": (390, 844)}
USUAL = (("en", "pc"), ("fr", "phone"))
ALL = (*USUAL, ("fr", "pc"), ("en", "phone"))
PLAYED = ALL if FULL else USUAL


@pytest.mark.soak
@pytest.mark.parametrize(("language", "screen"), PLAYED)
def test_a_switchboard_is_commissioned(browser: Browser, tmp_path: Path, language: str, screen: str) -> None:
    width, height = SCREENS[screen]
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale={"en": "en-GB"}.get(language, language)
    )
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    with new_site(tmp_path) as site:
        commission(Electrician(page, site, language))
        context.close()
    assert not broken
