"""The owner of alarms: what it sees becomes a record, survives it, and is acknowledged once it is on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actors.alarm.alarms import LOOK_S, AlarmsActor
from actors.mailbox.reply import new_reply, wait_for
from actors.message.alarm import ALARMS_VIEW, AcknowledgeAlarms, SetMaintenance
from actors.recorder.recorder import Recorder
from runtime.core.site.installation import INSTALLATION_VIEW, DeviceSpec, GatewaySpec, Installation
from runtime.core.view import DEVICE_VIEWS, GATEWAY_VIEWS, DeviceView, GatewayView
from runtime.errors import WattkeeperError
from runtime.store.env import open_store
from runtime.store.object.alarms import iterate_alarms, load_alarms
from runtime.store.object.events import list_events
from runtime.store.object.outbox import load_outbox
from tests.actors.stage import ManualClock, Stage

SITE = Installation(gateways=(GatewaySpec(1, "G", "tcp://10.0.0.1"),), devices=(DeviceSpec(1, "D", 1, 1, "model"),))


class Scene:
    """One device with a breaker, the owner of alarms, and a recorder that writes."""

    def __init__(self, folder: Path) -> None:
        self.store = open_store(folder)
        self.stage = Stage(ManualClock())
        self.stage.views.publish(INSTALLATION_VIEW, SITE)
        self.stage.views.publish(GATEWAY_VIEWS.of(1), GatewayView(1, "G", "tcp://10.0.0.1", "on"))
        self.breaker(1)
        self.recorder = self.stage.add(Recorder(self.stage.incarnation("recorder"), self.store))
        self.begin(1)

    def begin(self, number: int) -> None:
        def load():
            now_ms = self.stage.clock.now_ms()
            return (*load_alarms(self.store, now_ms), load_outbox(self.store, now_ms // 1000))

        self.owner = self.stage.add(AlarmsActor(self.stage.incarnation("alarms", number), load, lambda outlet: None))

    def crash(self) -> None:
        self.stage.actors.remove(self.owner)
        self.begin(2)

    def breaker(self, n: int) -> None:
        view = DeviceView(1, "D", 1, "on", ("breaker_state",), (n,), (0,), (0,))
        self.stage.views.publish(DEVICE_VIEWS.of(1), view)

    def wait(self, seconds: float = 2) -> None:
        for _ in range(round(seconds)):
            self.stage.clock.advance(LOOK_S)
            self.stage.play()

    @property
    def view(self):
        return self.stage.views.get(ALARMS_VIEW)

    def ask(self, make):
        reply = new_reply()
        self.stage.directory.post("alarms", make(reply))
        self.wait()
        return wait_for(reply, 0.1)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.store.close()


def test_a_trip_is_an_alarm_in_the_view_and_on_disk(scene: Scene) -> None:
    scene.wait()
    assert scene.view.open == ()
    scene.breaker(2)
    scene.wait(4)
    (alarm,) = scene.view.active
    assert (alarm.cause.kind, alarm.cause.subject) == ("tripped", "device.1")
    assert list(iterate_alarms(scene.store)) == [alarm]
    scene.breaker(1)
    scene.wait(15)
    (over,) = scene.view.open
    assert not over.is_active
    assert list(iterate_alarms(scene.store)) == [over]


def test_acknowledged_is_on_disk_when_it_is_answered_and_an_event_names_who(scene: Scene) -> None:
    scene.breaker(2)
    scene.wait(4)
    (alarm,) = scene.view.open
    assert scene.ask(lambda reply: AcknowledgeAlarms((alarm.id,), "Ada", "on my way", reply)) is True
    (kept,) = iterate_alarms(scene.store)
    assert (kept.acknowledged_by, kept.word) == ("Ada", "on my way")
    (event,) = list_events(scene.store, code="alarm_acknowledged")
    assert (event.subject, event.detail) == ("device.1", "tripped by Ada: on my way")
    assert scene.view.waiting == ()
    assert scene.ask(lambda reply: AcknowledgeAlarms((alarm.id,), "Bob", "", reply)) is True
    assert next(iterate_alarms(scene.store)).acknowledged_by == "Ada"


def test_a_crash_of_the_owner_makes_no_second_alarm(scene: Scene) -> None:
    scene.breaker(2)
    scene.wait(4)
    before = scene.view.open
    scene.crash()
    scene.wait(60)
    assert scene.view.open == before


def test_what_the_recorder_did_not_take_is_written_with_the_next_look(scene: Scene) -> None:
    scene.stage.directory.unregister("recorder", scene.recorder.actor_inbox)
    scene.breaker(2)
    scene.wait(4)
    assert list(iterate_alarms(scene.store)) == [] and scene.view.active
    scene.stage.directory.register("recorder", scene.recorder.actor_inbox)
    scene.wait(4)
    assert list(iterate_alarms(scene.store)) == list(scene.view.open)


def test_nobody_is_told_that_it_holds_while_there_is_no_recorder(scene: Scene) -> None:
    scene.breaker(2)
    scene.wait(4)
    scene.stage.directory.unregister("recorder", scene.recorder.actor_inbox)
    with pytest.raises(WattkeeperError, match="recorder"):
        scene.ask(lambda reply: AcknowledgeAlarms((scene.view.open[0].id,), "Ada", "", reply))


def test_in_maintenance_nothing_is_an_alarm_and_afterwards_it_is_again(scene: Scene) -> None:
    until_ts = scene.stage.clock.now_ts() + 60
    assert scene.ask(lambda reply: SetMaintenance("gateway.1", until_ts, "Ada", reply)) is True
    assert dict(scene.view.maintained) == {"gateway.1": until_ts}
    scene.breaker(2)
    scene.wait(30)
    assert scene.view.open == ()
    scene.crash()
    scene.wait(5)
    assert scene.view.open == ()
    scene.wait(40)
    assert [alarm.cause.kind for alarm in scene.view.active] == ["tripped"]
    assert scene.view.maintained == {}
    codes = [event.code for event in list_events(scene.store)]
    assert "maintenance_begun" in codes


def test_maintenance_ends_when_somebody_says_so(scene: Scene) -> None:
    scene.ask(lambda reply: SetMaintenance("device.1", scene.stage.clock.now_ts() + 3600, "Ada", reply))
    scene.breaker(2)
    scene.wait(5)
    assert scene.view.open == ()
    scene.ask(lambda reply: SetMaintenance("device.1", 0, "Ada", reply))
    scene.wait(3)
    assert scene.view.active
