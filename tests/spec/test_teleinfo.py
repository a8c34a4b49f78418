"""WES-1: a meter's téléinfo as a source: both modes, registers by tariff period, another contract, cut, noise.

A meter is played on a socket, with the simulator's encoder. Its index climbs by whole Wh, so that every sum is exact.
"""

import contextlib
import datetime
import socket
import threading

import pytest

from drivers.teleinfo import models
from runtime.app import Server
from runtime.core.edit.installationfile import load
from runtime.core.site.installation import Installation
from runtime.plugin.plugins import load_plugins
from runtime.plugin.sitecheck import known_by
from runtime.settings import Address, Settings, default_plugins
from runtime.store.env import open_store
from runtime.store.object.site import save_installation
from simulator.tic.encode import historique, standard
from tests.key import key_to
from tests.spec.quickclock import QuickClock
from tests.spec.serving import PERIODS
from tests.spec.workshop import Workshop

BEGAN_TS = int(datetime.datetime.fromisoformat("2026-03-11T10:58:00+01:00").timestamp())
DAY = "2026-03-11"
SPEED = 60.0
SITE = """
[site]
name = "House"
zone = "Europe/Paris"
interval_s = 60
[[gateway]]
name = "Meter"
url = "tic+tcp://127.0.0.1:{port}"
[[device]]
name = "Supply"
gateway = "Meter"
unit = 1
model = "teleinfo-{mode}"
"""
OFF_PEAK, NO, YES = 1, 0, 1  # numbers of states
TOTAL, FIRST, SECOND = (f"active_energy_import_{part}wh" for part in ("", "t1_", "t2_"))


class Meter:
    """Sends a telegram to whoever is connected, each with one Wh more in the register in force."""

    def __init__(self):
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.indexes_wh = {"HCHC": 19_369_711, "HCHP": 32_281_765}
        self.contract, self.period, self.address, self.mode = "HC..", "HCHC", "020828320950", "historique"
        self.is_silent, self.others = False, ()
        self._over, self._lock, self._links = threading.Event(), threading.Lock(), []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def telegram(self):
        if self.mode == "standard":
            east = sum(self.indexes_wh.values())
            return standard([
                ("ADSC", self.address), ("NGTF", f"{'HC/HP':^16}"), ("EAST", f"{east:09}"),
                ("EASF01", f"{self.indexes_wh['HCHC']:09}"), ("EASF02", f"{self.indexes_wh['HCHP']:09}"),
                ("SINSTS", "00670"), ("STGE", "003A0001"),
            ])  # fmt: skip
        period = {"HCHC": "HC..", "HCHP": "HP..", "BASE": "TH.."}[self.period]
        registers = [(label, f"{index:09}") for label, index in self.indexes_wh.items()]
        return historique([
            ("ADCO", self.address), ("OPTARIF", self.contract), ("ISOUSC", "45"), *registers, ("PTEC", period),
            ("IINST", "003"), *self.others, ("PAPP", "00670"),
        ])  # fmt: skip

    def switch(self, contract, period, **indexes_wh):
        """Another contract, all at once."""
        with self._lock:
            self.contract, self.period = contract, period
            self.indexes_wh = indexes_wh or self.indexes_wh

    def say(self, noise):
        with self._lock:
            self._links[-1].sendall(noise)

    def _accept(self):
        while not self._over.is_set():
            with contextlib.suppress(OSError):
                link, _ = self._server.accept()
                self._links.append(link)
                self._threads.append(threading.Thread(target=self._send, args=(link,), daemon=True))
                self._threads[-1].start()

    def _send(self, link):
        while not self._over.wait(0.05):
            with self._lock:
                if link is not self._links[-1]:
                    return
                self.indexes_wh[self.period] += 1
                try:
                    if not self.is_silent:
                        link.sendall(self.telegram())
                except OSError:
                    return

    def close(self):
        self._over.set()
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for link in self._links:
            link.close()
        for thread in self._threads:
            thread.join(60)


class House(Workshop):
    """The server with the plugins that come with it."""

    def __init__(self, folder, clock):
        self.clock, self.data = clock, folder / "data"
        self._key = key_to(self.data)
        self._killable, self.server = None, None

    def start(self):
        self.server = Server(Settings(self.data, default_plugins(), Address("127.0.0.1", 0)), self.clock, PERIODS)
        self.server.start()
        self._url = self.server.web.url

    def id_of(self, name):
        return 1

    def booked_wh(self, quantity):
        """What the bins hold of one register."""
        path = f"/devices/1/energy-check?quantity={quantity}&period=day&date={DAY}"
        return self.get(path)["energy"]["total"] or 0

    def value(self, quantity):
        """As soon as there is one: on a busy machine a telegram may be late."""
        seen = self.eventually(lambda: (it := self._reading(quantity)) is not None and (it,))
        return seen[0]

    def _reading(self, quantity):
        return self.device("Supply")["readings"].get(quantity, {"value": None})["value"]


