"""How old values are: each has its time, old ones are told as old, who looks at a device has it read each second."""

import datetime
import time

import pytest

from actors.gateway.gateway import Periods
from tests.spec.workshop import workshop

UNHURRIED = Periods(live_s=300.0, energy_s=300.0, slow_s=300.0, watched_s=0.2)  # not again within this test
WATCHED_READS = 5
POWER = "active_power_w"


@pytest.fixture
def shop(tmp_path):
    with workshop(tmp_path, ts=1_773_219_300) as played:
        yield played


def taken_ts(shop, name):
    """When the power of a device was read, as all devices' values tell it; None before the first time."""
    reading = shop.device(name)["readings"].get(POWER)
    return datetime.datetime.fromisoformat(reading["ts"]).timestamp() if reading and reading["ts"] else None


def read_ms(shop, name):
    """The same at the gateway, at once."""
    view = shop.server.views.get(f"device.{shop.id_of(name)}")
    return view.ts_ms[view.quantities.index(POWER)] if POWER in view.quantities else 0


def test_a_device_whose_page_is_open_is_read_more_often_than_the_others_and_no_longer_when_it_is_closed(shop):
    shop.start(UNHURRIED)
    shop.eventually(lambda: taken_ts(shop, "Saws") and taken_ts(shop, "Lamps"))
    path, others_ms = f"/devices/{shop.id_of('Saws')}/live", read_ms(shop, "Lamps")
    for _ in range(WATCHED_READS):
        before_ms = read_ms(shop, "Saws")
        shop.eventually(lambda before_ms=before_ms: shop.get(path) and read_ms(shop, "Saws") > before_ms)
    assert read_ms(shop, "Lamps") == others_ms

    def rests():
        before_ms = read_ms(shop, "Saws")
        time.sleep(WATCHED_READS * UNHURRIED.watched_s)
        return read_ms(shop, "Saws") == before_ms

    shop.eventually(rests)


def test_the_age_that_a_bus_promises_and_measures_is_kept_for_every_device(shop):
    shop.start()

    def kept():
        ages = [age for gateway in shop.get("/gateways") for age in gateway["ages"]]
        return len(ages) == 4 and all(
            age["measured_s"] is not None
            and age["measured_s"] <= age["promised_s"] * 1.07 + 0.05  # a bucket, and what this machine does beside
            for age in ages
        )

    shop.eventually(kept, within_s=180)  # what was measured while the machine was busy weighs less and less


def test_values_of_a_device_that_fell_silent_keep_their_time(shop):
    shop.start()
    shop.eventually(lambda: taken_ts(shop, "Saws"))
    shop.outside.fault("Hall", "silent", 1)
    shop.eventually(lambda: shop.device("Saws")["state"] == "communication_error")
    before, value = taken_ts(shop, "Saws"), shop.device("Saws")["readings"][POWER]["value"]
    for _ in range(2):  # what is shown of the others is made anew
        others = taken_ts(shop, "Lamps")
        shop.eventually(lambda others=others: taken_ts(shop, "Lamps") > others)
    assert (taken_ts(shop, "Saws"), shop.device("Saws")["readings"][POWER]["value"]) == (before, value)
