"""The weekly check of the EQ device, asked and shown, over weeks that are really in the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from runtime.core.decode.codedmodel import decoder_of
from runtime.core.decode.compiled import compile_map
from runtime.core.sample.en50160 import FREQUENCY, QUANTITIES, THD, TO_NEUTRAL
from runtime.plugin.plugins import load_plugins
from runtime.settings import default_plugins
from runtime.store.env import Store, open_store
from runtime.store.sample.rows import Row, Rows
from tests.webui.api.described import checked
from tests.webui.stage import ZONE, Stage, stage

PATH = "/api/v1/devices/2/eq-check"
MONDAY_TS = int(datetime(2026, 11, 9, tzinfo=ZONE).timestamp())
COLUMNS = (("voltage_l1_v", "mean"), ("thd_voltage_l1_pct", "mean"), ("frequency_hz", "mean"))
USUAL_N = (23_050, 210, 49_990)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    made = open_store(tmp_path)
    yield made
    made.close()


def site_of(store: Store) -> Stage:
    """The second device is the EQ device of its gateway."""
    made = stage(store)
    gateway = replace(made.installation.gateways[0], eq_device=2)
    made.installation = replace(made.installation, edition="unlimited", gateways=(gateway,))
    return made


def records(store: Store, intervals: int = 1008, low: int = 0, step_s: int = 600) -> None:
    """The week, the first so many intervals of it at 200 V."""
    rows = Rows(store)
    with store.writing() as txn:
        for number in range(intervals):
            values_n = (20_000, *USUAL_N[1:]) if number < low else USUAL_N
            rows.put(txn, Row(2, MONDAY_TS + number * step_s, step_s, COLUMNS, values_n, (0, 0, 0)))


def test_a_good_week_is_ok_in_the_api_and_on_the_page(kept: Store) -> None:
    records(kept)
    site = site_of(kept)
    answer = checked(site.get(PATH), PATH).json
    assert (answer["device"], answer["result"], answer["un_v"]) == (2, "ok", 230)
    assert (answer["start"], answer["end"]) == ("2026-11-09T00:00:00+01:00", "2026-11-16T00:00:00+01:00")
    assert [(row["share_pct"], row["result"]) for row in answer["characteristics"]] == [(100, "ok")] * 5
    page = site.get("/devices/2").text
    assert "LAST WEEK EN50160 CHECK: OK" in page and "9 Nov 2026 to 15 Nov 2026" in page
    french = site.get("/devices/2", accept_language="fr").text
    assert "CONTRÔLE EN50160 DE LA SEMAINE DERNIÈRE\u00a0: OK" in french


def test_a_week_of_low_voltage_is_ko(kept: Store) -> None:
    records(kept, low=51)
    site = site_of(kept)
    answer = checked(site.get(PATH), PATH).json
    first = answer["characteristics"][0]
    assert (answer["result"], first) == ("ko", {"id": "voltage_95", "share_pct": 94.94, "result": "ko"})
    page = site.get("/devices/2").text
    assert "LAST WEEK EN50160 CHECK: KO" in page and "94.9 %" in page


def test_gaps_and_long_intervals_are_told(kept: Store) -> None:
    records(kept, intervals=900)
    site = site_of(kept)
    assert checked(site.get(PATH), PATH).json["result"] == "no_data"
    assert "LAST WEEK EN50160 CHECK: not enough data" in site.get("/devices/2").text
    records(kept, intervals=168, step_s=3600)
    site.clock.goes_on(600)
    answer = checked(site.get(PATH), PATH).json
    assert (answer["result"], answer["characteristics"]) == ("interval_too_long", [])
    assert "needs samples of 10 minutes or less" in site.get("/devices/2").text


def test_a_device_that_does_not_record_the_frequency_says_so(kept: Store) -> None:
    records(kept)
    site = site_of(kept)
    site.publishes(2, quantities=("voltage_l1_v", "thd_voltage_l1_pct"), values_n=(23_050, 210))
    answer = checked(site.get(PATH), PATH).json
    assert [row["result"] for row in answer["characteristics"]] == ["ok", "ok", "ok", "not_recorded", "not_recorded"]
    assert answer["result"] == "ok" and "not recorded" in site.get("/devices/2").text


@pytest.mark.parametrize("id", [1, 99])
def test_other_devices_have_no_check(kept: Store, id: int) -> None:
    site = site_of(kept)
    path = f"/api/v1/devices/{id}/eq-check"
    assert checked(site.get(path), path).status == 404
    assert "EN50160" not in site.get("/devices/1").text


def test_every_map_with_thd_of_the_voltage_records_what_the_check_needs() -> None:
    maps = {id: decoder_of(found) for id, found in load_plugins(default_plugins()).maps.items()}
    able = {id: compiled for id, compiled in maps.items() if set(THD) & set(compiled.quantities)}
    assert "legrand-412045" in able
    for id, compiled in able.items():
        recorded = {quantity for quantity, statistic in compiled.recorded if statistic == "mean"}
        assert {TO_NEUTRAL[0], THD[0], *FREQUENCY} <= recorded, id
        assert set(QUANTITIES) & set(compiled.quantities) <= recorded, id


def test_what_the_map_records_counts_while_the_device_is_silent(kept: Store) -> None:
    records(kept)
    site = site_of(kept)
    compiled = compile_map(load_plugins(default_plugins()).maps["legrand-412045"])
    site.bridge = replace(site.bridge, map_of=lambda id: compiled)
    site.publishes(2, quantities=())
    assert checked(site.get(PATH), PATH).json["result"] == "ok"


def test_it_is_judged_once_in_a_while(kept: Store) -> None:
    site = site_of(kept)
    assert site.get(PATH).json["result"] == "no_data"
    records(kept)
    assert site.get(PATH).json["result"] == "no_data"
    site.clock.goes_on(600)
    assert site.get(PATH).json["result"] == "ok"
