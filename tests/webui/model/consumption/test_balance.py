"""What flows out of a site: its energy, what it earns, and how much of it was used in the same hours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.store.energy.importer import import_history
from runtime.store.env import Store, open_store
from tests.webui.stage import NOW_TS, Stage, stage

DAY = "2026-11-19"
FEED_IN = TariffSpec(7, "Feed-in", fluid="export", prices=(Price(9, 80_000),))
ALWAYS = RuleSpec(7, 7)
DAYS = 3
EXPORTED = ("active_energy_import_wh", "active_energy_export_wh")


def _lines(drawn_wh: dict[int, int], exported_wh: dict[int, int]) -> Iterator[str]:
    """Each device draws and exports the same each hour."""
    start_ts = NOW_TS // 3600 * 3600 - DAYS * 86_400
    for day in range(DAYS):
        for id in drawn_wh:
            indexes = {
                quantity: [(day * 24 + hour) * wh[id] * 1000 for hour in range(25)]
                for quantity, wh in zip(EXPORTED, (drawn_wh, exported_wh), strict=True)
            }
            line = {"device": id, "start_ts": start_ts + day * 86_400, "step_s": 3600, "indexes": indexes}
            yield json.dumps(line)


def _site(store: Store, drawn_wh: dict[int, int], exported_wh: dict[int, int], **changes: Any) -> Stage:
    made = stage(store, **changes)
    import_history(store, _lines(drawn_wh, exported_wh), made.installation)
    for id, wh in exported_wh.items():
        made.publishes(id, quantities=EXPORTED, values_n=(1_000_000, wh * 1000))
    return made


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def roof(empty: Store) -> Stage:
    """Meter 3 is a roof that gives 1.5 kWh an hour; meters 1 and 2 draw 1 kWh in all."""
    return _site(empty, {1: 600, 2: 400, 3: 0}, {1: 0, 2: 0, 3: 1500}, tariffs=(FEED_IN,), rules=(ALWAYS,))


def _export(site: Stage, query: str = f"period=day&date={DAY}") -> Any:
    return site.get(f"/api/v1/consumption?{query}").json["export"]


def test_what_flows_out_is_told_beside_what_is_drawn(roof: Stage) -> None:
    answer = roof.get(f"/api/v1/consumption/loads?period=day&date={DAY}").json
    assert answer["total"] == 24_000
    assert answer["export"] == {"values": [1500] * 24, "total": 36_000, "revenue": "2.88", "own_use": 24_000}


def test_of_a_month_own_use_is_the_sum_of_its_hours(roof: Stage) -> None:
    month = _export(roof, "period=month&date=2026-11-19")
    assert (month["total"], month["own_use"]) == (DAYS * 36_000, DAYS * 24_000)
    assert _export(roof, "period=year&date=2026-11-19")["own_use"] is None


def test_a_part_of_the_site_tells_what_it_exports_and_no_own_use(roof: Stage) -> None:
    assert _export(roof, f"of=device:3&period=day&date={DAY}")["own_use"] is None
    assert _export(roof, f"of=device:1&period=day&date={DAY}") is None
    assert _export(roof, f"fluid=gas&period=day&date={DAY}") is None


def test_behind_a_meter_of_both_directions_nobody_knows_what_was_used_here(empty: Store) -> None:
    site = _site(empty, {1: 600, 2: 400, 3: 0}, {1: 300, 2: 0, 3: 1500})
    assert (_export(site)["total"], _export(site)["own_use"]) == (24 * 1800, None)


def test_a_meter_that_counts_in_no_total_exports_nothing_of_the_site(roof: Stage) -> None:
    spec = replace(roof.installation.devices[2], excluded=True)
    roof.installation = replace(roof.installation, devices=(*roof.installation.devices[:2], spec))
    assert _export(roof) is None


def test_what_flows_out_can_be_asked_and_paid_for_as_a_kind_of_its_own(roof: Stage) -> None:
    answer = roof.get(f"/api/v1/consumption?fluid=export&period=day&date={DAY}").json
    assert (answer["unit"], answer["total"], answer["cost"]) == ("Wh", 36_000, "2.88")
    assert "Exported electricity" in roof.get("/setup/bill?fluid=export").text
    assert "kWh" in roof.get("/setup/bill/tariffs/new?fluid=export").text
