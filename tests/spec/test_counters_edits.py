"""An edit is a new base: no energy passes from one index to another, and the event names the edit.

Lines 12 and 13 of the table of what an index may do (docs/history.md): on a socket with told time, each kind of edit;
and by requests to a whole server, the factor and the address of a generic meter. What the meter counted up to the edit
is booked.
"""

from __future__ import annotations

import datetime
from contextlib import ExitStack

import pytest

from runtime.core.edit.installationfile import Known, load
from runtime.core.site.installation import Installation
from runtime.plugin.plugins import load_plugins
from runtime.settings import default_plugins
from runtime.store.env import open_store
from runtime.store.object.site import save_installation
from tests.key import key_to
from tests.oracle.life import Edit, Rate
from tests.oracle.register import Register
from tests.oracle.scene import KWH, Scene
from tests.spec.counterwire import wired
from tests.spec.publicmeters import served
from tests.spec.quickclock import TurnedClock
from tests.spec.workshop import STILL, Workshop

U32_WH = Register("u32", 1000)


@pytest.fixture
def play(tmp_path):
    with wired(tmp_path) as plays:
        yield plays


def edited(
    kwh: float, what: str, after: Register, other_kwh: float | None, *, before: Register = U32_WH, interval_s=600
):
    """At 10:03:07; ``other_kwh``: what the counter that is read from then on shows, None = the same one goes on."""
    scene = Scene(before, interval_s=interval_s)
    edit = Edit(scene.at(10, 3, 7), what, after, None if other_kwh is None else round(other_kwh * KWH))
    return scene.life("edit", round(kwh * KWH), [edit], hours=4)


def assert_counted(site, *, after: float = 1, slack_m: int = 22_000) -> None:
    """Two hours and three minutes by the old settings, the rest by the new ones, in which a Wh is ``after`` Wh."""
    by_old_m, by_new_m = 7_387_000, (14_400 - 7_387) * 1000 * after
    assert by_old_m + by_new_m - slack_m * max(1, after) <= site.days() <= by_old_m + by_new_m + 1000 * max(1, after)
    assert site.events().count("counter_base_edited") == 1
    assert {"counter_exchanged", "counter_reset", "counter_glitch", "counter_rolled_over"}.isdisjoint(site.events())
    assert site.complaints() == [] and site.differences() == []


@pytest.mark.parametrize("times", [10, 100, 0.1])
@pytest.mark.parametrize("interval_s", [60, 600, 3600])
def test_12_the_factor_of_a_generic_meter_in_mid_slot(play, times, interval_s):
    site = play(edited(60, "factor", Register("u32", round(1000 * times)), None, interval_s=interval_s))
    assert_counted(site, after=times)


@pytest.mark.parametrize("other_kwh", [900, 120, 500.4, 500.001, 0, 4_000_000])
@pytest.mark.parametrize("what", ["address", "register", "gateway", "model", "supply"])
def test_13_another_index_is_read_from_mid_slot_on(play, what, other_kwh):
    assert_counted(play(edited(500, what, U32_WH, other_kwh)))


@pytest.mark.parametrize(("before", "after"), [("u16", "u32"), ("u32", "u64"), ("u64", "u32"), ("u32", "f32")])
def test_13_the_number_of_words_is_put_right(play, before, after):
    site = play(edited(40, "words", Register(after, 1000), 731, before=Register(before, 1000)))
    assert_counted(site)


def test_13_the_weight_of_a_pulse(play):
    assert_counted(play(edited(60, "weight", Register("u32", 100), None, before=Register("u32", 1000))), after=0.1)


def test_13_an_edit_and_a_sample_rate_at_once(play):
    scene = Scene()
    acts = [Edit(scene.at(10, 3, 7), "address", U32_WH, 900 * KWH), Rate(scene.at(10, 3, 9), 60)]
    site = play(scene.life("both", 500 * KWH, acts, hours=4))
    assert site.days() == pytest.approx(4 * 3600_000, abs=32_000)
    assert site.events() == ["counter_base_edited", "counter_rescaled"]


# ---- by requests to a whole server

TS = int(datetime.datetime.fromisoformat("2026-03-11T09:55:00+01:00").timestamp())
SITE = """
[site]
zone = "Europe/Paris"
interval_s = 600
[[gateway]]
name = "Cellar"
url = "tcp://127.0.0.1:{port}"
[[device]]
name = "Oven"
gateway = "Cellar"
unit = 1
model = "generic-modbus-meter"
parameters = {{function = 3, register = "0100", words = 2, factor = 1}}
"""
OVEN = 1


class Meter:
    """3.6 kW, a Wh each second, from an index on."""

    def __init__(self, clock, first_wh):
        self._clock, self._first_wh = clock, first_wh

    def answer(self, function, at, count):
        count_wh = self._first_wh + self._clock.now_ms() // 1000 - TS
        return count_wh.to_bytes(4, "big")[: 2 * count]


class Cellar(Workshop):
    """The whole server with one generic meter; another one answers at unit 2."""

    def __init__(self, folder, clock, port):
        self.clock, self.data, self.server, self._killable = clock, folder / "data", None, None
        plugins, store = load_plugins(default_plugins()), open_store(self.data)
        known = Known(models=plugins.maps.keys() | plugins.makers.keys(), schemes=plugins.schemes)
        save_installation(store, load(SITE.format(port=port), "cellar", Installation(), known))
        store.close()
        self._key = key_to(self.data)

    def id_of(self, name):
        return OVEN

    def _ids(self):
        return {OVEN}

    def _is_cut_off(self, id):
        return False


@pytest.fixture
def cellar(tmp_path):
    with ExitStack() as stack:
        clock = TurnedClock(TS, STILL, tmp_path / "clock")
        port = stack.enter_context(served({1: Meter(clock, 60_000), 2: Meter(clock, 900_000)}))
        cellar = Cellar(tmp_path, clock, port)
        stack.callback(cellar.stop)
        cellar.start()
        yield cellar


def test_12_and_13_edits_by_requests_to_a_whole_server(cellar):
    cellar.passes(8)
    device = cellar.get(f"/devices/{OVEN}")
    cellar.ask(f"/devices/{OVEN}", "PATCH", {"parameters": {**device["parameters"], "factor": 10}})
    cellar.passes(18)
    cellar.ask(f"/devices/{OVEN}", "PATCH", {"unit": 2})
    cellar.passes(36, step_s=20)
    whole_wh = 60 * (8 + 10 * 10 + 10 * 17)  # until the edge at 10:30

    def is_booked():
        bins = [bin["value"] for bin in cellar.bins("Oven", "day", "2026-03-11") if bin["value"] is not None]
        return bins if sum(bins) >= whole_wh - 3_000 else None

    booked_wh = sum(cellar.eventually(is_booked))
    assert whole_wh - 3_000 <= booked_wh <= whole_wh + 100
    details = [event["detail"] for event in cellar.get(f"/events?code=counter_base_edited&subject=device.{OVEN}")]
    assert len(details) == 2 and "factor" in details[1] and "address" in details[0]
