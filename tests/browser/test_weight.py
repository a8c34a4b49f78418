"""How much a page weighs that nobody has opened before, as it travels; and that nothing moves when values come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.setup import log_in

KIB = 1024
PLAIN, WITH_CHARTS = 150 * KIB, 300 * KIB
SLOWEST_MS = 60_000
LIGHT = ("/devices", "/setup/devices/1")
DRAWN = ("/devices/1", "/consumptions")
MOVES = """
window.moved = [];
const words = (one) => one.node?.outerHTML?.slice(0, 160) ?? "";
new PerformanceObserver((list) => {
  const told = list.getEntries().filter((each) => !each.hadRecentInput);
  window.moved.push(...told.map((each) => [each.value, ...each.sources.map(words)]));
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def newcomer(browser: Browser, demo_url: str) -> Iterator[Page]:
    """Logged in, and nothing of our pages kept."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = context.new_page()
    log_in(page, demo_url)
    yield page
    context.close()


@pytest.mark.parametrize(
    ("path", "most"), [*((path, PLAIN) for path in LIGHT), *((path, WITH_CHARTS) for path in DRAWN)]
)
def test_a_page_that_was_never_opened_is_light(newcomer: Page, demo_url: str, path: str, most: int) -> None:
    session = newcomer.context.new_cdp_session(newcomer)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    lengths = dict[str, float]()
    session.on("Network.loadingFinished", lambda told: lengths.update({told["requestId"]: told["encodedDataLength"]}))
    newcomer.goto(demo_url + path)
    newcomer.wait_for_load_state("networkidle", timeout=SLOWEST_MS)
    if most == WITH_CHARTS:
        expect(newcomer.locator("canvas").first).to_be_visible(timeout=SLOWEST_MS)
    assert 10 * KIB < sum(lengths.values()) <= most, f"{sum(lengths.values()) / KIB:.0f} KiB"


@pytest.mark.parametrize("path", ["/", "/devices", "/gateways"])
def test_nothing_moves_when_values_come(newcomer: Page, demo_url: str, path: str) -> None:
    newcomer.add_init_script(MOVES)
    newcomer.goto(demo_url + path)
    newcomer.wait_for_load_state("load")
    newcomer.wait_for_load_state("networkidle", timeout=SLOWEST_MS)  # scripts and first answers are there
    for _ in range(2):  # live values came again
        with newcomer.expect_response(lambda response: "/live" in response.url, timeout=SLOWEST_MS):
            pass
    assert newcomer.evaluate("window.moved") == []
