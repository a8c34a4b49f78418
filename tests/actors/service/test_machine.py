from dataclasses import asdict

import pytest

from actors.mailbox.reply import new_reply
from actors.message.device import EventReported, KeepRecords
from actors.service.machine import (
    CONFIRM_S,
    ConfirmNetwork,
    Kept,
    Machine,
    Services,
    SetClock,
    SetNetwork,
    load_records,
)
from runtime.core.machine import ClockControl, ClockSetting, Interface, NetworkSetting, Vitals
from runtime.errors import DriverError, WattkeeperError
from tests.actors.stage import ManualClock, Stage, heard

DHCP = NetworkSetting("auto")
FIXED = NetworkSetting("manual", "10.0.0.9/24", "10.0.0.1")
CARD = Interface("eth0", "4E:6D", "connected", "uuid", DHCP, DHCP)


class Scene:
    """A machine whose services are at hand."""

    def __init__(self, kept=Kept()):
        self.cpu_pct = 12.5
        self.clock_asked, self.wanted, self.time, self.denied = [], DHCP, None, False
        self.stage = Stage(ManualClock(1_700_000_000))
        self.recorder = self.stage.mailbox("recorder")
        services = Services(
            vitals=lambda _data, _before, _elapsed_s: Vitals(cpu_pct=self.cpu_pct),
            clock=lambda: ClockControl(True, True, True),
            follow=self.follow,
            set_time=self.set_time,
            cards=lambda: (Interface("eth0", "4E:6D", "connected", "uuid", self.wanted, DHCP),),
            change=self.change,
        )
        self.machine = self.stage.add(Machine(self.stage.incarnation("machine"), None, lambda: kept, services))

    def follow(self, setting, cards):
        if self.denied:
            raise DriverError("machine_denied", "may not")
        self.clock_asked.append((setting, cards))

    def set_time(self, ts):
        self.time = ts

    def change(self, card, setting):
        if self.denied:
            raise DriverError("machine_denied", "may not")
        self.wanted = setting

    def ask(self, kind, *about):
        reply = new_reply()
        self.stage.directory.post("machine", kind(*about, "ada", reply))
        self.stage.play()
        return reply.get(timeout=0)

    def told(self):
        return [event.code for message in heard(self.recorder) for event in events(message)]

    def wait(self, seconds):
        for _ in range(round(seconds / 10)):
            self.stage.clock.advance(10.0)
            self.stage.play()

    @property
    def view(self):
        return self.stage.views.get("machine")


def events(message):
    return (message,) if isinstance(message, EventReported) else message.events


def test_it_shows_how_the_machine_is_doing_and_what_can_be_set():
    scene = Scene()
    assert scene.view.vitals.cpu_pct == 12.5
    assert scene.view.clock.automatic and scene.view.interfaces == (CARD,)


def test_the_clock_follows_a_server_again_after_a_start():
    scene = Scene(Kept(clock=ClockSetting(True, "ntp.example")))
    assert scene.clock_asked == [(ClockSetting(True, "ntp.example"), ("eth0",))]


def test_setting_the_clock_is_kept_and_told():
    scene = Scene()
    scene.ask(SetClock, ClockSetting(False), 1_700_000_500)
    kept = [message for message in heard(scene.recorder) if isinstance(message, KeepRecords)]
    assert scene.time == 1_700_000_500
    assert kept[0].records == (("machine", "clock", {"automatic": False, "server": ""}),)
    assert [event.code for event in kept[0].events] == ["clock_set"]


def test_a_change_of_the_network_is_taken_back_when_nobody_confirms_it():
    scene = Scene()
    assert scene.ask(SetNetwork, "eth0", FIXED).unconfirmed == "eth0"
    scene.wait(CONFIRM_S - 20)
    assert scene.wanted == FIXED
    scene.wait(40)
    assert scene.wanted == DHCP and scene.view.unconfirmed == ""
    assert scene.told() == ["network_set", "network_reverted"]


def test_a_confirmed_change_stays():
    scene = Scene()
    scene.ask(SetNetwork, "eth0", FIXED)
    scene.ask(ConfirmNetwork)
    scene.wait(CONFIRM_S + 20)
    assert scene.wanted == FIXED and scene.view.unconfirmed == ""
    assert scene.told() == ["network_set", "network_kept"]


def test_an_unconfirmed_change_is_taken_back_by_the_next_life_too():
    scene = Scene(Kept(before=CARD))
    scene.wanted = FIXED
    scene.wait(10)
    assert scene.told() == ["network_reverted"]
    record = {("machine", "before"): asdict(CARD)}
    assert load_records(lambda *key: record.get(key)) == Kept(before=CARD)


def test_a_second_change_waits_for_the_first_to_be_confirmed():
    scene = Scene()
    scene.ask(SetNetwork, "eth0", FIXED)
    with pytest.raises(WattkeeperError) as raised:
        scene.ask(SetNetwork, "eth0", DHCP)
    assert raised.value.code == "network_unconfirmed"


def test_what_the_machine_refuses_changes_nothing():
    scene = Scene()
    scene.denied = True
    for asked in ((SetNetwork, "eth0", FIXED), (SetClock, ClockSetting(), None)):
        with pytest.raises(DriverError, match="may not"):
            scene.ask(*asked)
    assert scene.view.unconfirmed == "" and scene.wanted == DHCP


def test_an_unknown_card_is_refused():
    with pytest.raises(WattkeeperError) as raised:
        Scene().ask(SetNetwork, "eth9", FIXED)
    assert raised.value.code == "interface_unknown"


def test_a_processor_that_stays_busy_is_told_a_busy_moment_is_not():
    scene = Scene()
    scene.cpu_pct = 95.0
    scene.wait(290)
    assert not scene.view.is_overloaded
    scene.wait(20)
    assert scene.view.is_overloaded
    scene.cpu_pct = 20.0
    scene.wait(10)
    assert not scene.view.is_overloaded
