"""The process: it makes ready what a server needs of the machine, and runs one until it is told to stop."""

from __future__ import annotations

import resource
import threading
from collections.abc import Callable

from actors.supervision.sdnotify import SystemdNotifier
from actors.supervision.watchdog import Watchdog
from runtime.app import STACK_BYTES, Server
from runtime.clock import SystemClock
from runtime.process import malloc
from runtime.process.bootguard import BootGuard
from runtime.process.logs import set_up_logging
from runtime.process.sharedmethods import share_methods
from runtime.process.signals import Signals
from runtime.settings import Settings
from runtime.store.upkeep.restore import ensure_whole
from runtime.store.upkeep.shrink import shrink_if_wanted

MOST_FILES = 16_384
ROOMS = ("runtime", "webui", "actors", "drivers")


def serve(settings: Settings, tell: Callable[[str], None]) -> str:
    """Run until SIGTERM or Ctrl-C.

    tell     gets a line that says where the pages are, then "ready"
    returns  why it could not go on, "" when it was told to stop
    """
    set_up_logging(SystemClock().monotonic)
    threading.stack_size(STACK_BYTES)
    malloc.settle()
    share_methods(ROOMS)
    _lift_file_limit()
    shrink_if_wanted(settings.data)
    restored = ensure_whole(settings.data)  # looks in a child: LMDB aborts on damaged pages
    wishes = Signals()
    server = Server(settings, on_fatal=wishes.stop)
    guard = BootGuard(settings.data)

    def come_to_health() -> None:
        guard.came_to_health()
        server.leave_safe_mode()

    watchdog = Watchdog(
        server.views, server.clock, SystemdNotifier(), on_well=guard.was_well, on_healthy=come_to_health
    )
    try:
        server.start(safe_mode=guard.safe_mode, failed_starts=guard.failed_starts)
        watchdog.start()
        if restored is not None:
            server.note("store_restored", f"from {restored.source.name}, since {restored.why}")
        tell(f"web {server.web.url}")
        if server.certificates is not None:
            tell(f"web {server.web.https_url}")
            tell(f"certificate SHA-256 {server.certificates.describe().fingerprint}")
        if settings.modbus is not None and (address := server.modbus_address()):
            tell(f"modbus {address}")
        tell("ready")
        while wishes.is_reload():
            server.reload()
    finally:
        watchdog.stop()
        server.stop()
    if not server.fatal:
        guard.came_to_health()
    return server.fatal


def _lift_file_limit() -> None:
    """A socket for each gateway, each browser and each master: more than the 1024 that are usual."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
