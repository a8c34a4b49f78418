"""The actor that shares current: it reads views, and each two seconds every station gets its limit."""

from actors.charging.sharing import ChargeShare
from actors.message.charging import SetLimit
from actors.message.device import EventReported, WatchDevices
from runtime.core.charging.spec import CircuitSpec, StationSpec
from runtime.core.charging.state import CHARGING_VIEW, StationReport
from runtime.core.charging.station.view import STATION_VIEWS, StationView
from runtime.core.site.installation import DeviceSpec
from runtime.core.view import DEVICE_VIEWS, DeviceView
from tests.actors.stage import ManualClock, Stage, heard

PHASES = ("current_l1_a", "current_l2_a", "current_l3_a")
CIRCUIT = CircuitSpec(1, "Building", meter=9, available_ma=63_000, charging_ma=60_000, on=True)
STATIONS = (StationSpec(1, 3, 1, "l1"), StationSpec(2, 4, 1, "l1"))
DEVICES = {id: DeviceSpec(id, f"Device {id}", 1, id, "any") for id in (3, 4, 9)}


class Scene:
    def __init__(self):
        self.stage = Stage(ManualClock())
        self.boxes = {id: self.stage.mailbox(f"station.{id}") for id in (1, 2)}
        self.gateway, self.recorder = self.stage.mailbox("gateway.1"), self.stage.mailbox("recorder")
        self.measure(0)
        for id in (1, 2):
            self.station(id)
        self.stage.add(ChargeShare(self.stage.incarnation("chargeshare"), (CIRCUIT,), STATIONS, DEVICES))

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