@pytest.fixture
def meter():
    played = Meter()
    yield played
    played.close()


@pytest.fixture
def house(tmp_path, meter, monkeypatch, request):
    monkeypatch.setattr(models, "PERIOD_S", 1.0)  # of life, as all pauses and time-outs are
    meter.mode = getattr(request, "param", "historique")
    text = SITE.format(port=meter.port, mode=meter.mode)
    site = load(text, "site.toml", Installation(), known_by(load_plugins(default_plugins())))
    store = open_store(tmp_path / "data")
    save_installation(store, site)
    store.close()
    house = House(tmp_path, QuickClock(BEGAN_TS, SPEED))
    house.start()
    try:
        house.eventually(lambda: house.device("Supply")["state"] == "on")
        yield house
    finally:
        house.stop()


def test_registers_currents_power_and_period_are_shown_live(house, meter):
    readings = house.eventually(lambda: (it := house.device("Supply")["readings"])["overrun"]["value"] == NO and it)
    assert readings["apparent_power_va"]["value"] == 670 and readings["current_l1_a"]["value"] == 3
    assert (readings["tariff_period"]["value"], readings["contract"]["value"]) == (OFF_PEAK, "HC..")
    assert readings[FIRST]["value"] >= 19_369_711 and readings[SECOND]["value"] == 32_281_765
    meter.others = (("ADPS", "046"),)
    house.eventually(lambda: house.value("overrun") == YES and house.value("overrun_l1_a") == 46)
    meter.others = ()
    house.eventually(lambda: house.value("overrun") == NO)


def test_the_energy_of_each_period_is_exact_to_the_wh(house, meter):
    house.eventually(lambda: house.booked_wh(FIRST) > 20)
    meter.switch("HC..", "HCHP")
    house.eventually(lambda: house.booked_wh(SECOND) > 20)
    meter.is_silent = True
    house.eventually(lambda: house.device("Supply")["state"] == "communication_error")
    shown = {quantity: house.value(quantity) for quantity in (TOTAL, FIRST, SECOND)}
    # each is cut at an interval's edge by itself, to 0.001 Wh
    house.eventually(lambda: abs(house.booked_wh(FIRST) + house.booked_wh(SECOND) - house.booked_wh(TOTAL)) <= 0.002)
    assert shown[TOTAL] == shown[FIRST] + shown[SECOND]
    assert 0 < house.booked_wh(FIRST) <= shown[FIRST] - 19_369_711
    assert 0 < house.booked_wh(SECOND) <= shown[SECOND] - 32_281_765


def test_another_contract_books_no_energy_that_nobody_used(house, meter):
    house.eventually(lambda: house.booked_wh(TOTAL) > 20)
    meter.switch("BASE", "BASE", BASE=90_000_000)
    house.eventually(lambda: house.value("contract") == "BASE" and house.value(FIRST) > 90_000_020)
    before = house.booked_wh(FIRST)
    house.eventually(lambda: house.booked_wh(FIRST) > before + 20)
    used = house.value(FIRST) - 90_000_000 + 20_000
    assert house.booked_wh(TOTAL) < used and house.booked_wh(FIRST) < used
    meter.switch("HC..", "HCHC", HCHC=0, HCHP=0)
    house.eventually(lambda: house.value("contract") == "HC.." and house.value(FIRST) < 1000)
    before = house.booked_wh(FIRST)
    house.eventually(lambda: house.booked_wh(FIRST) > before + 20)
    assert house.booked_wh(FIRST) < used + 20_000


def test_a_cut_signal_is_an_error_and_comes_back(house, meter):
    meter.is_silent = True
    silent = house.eventually(lambda: (it := house.device("Supply"))["state"] == "communication_error" and it)
    assert silent["error"]["code"] == "frame_silent"
    meter.is_silent = False
    house.eventually(lambda: house.device("Supply")["state"] == "on")


def test_noise_is_counted_and_never_a_value(house, meter):
    meter.say(b"\x02\nADCO 020828320950 >\r\nHCHC 999999999 A\r\x03")
    house.eventually(lambda: house.get("/gateways/1")["errors"].get("frame_damaged"))
    assert house.value(FIRST) < 20_000_000


@pytest.mark.parametrize("house", ["standard"], indirect=True)
def test_a_linky_of_the_mode_standard(house, meter):
    house.eventually(lambda: house.value("contract") == "HC/HP")
    assert house.value(TOTAL) == pytest.approx(19_369_711 + 32_281_765, abs=20_000)
    assert house.value("apparent_power_va") == 670
    house.eventually(lambda: house.booked_wh(FIRST) > 20 and house.booked_wh(TOTAL) > 20)
    assert house.booked_wh(SECOND) == 0


def test_a_modbus_meter_may_not_stand_behind_it(house):
    with pytest.raises(Exception, match="HTTP Error"):
        house.ask("/devices", "POST", {"name": "M", "gateway": 1, "unit": 1, "model": "legrand-412045"})
