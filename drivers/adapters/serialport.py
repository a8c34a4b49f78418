"""A serial port with one user: pyserial opens and configures it, reading is poll and the bare file descriptor."""

from __future__ import annotations

import errno
import fcntl
import math
import os
import select
import termios
from contextlib import suppress
from dataclasses import dataclass

import serial

from drivers.adapters.connection import SHORT
from runtime.errors import LinkDown
from runtime.process.descriptors import check_room
from runtime.process.namedpath import terminal

_SILENCE_LEAST_S = 0.00175  # above 19200 baud (Modbus over serial line V1.02, 2.5.1.1)
_MISSING = (errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.EIO)
_BUSY = (errno.EBUSY, errno.EAGAIN)


@dataclass(frozen=True, slots=True)
class PortSettings:
    """How a port is used. ``parity`` is N, E or O."""

    path: str
    baudrate: int = 19200
    parity: str = "E"
    stopbits: int = 1

    @property
    def character_s(self) -> float:
        """Seconds of one character: start bit, eight bits, parity, stop bits."""
        return (9 + (self.parity != "N") + self.stopbits) / self.baudrate

    @property
    def silence_s(self) -> float:
        """Three and a half characters between frames."""
        return _SILENCE_LEAST_S if self.baudrate > 19200 else 3.5 * self.character_s


class SerialPort:
    """Bytes to and from one serial port. One user; only ``wake`` is for other threads."""

    def __init__(self, settings: PortSettings) -> None:
        self.settings = settings
        self.name = settings.path
        self.character_s = settings.character_s
        self.silence_s = self.repeat_s = settings.silence_s
        self._port: serial.Serial | None = None
        self._alarm = -1  # an eventfd: readable once somebody wants the reader to give up
        self._woken = False
        self._poll = select.poll()
        self._poll_out = select.poll()

    @property
    def is_open(self) -> bool:
        return self._port is not None

    def open(self) -> None:
        self.hang_up()
        if self._woken:
            raise LinkDown("link_closed", f"{self.name} was closed on purpose")
        settings = self.settings
        try:
            check_room()
            with terminal(settings.path) as path:  # nothing else is ever opened, not even to look at it
                port = serial.Serial(
                    path,
                    settings.baudrate,
                    parity=settings.parity,
                    stopbits=settings.stopbits,
                    timeout=0,
                    exclusive=True,
                )
        except (OSError, ValueError, termios.error) as error:  # SerialException is an OSError
            raise self._why(error) from error
        self._port = port
        self._alarm = os.eventfd(1 if self._woken else 0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._prepare(port)

    def _prepare(self, port: serial.Serial) -> None:
        try:
            fcntl.ioctl(port.fileno(), termios.TIOCEXCL)  # pyserial's lock stops only those who ask for one
            port.set_low_latency_mode(True)
        except (OSError, NotImplementedError, ValueError):
            pass  # a comfort that not every driver offers
        self._poll = _watching(port.fileno(), select.POLLIN, self._alarm)
        self._poll_out = _watching(port.fileno(), select.POLLOUT, self._alarm)

    def send(self, frame: bytes, within_s: float) -> None:
        """Raises LinkDown, and hangs up, when the port does not take the bytes in time; none of them goes out later."""
        fd = self._fd()
        while frame:
            if not self._poll_out.poll(math.ceil(within_s * 1000)):
                self._discard(fd)
                self.hang_up()
                raise LinkDown("link_timeout", f"{self.name} takes no bytes: check the adapter and its flow control")
            self._check_alarm()
            try:
                frame = frame[os.write(fd, frame) :]
            except OSError as error:
                self.hang_up()
                raise self._why(error) from error

    def receive(self, most: int, wait_s: float) -> bytes:
        """Up to ``most`` bytes as soon as there are any; b"" when none came in time. Raises LinkDown."""
        fd = self._fd()
        if not self._poll.poll(max(0, math.ceil(wait_s * 1000))):
            return b""
        self._check_alarm()
        try:
            taken = os.read(fd, most)
        except BlockingIOError:
            return b""
        except OSError as error:
            self.hang_up()
            raise self._why(error) from error
        if not taken:
            self.hang_up()
            raise LinkDown("link_lost", f"{self.name} went away: check the adapter and its plug")
        return taken

    @staticmethod
    def _discard(fd: int) -> None:
        """Closing would wait for bytes that nobody takes."""
        with suppress(OSError, termios.error):
            termios.tcflush(fd, termios.TCOFLUSH)

    def hang_up(self) -> None:
        if self._port is not None:
            self._port.close()
            self._port = None
            os.close(self._alarm)
            self._alarm = -1

    def wake(self) -> None:
        """End whatever call waits, now and in future."""
        self._woken = True
        if self._alarm >= 0:
            os.eventfd_write(self._alarm, 1)

    def _fd(self) -> int:
        if self._port is None:
            raise LinkDown("link_lost", f"{self.name} is not open")
        return int(self._port.fileno())

    def _check_alarm(self) -> None:
        if self._woken:
            self.hang_up()
            raise LinkDown("link_closed", f"{self.name} was closed on purpose")

    @property
    def _is_elsewhere(self) -> bool:
        return not os.path.normpath(self.name).startswith("/dev/")

    def _why(self, error: Exception) -> LinkDown:
        code = getattr(error, "errno", None)
        text = str(error)
        if code == errno.ENOTTY or (
            code in (*_MISSING, errno.EACCES, errno.ENOTDIR, errno.ELOOP) and self._is_elsewhere
        ):
            return LinkDown("port_unfit", f"{self.name} is no serial port")  # nor is told whether there is such a file
        if code in SHORT:
            return LinkDown("machine_short", f"no {SHORT[code]} left to open {self.name}")
        if code in _BUSY or "exclusively lock" in text:
            return LinkDown("port_busy", f"{self.name} is in use by another program: stop that one")
        if code == errno.EACCES:
            return LinkDown(
                "port_denied", f"{self.name} may not be opened by this user: add it to the port's group (dialout)"
            )
        if self._port is not None or code == errno.EIO:
            return LinkDown("link_lost", f"{self.name} went away: check the adapter and its plug")
        if code in _MISSING:
            return LinkDown(
                "port_missing", f"there is no port {self.name}: check the adapter; /dev/serial/by-id keeps its name"
            )
        return LinkDown("port_unfit", f"{self.name} cannot be used with these settings: {text}")


def _watching(fd: int, event: int, alarm: int) -> select.poll:
    poll = select.poll()
    poll.register(fd, event)
    poll.register(alarm, select.POLLIN)
    return poll
