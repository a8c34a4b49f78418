"""Events made of states that change."""

import pytest

from actors.gateway.statewatch import StateWatch
from runtime.core.decode.compiled import compile_map
from runtime.core.device.livedevice import LiveDevice
from runtime.core.map.devicemap import parse_map
from runtime.core.site.installation import DeviceSpec

TABLE = {
    "id": "acme-module", "title": "Module", "source": "by hand", "trust": "published",
    "field": [
        {"quantity": "breaker_state", "at": 0, "type": "u16", "invalid": 65535},
        {"quantity": "alarm_threshold", "at": 1, "type": "u16"},
        {"quantity": "station_errors", "at": 2, "type": "u16"},
    ],
}  # fmt: skip


class Scene:
    def __init__(self):
        self.told = []
        spec = DeviceSpec(7, "Pump", 1, 1, "acme-module")
        compiled = compile_map(parse_map(TABLE, file=""))
        self.device = LiveDevice(spec, compiled, lambda ts: (0, 600), 0, 30)
        self.watch = StateWatch(lambda ts_ms, device, code, detail: self.told.append((code, detail)))

    def reads(self, breaker=1, alarm=0, errors=0):
        self.device.read(0, 1000, b"".join(n.to_bytes(2, "big") for n in (breaker, alarm, errors)))
        self.watch.look(self.device, 1000)
        told, self.told = self.told, []
        return told


def test_how_it_is_at_first_is_no_event():
    assert Scene().reads(breaker=2, alarm=1, errors=6) == []


@pytest.mark.parametrize(("n", "code"), [(0, "breaker_opened"), (2, "breaker_tripped")])
def test_a_breaker_that_changes_is_told_once(n, code):
    scene = Scene()
    scene.reads()
    assert scene.reads(breaker=n) == [(code, "")]
    assert scene.reads(breaker=n) == []
    assert scene.reads() == [("breaker_closed", "")]


def test_an_alarm_comes_and_goes():
    scene = Scene()
    scene.reads()
    assert scene.reads(alarm=1) == [("alarm_raised", "Alarm: measure threshold")]
    assert scene.reads(alarm=0) == [("alarm_gone", "Alarm: measure threshold")]


def test_each_error_of_a_station_is_told_by_itself():
    scene = Scene()
    scene.reads(errors=0b010)
    assert scene.reads(errors=0b110) == [("station_failed", "unlock_fault")]
    assert scene.reads(errors=0b100) == [("station_well", "lock_fault")]


def test_a_state_that_cannot_be_read_is_no_change():
    scene = Scene()
    scene.reads(breaker=1)
    assert scene.reads(breaker=65535) == []
    assert scene.reads(breaker=1) == []
