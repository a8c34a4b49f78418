"""Meters behind a pulse concentrator whose table is not public, through the running server: what counts, and when."""

import datetime
from pathlib import Path

import pytest

from tests.spec.workshop import STILL, workshop

BEGAN_TS = int(datetime.datetime.fromisoformat("2026-03-11T10:48:00+01:00").timestamp())
ELEVEN_TS = BEGAN_TS + 12 * 60
DAY = "2026-03-11"
BETWEEN_READINGS_WH = 30_000 // 60  # a minute of the wall clock
COUNTER = "active_energy_import_wh"


@pytest.fixture
def yard(tmp_path):
    played = Path(__file__).with_name("pulses.toml")
    with workshop(tmp_path, ts=BEGAN_TS, speed=STILL, played=played) as shop:
        shop.start()
        shop.eventually(lambda: all(each["state"] == "on" for each in shop.get("/live")["devices"]))
        yield shop


def hour_wh(yard, of, hour):
    """Energy of an hour of that day, None = nothing."""
    bins = yard.get(f"/consumption?of={of}&fluid=electricity&period=day&date={DAY}")["bins"]
    return next((each["value"] for each in bins if f"T{hour}:00" in each["start"]), None)


def test_an_index_is_preset_and_no_energy_appears_or_vanishes_and_what_is_confirmed_counts_from_the_next_hour(yard):
    """One run for both: it takes some seconds to pass."""
    ovens, mixers, concentrator = (yard.id_of(name) for name in ("Ovens", "Mixers", "Concentrator"))
    yard.ask(f"/devices/{ovens}", "PATCH", {"confirmed": True})
    yard.ask(f"/devices/{concentrator}/trial", "POST", {"minutes": 600})
    yard.passes(minutes=15)
    before = yard.device("Ovens")["readings"][COUNTER]["value"]
    outcome = yard.ask(f"/devices/{concentrator}/commands", "POST", {"command": "pulses_3", "value": 500})
    assert (outcome["state"], outcome["code"]) == ("done", None)
    yard.eventually(lambda: yard.device("Ovens")["readings"][COUNTER]["value"] < min(before, 100_000))
    yard.passes(minutes=32)
    true_wh = yard.outside.true_energy_n("Ovens", ELEVEN_TS, ELEVEN_TS + 1200) / 1000
    for of in (f"device:{ovens}", f"device:{mixers}", "total"):
        yard.eventually(lambda of=of: hour_wh(yard, of, 11) == pytest.approx(true_wh, abs=BETWEEN_READINGS_WH))
    assert hour_wh(yard, f"device:{ovens}", 10) > 0
    assert not hour_wh(yard, "total", 10)
    events = [each for each in yard.get("/events") if each["code"] == "meter_replaced"]
    assert {each["subject"] for each in events} == {f"device.{ovens}", f"device.{concentrator}"}
