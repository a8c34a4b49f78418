from __future__ import annotations

from dataclasses import replace

import pytest

from runtime.core.accounting.assignments import date_changes
from runtime.store.row import Row
from runtime.store.sample.rows import Rows
from tests.webui.stage import NOW_TS, Stage, stage

COLUMNS = (("active_power_w", "mean"), ("active_power_w", "min"), ("active_power_w", "max"))
FIRST = NOW_TS - NOW_TS % 600 - 3600


@pytest.fixture
def curved(store) -> Stage:
    rows = Rows(store)
    with store.writing() as txn:
        for at in range(6):
            if at != 3:
                power_n = 10_000 + at
                rows.put(txn, Row(1, FIRST + at * 600, 600, COLUMNS, (power_n, power_n - 10, power_n + 10), (0,) * 3))
    return stage(store)


def test_a_curve_has_mean_band_and_gaps(curved: Stage) -> None:
    answer = curved.get(f"/api/v1/curves?series=1:active_power_w&from={FIRST}&to={FIRST + 3600}").json
    (series,) = answer["series"]
    assert (series["name"], series["unit"], series["step_s"]) == ("Meter 1", "W", 60)
    known = [at for at in range(6) if at != 3]
    assert [start for start, mean in zip(series["start"], series["mean"], strict=True) if mean is not None] == [
        FIRST + at * 600 for at in known
    ]
    assert [mean for mean in series["mean"] if mean is not None] == [1000 + at / 10 for at in known]
    assert [n for n in series["min"] if n is not None] == [999 + at / 10 for at in known]
    assert len(series["gaps"]) == 1 and series["by_energy_until"] is None


def test_several_series_come_in_the_order_that_they_were_asked_in(curved: Stage) -> None:
    answer = curved.get("/api/v1/curves?series=2:voltage_l1_v,1:active_power_w").json
    assert [(each["device"], each["quantity"]) for each in answer["series"]] == [
        (2, "voltage_l1_v"), (1, "active_power_w")
    ]  # fmt: skip


def test_power_before_the_first_sample_is_that_of_booked_energy(site: Stage) -> None:
    from_ts = NOW_TS - NOW_TS % 3600 - 6 * 3600
    answer = site.get(f"/api/v1/curves?series=1:active_power_w&from={from_ts}&to={from_ts + 4 * 3600}").json
    (series,) = answer["series"]
    assert series["mean"] == [1000.0] * 4
    assert series["by_energy_until"] is not None


@pytest.mark.parametrize(
    "asked",
    [
        "", "series=1", "series=1:none", "series=0:active_power_w", "series=" + ",".join(["1:active_power_w"] * 9),
        "series=1:active_power_w&from=20&to=10", "series=1:active_power_w&from=0&to=4000000000",
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(curved: Stage, asked: str) -> None:
    assert curved.get(f"/api/v1/curves?{asked}").status == 400


def test_a_device_that_never_was_is_not_found_and_a_deleted_one_keeps_its_past(curved: Stage) -> None:
    assert curved.get("/api/v1/curves?series=77:active_power_w").status == 404
    site = curved.installation
    after = replace(site, devices=site.devices[1:])
    curved.installation = date_changes(site, after, NOW_TS)
    answer = curved.get(f"/api/v1/curves?series=1:active_power_w&from={FIRST}&to={FIRST + 3600}").json
    assert answer["series"][0]["deleted"] and any(answer["series"][0]["mean"])
