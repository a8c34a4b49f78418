"""The same meters through a server: tested, live and recorded, each as its source says."""

from __future__ import annotations

import json
import math
import time
from contextlib import ExitStack
from urllib.request import urlopen

import pytest

from runtime.core.edit.installationfile import Known, load
from runtime.core.site.installation import Installation
from runtime.plugin.plugins import load_plugins
from runtime.settings import default_plugins
from runtime.store.env import open_store
from runtime.store.object.site import save_installation
from tests.key import asked, key_to
from tests.spec.publicmeters import METERS, differences, served
from tests.spec.quickclock import TurnedClock
from tests.spec.serving import HASTY, server_on
from tests.spec.workshop import STEP_S, STILL

NOON_TS = 1_773_226_800  # 11 March 2026, 12:00 in Paris
UNIT = 5
COUNTED = ("active_energy_import_wh", "active_energy_export_wh")  # by each of them
BEFORE_MIN, AFTER_MIN = 5, 12  # what a circuit carries meanwhile is more than what they count; a rest is believed later


class Meters:
    """All of them, each behind a gateway of its own, and a server that polls them."""

    def __init__(self, folder, stack):
        self.meters = [make() for make in METERS]
        ports = [stack.enter_context(served({UNIT: meter})) for meter in self.meters]
        self.data = folder / "data"
        text = '[site]\ninterval_s = 60\nzone = "Europe/Paris"\n'
        for id, (meter, port) in enumerate(zip(self.meters, ports, strict=True), 1):
            text += f'[[gateway]]\nid = {id}\nname = "G{id}"\nurl = "tcp://127.0.0.1:{port}"\n'
            text += f'[[device]]\nid = {id}\nname = "{meter.model}"\ngateway = "G{id}"\nunit = {UNIT}\n'
            text += f'model = "{meter.model}"\nparameters = {{rated_current_a = {meter.rated_a}}}\n'
        plugins = load_plugins(default_plugins())
        store = open_store(self.data)
        known = Known(models=plugins.maps.keys() | plugins.makers.keys(), schemes=plugins.schemes)
        save_installation(store, load(text, "meters", Installation(), known))
        store.close()
        self._key = key_to(self.data)
        self.clock = TurnedClock(NOON_TS, STILL, folder / "clock")
        self._server = server_on(self.data, self.clock, HASTY)
        self._server.start()
        stack.callback(self._server.stop)

    def ask(self, path, method="GET"):
        with urlopen(asked(f"{self._server.web.url}/api/v1{path}", self._key, method), timeout=20) as answer:
            return json.load(answer)

    def live(self):
        return {device["name"]: device["readings"] for device in self.ask("/live")["devices"]}

    def passes(self, minutes):
        """Turn the clock on, by steps; after each one all that is live was read anew."""
        for _ in range(math.ceil(minutes * 60 / STEP_S)):
            self.clock.turn(STEP_S)
            turned_ms = self.clock.now_ms()
            self.eventually(lambda turned_ms=turned_ms: self._oldest_ms() >= turned_ms)

    def _oldest_ms(self):
        """When that counter was read that was not read for longest."""
        views = [self._server.views.get(f"device.{id}") for id in range(1, len(self.meters) + 1)]
        return min(
            min(dict(zip(view.quantities, view.ts_ms, strict=True))[id] or 0 for id in COUNTED) for view in views
        )

    def recorded_wh(self, device, quantity):
        span = f"from={NOON_TS - 3600}&to={NOON_TS + 7200}"
        samples = self.ask(f"/samples?device={device}&quantity={quantity}&{span}")["samples"]
        return round(sum(each["values"].get("energy") or 0 for each in samples), 3)  # a count is 0.001 Wh

    def eventually(self, holds, within_s=120.0):
        last = time.monotonic() + within_s
        while not (seen := holds()):
            assert time.monotonic() < last, f"not within {within_s:g} s"
            time.sleep(0.05)
        return seen


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with ExitStack() as stack:
        yield Meters(tmp_path_factory.mktemp("meters"), stack)


def wrong_in(site, told):
    return [line for meter in site.meters for line in differences(meter, told.get(meter.model, {}))]


def test_what_is_live_is_what_the_sources_say(site):
    site.eventually(lambda: not wrong_in(site, site.live()))
    told = site.live()
    assert {meter.model for meter in site.meters} == set(told)
    known = [(meter.model, id) for meter in site.meters for id, wanted in meter.tells.items() if wanted is not None]
    doubted = [(model, id) for model, id in known if told[model][id]["quality"] != "good"]
    assert not doubted


def test_a_test_of_each_device_says_the_same(site):
    told = {}
    for id, meter in enumerate(site.meters, 1):
        answer = site.ask(f"/devices/{id}/test", "POST")
        assert answer["ok"], (meter.model, answer)
        told[meter.model] = answer["readings"]
    assert wrong_in(site, told) == []


def test_what_they_count_on_is_recorded_to_the_watt_hour(site):
    """They rest, count on at once, and rest again: the records hold what they counted and nothing else."""
    site.eventually(lambda: not wrong_in(site, site.live()))
    site.passes(BEFORE_MIN)
    for meter in site.meters:
        meter.count_on()
    site.passes(AFTER_MIN)
    wanted = {(meter.model, id): meter.counted.get(id, 0) for meter in site.meters for id in COUNTED}
    site.eventually(lambda: recorded_in(site) == wanted)


def recorded_in(site):
    return {
        (meter.model, id): site.recorded_wh(number, id) for number, meter in enumerate(site.meters, 1) for id in COUNTED
    }
