"""Is my energy right? The API's answer for a device, for the site, and a check of a display."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from actors.message.device import EventReported, Minute, SampleClosed
from runtime.core.quantity.quality import Quality
from tests.webui.api.described import checked
from tests.webui.api.recording import recorded_site
from tests.webui.stage import NOW_TS, QUANTITIES, VALUES_N, WH_N, Answer, Stage

IMPORT, EXPORT = "active_energy_import_wh", "active_energy_export_wh"
INDEX_N = 72 * WH_N + WH_N // 2  # three days and half an hour of WH_N


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Stage]:
    with recorded_site(tmp_path / "store") as made:
        for id in (1, 2, 3):
            made.publishes(id, values_n=(INDEX_N, VALUES_N[1], 1000, *VALUES_N[3:]))
        yield made


def got(site: Stage, path: str) -> Any:
    return checked(site.get(path), path).json


def typed(site: Stage, index: object, device: int = 1, **more: Any) -> Answer:
    path = f"/api/v1/devices/{device}/energy-check"
    return checked(site.send("POST", path, {"quantity": IMPORT, "index": index, **more}), path, "post")


def test_the_index_stands_beside_the_ledger_and_all_adds_up(recorded: Stage) -> None:
    answer = got(recorded, "/api/v1/devices/1/energy-check?date=2026-11-19")
    one = next(each for each in answer["counters"] if each["quantity"] == IMPORT)
    assert one["booked"] == pytest.approx(72 * WH_N / 1000) and one["index"] == pytest.approx(INDEX_N / 1000)
    whole = one["begun"] + one["shifted"] + one["booked"] + one["pending"]
    assert whole == pytest.approx(one["index"])
    assert answer["energy"]["total"] == pytest.approx(24 * WH_N / 1000) and answer["energy"]["estimated_pct"] == 0


def test_a_period_that_nothing_is_known_of_says_so(recorded: Stage) -> None:
    answer = got(recorded, "/api/v1/devices/1/energy-check?period=month&date=2025-01-01")
    assert answer["energy"]["total"] is answer["index_way"] is answer["energy"]["estimated_pct"] is None
    assert answer["power"]["state"] == "too_little" and answer["level"] == "open"


def test_meters_are_held_against_the_sum_of_others(recorded: Stage) -> None:
    path = "/api/v1/devices/1/energy-check?period=month&date=2026-11-19&with="
    two = got(recorded, path + "others")["compared"]
    assert (two["devices"], two["parts"]) == ([2, 3], pytest.approx(2 * two["main"]))
    assert two["rest_pct"] == -100
    assert "parts_exceed" in got(recorded, path + "gateway:1")["remarks"]
    same = got(recorded, path + "device:2")
    assert same["compared"]["rest"] == 0 and "parts_exceed" not in same["remarks"]
    assert got(recorded, path + "device:1")["compared"] is None
    assert recorded.get(path + "board:9").json["error"]["field"] == "with"
    assert recorded.get(path + "nonsense").status == 400


def test_a_display_that_fits_is_kept_with_who_and_when(recorded: Stage) -> None:
    answer = typed(recorded, f"{INDEX_N / 1e6:.2f}")
    assert answer.status == 201 and (answer.json["result"], answer.json["by"]) == ("fits", "local")
    device = got(recorded, "/api/v1/devices/1/energy-check")
    assert device["checks"] == [answer.json] and "display_fits" in device["remarks"]
    (event,) = recorded.get("/api/v1/events?code=index_checked").json
    assert event["subject"] == "device.1" and event["detail"].endswith("fits by local")
    assert got(recorded, "/api/v1/devices/2/energy-check")["checks"] == []


def test_the_newest_check_counts_and_the_older_stays(recorded: Stage) -> None:
    typed(recorded, f"{INDEX_N / 1e5:.1f}")
    recorded.clock.goes_on(1)
    typed(recorded, f"{INDEX_N / 1e6:.2f}")
    answer = got(recorded, "/api/v1/devices/1/energy-check")
    assert [check["result"] for check in answer["checks"]] == ["fits", "scale"]
    assert "display_differs" not in answer["remarks"]


def test_a_factor_is_named_with_the_scale_that_is_wrong(recorded: Stage) -> None:
    answer = typed(recorded, f"{INDEX_N * 1000 / 1e6:.2f}").json
    assert (answer["result"], answer["factor"]) == ("scale", 1000)
    answer = typed(recorded, f"{INDEX_N * 40 / 1e6:.2f}").json
    assert (answer["result"], answer["factor"], answer["transformer"]) == ("ratio", 40, "200/5")


def test_another_meter_and_another_counter_are_recognised(recorded: Stage) -> None:
    recorded.publishes(2, values_n=(900_000_000, VALUES_N[1], 1000, *VALUES_N[3:]))
    answer = typed(recorded, "900.0").json
    assert (answer["result"], answer["other"]) == ("other_meter", {"device": 2, "quantity": IMPORT})
    quantities = (IMPORT, EXPORT, *QUANTITIES[1:])
    recorded.publishes(1, quantities=quantities, values_n=(INDEX_N, 900_000_000, VALUES_N[1], 1000, *VALUES_N[3:]))
    answer = typed(recorded, "900.0").json
    assert (answer["result"], answer["other"]) == ("other_counter", {"device": 1, "quantity": EXPORT})


def test_the_unit_of_the_display_is_taken_into_account(recorded: Stage) -> None:
    assert typed(recorded, f"{INDEX_N / 1e9:.6f}", unit="MWh").json["result"] == "fits"
    assert typed(recorded, f"{INDEX_N // 1000}", unit="Wh").json["result"] == "fits"
    assert typed(recorded, f"{INDEX_N / 1e6:.2f}".replace(".", ",")).json["result"] == "fits"


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({"index": "-5"}, "index_negative", "index"),
        ({"index": "12a"}, "number_wrong", "index"),
        ({"index": "1e9"}, "number_wrong", "index"),
        ({"index": "٣"}, "number_wrong", "index"),
        ({"index": "1.1234567"}, "number_wrong", "index"),
        ({"index": ""}, "missing_parameter", "index"),
        ({"index": "5", "quantity": "voltage_l1_v"}, "meter_unknown", "quantity"),
        ({"index": "5", "unit": "m3"}, "bad_parameter", "unit"),
        ({"index": "5", "more": 1}, "field_unknown", "more"),
    ],
)
def test_what_cannot_be_an_index_is_refused_and_nothing_is_kept(recorded: Stage, asked, code, field) -> None:
    path = "/api/v1/devices/1/energy-check"
    error = checked(recorded.send("POST", path, {"quantity": IMPORT, **asked}), path, "post").json["error"]
    assert (error["code"], error["field"]) == (code, field)
    assert recorded.get("/api/v1/events?code=index_checked").json == []


def test_an_old_reading_is_not_compared(recorded: Stage) -> None:
    recorded.clock.goes_on(3600)
    answer = typed(recorded, "72.5")
    assert (answer.status, answer.json["error"]["code"]) == (409, "index_not_read")


def test_devices_and_counters_that_are_not_there(recorded: Stage) -> None:
    assert typed(recorded, "5", device=77).status == 404
    assert recorded.get("/api/v1/devices/77/energy-check").status == 404
    assert recorded.get("/api/v1/devices/1/energy-check?quantity=gas_dm3").json["error"]["code"] == "meter_unknown"
    assert recorded.get("/api/v1/devices/1/energy-check?period=decade").status == 400


def test_the_site_in_short(recorded: Stage) -> None:
    typed(recorded, f"{INDEX_N * 10 / 1e6:.2f}", device=2)
    answer = got(recorded, "/api/v1/energy-check?period=month")
    assert [(row["device"], row["level"]) for row in answer["devices"]] == [(1, "open"), (2, "bad"), (3, "open")]
    assert answer["devices"][1]["check"]["result"] == "scale" and answer["devices"][0]["check"] is None


def test_an_exchange_is_listed_with_what_was_booked(recorded: Stage) -> None:
    at_ms = (NOW_TS - 86_400) * 1000
    detail = f"{IMPORT} 47000000 0 since {at_ms - 60_000}"
    recorded.bridge.post("recorder", EventReported(at_ms, "device.1", "counter_exchanged", detail))
    (jump,) = got(recorded, "/api/v1/devices/1/energy-check")["jumps"]
    assert (jump["code"], jump["before"], jump["after"]) == ("counter_exchanged", 47_000, 0)
    assert got(recorded, "/api/v1/energy-check")["devices"][0]["last_jump"]["at"] == jump["at"]


def test_a_stretch_in_which_power_and_index_disagree_is_named(recorded: Stage) -> None:
    begun_ts, shown_n = NOW_TS // 3600 * 3600, 72 * WH_N
    for at in range(3):  # 100 kW beside an index of 1 kWh an hour
        start_ts, end_ts = begun_ts + 600 * at, begun_ts + 600 * (at + 1)
        minutes = range(start_ts + 60, end_ts + 60, 60)
        readings = {IMPORT: tuple((ts * 1000, shown_n + (ts - begun_ts) * WH_N // 3600) for ts in minutes)}
        schema = (("active_power_w", "mean"),)
        sample = SampleClosed(1, start_ts, end_ts, schema, (1_000_000,), (int(Quality.GOOD),), readings, 60_000)
        recorded.bridge.post("recorder", sample)
    for _ in range(6):  # seconds that the recorder waits for other devices
        recorded.bridge.post("recorder", Minute(NOW_TS))
    answer = got(recorded, "/api/v1/devices/1/energy-check")
    (stretch,) = answer["power"]["stretches"]
    assert (stretch["kind"], stretch["factor"]) == ("scale", 0.01) and "power_differs" in answer["remarks"]
    check = typed(recorded, f"{INDEX_N * 100 / 1e6:.1f}").json
    assert (check["result"], check["factor"], check["power"]) == ("scale", 100, "differs")
    assert got(recorded, "/api/v1/energy-check")["devices"][0]["power"] == "differs"


def test_gaps_say_how_long_and_how_much(recorded: Stage) -> None:
    at_ms = NOW_TS * 1000 - 3_600_000
    detail = f"{IMPORT} 1000000 3500000 since {at_ms - 7_200_000}"
    recorded.bridge.post("recorder", EventReported(at_ms, "device.1", "counter_gap", detail))
    gaps = got(recorded, "/api/v1/devices/1/energy-check")["gaps"]
    assert (gaps["count"], gaps["seconds"], gaps["last"][0]["energy"]) == (1, 7200, 2500)


def test_energy_that_cannot_have_been_used_is_listed_and_taken_back(recorded: Stage) -> None:
    assert got(recorded, "/api/v1/devices/1/energy-check?date=2026-11-19")["phantoms"] == []
    path = "/api/v1/devices/1/phantoms"
    refused = checked(recorded.send("POST", path, {"quantity": IMPORT, "start": "2026-11-19T10:00:00Z"}), path, "post")
    assert (refused.status, refused.json["error"]["code"]) == (404, "phantom_unknown")
