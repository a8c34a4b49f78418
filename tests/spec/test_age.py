"""How old values are: each has its time, old ones are told as old, who looks at a device has it read each second."""

import datetime
import time

import pytest

from actors.gateway.gateway import Periods
from tests.spec.workshop import workshop

UNHURRIED = Periods(live_s=4.0, energy_s=4.0, slow_s=4.0, watched_s=0.2)
POWER = "active_power_w"


@pytest.fixture
def shop(tmp_path):
    with workshop(tmp_path, ts=1_773_219_300) as played:
        yield played


def taken_ts(shop, name):
    """When the power of a device was read, as all devices' values tell it; None before the first time."""
    reading = shop.device(name)["readings"].get(POWER)
    return datetime.datetime.fromisoformat(reading["ts"]).timestamp() if reading and reading["ts"] else None


def readings_within(shop, name, seconds, look=lambda: None):
    """How often a device was read meanwhile."""
    until, seen = time.monotonic() + seconds, set()
    while time.monotonic() < until:
        look()
        seen.add(taken_ts(shop, name))
        time.sleep(0.1)
    return len(seen)


def test_a_device_whose_page_is_open_is_read_more_often_than_the_others_and_no_longer_when_it_is_closed(shop):
    shop.start(UNHURRIED)
    shop.eventually(lambda: taken_ts(shop, "Saws") and taken_ts(shop, "Lamps"))
    path = f"/devices/{shop.id_of('Saws')}/live"
    shop.get(path)
    own, others = readings_within(shop, "Saws", 3.0, lambda: shop.get(path)), readings_within(shop, "Lamps", 3.0)
    assert own >= 3 and others <= 2  # what all devices' values tell is made anew once a second
    shop.eventually(lambda: readings_within(shop, "Saws", 3.0) <= 2)


def test_the_age_that_a_bus_promises_and_measures_is_kept_for_every_device(shop):
    shop.start()

    def kept():
        ages = [age for gateway in shop.get("/gateways") for age in gateway["ages"]]
        return len(ages) == 4 and all(
            age["measured_s"] is not None
            and age["measured_s"] <= age["promised_s"] * 1.07 + 0.05  # a bucket, and what this machine does beside
            for age in ages
        )

    shop.eventually(kept)  # what was measured while all of it was starting weighs less and less


def test_values_of_a_device_that_fell_silent_keep_their_time(shop):
    shop.start()
    shop.eventually(lambda: taken_ts(shop, "Saws"))
    shop.outside.fault("Hall", "silent", 1)
    shop.eventually(lambda: shop.device("Saws")["state"] == "communication_error")
    before, value = taken_ts(shop, "Saws"), shop.device("Saws")["readings"][POWER]["value"]
    time.sleep(2.5)
    assert (taken_ts(shop, "Saws"), shop.device("Saws")["readings"][POWER]["value"]) == (before, value)
