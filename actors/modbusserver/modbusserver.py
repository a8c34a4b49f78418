"""The owner of the Modbus TCP server: listens, swaps the images of its registers, and reports who was refused."""

from __future__ import annotations

import asyncio
import logging
import socket
from dataclasses import dataclass
from typing import assert_never

from actors.mailbox.base import Actor, Incarnation
from actors.mailbox.reply import Forwarded
from actors.message.device import Begin, EventReported, KeepRecords
from actors.modbusserver.board import ImageBoard
from actors.modbusserver.imager import Imager
from actors.modbusserver.listener import listen
from actors.modbusserver.service import ModbusService
from runtime.core.modbus.request import Request
from runtime.core.modbus.serverresource import ModbusServerSpec
from runtime.core.modbusserver.allocation import ALLOCATION_VIEW, Allocation, as_record, from_record
from runtime.core.modbusserver.liveenergy import BookedEnergy
from runtime.core.modbusserver.serverview import MODBUS_SERVER_VIEW, ModbusServerView
from runtime.core.modbusserver.writetrail import WriteTrail, describe_write
from runtime.core.servertree.node import SERVER_TREE_VIEW
from runtime.core.site.installation import INSTALLATION_VIEW, Installation
from runtime.core.view import DEVICE_VIEWS, RECORDER_VIEW, DeviceView, Trouble
from runtime.errors import DriverError
from runtime.loop.loop import ProcessLoop
from runtime.store.energy.booked import booked_energy
from runtime.store.env import Store

log = logging.getLogger("wattkeeper.modbus")

SERVICE = "modbus"
PUBLISH_S = 0.5  # an image is never older than a second
LISTEN_AGAIN_S = 30.0
KEEP_AGAIN_S = 30.0
KIND, KEY = "modbustable", "now"  # of the record of given registers
EVENT_EACH_S = 600.0  # of one address
MOST_NOTED = 256  # addresses


@dataclass(frozen=True, slots=True)
class _Publish:
    """Swap the images. Modbus server -> itself."""


@dataclass(frozen=True, slots=True)
class _Listen:
    """Try the port again. Modbus server -> itself."""


@dataclass(frozen=True, slots=True)
class _Refused:
    """Somebody wanted what is not allowed. Event loop -> the actor."""

    code: str
    address: str
    detail: str


@dataclass(frozen=True, slots=True)
class _Wrote:
    """A master wrote to the bus, or tried. Threads of the bus -> the actor.

    exception  what it was answered, 0 = it was carried out
    """

    master: str
    request: Request
    exception: int


@dataclass(frozen=True, slots=True)
class _Kept:
    """Registers were given and are on disk. Recorder, by its reply -> the Modbus server."""

    allocation: Allocation


@dataclass(frozen=True, slots=True)
class _NotKept:
    """They could not be kept. Recorder, by its reply -> the Modbus server."""


Inbox = Begin | _Publish | _Listen | _Refused | _Wrote | _Kept | _NotKept


