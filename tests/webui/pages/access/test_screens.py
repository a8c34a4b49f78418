"""Pages of public screens: the list of display links, and the page that a screen stays on."""

from __future__ import annotations

import pytest

from runtime.store.env import Store
from tests.webui.closed import Closed, closed


@pytest.fixture
def house(store: Store) -> Closed:
    return closed(store)


def test_display_links_are_listed_by_what_they_show_and_never_with_their_key(house: Closed) -> None:
    chief = house.logged_in("administrator")
    assert "No display link yet" in chief.get("/screens").text
    made = chief.post("/api/v1/screens", {"name": "Hall", "pages": ["/alarms", "/curves?of=1"], "turn_s": 45}).json
    text = chief.get("/screens").text
    assert all(words in text for words in ("Hall", "Alarms, /curves?of=1", "45 s", "data-removes"))
    assert made["key"] not in text and "Hall" not in chief.get("/tokens").text


def test_the_page_of_a_screen_is_open_and_says_nothing_of_the_site(house: Closed) -> None:
    answer = house.visitor().get("/screen")
    assert answer.status == 200 and house.site.installation.site not in answer.text
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
