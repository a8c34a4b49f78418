"""All devices are deleted and the site moves: what was recorded is still there, in its own time, and marked."""

import datetime

import pytest

from tests.spec.workshop import STILL, workshop

TS = int(datetime.datetime.fromisoformat("2026-03-11T09:55:00+01:00").timestamp())
DAY = "2026-03-11"


@pytest.fixture
def shop(tmp_path):
    with workshop(tmp_path, ts=TS, speed=STILL) as played:
        played.start()
        yield played


def chart(shop, of, period):
    answer = shop.get(f"/consumption?of={of}&fluid=electricity&period={period}&date={DAY}")
    return [(bin["start"], bin["value"]) for bin in answer["bins"] if bin["value"] is not None], answer["total"]


def test_21_and_27_all_devices_are_deleted_then_the_zone_is_changed_and_nothing_of_the_past_is_lost(shop):
    lamps = f"device:{shop.id_of('Lamps')}"
    shop.passes(26)
    shop.eventually(lambda: chart(shop, lamps, "day")[1])
    ids = [device["id"] for device in shop.get("/devices")]
    for id in ids:
        shop.ask(f"/devices/{id}", "DELETE")
    before = {(of, period): chart(shop, of, period) for of in (lamps, "total") for period in ("day", "month", "year")}
    assert before[lamps, "day"][1] > 0
    settings = shop.get("/settings")
    shop.ask("/settings", "PATCH", {"zone": "Asia/Tokyo"})
    assert {key: chart(shop, *key) for key in before} == before
    answer = shop.get(f"/consumption?of={lamps}&period=day&date={DAY}")
    assert answer["deleted"] is True and answer["bins"][0]["start"] == "2026-03-11T00:00:00+01:00"
    (row,) = [row for row in shop.get(f"/consumption/devices?date={DAY}") if f"device:{row['device']}" == lamps]
    assert row["deleted"] is True and row["total"] == before[lamps, "day"][1]
    assert shop.get(f"/samples?device={lamps[7:]}&quantity=active_energy_import_wh&from={TS}&to={TS + 3600}")["samples"]
    assert settings["zone"] == "Europe/Paris"
