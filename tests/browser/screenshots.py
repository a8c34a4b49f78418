"""``make screenshots``: pictures of the demo's pages for docs/images, of a commissioning for docs/manual/images."""

from __future__ import annotations

import re
import sys
import tempfile
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.commissioning import Electrician, commission
from tests.browser.conftest import ARGUMENTS, find_browser
from tests.browser.demo import ROOT, demo
from tests.browser.serverpicture import picture_servers
from tests.browser.setup import log_in
from tests.browser.switchboard import new_site
from tests.browser.world import asks, waits
from tests.drivers.outlets.mailserver import PASSWORD, USER, Mailbox, mail_server

IMAGES = ROOT / "docs" / "images"
SCREENS = {"pc": (1440, 900), "phone": (390, 844)}
LOOKS = (("pc", "light", "en-GB"), ("pc", "dark", "fr-FR"), ("phone", "light", "fr-FR"), ("phone", "dark", "en-GB"))
PAGES = {
    "home": "/",
    "devices": "/devices",
    "device": "/devices/1",
    "consumptions": "/consumptions?period=month",
    "details": "/consumptions/details?period=year",
    "compare": "/consumptions/compare?first=load:7&second=week",
    "curves": "/curves?series=8:active_power_w,2:active_power_w,8:voltage_l1_v&span=week",
    "gateways": "/gateways",
    "system": "/system",
    "alarms": "/alarms?state=all",
    "alerts": "/server/alerts",
    "rules": "/setup/automations",
}
ALERTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("works@example.org", {"group": "state_change", "severity": "notice"}),
    ("works@example.org", {"group": "measure_threshold", "quiet_from": "22:00", "quiet_to": "06:00"}),
    ("network@example.org, works@example.org", {"group": "communication", "subject": "Network"}),
)
RULES: tuple[dict[str, object], ...] = (
    {"name": "Beacon at night", "source": "clock", "start": "18:00", "end": "00:00", "action": "while",
     "command": "output_3"},
    {"name": "Horn when a breaker trips", "source": "alarm", "alarm": "tripped", "sign": "=", "days": "weekdays",
     "action": "pulse", "pulse_s": 10, "command": "output_2"},
)  # fmt: skip
THRESHOLD = {"name": "Mains too quick", "quantity": "frequency_hz", "value": 40}
SETTLED_MS, PICTURED_MS = 2500, 600
MANUAL = ROOT / "docs" / "manual"
SHOWN = re.compile(r"\(images/([a-z-]+)\.png\)")  # pictures that the manual's pages ask for; "-phone" at the end


def main() -> int:
    found = find_browser()
    if found is None:
        print("no Chromium here: apt-get install chromium", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        demo(Path(folder), history_days=400) as url,
        mail_server(Mailbox()) as port,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        furnish(browser, url, port)
        for screen, scheme, locale in LOOKS:
            shoot(browser, url, screen, scheme, locale)
        for screen in SCREENS:
            picture_commissioning(browser, screen)
        picture_servers(browser, IMAGES / "servers-pc-light.png")
        browser.close()
    return 0


def furnish(browser: Browser, url: str, port: int) -> None:
    """Alerts that go by the mail server at that port, rules that act, and an alarm."""
    page = browser.new_page()
    log_in(page, url)
    page.goto(f"{url}/server")
    ids = {each["name"]: each["id"] for each in page.request.get(f"{url}/api/v1/devices").json()}
    mail = {"sender": "box@example.org", "server": "localhost", "port": port, "encryption": "none", "user": USER}
    asked = [
        ("POST", "outlets", {"name": "Works mail", "kind": "mail", "on": True, "parameters": mail}),
        ("PUT", "outlets/1/secrets", {"password": PASSWORD}),
        *(("POST", "alerts", {"outlet": 1, "recipients": to, **alert}) for to, alert in ALERTS),
        *(("POST", "automations", rule | {"target": ids["Gate and signals"]}) for rule in RULES),
        ("POST", "thresholds", THRESHOLD | {"device": ids["Main incomer"]}),
    ]
    for method, path, values in asked:
        waits(page, partial(asks, page, method, path, values))
    page.context.close()


def picture_commissioning(browser: Browser, screen: str) -> None:
    """The pictures that the manual shows of this screen, in English and light."""
    width, height = SCREENS[screen]
    tail = "" if screen == "pc" else f"-{screen}"
    wanted = {name for page in MANUAL.glob("*.md") for name in SHOWN.findall(page.read_text())}
    (MANUAL / "images").mkdir(exist_ok=True)
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="light", locale="en-GB")
    page = context.new_page()

    def picture(name: str) -> None:
        if name + tail in wanted:
            page.wait_for_timeout(PICTURED_MS)
            page.screenshot(path=MANUAL / "images" / f"{name}{tail}.png")

    with tempfile.TemporaryDirectory() as folder, new_site(Path(folder)) as site:
        commission(Electrician(page, site, "en", picture))
        context.close()


def shoot(browser: Browser, url: str, screen: str, scheme: str, locale: str) -> None:
    width, height = SCREENS[screen]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale=locale)  # type: ignore[arg-type]
    page = context.new_page()
    log_in(page, url)
    for name, path in PAGES.items():
        page.goto(url + path)
        if "period" not in path and page.locator('[data-step="-1"]').count():
            page.locator('[data-step="-1"]').click()  # yesterday is whole
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(SETTLED_MS)
        page.screenshot(path=IMAGES / f"{name}-{screen}-{scheme}.png")
    context.close()


if __name__ == "__main__":
    sys.exit(main())
