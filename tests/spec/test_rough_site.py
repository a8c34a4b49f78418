"""The scenario "rough": nearly everything goes wrong now and then, and nobody is ever told a wrong value."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace

import pytest

from runtime.core.quantity.catalogue import to_n
from simulator.__main__ import SCENARIOS
from tests.pulse import Pulse
from tests.spec.serving import PERIODS
from tests.spec.workshop import workshop

TS = 1_773_219_300
POWER = "active_power_w"
ROUGH_S, CALM_S = 10.0, 3.0  # at least: all that the scenario says happens within the first eight seconds
SEEN, STRUCK, KINDS = 5_000, 3, 8  # readings, faults at each gateway, kinds of them: a slow machine goes on longer
CABLE_PULLED = ("Saws", "link_refused")
SOUND = ("Main", "PV roof")  # behind the gateway without faults
OLDEST_MS, MOMENT_MS = 2_000, 100  # longer than any answer is waited for; registers stand that long


@dataclass
class Watched:
    """What the API said meanwhile."""

    readings: set[tuple[str, str, str, float]] = field(default_factory=set)  # device, quantity, time, value
    troubles: set[tuple[str, str]] = field(default_factory=set)  # device, code
    rates: dict[str, float] = field(default_factory=dict)  # readings of the sound devices a beat


def versions(shop):
    return {name: shop.server.views.get(f"device.{shop.id_of(name)}").version for name in SOUND}


def watch(shop, seconds, is_enough=lambda watched: True):
    """Look at all devices for so long and until it is enough, as often as pages would."""
    watched, before, until, pulse = Watched(), versions(shop), time.monotonic() + seconds, Pulse(PERIODS.live_s)
    with pulse.felt():
        while time.monotonic() < until or not is_enough(watched):
            for id in range(1, 1 + len(shop.outside.site.devices)):
                note(watched, shop.get(f"/devices/{id}/live"))
            time.sleep(0.1)
        watched.rates = {name: (version - before[name]) / pulse.beats for name, version in versions(shop).items()}
    return watched


def struck(shop):
    """Gateway -> fault -> how often, of those that have any."""
    return {name: gateway["struck"] for name, gateway in shop.outside.play.state().items() if name != "Switch room"}


def is_rough(shop, watched):
    by_gateway = struck(shop).values()
    kinds = {fault for faults in by_gateway for fault in faults}
    is_struck = all(sum(each.values()) >= STRUCK for each in by_gateway) and len(kinds) >= KINDS
    return is_struck and len(watched.readings) > SEEN and CABLE_PULLED in watched.troubles


def note(watched, device):
    if device["error"]:
        watched.troubles.add((device["name"], device["error"]["code"]))
    for quantity, reading in device["readings"].items():
        if isinstance(reading["value"], int | float):
            watched.readings.add((device["name"], quantity, reading["ts"], reading["value"]))


def comes_back(shop, calmed_ms):
    """All devices are on, with a power of this moment."""
    return all(
        device["state"] == "on" and ms(device["readings"][POWER]["ts"]) > calmed_ms
        for device in shop.get("/live")["devices"]
    )


def ms(iso):
    return round(datetime.datetime.fromisoformat(iso).timestamp() * 1000)


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    with workshop(tmp_path_factory.mktemp("rough"), ts=TS, played=SCENARIOS / "rough.toml") as shop:
        shop.start()
        shop.eventually(lambda: all(shop.device(name)["state"] == "on" for name in SOUND))
        rough = watch(shop, ROUGH_S, lambda watched: is_rough(shop, watched))
        states = shop.outside.calm()
        calmed_ms = shop.clock.now_ms()
        shop.eventually(lambda: comes_back(shop, calmed_ms))
        yield SimpleNamespace(
            shop=shop,
            rough=rough,
            struck={name: state["struck"] for name, state in states.items()},
            calm=watch(shop, CALM_S),
            showed=truth(shop),
        )


def truth(shop):
    """(device, quantity, time) -> the least and the greatest that its registers showed around then, and their step."""

    @cache
    def values(name, moment):
        return shop.outside.site.devices[name].values(moment)

    @cache
    def showed(name, quantity, ts):
        device = shop.outside.site.devices[name]
        moments = (device.moment(ms(ts) - back) for back in range(-MOMENT_MS, OLDEST_MS, MOMENT_MS))
        seen = [values(name, moment)[quantity] for moment in moments]
        return min(seen), max(seen), device.step(quantity)

    return showed


def is_true(played, name, quantity, ts, value):
    least, most, step = played.showed(name, quantity, ts)
    return least - step <= to_n(quantity, value) <= most + step


def test_everything_went_wrong_at_every_gateway_but_one(played):
    assert played.struck.pop("Switch room") == {}
    assert all(sum(struck.values()) >= STRUCK for struck in played.struck.values()), played.struck
    assert len({fault for struck in played.struck.values() for fault in struck}) >= KINDS
    assert CABLE_PULLED in played.rough.troubles


def test_no_value_on_the_api_is_ever_outside_what_the_meters_showed_around_that_moment(played):
    readings = played.rough.readings | played.calm.readings
    assert len(readings) > SEEN and {name for name, *_ in readings} == set(played.shop.outside.site.devices)
    assert [reading for reading in readings if not is_true(played, *reading)] == []


def test_a_value_of_another_meter_would_have_been_noticed(played):
    _, _, ts, value = max(reading for reading in played.calm.readings if reading[:2] == ("Saws", POWER))
    assert is_true(played, "Saws", POWER, ts, value)
    assert not any(is_true(played, other, POWER, ts, value) for other in ("Lamps", "Pump", "Fans", "Compressor"))


def test_sound_gateways_keep_their_rate(played):
    for name in SOUND:
        assert played.rough.rates[name] > 0.85 * played.calm.rates[name] > 0.3


def test_all_devices_come_back_when_the_faults_are_switched_off(played):
    assert {name for name, *_ in played.calm.readings} == set(played.shop.outside.site.devices)
    assert played.calm.troubles == set()
