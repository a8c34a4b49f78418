"""Gateways and devices as they are set up: all of them, and the form of one gateway."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from runtime.core.site.diff import etag_of
from runtime.core.site.installation import EDITIONS, BoardSpec, DeviceSpec, GatewaySpec, Installation
from runtime.core.source.scheme import NETWORK, SERIAL, with_scheme
from runtime.core.validation.installation import WITH_EQ_CHECK, addresses
from runtime.core.view import DeviceView, GatewayView
from runtime.text.words.setup import SCHEMES
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.gatewayurl import BAUDRATES, forms, url_fields
from webui.pages.frame.shell import Shell

BREAKERS = ("open", "closed", "tripped")


@dataclass(frozen=True, slots=True)
class Line:
    """One device of the list. ``breaker`` is "" for what is none; ``load`` the name of its load, "" = others.

    model  its catalogue number, else the title of its map
    """

    spec: DeviceSpec
    view: DeviceView
    model: str
    load: str
    breaker: str


class GatewaySetup:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/setup/gateways", self.all)
        yield Route("GET", "/setup/gateways/new", self.new)
        yield Route("GET", "/setup/gateways/<id:int>", self.one)

    @needs(("system_configuration", "see"))
    def all(self) -> str:
        bridge = self._bridge
        installation = bridge.installation()
        loads = {load.id: load.name for load in installation.loads}
        lines: dict[int, list[Line]] = {gateway.id: [] for gateway in installation.gateways}
        for spec, view in zip(installation.devices, bridge.devices(), strict=True):
            model = bridge.model_name(spec)
            line = Line(spec, view, model, loads.get(spec.load, ""), _breaker(view))
            lines.setdefault(spec.gateway, []).append(line)
        return self._shell.page(
            "setup/gateways.html",
            gateways=[
                (spec, view, bridge.shown_address(spec), lines[spec.id], bridge.scheme(spec).is_scanned)
                for spec, view in zip(installation.gateways, bridge.gateways(), strict=True)
            ],
            boards={board.id: board.name for board in installation.boards},
            count=len(installation.devices),
            edition=edition_use(installation),
        )

    @needs(("system_configuration", "act"))
    def new(self) -> str:
        return self._form(None, None)

    @needs(("system_configuration", "see"))
    def one(self, id: int) -> str:
        spec = self._bridge.installation().gateway(id)
        if spec is None:
            raise not_found("gateway")
        return self._form(spec, self._bridge.gateway(id))

    def _form(self, spec: GatewaySpec | None, view: GatewayView | None) -> str:
        installation, schemes = self._bridge.installation(), self._bridge.schemes()
        behind = installation.devices_of(spec.id) if spec else ()
        return self._shell.page(
            "setup/gateway.html",
            spec=spec,
            view=view,
            etag=etag_of(spec) if spec else "",
            url=url_fields(spec.url if spec else with_scheme(""), schemes),
            network=forms(schemes, NETWORK),
            serial=forms(schemes, SERIAL),
            scheme_words=SCHEMES,
            is_scanned=spec is not None and self._bridge.scheme(spec).is_scanned,
            address=self._bridge.shown_address(spec) if spec else "",
            baudrates=[(rate, f"{rate} bit/s") for rate in BAUDRATES],
            boards=[(board.id, board.name) for board in installation.boards if board.on or _stands_in(spec, board)],
            behind=behind,
            eq_devices=[(device.id, device.name) for device in behind if self._has_thd(device)]
            if installation.edition in WITH_EQ_CHECK
            else None,
        )

    def _has_thd(self, spec: DeviceSpec) -> bool:
        compiled = self._bridge.map_of(spec.id)
        return compiled is not None and any(quantity.startswith("thd_") for quantity in compiled.quantities)


def edition_use(installation: Installation) -> tuple[int, int] | None:
    """(addresses in use, at most) of the edition; None when it has no limit."""
    most = EDITIONS.get(installation.edition, 0)
    return (addresses(installation), most) if most else None


def _stands_in(gateway: GatewaySpec | None, board: BoardSpec) -> bool:
    return gateway is not None and gateway.board == board.id


def _breaker(view: DeviceView) -> str:
    values = dict(zip(view.quantities, view.values_n, strict=True))
    n = values.get("breaker_state")
    return BREAKERS[n] if isinstance(n, int) and 0 <= n < len(BREAKERS) else ""
