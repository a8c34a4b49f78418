"""The actor of a station: set-points as leases, watchdog and safe current programmed, sessions from plug to unplug."""

from dataclasses import replace

import pytest

from actors.charging.station import ANSWER_S, KEEP_S, PROGRAM_S, Station
from actors.mailbox.reply import fill, new_reply, wait_for
from actors.message.charging import LeaveAlone, OrderCharge, SetLimit
from actors.message.device import Command, EventReported, KeepRecords
from runtime.core.charging.spec import StationSpec
from runtime.core.charging.station.session import ChargeSession
from runtime.core.charging.station.view import STATION_VIEWS
from runtime.core.device.command import DONE, UNCONFIRMED, Outcome
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import DeviceSpec
from runtime.core.view import DEVICE_VIEWS, DeviceView
from runtime.errors import WattkeeperError
from runtime.store.object.charging import ENDED, OPEN, QUIET
from simulator.scenario.models import Models
from tests.actors.stage import ManualClock, Stage, heard

HEIDELBERG = {row.name: row for row in Models().map("heidelberg-energy-control", {}).commands}
GREENUP = {row.name: row for row in Models().map("legrand-greenup", {}).commands}
SPEC = StationSpec(7, device=3, circuit=1, wiring="l1", fallback_ma=6_000)
CHARGING, AVAILABLE = (QUANTITIES["charge_state"].states.index(state) for state in ("charging", "available"))


class Scene:
    """A station whose device shows what the test says; commands are answered by the test."""

    def __init__(self, commands=HEIDELBERG, kept=None, rest_s=0, is_held=False, **shown):
        self.stage = Stage(ManualClock())
        self.gateway, self.recorder = self.stage.mailbox("gateway.1"), self.stage.mailbox("recorder")
        self.shown = {
            "charge_state": AVAILABLE, "current_l1_a": 0, "limit_a": 0, "rated_current_a": 16_000,
            "watchdog_s": 300, "fallback_a": 6_000, **shown,
        }  # fmt: skip
        self.show()
        device = DeviceSpec(3, "Wallbox", 1, 1, "heidelberg-energy-control")
        self.station = self.stage.add(
            Station(
                self.stage.incarnation("station.7"),
                SPEC,
                device,
                commands,
                lambda: kept,
                lambda: self.stage.clock.now_ms() + rest_s * 1000,
                is_held=is_held,
            )
        )

    def show(self, **values):
        self.shown |= values
        quantities = tuple(self.shown)
        now_ms = self.stage.clock.now_ms()
        view = DeviceView(
            3, "Wallbox", 1, "on", quantities, tuple(self.shown.values()), (now_ms,) * len(quantities)
        )  # fmt: skip
        self.stage.views.publish(DEVICE_VIEWS.of(3), view)

    def passes(self, seconds=1, **values):
        for _ in range(seconds):
            self.stage.clock.advance(1)
            self.show(**values)
            self.stage.play()

    def set(self, limit_ma, is_calm=False):
        self.stage.directory.post("station.7", SetLimit(limit_ma, is_calm))
        self.stage.play()

    def commands(self):
        return [message for message in heard(self.gateway) if isinstance(message, Command)]

    def answered(self, command, state=DONE):
        outcome = Outcome(command.wish, state, 0, "limit_a", 0)
        fill(command.reply, outcome)
        self.stage.play()

    def order(self, allowed=None, priority=None):
        reply = new_reply()
        self.stage.directory.post("station.7", OrderCharge(allowed, priority, reply))
        self.stage.play()
        return wait_for(reply, 0)

    def records(self):
        """(kind, key) -> record, as the recorder was asked to keep them."""
        kept = [message for message in heard(self.recorder) if isinstance(message, KeepRecords)]
        return {(kind, key): record for message in kept for kind, key, record in message.records}

    @property
    def view(self):
        return self.stage.views.get(STATION_VIEWS.of(7))


