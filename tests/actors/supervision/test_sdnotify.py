from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from actors.supervision.sdnotify import SystemdNotifier


@pytest.fixture(params=["path", "abstract"])
def systemd(request, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """systemd's end of the socket and its name as in NOTIFY_SOCKET."""
    name = str(tmp_path / "notify") if request.param == "path" else f"@wattkeeper-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
        end.bind(name.replace("@", "\0", 1))
        end.settimeout(5)
        yield end, name


def test_systemd_hears_what_it_is_told(systemd):
    end, name = systemd
    notifier = SystemdNotifier({"NOTIFY_SOCKET": name})
    assert [tell() for tell in (notifier.ready, notifier.beat, notifier.stopping)] == [True] * 3
    notifier.status("12 gateways,\n3 silent")
    assert [end.recv(200) for _ in range(4)] == [
        b"READY=1",
        b"WATCHDOG=1",
        b"STOPPING=1",
        b"STATUS=12 gateways, 3 silent",
    ]


def test_without_systemd_nobody_is_told():
    assert not SystemdNotifier({}).ready()


def test_a_systemd_that_went_away_harms_nobody(tmp_path):
    assert not SystemdNotifier({"NOTIFY_SOCKET": str(tmp_path / "gone")}).beat()


def test_a_full_socket_is_not_waited_for(systemd):
    _end, name = systemd
    notifier = SystemdNotifier({"NOTIFY_SOCKET": name})
    while notifier.beat():
        pass
    assert not notifier.beat()


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, 0.0),
        ({"WATCHDOG_USEC": "soon"}, 0.0),
        ({}, 0.0),
    ],
)
def test_the_watchdogs_patience_is_for_the_process_it_is_meant_for(environ, seconds):
    assert SystemdNotifier(environ).watchdog_s == seconds
