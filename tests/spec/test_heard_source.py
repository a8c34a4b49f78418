"""A source that is no Modbus, from a package outside the tree: heard, shown live, recorded, silent, back.

The package under docs/examples/pulses is installed as anybody would; a box like those it is for is played on a socket.
"""

import datetime
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from runtime.app import Server
from runtime.core.edit.installationfile import load
from runtime.core.site.installation import Installation
from runtime.plugin.plugins import load_plugins
from runtime.plugin.sitecheck import known_by
from runtime.settings import Address, Settings
from runtime.store.env import open_store
from runtime.store.object.site import save_installation
from tests.key import asked, key_to
from tests.spec.quickclock import QuickClock
from tests.spec.serving import PERIODS
from tests.spec.workshop import Workshop

HOUSE = Path(__file__).parents[2]
EXAMPLE = HOUSE / "docs" / "examples" / "pulses"
BEGAN_TS = int(datetime.datetime.fromisoformat("2026-03-11T10:58:00+01:00").timestamp())
SPEED = 60.0
SITE = """
[site]
name = "Boiler room"
zone = "Europe/Paris"
interval_s = 60
[[gateway]]
name = "Box"
url = "pulses://127.0.0.1:{port}"
[[device]]
name = "Heat pump"
gateway = "Box"
unit = 3
model = "pulse-box"
parameters = {{per_kwh = 800}}
[[device]]
name = "Spare"
gateway = "Box"
unit = 4
model = "pulse-box"
"""
FIRST_COUNT, WH_A_PULSE = 1000, 1.25  # and 4500 W when 1000 ms lie between two
ENERGY, POWER = "active_energy_import_wh", "active_power_w"