def events(scene):
    return [message for message in heard(scene.recorder) if isinstance(message, EventReported)]


def told(commands):
    return [(command.wish.command, command.wish.value) for command in commands]


def test_a_limit_is_commanded_as_routine_and_refreshed_when_it_holds():
    scene = Scene()
    scene.set(16_000)
    (command,) = scene.commands()
    assert (told([command]), command.routine) == ([("limit", 16.0)], True)
    assert command.deadline == scene.stage.clock.monotonic() + ANSWER_S
    scene.answered(command)
    scene.passes(9, limit_a=16_000)
    assert scene.commands() == []
    scene.passes(1)
    assert told(scene.commands()) == [("limit", 16.0)]


def test_what_the_register_cannot_hold_is_rounded_down_and_below_six_amperes_it_waits():
    scene = Scene()
    scene.set(13_780)
    assert told(scene.commands()) == [("limit", 13.7)]
    other = Scene()
    other.set(0)
    assert told(other.commands()) == [("limit", 0)]


def test_a_station_that_cannot_be_set_to_nothing_is_ordered_to_wait_and_to_start():
    scene = Scene(GREENUP, charge_permission=1, watchdog_s=None, fallback_a=None)
    scene.set(0)
    (command,) = scene.commands()
    assert told([command]) == [("charge", "wait")]
    scene.answered(command)
    scene.set(16_000)
    (command,) = scene.commands()
    scene.answered(command)
    assert told([command, *scene.commands()]) == [("limit", 16.0), ("charge", "start")]


def test_a_station_that_does_not_obey_twice_is_left_alone_so_that_its_watchdog_acts():
    scene = Scene(charge_state=CHARGING, current_l1_a=16_000, limit_a=16_000)
    scene.set(8_000)
    for _ in range(2):
        (command,) = scene.commands()
        scene.answered(command, UNCONFIRMED)
        rest = [message for message in heard(scene.gateway) if isinstance(message, LeaveAlone)]
        if not rest:
            scene.passes(1)
    assert rest == [LeaveAlone(3, 32.0)]
    assert "charge_limit_ignored" in [m.code for m in heard(scene.recorder) if isinstance(m, EventReported)]
    scene.passes(31)
    assert scene.commands() == []
    assert not scene.view.report.heard
    scene.passes(2)
    assert told(scene.commands()) == [("limit", 8.0)]


def test_until_when_a_station_is_left_alone_is_on_disk_and_a_server_that_begins_anew_keeps_to_it():
    scene = Scene(charge_state=CHARGING, current_l1_a=16_000, limit_a=16_000)
    scene.set(8_000)
    scene.answered(scene.commands()[0], UNCONFIRMED)
    scene.passes(1)
    scene.answered(scene.commands()[0], UNCONFIRMED)
    assert scene.records()[QUIET, 7] == {"until_ts_ms": scene.stage.clock.now_ms() + 32_000}
    again = Scene(rest_s=20, charge_state=CHARGING, current_l1_a=16_000, limit_a=16_000)
    again.set(8_000)
    again.passes(19)
    assert (again.commands(), again.view.report.heard) == ([], False)
    again.passes(1)
    assert again.view.report.heard
    assert told(again.commands()) == [("limit", 8.0)]


def test_a_server_that_begins_contacts_a_station_once_its_lines_are_calm():
    scene = Scene(is_held=True, charge_state=CHARGING, current_l1_a=16_000, limit_a=16_000)
    scene.passes(5)
    scene.set(8_000)
    assert (scene.commands(), scene.view.report.heard) == ([], False)
    assert [m for m in heard(scene.gateway) if isinstance(m, LeaveAlone)] == []
    scene.set(8_000, is_calm=True)
    scene.passes(1)
    assert scene.view.report.heard