class ModbusServer(Actor):
    """Named ``modbusserver``; lives while the server is switched on. Publishes ``ModbusServerView``."""

    def __init__(
        self, incarnation: Incarnation, spec: ModbusServerSpec, store: Store, loop: ProcessLoop, version: str
    ) -> None:
        super().__init__(incarnation)
        self._spec, self._store, self._loop, self._version = spec, store, loop, version
        self._board = ImageBoard()
        self._listener: socket.socket | None = None
        self._trouble: Trouble | None = None
        self._imager, self._booked = Imager(), BookedEnergy()
        self._booked_of: tuple[int, int] | None = None  # version of the tree, number of the commit
        self._keep_at = 0.0  # monotonic: not before then is an allocation to be kept
        self._is_full = False
        self._noted_at: dict[tuple[str, str], float] = {}
        self._writes = WriteTrail()

    def on_receive(self, message: Inbox) -> None:
        match message:
            case _Publish():
                self._publish_images()
                self._report_writes(self._writes.due(self.clock.monotonic()))
                self.post_later(PUBLISH_S, message)
            case _Listen():
                self._listen()
            case _Refused():
                self._note_refused(message)
            case _Wrote():
                write = describe_write(message.master, message.request, message.exception)
                self._report_writes(self._writes.note(write, self.clock.monotonic()))
            case _Kept(allocation=allocation):
                self._take(allocation)
            case _NotKept():
                self._keep_at = self.clock.monotonic() + KEEP_AGAIN_S
            case Begin():
                self._take(from_record(self._store.records.get(KIND, KEY)))
                self._publish_images()
                self._listen()
                self.post_later(PUBLISH_S, _Publish())
            case _:
                assert_never(message)

    def on_end(self) -> None:
        self._report_writes(self._writes.take_all())
        self._loop.remove(SERVICE)
        if self._listener is not None:
            self._listener.close()
        self.publish(MODBUS_SERVER_VIEW, ModbusServerView())
        self.incarnation.views.withdraw(ALLOCATION_VIEW)

    # ---- the port

    def _listen(self) -> None:
        try:
            self._listener = listen(self._spec.host, self._spec.port)
        except DriverError as error:
            if self._trouble is None:
                log.error("%s", error.message)
                self._report(error.code, error.message)
                self._trouble = Trouble(error.code, error.message, self.clock.now_ms())
            self.post_later(LISTEN_AGAIN_S, _Listen())
        else:
            self._trouble = None
            self._loop.add(SERVICE, self._make_service)
        self._show()

    def _make_service(self, loop: asyncio.AbstractEventLoop) -> ModbusService:
        """In the thread of the event loop, anew in each of its lives."""
        assert self._listener is not None
        return ModbusService(
            loop, self._listener.dup(), self._board, self._spec, self.clock, self._version, self.post,
            on_stranger=lambda address: self.post_self(_Refused("modbus_client_refused", address, address)),
            on_write=lambda address, unit, function: self.post_self(
                _Refused("modbus_write_refused", address, f"{address}: unit {unit}, function {function}")
            ),
            on_written=lambda *wrote: self.post_self(_Wrote(*wrote)),
        )  # fmt: skip

    # ---- images

    def _publish_images(self) -> None:
        site = self.incarnation.views.get(INSTALLATION_VIEW)
        if site is None:  # nobody knows yet what there is
            return
        self._read_booked(site)
        views = self.incarnation.views
        by_device = {
            spec.id: view for spec in site.devices if (view := views.get(DEVICE_VIEWS.of(spec.id))) is not None
        }
        root = views.get(SERVER_TREE_VIEW)
        self._board.images = self._imager.images(site, self._booked, by_device, root, self.clock.now_ms())
        self._give_registers(site, by_device)
        self._show()

    def _give_registers(self, site: Installation, by_device: dict[int, DeviceView]) -> None:
        """What has none yet gets some; nobody reads them before they are on disk."""
        if self.clock.monotonic() < self._keep_at:
            return
        wanted, all_fit = self._imager.allocate(site, by_device)
        if not all_fit and not self._is_full:
            self._is_full = True
            self._report("modbus_table_full", f"{len(self._imager.allocation.blocks)} blocks")
        if wanted is not self._imager.allocation:
            self._keep_at = self.clock.monotonic() + KEEP_AGAIN_S
            reply = Forwarded(lambda kept: self.post_self(_Kept(wanted)), lambda error: self.post_self(_NotKept()))
            self.post("recorder", KeepRecords(((KIND, KEY, as_record(wanted)),), reply=reply))

    def _take(self, allocation: Allocation) -> None:
        self._imager.allocation, self._keep_at = allocation, 0.0
        self.publish(ALLOCATION_VIEW, allocation)

    def _read_booked(self, site: Installation) -> None:
        """What is booked changes with commits only."""
        recorder = self.incarnation.views.get(RECORDER_VIEW)
        newest = (site.version, recorder.commits if recorder is not None else 0)
        if newest != self._booked_of:
            self._booked, self._booked_of = booked_energy(self._store, site), newest

    def _show(self) -> None:
        port = 0 if self._listener is None else self._listener.getsockname()[1]
        board = self._board
        view = ModbusServerView(self._spec.host, port, board.masters, board.refused, self._trouble)
        self.publish(MODBUS_SERVER_VIEW, view)

    # ---- events

    def _note_refused(self, refused: _Refused) -> None:
        """One event of an address in a while, however often it tries."""
        now, key = self.clock.monotonic(), (refused.code, refused.address)
        noted_at = self._noted_at.get(key)
        if noted_at is not None and now - noted_at < EVENT_EACH_S:
            return
        if len(self._noted_at) >= MOST_NOTED:
            self._noted_at.clear()
        self._noted_at[key] = now
        self._report(refused.code, refused.detail)

    def _report_writes(self, writes: tuple[str, ...]) -> None:
        for write in writes:
            self._report("modbus_write_passed", write)

    def _report(self, code: str, detail: str) -> None:
        self.post("recorder", EventReported(self.clock.now_ms(), "server", code, detail))
