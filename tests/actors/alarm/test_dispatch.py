"""Alarms become messages in one transaction, leave once that is on disk, and what came of them is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actors.alarm.alarms import LOOK_S, AlarmsActor
from actors.alarm.dispatch import Dispatch
from actors.mailbox.reply import new_reply, wait_for
from actors.message.alarm import SetMaintenance
from actors.message.device import KeepRecords
from actors.message.outlet import OUTBOX_VIEW, Deliver, DeliveryEnded, RetryDelivery, SendNote
from actors.recorder.recorder import Recorder
from runtime.core.alarm.alarms import Alarms
from runtime.core.alarm.condition import Cause, Conditions
from runtime.core.alert.alert import ALERT, AlertSpec
from runtime.core.alert.outbox import Outbox
from runtime.core.alert.outlet import OUTLET, OutletSpec
from runtime.core.site.installation import INSTALLATION_VIEW, DeviceSpec, GatewaySpec, Installation
from runtime.core.view import DEVICE_VIEWS, GATEWAY_VIEWS, DeviceView, GatewayView
from runtime.errors import DeliveryFailed
from runtime.store.env import open_store
from runtime.store.object.alarms import iterate_alarms, load_alarms
from runtime.store.object.events import list_events
from runtime.store.object.outbox import KIND, load_outbox
from tests.actors.stage import ManualClock, Stage, heard

SITE = Installation(gateways=(GatewaySpec(1, "G", "tcp://10.0.0.1"),), devices=(DeviceSpec(1, "D", 1, 1, "model"),))
SITE = SITE.having(OUTLET, (OutletSpec(1, "Mail", "mail", True),)).having(
    ALERT, (AlertSpec(1, "state_change", 1, "anna@example.org"),)
)


class Scene:
    """One breaker, the owner of alarms, a recorder that writes; ``outlet`` hears what is to be delivered."""

    def __init__(self, folder: Path) -> None:
        self.store = open_store(folder)
        self.stage = Stage(ManualClock())
        self.stage.views.publish(INSTALLATION_VIEW, SITE)
        self.stage.views.publish(GATEWAY_VIEWS.of(1), GatewayView(1, "G", "tcp://10.0.0.1", "on"))
        self.breaker(1)
        self.recorder = self.stage.add(Recorder(self.stage.incarnation("recorder"), self.store))
        self.outlet = self.stage.mailbox("outlet.1")
        self.begin()

    def begin(self) -> None:
        def load():
            now_ms = self.stage.clock.now_ms()
            return (*load_alarms(self.store, now_ms), load_outbox(self.store, now_ms // 1000))

        self.owner = self.stage.add(AlarmsActor(self.stage.incarnation("alarms"), load, lambda outlet: None))

    def crash(self) -> None:
        self.stage.actors.remove(self.owner)
        self.begin()

    def breaker(self, n: int) -> None:
        self.stage.views.publish(DEVICE_VIEWS.of(1), DeviceView(1, "D", 1, "on", ("breaker_state",), (n,), (0,), (0,)))

    def wait(self, seconds: float = 3) -> list:
        for _ in range(round(seconds)):
            self.stage.clock.advance(LOOK_S)
            self.stage.play()
        return [each.message for each in heard(self.outlet) if isinstance(each, Deliver)]

    def says(self, message) -> None:
        self.stage.directory.post("alarms", message)
        self.stage.play()

    @property
    def waiting(self):
        return self.stage.views.get(OUTBOX_VIEW).messages

    @property
    def kept(self):
        return list(self.store.records.all(KIND).values())


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.store.close()


def test_an_alarm_and_its_message_are_one_transaction_and_leave_within_seconds(scene: Scene) -> None:
    taken = []
    original = scene.recorder.on_receive
    scene.recorder.on_receive = lambda message: (taken.append(message), original(message))[1]
    scene.breaker(2)
    (message,) = scene.wait(2)
    assert (message.recipient, [entry.kind for entry in message.entries]) == ("anna@example.org", ["tripped"])
    (both,) = [each for each in taken if isinstance(each, KeepRecords) and each.records]
    assert [kind for kind, _, _ in both.records] == ["alarm", "message"]
    assert scene.kept[0]["begun"] and len(list(iterate_alarms(scene.store))) == 1


def test_what_was_accepted_is_gone_from_disk_and_the_all_clear_follows(scene: Scene) -> None:
    scene.breaker(2)
    (message,) = scene.wait()
    scene.says(DeliveryEnded(message))
    assert scene.kept == [] and scene.waiting == ()
    scene.breaker(1)
    (over,) = scene.wait(15)
    assert [entry.state for entry in over.entries] == ["over"]


def test_what_was_opened_by_hand_is_sent_to_who_wants_notices_and_nothing_in_maintenance(scene: Scene) -> None:
    notices = AlertSpec(2, "state_change", 1, "bob@example.org", severity="notice")
    scene.stage.views.publish(INSTALLATION_VIEW, SITE.having(ALERT, (*SITE.of(ALERT), notices)))
    scene.wait()
    scene.breaker(0)
    (message,) = scene.wait()
    assert (message.recipient, [entry.kind for entry in message.entries]) == ("bob@example.org", ["breaker_opened"])
    scene.says(DeliveryEnded(message))
    scene.says(SetMaintenance("device.1", scene.stage.clock.now_ts() + 60, "Ada", new_reply()))
    scene.breaker(1)
    assert scene.wait() == [] and scene.waiting == ()


def test_a_crash_delivers_what_was_underway_again_and_nothing_else(scene: Scene) -> None:
    scene.breaker(2)
    (message,) = scene.wait()
    scene.crash()
    (again,) = scene.wait()
    assert again == message


def test_a_failure_says_why_on_disk_and_is_tried_again(scene: Scene) -> None:
    scene.breaker(2)
    (message,) = scene.wait()
    scene.says(DeliveryEnded(message, DeliveryFailed("outlet_login", "535 no")))
    assert (scene.kept[0]["code"], scene.kept[0]["attempts"]) == ("outlet_login", 1)
    assert [each.code for each in scene.waiting] == ["outlet_login"]
    assert scene.wait(3) == []
    (again,) = scene.wait(5)
    assert (again.id, again.entries) == (message.id, message.entries)
    scene.says(DeliveryEnded(again, DeliveryFailed("outlet_login", "535 no", wait_s=600)))
    assert scene.wait(60) == []
    scene.says(RetryDelivery(1))
    assert len(scene.wait(2)) == 1


def test_what_is_refused_for_good_goes_with_an_event(scene: Scene) -> None:
    scene.breaker(2)
    (message,) = scene.wait()
    scene.says(DeliveryEnded(message, DeliveryFailed("outlet_recipient", "550 no such user", is_final=True)))
    assert scene.kept == []
    (event,) = list_events(scene.store, code="message_refused")
    assert "550 no such user" in event.detail
    assert dict(scene.stage.views.get(OUTBOX_VIEW).dropped) == {1: 1}


def test_an_outlet_that_is_switched_off_keeps_what_waits_and_one_that_is_erased_drops_it(scene: Scene) -> None:
    scene.breaker(2)
    (message,) = scene.wait()
    scene.says(DeliveryEnded(message, DeliveryFailed("outlet_later", "451")))
    scene.stage.views.publish(INSTALLATION_VIEW, SITE.having(OUTLET, (OutletSpec(1, "Mail", "mail"),)))
    assert scene.wait(60) == [] and len(scene.kept) == 1
    with scene.store.writing() as txn:
        scene.store.records.put(txn, "secret", "outlet.1", {"password": b"sealed"})
    scene.stage.views.publish(INSTALLATION_VIEW, SITE.having(ALERT, ()).having(OUTLET, ()))
    scene.wait()
    assert scene.kept == [] and [event.code for event in list_events(scene.store)] == ["message_expired"]
    assert scene.store.records.get("secret", "outlet.1") is None


def test_a_note_is_answered_once_it_is_on_disk(scene: Scene) -> None:
    reply = new_reply()
    scene.says(SendNote(1, ("bob@example.org",), "Rule", "rule.1", "Boiler on", reply))
    assert wait_for(reply, 0.1) is True
    assert [record["entries"][0]["text"] for record in scene.kept] == ["Boiler on"]
    assert [message.recipient for message in scene.wait(1)] == ["bob@example.org"]


def test_thousands_of_notes_grow_neither_the_outbox_nor_memory(scene: Scene) -> None:
    site = SITE.having(ALERT, (*SITE.of(ALERT), AlertSpec(2, "communication", 1, "anna@example.org")))
    scene.stage.views.publish(INSTALLATION_VIEW, site)
    for number in range(2_000):
        scene.stage.directory.post("alarms", SendNote(1, ("anna@example.org",), "", f"rule.{number}", "x" * 1000))
        if number % 200 == 0:
            scene.wait(1)
    scene.wait(2)
    assert len(scene.waiting) <= 2 and len(scene.kept) <= 2
    assert sum(len(each.entries) + each.more for each in scene.waiting) == 2_000
    assert max(len(each.entries) for each in scene.waiting) <= 50
    assert scene.owner.actor_inbox.depth() <= 2


def test_ten_thousand_alarm_changes_a_minute_grow_nothing(tmp_path: Path) -> None:
    """3,500 causes that come and go every ten seconds, and nobody takes what leaves."""
    alarms, now, changes = Alarms(), 0.0, 0
    dispatch = Dispatch(Outbox(), (), lambda outlet: None)
    causes = {Cause("station_failed", f"device.{number % 255}", str(number)): "" for number in range(3_500)}
    start_ms = 1_780_000_000_000
    for look in range(120):
        now += 10.5
        now_ms = start_ms + round(now * 1000)
        changed = alarms.look(Conditions(causes if look % 2 else {}), now_ms, now)
        alarms.look(Conditions(causes if look % 2 else {}), now_ms, now)
        changes += len(changed)
        dispatch.report(changed, SITE, now_ms)
        for message in dispatch.begin(SITE, now_ms):
            failed = DeliveryFailed("outlet_unreachable", "no route")
            tuple(dispatch.end(DeliveryEnded(message, failed), now_ms))
        dispatch.changes()
    waiting = dispatch.view.messages
    assert len(waiting) <= 2 and max(len(each.entries) for each in waiting) <= 50
    assert len(alarms.open) <= 3_500 and len(dispatch._reported._raised) <= 3_500
    assert changes / (now / 60) >= 9_500
