"""Slaves with bad manners on real sockets and a pseudo-terminal, and the actors that have to live with them."""

from __future__ import annotations

import contextlib
import os
import pty
import socket
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from actors.bus.bus import Bus
from actors.gateway.gateway import Gateway, Periods
from actors.mailbox.mailbox import Mailbox
from drivers.gateways import open_line
from runtime.core.decode.compiled import CompiledMap
from runtime.core.site.installation import DeviceSpec, GatewaySpec
from simulator.gateway.modbus import join_rtu, join_tcp, split_rtu, split_tcp
from tests.actors.stage import LiveStage, heard, joined

Answer = Callable[[int, int, int, int], bytes]  # (unit, function, address, count) -> whole PDU
QUICK = Periods(live_s=0.05, energy_s=0.05, slow_s=0.05, watched_s=0.05)


def registers(payload: bytes, function: int = 3) -> bytes:
    """The PDU that brings these registers."""
    return bytes([function, len(payload)]) + payload


class TcpSlave:
    """One thread a connection.

    tail     bytes sent after every answer
    most     connections at a time; more are closed at once
    idle_s   a connection that says nothing for so long is closed
    """

    def __init__(self, answer: Answer, *, tail: bytes = b"", most: int = 99, idle_s: float | None = None) -> None:
        self._answer, self._tail, self._most, self._idle_s = answer, tail, most, idle_s
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self.accepted = 0
        self.url = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self._listener.accept()
                if len(self._open) >= self._most:
                    peer.close()
                    continue
                self.accepted += 1
                self._open.add(peer)
                threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        peer.settimeout(self._idle_s)
        received = bytearray()
        with contextlib.suppress(OSError, ValueError):
            while chunk := peer.recv(4096):
                received += chunk
                for transaction, unit, pdu in split_tcp(received):
                    at, count = int.from_bytes(pdu[1:3]), int.from_bytes(pdu[3:5])
                    peer.sendall(join_tcp(transaction, unit, self._answer(unit, pdu[0], at, count)) + self._tail)
        self._open.discard(peer)
        peer.close()

    def close(self) -> None:
        self._listener.close()
        for peer in tuple(self._open):
            with contextlib.suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)


class PtySlave:
    """A serial line; ``spoil`` turns the frame that would be sent into what arrives."""

    def __init__(self, answer: Answer, spoil: Callable[[int, bytes], bytes]) -> None:
        self._answer, self._spoil = answer, spoil
        self._ours, self._theirs = pty.openpty()
        tty.setraw(self._theirs)
        self.url = f"rtu://{os.ttyname(self._theirs)}?baudrate=115200&parity=N&late_max_ms=50"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        received = bytearray()
        with contextlib.suppress(OSError):
            while True:
                received += os.read(self._ours, 4096)
                for unit, pdu in split_rtu(received):
                    at, count = int.from_bytes(pdu[1:3]), int.from_bytes(pdu[3:5])
                    os.write(self._ours, self._spoil(unit, join_rtu(unit, self._answer(unit, pdu[0], at, count))))

    def close(self) -> None:
        os.close(self._theirs)
        os.close(self._ours)


class Site:
    """A gateway and its bus at work on a slave; the recorder is played."""

    def __init__(
        self, url: str, compiled: CompiledMap, units: tuple[int, ...], interval_s: int, periods: Periods
    ) -> None:
        self.stage = LiveStage()
        self._recorder = Mailbox(self.stage.clock, owner="recorder")
        self.stage.directory.register("recorder", self._recorder)
        self.told: list[Any] = []
        devices = tuple(DeviceSpec(unit, f"Device {unit}", 1, unit, compiled.id) for unit in units)
        spec = GatewaySpec(1, "Hostile", url, timeout_ms=200)
        run, zone = self.stage.incarnation, ZoneInfo("UTC")
        gateway = Gateway(run("gateway.1"), spec, devices, {compiled.id: compiled}, interval_s, zone, periods=periods)
        bus = Bus(run("bus.1"), 1, url, partial(open_line), jitter=lambda: 0.0)
        self.actors = [self.stage.start(gateway), self.stage.start(bus)]

    def device(self, unit: int = 1) -> Any:
        return self.stage.views.get(f"device.{unit}")

    @property
    def bus(self) -> Any:
        return self.stage.views.get("bus.1")

    def recorded(self, kind: type) -> list[Any]:
        """What the recorder was told of that kind, so far."""
        self.told += heard(self._recorder)
        return [message for message in self.told if isinstance(message, kind)]

    @property
    def crashes(self) -> list[Any]:
        return [report for report in self.stage.reports if getattr(report, "reason", "") == "crashed"]

    def stop(self) -> None:
        for actor in reversed(self.actors):
            actor.ask_stop()
            actor.close_held()
            assert joined(actor)
        assert not self.crashes


@contextmanager
def site(
    slave: TcpSlave | PtySlave, compiled: CompiledMap, units: tuple[int, ...] = (1,), *, interval_s: int = 60,
    periods: Periods = QUICK,
) -> Iterator[Site]:  # fmt: skip
    made = Site(slave.url, compiled, units, interval_s, periods)
    try:
        yield made
    finally:
        made.stop()
        slave.close()
