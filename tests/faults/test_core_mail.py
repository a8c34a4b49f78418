"""Whatever is posted to a core actor: what fails is refused and reported, the actor lives on."""

from __future__ import annotations

import dataclasses
import logging
import random
from pathlib import Path
from typing import Any

import pytest

from actors.mailbox.base import Actor
from actors.mailbox.reply import new_reply
from actors.message import access, archive, device, edit
from actors.recorder.recorder import Recorder
from actors.service.access import AccessActor
from actors.service.installation import InstallationActor
from actors.service.timekeeper import Timekeeper
from actors.service.timers import Timers
from runtime.clock import SystemClock, TrustedClock
from runtime.core.access.access import Access
from runtime.core.access.change import AddToken, AddUser, By, EditUser, RemoveUser, SetUp
from runtime.core.access.delays import Delays
from runtime.core.site.installation import Installation
from runtime.store.env import open_store
from tests.actors.stage import Stage
from tests.soak import FULL
from tests.webui.stage import installation

pytestmark = [pytest.mark.faults, pytest.mark.soak]

MESSAGES = 100_000 if FULL else 10_000
KINDS = [
    kind
    for module in (access, archive, device, edit)
    for kind in vars(module).values()
    if dataclasses.is_dataclass(kind) and isinstance(kind, type) and kind is not device.Begin  # that comes from itself
]
CHANGES = (AddUser, EditUser, RemoveUser, AddToken, SetUp, By)
ODD: list[Any] = [
    None, True, -1, 0, 1, 10**30, 1_780_000_000, 1_780_000_600_000, 1e308, float("nan"), "", "x", "\ud800", "\0",
    "device.1", "active_energy_import_wh", "a" * 5_000, b"\xff", (), (1,), ((1, 2),), {}, {"a": ((1, 2),)}, [], {1: 2},
    object(), Exception("x"), frozenset(), (("device", "\ud800", {"x": 10**40}),), (("user", 1, ["\ud800"]),),
    (("active_power_w", "mean"),), (("settings", "medium", None),),
]  # fmt: skip


class Random:
    """Messages of every kind with anything in their fields."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def message(self) -> object:
        if self._random.random() < 0.02:
            return self._random.choice(ODD)
        return self._made(self._random.choice(KINDS))

    def _made(self, kind: type) -> object:
        """Without asking its constructor whether it likes them."""
        made = object.__new__(kind)  # type: ignore[call-overload]
        for field in dataclasses.fields(kind):  # type: ignore[arg-type]
            object.__setattr__(made, field.name, self._value(field.name))
        return made  # type: ignore[no-any-return]

    def _value(self, name: str) -> Any:
        match name:
            case "reply":
                return self._random.choice((None, new_reply()))
            case "edit":
                return self._random.choice((lambda site: site, lambda site: 1 / 0, lambda site: site.nothing, None))
            case "change":
                return self._made(self._random.choice(CHANGES))
            case "start_ts" | "end_ts" if self._random.random() < 0.7:
                return 1_779_999_000 + 600 * self._random.randrange(3)
            case "device" if self._random.random() < 0.5:
                return self._random.randrange(1, 5)
        return self._random.choice(ODD)


def drill(stage: Stage, actor: Actor, seed: int) -> list[str]:
    """What ended the actor: its thread's own way of handling each message, without the thread."""
    source, complaints = Random(seed), []
    actor.on_start()
    for _ in range(MESSAGES):
        actor.actor_inbox.post(source.message())
        while (message := actor.actor_inbox.poll()) is not None:
            actor._handle_receive(message)
        if actor._error:
            complaints.append(actor._error)
            break
        stage.clock.advance(0.3)
    return complaints


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("wattkeeper").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("wattkeeper").setLevel(logging.NOTSET)


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("name", ["recorder", "installation", "access", "timekeeper", "timers"])
def test_no_message_ends_a_core_actor(name: str, tmp_path: Path) -> None:
    stage, store = Stage(), open_store(tmp_path)
    stage.views.publish(edit.INSTALLATION, installation())  # type: ignore[arg-type]
    made = {
        "recorder": lambda incarnation: Recorder(incarnation, store),
        "installation": lambda incarnation: InstallationActor(
            incarnation, lambda: (Installation(), None), lambda site: (), lambda site: None
        ),
        "access": lambda incarnation: AccessActor(incarnation, lambda: (Access(), Delays())),
        "timekeeper": lambda incarnation: Timekeeper(incarnation, TrustedClock(SystemClock(), 0, lambda: True)),
        "timers": lambda incarnation: Timers(incarnation, ("recorder",)),
    }[name]
    try:
        assert not drill(stage, stage.add(made(stage.incarnation(name))), len(name))
        if name == "recorder":
            _goes_on_writing(stage, store)
    finally:
        store.close()


def _goes_on_writing(stage: Stage, store: Any) -> None:
    recorder = stage.actors[0]
    reply = new_reply()
    recorder.actor_inbox.post(device.KeepRecords((("settings", "medium", {"folder": "\ud800"}),), reply=reply))
    while (message := recorder.actor_inbox.poll()) is not None:
        recorder._handle_receive(message)
    assert reply.get(timeout=0) is True
    assert store.records.get("settings", "medium") == {"folder": "\ud800"}
