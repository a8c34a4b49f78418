"""The actor that shares current: it reads views, and each two seconds every station gets its limit."""

import pytest

from actors.charging.sharing import ChargeShare
from actors.mailbox.reply import new_reply, wait_for
from actors.message.charging import LimitCircuit, SetLimit
from actors.message.device import EventReported, KeepRecords, WatchDevices
from runtime.core.charging.spec import CircuitSpec, StationSpec
from runtime.core.charging.state import CHARGING_VIEW, StationReport
from runtime.core.charging.station.view import STATION_VIEWS, StationView
from runtime.core.site.installation import DeviceSpec
from runtime.core.view import DEVICE_VIEWS, DeviceView
from runtime.errors import WattkeeperError
from runtime.store.object.charging import LIMIT
from tests.actors.stage import ManualClock, Stage, heard

PHASES = ("current_l1_a", "current_l2_a", "current_l3_a")
CIRCUIT = CircuitSpec(1, "Building", meter=9, available_ma=63_000, charging_ma=60_000, on=True)
STATIONS = (StationSpec(1, 3, 1, "l1"), StationSpec(2, 4, 1, "l1"))
DEVICES = {id: DeviceSpec(id, f"Device {id}", 1, id, "any") for id in (3, 4, 9)}


class Scene:
    def __init__(self, kept=()):
        self.stage = Stage(ManualClock())
        self.boxes = {id: self.stage.mailbox(f"station.{id}") for id in (1, 2)}
        self.gateway, self.recorder = self.stage.mailbox("gateway.1"), self.stage.mailbox("recorder")
        self.measure(0)
        for id in (1, 2):
            self.station(id)
        self.stage.add(
            ChargeShare(self.stage.incarnation("chargeshare"), (CIRCUIT,), STATIONS, DEVICES, lambda: dict(kept))
        )

    def measure(self, level_ma):
        now_ms = self.stage.clock.now_ms()
        view = DeviceView(9, "Meter", 1, "on", PHASES, (level_ma, 0, 0), (now_ms,) * 3)
        self.stage.views.publish(DEVICE_VIEWS.of(9), view)

    def station(self, id, **more):
        report = StationReport(id, 1, (1,), 32_000, confirmed_ma=0, fallback_ma=6_000, watchdog_s=30, **more)
        self.stage.views.publish(STATION_VIEWS.of(id), StationView(report, "available"))

    def passes(self, level_ma=None, seconds=2):
        self.stage.clock.advance(seconds)
        if level_ma is not None:
            self.measure(level_ma)
        self.stage.play()

    def limit(self, limit_ma, for_s=60, circuit=1):
        self.reply = new_reply()
        until_ts_ms = self.stage.clock.now_ms() + for_s * 1000
        message = LimitCircuit(circuit, limit_ma, until_ts_ms, "grid", self.reply)
        self.stage.directory.post("chargeshare", message)
        self.stage.play()
        return [message for message in heard(self.recorder) if isinstance(message, KeepRecords)]

    def calm(self):
        return [[m.is_calm for m in heard(box) if isinstance(m, SetLimit)][-1] for box in self.boxes.values()]

    def limits(self):
        return [[m.limit_ma for m in heard(box) if isinstance(m, SetLimit)][-1] for box in self.boxes.values()]


def test_a_station_without_a_vehicle_may_give_nothing():
    assert Scene().limits() == [0, 0]


def test_each_step_every_station_gets_its_limit():
    scene = Scene()
    scene.station(1, plugged=True, connected_ms=5)
    scene.passes(0)
    assert scene.limits() == [32_000, 0]
    scene.passes(0)
    assert scene.limits() == [32_000, 0]


def test_stations_may_be_contacted_while_no_line_of_theirs_is_red():
    scene = Scene()
    scene.passes(63_000)
    assert scene.calm() == [True, True]
    scene.passes(63_001)
    assert scene.calm() == [False, False]


