"""Tokens: shown once, with rights of their own, good until they end or are removed."""

from __future__ import annotations

import pytest

from runtime.store.env import Store
from tests.webui.api.described import checked
from tests.webui.closed import Closed, closed


@pytest.fixture
def house(store: Store) -> Closed:
    return closed(store)


def test_a_token_may_see_unless_more_is_asked_for_and_is_told_once(house: Closed) -> None:
    chief = house.logged_in("administrator")
    made = checked(chief.post("/api/v1/tokens", {"name": "Grafana"}), "/api/v1/tokens", "POST").json
    assert set(made["rights"].values()) == {"see"} and "server_configuration" not in made["rights"]
    listed = checked(chief.get("/api/v1/tokens"), "/api/v1/tokens")
    assert made["token"] not in listed.text and listed.json[0]["by"] == "administrator"
    assert made["token"] not in str(house.view.tokens)


def test_a_removed_token_and_one_that_has_ended_open_nothing(house: Closed) -> None:
    chief = house.logged_in("administrator")
    kept, removed, month = (
        chief.post("/api/v1/tokens", {"name": name} | more).json
        for name, more in (("kept", {}), ("removed", {}), ("a month", {"days": 30}))
    )
    assert month["ends"] is not None and kept["ends"] is None
    assert chief.ask("DELETE", f"/api/v1/tokens/{removed['id']}").status == 200
    assert chief.ask("DELETE", f"/api/v1/tokens/{removed['id']}").status == 404

    def opens(made: dict[str, str]) -> bool:
        return house.visitor().get("/api/v1/live", authorization=f"Bearer {made['token']}").status == 200

    assert [opens(each) for each in (kept, removed, month)] == [True, False, True]
    house.passes(30 * 86_400)
    assert [opens(each) for each in (kept, removed, month)] == [True, False, False]


@pytest.mark.parametrize(
    "body", [{"name": ""}, {"name": "x" * 41}, {"name": "x", "days": -1}, {"name": "x", "rights": 1}]
)
def test_what_makes_no_token_is_refused(house: Closed, body: dict[str, object]) -> None:
    assert (
        checked(house.logged_in("administrator").post("/api/v1/tokens", body), "/api/v1/tokens", "POST").status == 400
    )
