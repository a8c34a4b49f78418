"""The composition root: the only place that knows everybody. It builds, starts and stops the server."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from actors.gateway.gateway import Periods
from actors.mailbox.reply import new_reply
from actors.message.device import EventReported
from actors.message.edit import EditInstallation
from actors.supervision.childspec import ChildSpec
from actors.supervision.root import Root
from runtime import __version__
from runtime.children import Children, gone
from runtime.clock import Clock, SystemClock, TrustedClock
from runtime.core.access.access import ACCESS_VIEW, FOREIGN_VIEW
from runtime.core.clock.clocktrust import CLOCK_VIEW
from runtime.core.map.offer import Offer
from runtime.core.modbusserver.serverview import MODBUS_SERVER_VIEW
from runtime.core.site.installation import INSTALLATION_VIEW, Installation
from runtime.core.site.sitezone import zone_of
from runtime.core.view import SAFE_MODE_VIEW, SafeMode
from runtime.errors import ConfigError
from runtime.loop.loop import ProcessLoop
from runtime.plugin.compiledmaps import Maps
from runtime.plugin.ownmaps import OwnMaps, folder_of
from runtime.plugin.plugins import Plugins, load_plugins
from runtime.plugin.sitecheck import Checker
from runtime.process.descriptors import clients_at_once, files_limit, kept_for_pages
from runtime.process.ntp import is_synchronised
from runtime.secret.accesssetup import prepare
from runtime.secret.secrets import Secrets
from runtime.secret.vault import Vault, pepper_of
from runtime.settings import Address, Settings
from runtime.store.env import open_store
from runtime.store.export.downloads import Downloads
from runtime.store.history import History
from runtime.store.object.access import load_access
from runtime.store.object.audit import AuditTrail
from runtime.store.object.site import load_current, load_or_create
from runtime.store.upkeep.newest import ahead_ms, newest_ts
from runtime.viewboard import Views
from webui.access.knownclient import known_of
from webui.app import build
from webui.front.http.limits import Limits
from webui.front.tls.certificate import Certificates
from webui.model.bridge import Bridge
from webui.server.server import WebServer, certificates_of

STACK_BYTES = 256 * 1024  # half a thousand threads: address space, not memory
MODBUS_S = 5.0  # until its port is open
NOTED_S = 10.0  # until the recorder is there, which takes events
SAFE_MODE_S = 600  # as long as health takes

log = logging.getLogger("wattkeeper")


class Server:
    """One data folder, served: the store, the actors that fill it, the pages that show it."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        periods: Periods | None = None,
        *,
        on_fatal: Callable[[], None] = lambda: None,
    ) -> None:
        """Open the store and read what is configured; no wire is touched. Raises ConfigError, StoreError.

        clock     believed as it is, unless it is a ``TrustedClock``; None = the machine's, once it can be trusted
        on_fatal  called from some thread when the process cannot go on; ``fatal`` says why
        """
        self._settings = settings
        self.fatal = ""  # why the process cannot go on
        self._tell_fatal = on_fatal
        self._began = self._safe_mode = False
        self.certificates: Certificates | None = None
        self._following = (
            threading.Lock()
        )  # edits come from the owner of the installation, reloads from the main thread
        self.views = Views()
        self.plugins = load_plugins(settings.plugins, folder_of(settings.data))
        self._pause = threading.Event()
        self.store = open_store(settings.data)
        try:
            self.clock = clock or TrustedClock(
                SystemClock(), newest_ts(self.store), is_synchronised, ahead_ms=ahead_ms(self.store)
            )
            if isinstance(self.clock, TrustedClock):
                self.views.publish(CLOCK_VIEW, self.clock.look())
            self.installation = load_or_create(self.store, self.clock.now_ts())
            vault = self._vault(settings)
            self.secrets = Secrets(vault, self.store.records.get)
            self.loop = ProcessLoop(self.views, self.clock.monotonic, lambda why: self._on_fatal("service_failed", why))
            self._roster = Children(
                self.store,
                self.clock,
                periods or Periods(),
                self._edited,
                self.loop,
                self.secrets,
                certificate_ends=lambda: self.certificates.ends_ts() if self.certificates else None,
                tls=lambda: self.certificates.context() if self.certificates else None,
                modbus=settings.modbus,
                demo=settings.demo,
            )
            self._take(self.plugins, self._mapped(self.plugins))
            self.installation = load_current(self.store, self._roster.checker.marked, self.clock.now_ts())
            self.root = Root(self.clock, self.views, self._on_fatal)
            self.web = self._web(settings, vault)
        except BaseException:
            self.store.close()
            raise

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.installation)

    def start(self, *, safe_mode: bool = False, failed_starts: int = 0) -> None:
        """Pages first: they say "starting" until the actors are there. Raises ConfigError when the port is taken.

        safe_mode  after too many starts that failed: pages and store only, no device is asked until it is left
        """
        for problem in self.plugins.problems:
            log.warning("%s", problem)
        if safe_mode:
            log.error(
                "safe mode: the last starts did not come to health, so no device is read; see the log before this"
            )
        if safe_mode:
            self.views.publish(SAFE_MODE_VIEW, SafeMode(failed_starts, self.clock.now_ts() + SAFE_MODE_S))
        lines = files_limit() - kept_for_pages(files_limit())
        if len(self.installation.gateways) > lines:
            short = len(self.installation.gateways) - lines
            log.warning("only %d files may be open: %d gateways go without (LimitNOFILE)", files_limit(), short)
        self.web.start()
        self._began = True
        self._safe_mode = safe_mode
        self.root.run(self._wanted())
        if safe_mode:
            self.note("safe_mode_begun", f"the last {failed_starts} starts failed")
        if self.views.get(FOREIGN_VIEW):
            self.note("access_key_foreign", "the codes open nothing here: run 'wattkeeper access reset' at the machine")

    def leave_safe_mode(self, by: str = "") -> None:
        """Read devices from now on. From any thread; a second call does nothing. ``by``: whoever wanted it."""
        with self._following:
            if not self._safe_mode:
                return
            self._safe_mode = False
            self.views.publish(SAFE_MODE_VIEW, None)
            self._follow()
        self.note("safe_mode_left", f"by {by}" if by else "after ten well minutes")

    def reload(self) -> None:
        """Take what plugins.toml and its folder of maps say now; only gateways whose devices' maps changed start anew.

        A mistake is told in the log and leaves everything as it was.
        """
        try:
            plugins = load_plugins(self._settings.plugins, folder_of(self._settings.data))
        except ConfigError as error:
            log.error("nothing was reloaded: %s", error)
            return
        with self._following:
            maps = self._mapped(plugins)
            if lost := self._maps.of.keys() - maps.of.keys():
                log.error("nothing was reloaded: no map for device %s any more", ", ".join(map(str, sorted(lost))))
                return
            self._take(plugins, maps)
            self._follow()
        self.root.directory.post("installation", EditInstallation(lambda site: site, "", new_reply(), source="reload"))
        for problem in plugins.problems:
            log.warning("%s", problem)
        log.info("reloaded: %d maps", len(plugins.maps))

    def _edited(self, installation: Installation) -> None:
        """In the thread of its owner, after each edit: start, stop and replace only what differs."""
        with self._following:
            before, self.installation = self.installation, installation
            self._maps.follow(installation)
            self._follow()
        for view in gone(before, installation):
            self.views.withdraw(view)

    def _follow(self) -> None:
        if self._began:
            self.root.follow(self._wanted())

    def _mapped(self, plugins: Plugins) -> Maps:
        maps = Maps(plugins)
        maps.follow(self.installation)
        return maps

    def _take(self, plugins: Plugins, maps: Maps) -> None:
        self.plugins, self._maps = plugins, maps
        self._roster.take(plugins, maps, Checker(plugins, self.clock))

    def _wanted(self) -> list[ChildSpec]:
        children = self._roster.children(self.installation)
        return [spec for spec in children if spec.core or not self._safe_mode]

    def modbus_address(self) -> str:
        """Where the Modbus server listens, as soon as it does; "" when it does not come to it soon."""
        until = self.clock.monotonic() + MODBUS_S
        while self.clock.monotonic() < until:
            view = self.views.get(MODBUS_SERVER_VIEW)
            if view is not None and (view.port or view.trouble):
                return str(Address(view.host, view.port)) if view.port else ""
            self._pause.wait(0.02)
        return ""

    def note(self, code: str, detail: str) -> None:
        """Report an event of the server as a whole. Waits for the recorder, which may just be starting."""
        log.error("%s: %s", code, detail)
        event, until = EventReported(self.clock.now_ms(), "server", code, detail), self.clock.monotonic() + NOTED_S
        while not self.root.directory.post("recorder", event) and self.clock.monotonic() < until:
            self._pause.wait(0.01)

    def stop(self) -> None:
        """Everything in reverse; the store is closed when its writer has ended."""
        self.web.stop()
        if not self._began or self.root.stop():
            self.store.close()
        else:
            log.error("an actor did not end in time; the store is left to the kernel")

    def _vault(self, settings: Settings) -> Vault:
        """Nobody gets in before it is known who may."""
        vault = Vault(pepper_of(settings.data))
        fits = prepare(self.store, vault, demo=settings.demo)
        self.views.publish(ACCESS_VIEW, load_access(self.store))
        self.views.publish(FOREIGN_VIEW, not fits)
        return vault

    def _web(self, settings: Settings, vault: Vault) -> WebServer:
        web = settings.web()
        self.certificates = certificates_of(web, settings.data, self.clock) if web.https else None
        return WebServer(
            build(self._bridge(), vault),
            web,
            clock=self.clock,
            certificates=self.certificates,
            limits=_limits(),
            loop=self.loop,
            on_failed=lambda why: self._on_fatal("web_failed", why),
            is_known=known_of(self.views, self.clock),
        )

    def _bridge(self) -> Bridge:
        return Bridge(
            views=self.views,
            history=History(self.store),
            installation=lambda: self.views.get(INSTALLATION_VIEW, self.installation),
            clock=self.clock,
            post=self.root.directory.post,
            version=__version__,
            map_of=lambda device: self._maps.of.get(device),
            demo=self._settings.demo,
            audit=AuditTrail(self.store),
            offer=lambda: Offer(tuple(self.plugins.families), self.plugins.maps, self.plugins.makers),
            schemes=lambda: self.plugins.schemes,
            checker=lambda: self._roster.checker,
            outlets=lambda: self.plugins.outlets,
            secrets=self.secrets,
            own_maps=OwnMaps(folder_of(self._settings.data), self.reload),
            downloads=Downloads(self._settings.data),
            certificates=self.certificates,
            leave_safe_mode=self.leave_safe_mode,
        )

    def _on_fatal(self, code: str, sentence: str) -> None:
        self.fatal = f"{code}: {sentence}"
        self._tell_fatal()


def _limits() -> Limits:
    """No more clients than there are descriptors for beside the devices."""
    usual, most = Limits(), clients_at_once(files_limit())
    each = min(usual.connections_per_address, max(4, most // 2))
    return replace(usual, connections=min(usual.connections, most), connections_per_address=each)
