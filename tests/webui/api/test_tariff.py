from __future__ import annotations

import pytest

from runtime.core.tariffrules import RuleSpec
from runtime.core.tariffs import Price, TariffSpec
from runtime.store.env import Store
from tests.webui.stage import Stage, stage

TARIFFS = (
    TariffSpec(1, "Peak", colour="#d9480f", prices=(Price(1, 187_300), Price(2, 201_000, "2026-11-20")), unpriced=4),
    TariffSpec(2, "Off-peak", prices=(Price(3, 120_000),), unpriced=5),
    TariffSpec(3, "City water", "water", prices=(Price(6, 3_500_000),), unpriced=7),
)
RULES = (
    RuleSpec(1, 1, first="2024-11-01", last="2025-03-31", repeat=True, start="06:00", end="14:59", days=("fri", "sat")),
    RuleSpec(2, 2, start="15:00", end="05:59"),
    RuleSpec(3, 3, start="22:00", end="05:59"),
)


@pytest.fixture
def billed(store: Store) -> Stage:
    """It is half past two in the afternoon of a Friday in November."""
    return stage(store, tariffs=TARIFFS, rules=RULES)


def test_tariffs_tell_their_prices_and_which_one_holds(billed: Stage) -> None:
    peak, night, water = billed.get("/api/v1/tariffs").json
    assert (peak["name"], peak["fluid"], peak["colour"], night["colour"]) == ("Peak", "electricity", "#d9480f", None)
    assert peak["prices"] == [
        {"price": "0.1873", "from": None, "in_force": False},
        {"price": "0.201", "from": "2026-11-20", "in_force": True},
    ]
    assert [tariff["in_force"] for tariff in (peak, night, water)] == [True, False, False]


def test_rules_come_in_their_order_and_the_one_in_force_is_flagged(billed: Stage) -> None:
    first, *others = billed.get("/api/v1/rules").json
    assert first == {
        "id": 1, "tariff": 1, "fluid": "electricity", "from": "2024-11-01", "to": "2025-03-31", "repeat": True,
        "start": "06:00", "end": "14:59", "days": ["fri", "sat"], "default": False, "in_force": True,
    }  # fmt: skip
    assert [(rule["id"], rule["fluid"], rule["in_force"]) for rule in others] == [
        (2, "electricity", False), (3, "water", False)
    ]  # fmt: skip


def test_another_rule_is_in_force_when_the_first_ends(billed: Stage) -> None:
    billed.clock.goes_on(30 * 60)
    assert [rule["id"] for rule in billed.get("/api/v1/rules").json if rule["in_force"]] == [2]


def test_without_tariffs_the_lists_are_empty(site: Stage) -> None:
    assert site.get("/api/v1/tariffs").json == site.get("/api/v1/rules").json == []
