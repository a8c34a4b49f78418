"""All that the web may know and do: views, the read side of the store, the installation, the clock, a post box."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from actors.mailbox.reply import Reply, new_reply, wait_for
from actors.message.scan import SCAN_VIEWS, ScanView
from runtime.clock import Clock
from runtime.core.alert.outletkind import OutletKind
from runtime.core.clock.clocktrust import CLOCK_VIEW, ClockView
from runtime.core.decode.decoder import Decoder
from runtime.core.machine import MACHINE_VIEW, MachineView
from runtime.core.map.offer import Offer
from runtime.core.poll.trace import TRACE_VIEWS, Trace
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.defaults import shown_address
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.core.site.sitezone import zone_of
from runtime.core.source.scheme import Scheme, Schemes, scheme_of
from runtime.core.view import (
    ARCHIVIST_VIEW,
    BUS_VIEWS,
    DEVICE_VIEWS,
    GATEWAY_VIEWS,
    JOBS_VIEW,
    LOOP_VIEW,
    RECOMPUTE_VIEW,
    RECORDER_VIEW,
    SUPERVISOR_VIEW,
    ArchivistView,
    BusView,
    ChildState,
    DeviceView,
    GatewayView,
    JobsView,
    RecomputeView,
    RecorderView,
    ServiceState,
)
from runtime.errors import WattkeeperError
from runtime.plugin.ownmaps import OwnMaps
from runtime.plugin.sitecheck import Checker
from runtime.secret.secrets import Secrets
from runtime.store.export.downloads import Downloads
from runtime.store.history import History
from runtime.store.object.audit import AuditTrail
from runtime.viewboard import Views
from webui.front.tls.certificate import Certificates


def _no_map(_device: int) -> Decoder | None:
    """For pages that stand alone."""
    return None


@dataclass(frozen=True, slots=True)
class Bridge:
    """Pages and API hold one of these and nothing else.

    installation  the newest installation
    post          (name, message) -> whether somebody of that name is there
    version       of the program
    map_of        what a device is read by, by its id
    demo          this is the demo: it shows a page more
    audit         who changed what of the installation; None = nobody noted it
    offer         what the loaded plugins offer to an installer
    schemes       the ways to reach devices that they offer
    checker       what knows all rules of an installation; None = for pages that stand alone
    certificates  that the web is reached by; None = HTTPS is off
    own_maps      that installers filled in; None = for pages that stand alone
    outlets       the kinds of outlets that the loaded plugins offer
    secrets       of outlets, to be sealed; None = for pages that stand alone
    downloads     of data, with their folder; None = for pages that stand alone
    leave_safe_mode  read devices from now on, as whoever is named wants it
    """

    views: Views
    history: History
    installation: Callable[[], Installation]
    clock: Clock
    post: Callable[[str, object], bool]
    version: str
    map_of: Callable[[int], Decoder | None] = _no_map
    demo: bool = False
    audit: AuditTrail | None = None
    offer: Callable[[], Offer] = Offer
    schemes: Callable[[], Schemes] = dict
    checker: Callable[[], Checker] | None = None
    certificates: Certificates | None = None
    own_maps: OwnMaps | None = None
    outlets: Callable[[], Mapping[str, OutletKind]] = dict
    secrets: Secrets | None = None
    downloads: Downloads | None = None
    leave_safe_mode: Callable[[str], None] = lambda by: None

    def ask(
        self, to: str, make: Callable[[Reply[Any]], object], within_s: float, absent: WattkeeperError | None = None
    ) -> Any:
        """What ``to`` answers to the message that ``make`` puts a reply box into.

        Raises the WattkeeperError it was refused with, ``no_reply`` when time is up, and when nobody of that name is
        there ``absent``, else ``owner_restarted``.
        """
        reply = new_reply()
        if not self.post(to, make(reply)):
            raise absent or WattkeeperError("owner_restarted", f"{to} is just being started; ask again")
        return wait_for(reply, within_s)

    def checked(self) -> Checker:
        """What knows all rules of an installation."""
        assert self.checker is not None
        return self.checker()

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.installation())

    def devices(self) -> tuple[DeviceView, ...]:
        """All devices of the installation in its order; those that nobody has published yet are unknown or off."""
        off = {gateway.id for gateway in self.installation().gateways if not gateway.on}
        return tuple(self._view(spec, spec.on and spec.gateway not in off) for spec in self.installation().devices)

    def device(self, id: int) -> DeviceView | None:
        spec = self.installation().device(id)
        return None if spec is None else self.view_of(spec)

    def gateways(self) -> tuple[GatewayView, ...]:
        return tuple(self.gateway_view_of(spec) for spec in self.installation().gateways)

    def gateway(self, id: int) -> GatewayView | None:
        spec = self.installation().gateway(id)
        return None if spec is None else self.gateway_view_of(spec)

    def scheme(self, spec: GatewaySpec) -> Scheme:
        """The way that a gateway is reached."""
        return scheme_of(spec.url, self.schemes())

    def shown_address(self, spec: GatewaySpec) -> str:
        return shown_address(spec, self.schemes())

    def bus(self, id: int) -> BusView:
        """The bus of a gateway has the gateway's id."""
        view = self.views.get(BUS_VIEWS.of(id))
        return view if view is not None else BusView(id)

    def trace(self, gateway: int) -> Trace | None:
        """The last transactions of a gateway's bus; None while there is no bus."""
        return self.views.get(TRACE_VIEWS.of(gateway))

    def scan(self, gateway: int) -> ScanView | None:
        """The newest search for devices behind a gateway; None = there was none since the start."""
        return self.views.get(SCAN_VIEWS.of(gateway))

    def clock_state(self) -> ClockView:
        """Whether the clock is right; a clock that nobody watches is."""
        return self.views.get(CLOCK_VIEW, ClockView())

    def machine(self) -> MachineView:
        """The computer itself; empty while nobody has looked."""
        return self.views.get(MACHINE_VIEW, MachineView())

    def archivist(self) -> ArchivistView | None:
        return self.views.get(ARCHIVIST_VIEW)

    def jobs(self) -> JobsView:
        """The queue of heavy work."""
        return self.views.get(JOBS_VIEW, JobsView())

    def recomputation(self) -> RecomputeView | None:
        """The newest one since the start of the server."""
        return self.views.get(RECOMPUTE_VIEW)

    def counters(self, id: int) -> tuple[str, ...]:
        """What a device counts, as far as it has told."""
        view = self.device(id)
        told = view.quantities if view is not None else ()
        return tuple(quantity for quantity in told if QUANTITIES[quantity].kind == "counter")

    def recorder(self) -> RecorderView | None:
        return self.views.get(RECORDER_VIEW)

    def children(self) -> tuple[ChildState, ...]:
        """The supervised actors in the order of their start."""
        view = self.views.get(SUPERVISOR_VIEW)
        return () if view is None else view.children

    def parts(self) -> tuple[ChildState | ServiceState, ...]:
        """All that is restarted when it fails: the supervised actors, then what lives on the event loop."""
        loop = self.views.get(LOOP_VIEW)
        return (*self.children(), *(() if loop is None else loop.services))

    def model_name(self, spec: DeviceSpec) -> str:
        """As people know it: its catalogue number, else the title of its map."""
        return spec.number or self.model_title(spec.model)

    def model_title(self, model: str) -> str:
        """Of the map of that id; the id itself when nobody offers it any more."""
        found = self.offer().maps.get(model)
        return found.title if found else model

    def view_of(self, spec: DeviceSpec) -> DeviceView:
        """With the name of now, and on or off as it is now: who reads it may have begun under other settings."""
        gateway = self.installation().gateway(spec.gateway)
        return self._view(spec, spec.on and (gateway is None or gateway.on))

    def _view(self, spec: DeviceSpec, on: bool) -> DeviceView:
        view = self.views.get(DEVICE_VIEWS.of(spec.id))
        state = _switched_state(None if view is None else view.state, on)
        if view is None:
            return DeviceView(spec.id, spec.name, spec.gateway, state, model=spec.model, address=spec.address)
        if view.name == spec.name and view.state == state:
            return view
        return replace(view, name=spec.name, state=state)

    def gateway_view_of(self, spec: GatewaySpec) -> GatewayView:
        """The same for a gateway."""
        view = self.views.get(GATEWAY_VIEWS.of(spec.id))
        state = _switched_state(None if view is None else view.state, spec.on)
        if view is None:
            devices = tuple(device.id for device in self.installation().devices_of(spec.id))
            return GatewayView(spec.id, spec.name, spec.url, state, devices)
        if view.name == spec.name and view.state == state:
            return view
        return replace(view, name=spec.name, state=state)


def _switched_state(state: str | None, on: bool) -> str:
    """What is shown of ``state`` while the actor that published it has not yet followed the switch."""
    if not on:
        return "off"
    return "unknown" if state is None or state == "off" else state