def test_a_server_that_begins_in_the_red_area_has_the_watchdog_act_first():
    scene = Scene(is_held=True, charge_state=CHARGING, current_l1_a=16_000, limit_a=16_000)
    scene.stage.play()
    assert [m for m in heard(scene.gateway) if isinstance(m, LeaveAlone)] == [LeaveAlone(3, 32.0)]
    scene.set(8_000)
    scene.passes(31)
    assert (scene.commands(), scene.view.report.heard) == ([], False)
    scene.passes(1)
    assert scene.view.report.heard
    assert told(scene.commands()) == [("limit", 8.0)]


def test_a_station_that_is_left_alone_since_it_took_no_limit_stays_so_though_its_lines_are_calm():
    scene = Scene(rest_s=20, is_held=True, charge_state=CHARGING, current_l1_a=16_000, limit_a=16_000)
    scene.set(8_000, is_calm=True)
    scene.passes(19)
    assert (scene.commands(), scene.view.report.heard) == ([], False)


def test_watchdog_and_safe_current_are_programmed_where_they_differ():
    scene = Scene(watchdog_s=600, fallback_a=0)
    (command,) = scene.commands()
    assert told([command]) == [("fallback", 6.0)]
    scene.answered(command)
    scene.passes(1)
    (command,) = scene.commands()
    assert told([command]) == [("watchdog", 30)]
    scene.answered(command)
    scene.passes(1, watchdog_s=300, fallback_a=6_000)
    scene.passes(round(PROGRAM_S) + 1)
    assert scene.commands() == []