def test_a_change_of_a_limit_is_an_event_and_is_shown():
    scene = Scene()
    scene.station(1, plugged=True, connected_ms=5)
    scene.passes(0)
    events = [message for message in heard(scene.recorder) if isinstance(message, EventReported)]
    assert [(event.subject, event.code) for event in events] == [("device.3", "charge_shared")]
    assert events[0].detail.startswith("start_green: 0 to 32000 mA")
    view = scene.stage.views.get(CHARGING_VIEW)
    assert [decision.rule for decision in view.decisions] == ["start_green"]


def test_a_meter_that_falls_silent_counts_as_full():
    scene = Scene()
    scene.station(1, plugged=True, connected_ms=5)
    scene.passes(0)
    for _ in range(5):
        scene.passes()
    assert scene.limits() == [6_000, 0]


def test_meter_and_stations_are_read_often():
    scene = Scene()
    watched = [message for message in heard(scene.gateway) if isinstance(message, WatchDevices)]
    assert [message.devices for message in watched] == [(3, 4, 9)]
    scene.passes(0, seconds=10)
    assert any(isinstance(message, WatchDevices) for message in heard(scene.gateway))


def test_an_order_to_wait_that_a_station_reports_is_obeyed():
    scene = Scene()
    scene.station(1, plugged=True, connected_ms=5)
    scene.passes(0)
    scene.station(1, plugged=True, connected_ms=5, allowed=False)
    scene.passes(0)
    assert scene.limits() == [0, 0]


def test_the_view_turns_its_times_into_those_of_the_wall_clock():
    scene = Scene()
    scene.passes(7_000)
    view = scene.stage.views.get(CHARGING_VIEW)
    assert view.ts_ms_of(view.at_ms - 3_000) == scene.stage.clock.now_ms() - 3_000
    assert view.readings[1].currents_ma == (7_000, 0, 0)


def test_a_limit_from_outside_holds_until_it_expires_and_is_on_disk_meanwhile():
    scene = Scene()
    scene.station(1, plugged=True, connected_ms=5)
    scene.passes(0)
    assert scene.limits() == [32_000, 0]
    scene.station(1, plugged=True, connected_ms=5, currents_ma=(32_000,))
    (kept,) = scene.limit(20_000)
    until_ts_ms = scene.stage.clock.now_ms() + 60_000
    assert kept.records == ((LIMIT, 1, {"limit_ma": 20_000, "until_ts_ms": until_ts_ms}),)
    assert (kept.events[0].code, kept.events[0].detail) == ("charge_limited", "20000 mA, by grid")
    assert kept.reply is scene.reply, "answered once it is on the disk"
    scene.passes(32_000)
    assert scene.limits() == [16_000, 0]
    view = scene.stage.views.get(CHARGING_VIEW)
    assert view.ts_ms_of(view.limits[1].until_ms) == until_ts_ms
    scene.passes(16_000, seconds=60)
    assert scene.stage.views.get(CHARGING_VIEW).limits == {}
    (over,) = [message for message in heard(scene.recorder) if isinstance(message, KeepRecords)]
    assert over.records == ((LIMIT, 1, None),)


def test_a_limit_is_ended_and_one_for_a_circuit_that_is_not_there_is_refused():
    scene = Scene()
    scene.limit(20_000)
    (ended,) = scene.limit(None, for_s=0)
    assert ended.records == ((LIMIT, 1, None),)
    scene.passes(0)
    assert scene.stage.views.get(CHARGING_VIEW).limits == {}
    assert scene.limit(20_000, circuit=5) == []
    with pytest.raises(WattkeeperError) as refused:
        wait_for(scene.reply, 0)
    assert refused.value.code == "station_off"


def test_whoever_begins_anew_goes_on_with_the_limits_that_were_kept():
    scene = Scene(kept={1: (20_000, ManualClock().now_ms() + 60_000)}.items())
    scene.passes(0)
    assert scene.stage.views.get(CHARGING_VIEW).limits[1].limit_ma == 20_000
