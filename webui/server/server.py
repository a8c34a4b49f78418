"""The web as a whole: the front, which clients reach, on the event loop; the page server behind it in its threads."""

from __future__ import annotations

import asyncio
import errno
import logging
import re
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from runtime.clock import Clock, SystemClock
from runtime.errors import ConfigError, Fault
from runtime.loop.loop import ProcessLoop
from runtime.settings import Address, WebSettings
from runtime.viewboard import Views
from webui.front.front import BACKLOG, Front, Listener
from webui.front.http.head import Head
from webui.front.http.hosts import Hosts, is_address
from webui.front.http.httpsonly import SecureOnly
from webui.front.http.limits import Limits
from webui.front.http.proxies import Proxies
from webui.front.tls.certificate import Certificates
from webui.front.tls.ownaddress import own_addresses
from webui.front.tls.renewal import Renewal
from webui.server.compression import packed
from webui.server.forgetful import forgetful
from webui.server.pageserver import PageServer
from webui.server.prefix import under_prefix
from webui.server.restarter import Restarter

log = logging.getLogger("wattkeeper.web")

DAY_S = 86_400
FRONT = "front"
_NAME = re.compile(r"[a-z0-9][a-z0-9._:-]{0,252}")  # what fits into a certificate
_REASONS = {
    errno.EADDRINUSE: "is in use by another program",
    errno.EACCES: "needs more rights than this user has",
    errno.EADDRNOTAVAIL: "is not an address of this machine",
}


class WebServer:
    """Serves ``app`` where ``settings`` say; port 0 takes a free one, ``url`` tells which after ``start``.

    certificates  for HTTPS
    loop       whose service the front is; None = one of its own
    on_failed  called with the reason when it cannot go on, from some thread
    is_known   whether a request comes with a login or a token; the others are held up when they are many
    """

    def __init__(
        self,
        app: Any,
        settings: WebSettings,
        *,
        certificates: Certificates | None = None,
        limits: Limits | None = None,
        clock: Clock | None = None,
        loop: ProcessLoop | None = None,
        on_failed: Callable[[str], None] = lambda why: None,
        is_known: Callable[[Head], bool] = lambda head: True,
    ) -> None:
        """Raises ConfigError for an address that is none."""
        self.http = numeric(settings.http, "--http")
        self.https = settings.https and numeric(settings.https, "--https")
        app = under_prefix(packed(forgetful(app)), settings.prefix)
        self._settings, self._certificates = settings, certificates
        self._limits = replace(limits or Limits(), strangers_share=settings.strangers_percent / 100)
        self._is_known = is_known
        self._listeners: list[socket.socket] = []
        monotonic = (clock or SystemClock()).monotonic
        self._beat = Renewal(certificates, monotonic).beat if certificates else lambda: None
        self._pages = PageServer(app, self._limits.largest_body)
        own = loop or ProcessLoop(Views(), monotonic, on_failed)
        self._own_loop = None if loop else Restarter("loop", own.fresh, monotonic, on_failed)
        self._loop = own

    @property
    def url(self) -> str:
        return f"http://{browser_address(self.http)}"

    @property
    def https_url(self) -> str:
        """ "" without HTTPS."""
        return f"https://{browser_address(self.https)}" if self.https else ""

    def start(self) -> None:
        """Raises ConfigError when a port cannot be had."""
        if self._certificates is not None:
            self._certificates.open()
        elif not self.http.host.startswith("127.") and self.http.host != "::1":
            log.warning("%s is open to others without HTTPS: codes cross the network in the clear (--https)", self.http)
        try:
            self.http = self._listen(self.http, "--http")
            if self.https:
                self.https = self._listen(self.https, "--https")
        except ConfigError:
            self._close()
            raise
        try:
            self._pages.start()
            self._loop.add(FRONT, self._make_front, core=True)
            if self._own_loop is not None:
                self._own_loop.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Closes all connections; returns within two seconds. A second call does nothing."""
        self._loop.remove(FRONT)
        if self._own_loop is not None:
            self._own_loop.stop()
        self._pages.stop()
        self._close()

    def _listen(self, address: Address, option: str) -> Address:
        listener = bound(address, option)
        self._listeners.append(listener)
        return Address(address.host, listener.getsockname()[1])

    def _close(self) -> None:
        for listener in self._listeners:
            listener.close()
        self._listeners.clear()

    def _make_front(self, loop: asyncio.AbstractEventLoop) -> Front:
        doors = [Listener(self._listeners[0].dup())]
        port = None
        if self.https:
            assert self._certificates is not None
            doors.append(Listener(self._listeners[1].dup(), self._certificates.context))
            port = self.https.port if self._settings.redirect else None
        secure = SecureOnly(port, self._settings.hsts_days * DAY_S)
        hosts, proxies = Hosts(self._settings.names), Proxies(self._settings.proxies)
        hand_over, known = self._pages.take, self._is_known
        return Front(loop, doors, hand_over, hosts, secure, proxies, self._limits, self._beat, is_known=known)


def certificates_of(settings: WebSettings, folder: Path, clock: Clock) -> Certificates:
    """Kept in ``folder``, for all names and addresses of this machine."""

    def names() -> tuple[list[str], list[str]]:
        told = {name for name in Hosts(settings.names).names if _NAME.fullmatch(name)}
        addresses = {name for name in told if is_address(name)}
        return sorted(told - addresses, key=lambda name: (name == "localhost", name)), [
            *own_addresses(),
            *sorted(addresses - {*own_addresses()}),
        ]

    return Certificates(folder, names, clock.now_ts)


def bound(address: Address, option: str) -> socket.socket:
    """A listener at that address. Raises ConfigError naming the option."""
    listener = socket.socket(socket.AF_INET6 if ":" in address.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if address.host == "::":
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)  # every address, the old ones too
    try:
        listener.bind((address.host, address.port))
        listener.listen(BACKLOG)  # who comes before the front is up waits in the queue
    except (OSError, OverflowError) as error:
        listener.close()
        reason = _REASONS.get(getattr(error, "errno", 0), str(error))
        raise _config_error(option, f"{address} {reason}", f"choose another with {option} HOST:PORT") from None
    return listener


def numeric(address: Address, option: str) -> Address:
    """An address of a machine, not a name: a name may mean another one tomorrow. Raises ConfigError."""
    host = "127.0.0.1" if address.host == "localhost" else address.host
    if not is_address(host):
        hint = "127.0.0.1 for this machine alone, 0.0.0.0 for all its addresses"
        raise _config_error(option, f"{address.host!r} is no IP address", hint)
    return Address(host, address.port)


def browser_address(address: Address) -> Address:
    """Where a browser finds it: "every address" is none that can be called."""
    if address.host not in ("0.0.0.0", "::"):
        return address
    mine = [own for own in own_addresses() if address.host == "::" or ":" not in own]
    return Address(next((own for own in mine if not own.startswith(("127.", "::1"))), "127.0.0.1"), address.port)


def _config_error(option: str, message: str, hint: str) -> ConfigError:
    return ConfigError([Fault(file=option, key="", message=message, hint=hint, code="http_address")])
