"""A server with nothing on it, beside the simulated meters of the demo, and a visitor who speaks a language."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Locator, Page, expect

from runtime.clock import SystemClock
from runtime.core.clock.timegrid import local
from runtime.text.language import LANGUAGES, Catalogues
from tests.browser.demo import ROOT, address_of

FACTORY = {"pin": "99999", "puk": "00000999900000"}  # of the administrator, in the demo alone
SCREENS = {"pc": (1280, 860), "phone": (390, 844)}
SLOWEST_MS = 20_000
_CATALOGUES = Catalogues()


@contextmanager
def fresh_server(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "runtime", "run", "--demo", "--http", "127.0.0.1:0", "--data", str(folder)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield address_of(child)
    finally:
        child.terminate()
        child.wait(timeout=60)
        assert child.stdout is not None
        child.stdout.close()


def log_in(page: Page, url: str) -> None:
    answer = page.request.post(f"{url}/api/v1/session", data=FACTORY, headers={"Origin": url})
    assert answer.ok, answer.text()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at a page. ``say`` gives a sentence as the page says it."""

    page: Page
    url: str
    code: str

    def say(self, sentence: str) -> str:
        return _CATALOGUES.of(LANGUAGES[self.code]).gettext(sentence).replace("%%", "%")

    def goes(self, path: str) -> None:
        self.page.goto(self.url + path)

    def presses(self, sentence: str, within: Locator | None = None) -> None:
        """The button or link of that name."""
        where = within or self.page.locator("main")
        spoken = self.say(sentence).replace("\xa0", " ")  # as names of buttons are heard
        name = re.compile(rf"^\s*{re.escape(spoken)}")
        where.get_by_role("button", name=name).or_(where.get_by_role("link", name=name)).first.click()

    def fills(self, label: str, value: str, within: Locator | None = None) -> None:
        where = within or self.page.locator("main")
        where.get_by_role("textbox", name=re.compile(rf"^{re.escape(self.say(label))}(\s|$)")).first.fill(value)

    def answers(self, sentence: str) -> None:
        """In the dialogue that is open."""
        self.presses(sentence, self.dialog)

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog[open]")

    def hears(self, sentence: str) -> None:
        expect(self.page.locator("#toasts")).to_contain_text(self.say(sentence), timeout=SLOWEST_MS)

    def sees(self, sentence: str) -> None:
        expect(self.page.locator("main")).to_contain_text(self.say(sentence), timeout=SLOWEST_MS)

    def fault_of(self, field: str) -> Locator:
        return self.page.locator(f'.entry[data-field="{field}"] .fault:visible')

    def api(self, path: str) -> Any:
        return self.page.request.get(f"{self.url}/api/v1/{path}").json()


@contextmanager
def visitor(
    browser: Browser, url: str, screen: str = "pc", locale: str = "en-GB", *, touches: bool = False
) -> Iterator[Visitor]:
    """Fails when a script fails, the page's policy is broken, or a page is wider than the screen."""
    width, height = SCREENS[screen]
    context = browser.new_context(viewport={"width": width, "height": height}, locale=locale, has_touch=touches)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if _is_complaint(message.type, message.text) else None,
    )
    log_in(page, url)
    yield Visitor(page, url, locale[:2])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    assert not complaints


def _is_complaint(kind: str, text: str) -> bool:
    return kind == "error" and "the server responded with a status of 4" not in text  # refusals are part of the play


def yesterday() -> str:
    """Of the site: the month that holds it has something to show also on its own first day."""
    return (local(SystemClock().now_ts(), ZoneInfo("Europe/Paris")).date() - timedelta(days=1)).isoformat()
