"""The owner of the server: images of what is booked and live, one event of what is refused, a port that is taken."""

from __future__ import annotations

import logging
import socket

import pytest

from actors.mailbox.reply import answer, refuse
from actors.message.device import EventReported, KeepRecords
from actors.modbusserver.modbusserver import (
    EVENT_EACH_S,
    KEEP_AGAIN_S,
    LISTEN_AGAIN_S,
    PUBLISH_S,
    ModbusServer,
    _Refused,
    _Wrote,
)
from runtime.core.modbus.request import Request
from runtime.core.modbus.serverresource import ModbusServerSpec
from runtime.core.modbusserver.allocation import ALLOCATION_VIEW, HEAD_WORDS
from runtime.core.modbusserver.liveenergy import ENERGY
from runtime.core.modbusserver.serverview import MODBUS_SERVER_VIEW
from runtime.core.site.installation import INSTALLATION_VIEW, DeviceSpec, Installation
from runtime.core.view import DEVICE_VIEWS, DeviceView
from runtime.errors import StoreError
from runtime.loop.loop import ProcessLoop
from runtime.store.env import open_store
from tests.actors.stage import Stage, heard

SITE = Installation(version=1, devices=(DeviceSpec(1, "Saws", 1, 1, "m"),))


LIVE = DeviceView(1, "", 1, "on", (ENERGY,), (5,), (1_780_000_000_000,), (0,))


class Scene:
    def __init__(self, store, port=0):
        self.stage, self.store = Stage(), store
        self.recorder = self.stage.mailbox("recorder")
        self.stage.views.publish(INSTALLATION_VIEW, SITE)
        self.loop = ProcessLoop(self.stage.views, self.stage.clock.monotonic)
        spec = ModbusServerSpec(1, on=True, host="127.0.0.1", port=port)
        self.server = self.stage.add(
            ModbusServer(self.stage.incarnation("modbusserver"), spec, store, self.loop, "1.2.3")
        )

    @property
    def view(self):
        return self.stage.views.get(MODBUS_SERVER_VIEW)

    def read(self, remote_id):
        return self.server._board.images[247].read(remote_id, 4)

    def passes(self, seconds):
        self.stage.clock.advance(seconds)
        self.stage.play()

    def events(self):
        return [(each.code, each.detail) for each in heard(self.recorder) if isinstance(each, EventReported)]


@pytest.fixture
def scene(tmp_path):
    store = open_store(tmp_path)
    made = Scene(store)
    yield made
    made.server.on_end()
    store.close()


def test_it_listens_and_what_is_read_shows_in_the_next_image(scene):
    assert scene.view.port and scene.view.trouble is None
    assert scene.read(10_001) == 6
    scene.stage.views.publish(DEVICE_VIEWS.of(1), LIVE)
    scene.passes(PUBLISH_S)
    assert scene.read(10_001) == bytes(8)


def test_registers_are_given_once_they_are_on_disk_and_are_the_same_after_a_restart(scene, tmp_path):
    scene.stage.views.publish(DEVICE_VIEWS.of(1), LIVE)
    scene.passes(PUBLISH_S)
    (asked,) = [each for each in heard(scene.recorder) if isinstance(each, KeepRecords)]
    assert len(scene.server._board.images[246]) == HEAD_WORDS
    with scene.store.writing() as txn:
        for kind, key, record in asked.records:
            scene.store.records.put(txn, kind, key, record)
    answer(asked.reply, True)
    scene.passes(PUBLISH_S)
    scene.passes(PUBLISH_S)
    given = scene.stage.views.get(ALLOCATION_VIEW)
    assert len(scene.server._board.images[246]) == given.end > HEAD_WORDS
    again = Scene(scene.store)
    assert again.stage.views.get(ALLOCATION_VIEW) == given
    again.server.on_end()


def test_registers_that_could_not_be_kept_are_asked_for_again_after_a_while(scene):
    scene.stage.views.publish(DEVICE_VIEWS.of(1), LIVE)
    scene.passes(PUBLISH_S)
    (asked,) = [each for each in heard(scene.recorder) if isinstance(each, KeepRecords)]
    refuse(asked.reply, StoreError("store_full", "no room"))
    scene.passes(KEEP_AGAIN_S / 2)
    assert not [each for each in heard(scene.recorder) if isinstance(each, KeepRecords)]
    scene.passes(KEEP_AGAIN_S)
    assert [each for each in heard(scene.recorder) if isinstance(each, KeepRecords)]


def test_what_an_address_may_not_is_one_event_in_a_while(scene):
    for _ in range(5):
        scene.server.on_receive(_Refused("modbus_write_refused", "10.0.0.9", "10.0.0.9: unit 247, function 6"))
    scene.server.on_receive(_Refused("modbus_write_refused", "10.0.0.8", "10.0.0.8: unit 247, function 6"))
    assert scene.events() == [
        ("modbus_write_refused", "10.0.0.9: unit 247, function 6"),
        ("modbus_write_refused", "10.0.0.8: unit 247, function 6"),
    ]
    scene.passes(EVENT_EACH_S)
    scene.server.on_receive(_Refused("modbus_write_refused", "10.0.0.9", "again"))
    assert scene.events() == [("modbus_write_refused", "again")]


def test_each_write_to_the_bus_is_an_event_and_repeated_ones_are_counted(scene):
    wrote = _Wrote("10.0.0.9", Request(5, 16, 12, 2, bytes(4)), 0)
    for _ in range(3):
        scene.server.on_receive(wrote)
    scene.server.on_receive(_Wrote("10.0.0.9", wrote.request, 11))
    write = "10.0.0.9: unit 5, function 16, register 12, count 2"
    assert scene.events() == [("modbus_write_passed", write), ("modbus_write_passed", write + ", exception 11")]
    scene.passes(EVENT_EACH_S)
    assert scene.events() == [("modbus_write_passed", write + ", 2 times more")]


def test_a_port_that_is_taken_is_one_event_and_is_tried_again(tmp_path, caplog):
    caplog.set_level(logging.CRITICAL + 1, "wattkeeper")
    store = open_store(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as other:
        scene = Scene(store, other.getsockname()[1])
        scene.passes(LISTEN_AGAIN_S)
        assert scene.view.trouble.code == "modbus_port_taken" and not scene.view.port
        assert [code for code, _ in scene.events()] == ["modbus_port_taken"]
    scene.passes(LISTEN_AGAIN_S)
    assert scene.view.port and scene.view.trouble is None
    scene.server.on_end()
    assert not scene.view.port
    store.close()