def test_a_session_lasts_from_plug_to_unplug_and_is_kept():
    scene = Scene(active_energy_import_wh=5_000_000)
    scene.passes(1, charge_state=CHARGING, current_l1_a=16_000)
    scene.passes(899)
    scene.passes(1, active_energy_import_wh=5_920_000)
    assert scene.view.session.charged_mah == 4_000  # 16 A for a quarter of an hour
    assert scene.view.state == "charging"
    scene.passes(1, charge_state=AVAILABLE, current_l1_a=0)
    records = scene.records()
    ((key, record),) = [(key, record) for (kind, key), record in records.items() if kind == ENDED]
    assert (record["station"], record["charged_mas"] // 3600, record["phases"]) == (7, 4_000, 1)
    assert (record["energy_n"], record["ended_by"]) == (920_000, "unplugged")
    assert records[OPEN, 7] is None
    assert (scene.view.session, scene.view.state) == (None, "available")


def test_a_session_is_on_disk_from_its_first_moment_and_each_minute():
    scene = Scene()
    scene.passes(1, charge_state=CHARGING, current_l1_a=16_000)
    assert scene.records()[OPEN, 7]["charged_mas"] == 0
    scene.passes(round(KEEP_S) - 1)
    assert scene.records() == {}
    scene.passes(1)
    assert scene.records()[OPEN, 7]["charged_mas"] == 16_000 * 60


KEPT = ChargeSession(
    7, 3, 1_780_000_000_000 - 600_000, seen_ts_ms=1_780_000_000_000 - 20_000, charged_mas=3_600_000, energy_n=1_000_000,
    register_n=1_000_000, allowed=False,
)  # fmt: skip


def test_whoever_begins_anew_goes_on_with_the_session_that_was_kept():
    scene = Scene(kept=KEPT, charge_state=CHARGING, current_l1_a=16_000, session_energy_wh=1_080_000)
    session, report = scene.view.session, scene.view.report
    assert (session.began_ts_ms, session.energy_n, session.ended_ts_ms) == (KEPT.began_ts_ms, 1_080_000, 0)
    assert scene.stage.clock.monotonic() * 1000 - report.connected_ms == 600_000
    assert (report.allowed, report.charged_mah) == (False, session.charged_mah)
    assert not any(message.code == "charge_begun" for message in events(scene))


def test_a_vehicle_that_left_while_nobody_looked_ended_its_session_when_it_was_seen_last():
    long_ago = replace(KEPT, seen_ts_ms=KEPT.seen_ts_ms - 3_600_000)
    scene = Scene(kept=long_ago)
    ((_, record),) = [(key, record) for (kind, key), record in scene.records().items() if kind == ENDED]
    assert (record["ended_ts_ms"], record["ended_by"]) == (long_ago.seen_ts_ms, "lost")


def test_another_badge_is_another_session():
    scene = Scene(kept=replace(KEPT, rfid="04A1"), charge_state=CHARGING, current_l1_a=16_000, rfid="04B2")
    assert scene.view.session.rfid == "04B2"
    assert scene.view.session.began_ts_ms == scene.stage.clock.now_ms()
    assert ENDED in {kind for kind, _ in scene.records()}


def test_a_start_is_on_disk_before_it_is_commanded_and_reported_after_a_restart():
    scene = Scene(charge_state=CHARGING, vehicle_state=1)
    scene.set(16_000)
    started_ms = scene.stage.clock.now_ms()
    assert scene.records()[OPEN, 7]["starts_ts_ms"] == (started_ms,)
    scene.passes(1, limit_a=16_000)
    scene.set(8_000)
    assert scene.view.session.starts_ts_ms == (started_ms,), "less is no start"
    again = Scene(kept=replace(KEPT, starts_ts_ms=(KEPT.seen_ts_ms,)), charge_state=CHARGING, limit_a=16_000)
    again.set(16_000)
    assert again.view.session.starts_ts_ms == (KEPT.seen_ts_ms,), "it was at work all the time"
    assert again.view.report.starts_ms == (round(again.stage.clock.monotonic() * 1000) - 20_000,)


def test_an_order_holds_for_the_present_charge_only_and_is_kept():
    scene = Scene(charge_state=CHARGING, current_l1_a=16_000)
    assert scene.order(allowed=False, priority=True) is True
    assert (scene.view.report.allowed, scene.view.report.priority) == (False, True)
    record = scene.records()[OPEN, 7]
    assert (record["allowed"], record["priority"]) == (False, True)
    assert scene.order(allowed=True) is True
    assert (scene.view.report.allowed, scene.view.report.priority) == (True, True)
    scene.passes(1, charge_state=AVAILABLE, current_l1_a=0)
    scene.passes(1, charge_state=CHARGING, current_l1_a=16_000)
    assert (scene.view.report.allowed, scene.view.report.priority) == (True, False)


def test_an_order_without_a_vehicle_is_refused():
    with pytest.raises(WattkeeperError) as refused:
        Scene().order(allowed=False)
    assert refused.value.code == "no_charge"


def test_a_silent_station_is_neither_started_nor_stopped_on_paper():
    scene = Scene(charge_state=CHARGING, current_l1_a=16_000)
    scene.stage.clock.advance(10)
    scene.stage.play()
    with pytest.raises(WattkeeperError) as refused:
        scene.order(allowed=False)
    assert (refused.value.code, scene.view.report.allowed) == ("station_silent", True)
    assert scene.order(priority=True) is True, "who comes first is decided here"


def test_a_device_that_falls_silent_is_heard_no_more():
    scene = Scene()
    assert scene.view.report.heard
    for _ in range(5):
        scene.stage.clock.advance(1)
        scene.stage.play()
    assert (scene.view.report.heard, scene.view.state) == (False, "communication_error")


def test_a_wall_clock_that_is_set_back_makes_no_old_value_young():
    scene = Scene()
    scene.stage.clock.step(-3600)
    for _ in range(5):
        scene.stage.clock.advance(1)
        scene.stage.play()
    assert not scene.view.report.heard


def test_a_gateway_that_is_not_there_is_no_confirmation():
    scene = Scene()
    scene.stage.directory.unregister("gateway.1", scene.gateway)
    scene.set(16_000)
    assert scene.view.report.confirmed_ma != 16_000