class Box:
    """Sends a line for input 3 to whoever is connected, as often as it is told to."""

    def __init__(self, line_of):
        self._line_of = line_of
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.count, self.is_silent, self.connections = FIRST_COUNT, False, 0
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._links = []
        self._threads[0].start()

    def _accept(self):
        while not self._over.is_set():
            try:
                link, _ = self._server.accept()
            except OSError:
                return
            self.connections += 1
            self._links.append(link)
            thread = threading.Thread(target=self._send, args=(link,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _send(self, link):
        """A count more each time: it goes on counting while nobody hears."""
        while not self._over.wait(0.05):
            if link is self._links[-1]:
                self.count += 1
            if not self.is_silent:
                try:
                    link.sendall(self._line_of(3, self.count, 1000))
                except OSError:
                    return

    def say(self, line):
        self._links[-1].sendall(line)

    def unplug(self):
        for link in self._links:
            link.close()

    def close(self):
        self._over.set()
        self._server.shutdown(socket.SHUT_RDWR)  # wakes who accepts
        self._server.close()
        self.unplug()
        for thread in self._threads:
            thread.join(60)


class Room(Workshop):
    """The server with the example's plugin."""

    def __init__(self, folder, clock, plugins):
        self.clock, self.data = clock, folder / "data"
        self._key = key_to(self.data)
        self._plugins, self._killable, self.server = plugins, None, None

    def start(self):
        settings = Settings(self.data, self._plugins, Address("127.0.0.1", 0))
        self.server = Server(settings, self.clock, PERIODS)
        self.server.start()
        self._url = self.server.web.url

    def id_of(self, name):
        return {"Heat pump": 1, "Spare": 2}[name]


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The folder with the installed example."""
    folder = tmp_path_factory.mktemp("pulses")
    shutil.copytree(EXAMPLE, folder / "source")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    command = [*pip, "--disable-pip-version-check", "--target", folder / "packages", folder / "source"]
    subprocess.run(command, check=True)
    return folder / "packages"


@pytest.fixture
def pulses(package, monkeypatch):
    """The module of the example."""
    monkeypatch.syspath_prepend(package)
    import wattkeeper_pulses

    return wattkeeper_pulses


@pytest.fixture
def box(pulses):
    def line_of(unit, count, gap_ms):
        body = b"%d;%d;%d" % (unit, count, gap_ms)
        return body + b";" + pulses.check_of(body) + b"\r\n"

    made = Box(line_of)
    yield made
    made.close()


@pytest.fixture
def room(tmp_path, pulses, box, monkeypatch):
    monkeypatch.setattr(pulses, "PERIOD_S", 1.0)  # of life, as all pauses and time-outs are
    file = tmp_path / "plugins.toml"
    file.write_text('load = ["modbus", "meters", "pulses"]\n', encoding="utf-8")
    plugins = load_plugins(file)
    assert not plugins.problems
    site = load(SITE.format(port=box.port), "site.toml", Installation(), known_by(plugins))
    store = open_store(tmp_path / "data")
    save_installation(store, site)
    store.close()
    room = Room(tmp_path, QuickClock(BEGAN_TS, SPEED), file)
    room.start()
    try:
        room.eventually(lambda: room.device("Heat pump")["state"] == "on")
        yield room
    finally:
        room.stop()


def booked_wh(room):
    return sum(each["value"] or 0 for each in room.bins("Heat pump", "day", "2026-03-11"))


def shown_wh(room):
    return room.device("Heat pump")["readings"][ENERGY]["value"]


def test_what_is_heard_is_shown_live_and_who_never_spoke_has_a_communication_error(room, box):
    readings = room.device("Heat pump")["readings"]
    assert readings[POWER]["value"] == 4500
    room.eventually(lambda: 0 <= box.count * WH_A_PULSE - shown_wh(room) < 100)
    spare = room.eventually(lambda: (it := room.device("Spare"))["state"] == "communication_error" and it)
    assert spare["error"]["code"] == "frame_silent"


def test_its_gateway_is_tested_traced_and_shown_like_any_other(room, box):
    tested = room.ask("/devices/1/test", "POST", {})
    assert tested["ok"] and tested["readings"][POWER] == {"value": 4500, "unit": "W"}
    assert room.ask("/devices/2/test", "POST", {})["error"]["code"] == "frame_silent"
    gateway = room.get("/gateways/1")
    assert (gateway["state"], gateway["connected"], gateway["address"]) == ("on", True, f"127.0.0.1:{box.port}")
    assert gateway["polls"] > 0
    heard = [each for each in room.get("/gateways/1/trace")["transactions"] if each["device"] == 1]
    last = heard[-1]
    assert (last["unit"], last["request"], last["function"], last["error"]) == (3, None, None, None)
    assert {each["quantity"] for each in last["values"]} == {ENERGY, POWER}
    models = {each["id"]: each for each in room.get("/catalogue")["models"]}
    assert models["pulse-box"]["quantities"] == [ENERGY, POWER]


def test_nobody_looks_for_devices_there_and_no_modbus_meter_may_stand_there(room):
    with pytest.raises(HTTPError) as refusal:
        room.ask("/gateways/1/scan", "POST", {})
    assert refusal.value.code == 409
    meter = {"name": "Meter", "gateway": 1, "unit": 5, "model": "legrand-412045"}
    with pytest.raises(HTTPError) as refusal:
        room.ask("/devices", "POST", meter)
    assert b"model_elsewhere" in refusal.value.read()
    with pytest.raises(HTTPError) as refusal:
        room.ask("/devices", "POST", {"name": "Far", "gateway": 1, "unit": 17, "model": "pulse-box"})
    assert b"unit_range" in refusal.value.read()


def test_a_damaged_line_is_an_error_and_never_a_value(room, box):
    box.say(b"3;999999999;1000;00\r\n")
    room.eventually(lambda: room.get("/gateways/1")["errors"].get("frame_damaged"))
    assert shown_wh(room) < 1_000_000


def test_its_energy_is_recorded_and_kept_over_a_silence(room, box):
    first_wh = shown_wh(room)
    room.eventually(lambda: booked_wh(room))
    box.is_silent = True
    silent = room.eventually(lambda: (it := room.device("Heat pump"))["state"] == "communication_error" and it)
    assert silent["error"]["code"] == "frame_silent"
    before_wh = booked_wh(room)
    count = box.count
    room.eventually(lambda: box.count > count + 60)  # it counts on
    assert booked_wh(room) == before_wh
    box.is_silent = False
    room.eventually(lambda: room.device("Heat pump")["state"] == "on")
    heard_wh = shown_wh(room)
    assert heard_wh > before_wh + 60 * WH_A_PULSE
    room.eventually(lambda: booked_wh(room) >= heard_wh - first_wh)
    assert booked_wh(room) <= (box.count - FIRST_COUNT) * WH_A_PULSE
    codes = [each["code"] for each in room.get("/events") if each["subject"] == "device.1"]
    assert {"communication_error", "communication_restored"} <= set(codes)


def test_a_listener_that_crashes_is_started_anew_and_hears_on(room, box):
    connections = box.connections
    room.server.root.directory.post("bus.1", "nothing that it knows")
    room.eventually(lambda: box.connections > connections)
    before = shown_wh(room)
    room.eventually(lambda: shown_wh(room) > before)
    assert room.device("Heat pump")["state"] == "on"


def test_the_form_of_a_gateway_offers_it_with_its_own_port(room):
    with urlopen(asked(room._url + "/setup/gateways/new", room._key), timeout=10) as answer:
        page = answer.read().decode()
    assert 'value="pulses"' in page and "Pulse box" in page
    assert 'data-kinds="tcp rtutcp slave pulses" data-ports="502 502 502 4300"' in page


def test_a_box_that_is_unplugged_is_connected_anew(room, box):
    connections = box.connections
    box.unplug()
    room.eventually(lambda: box.connections > connections)
    before = shown_wh(room)
    room.eventually(lambda: shown_wh(room) > before)
