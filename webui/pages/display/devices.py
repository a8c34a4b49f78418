"""My panel board: every device with its state and main figures, by gateway, by panel board or all together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import bottle

from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.view import DeviceView
from runtime.text.wording import N_
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.fluid import fluid_of
from webui.model.links import linked_devices
from webui.model.panel import MEASURES, tabs_of
from webui.model.staleness import is_stale
from webui.pages.frame.shell import Shell

MAIN = (  # the first that a device has
    "active_power_w", "water_dm3", "gas_dm3", "active_energy_import_wh", "battery_power_w", "dc_power_w",
)  # fmt: skip
BY = {"gateway": N_("Gateway"), "board": N_("Panel board"), "all": N_("All")}
STATES = ("charge_state", "contactor_state", "control_state", "breaker_state")  # else the first of these


@dataclass(frozen=True, slots=True)
class Card:
    """One device of the board. ``main`` is the quantity shown large, ``main_n`` its count, None without a value."""

    view: DeviceView
    fluid: str
    main: str
    main_n: int | None
    breaker_n: int | None
    measures: bool
    has_state: bool
    is_stale: bool
    shows_state: bool = False  # some state beside that of a breaker
    is_told: bool = False  # it can be told things
    is_linked: bool = False
    charge: str = ""  # symbol of a station's charge
    is_priority: bool = False
    fails: bool = False  # a station that reports errors
    consumes: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """Devices that are shown together. ``name`` as somebody gave it, else ``word``, a msgid; ``state`` of a gateway."""

    cards: tuple[Card, ...]
    name: str = ""
    word: str = ""
    state: str = ""


class DevicesPage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/devices", self.show)

    @needs(("panel_board", "see"))
    def show(self) -> str:
        """``by``: gateway, board or all."""
        by = str(bottle.request.query.get("by", ""))
        by = by if by in BY else next(iter(BY))
        cards = self._cards()
        return self._shell.page(
            "devices.html",
            sections=self._sections(cards, by),
            count=len(cards),
            by=by,
            ways=BY.items(),
            models={spec.id: self._bridge.model_name(spec) for spec in self._bridge.installation().devices},
        )

    def _cards(self) -> list[Card]:
        cards = []
        now_ms = self._bridge.clock.now_ms()
        in_links = linked_devices(self._bridge)
        for view in self._bridge.devices():
            compiled = self._bridge.map_of(view.id)
            is_told = compiled is not None and bool(compiled.commands)
            cards.append(_card(view, now_ms, is_told, view.id in in_links))
        return cards

    def _sections(self, cards: list[Card], by: str) -> list[Section]:
        """Those with devices, in the order of the set-up."""
        if by == "all":
            found = [Section(tuple(cards), word=N_("All devices"))]
        elif by == "board":
            site = self._bridge.installation()
            board_of = {gateway.id: gateway.board for gateway in site.gateways}
            places = [(board.id, board.name, "") for board in site.boards] + [(0, "", N_("Without a panel board"))]
            found = [
                Section(tuple(card for card in cards if board_of.get(card.view.gateway, 0) == id), name, word)
                for id, name, word in places
            ]
        else:
            found = [
                Section(
                    tuple(card for card in cards if card.view.gateway == gateway.id), gateway.name, "", gateway.state
                )
                for gateway in self._bridge.gateways()
            ]
        return [section for section in found if section.cards]


def _card(view: DeviceView, now_ms: int, is_told: bool = False, is_linked: bool = False) -> Card:
    values = dict(zip(view.quantities, view.values_n, strict=True))
    main = next((quantity for quantity in MAIN + STATES if quantity in values), MAIN[0])
    measured = {tab.id for tab in tabs_of(view.quantities)} & {*MEASURES, "pulses"}
    consumes = bool(measured & {"energy", "water", "gas"}) or not view.quantities
    main_n, breaker_n = values.get(main), values.get("breaker_state")
    return Card(
        view,
        fluid_of(view.quantities),
        main,
        main_n if isinstance(main_n, int) else None,
        breaker_n if isinstance(breaker_n, int) else None,
        measures=bool(measured) or not view.quantities,
        has_state="breaker_state" in view.quantities,
        is_stale=is_stale(
            main, dict(zip(view.quantities, view.ts_ms, strict=True)).get(main, 0), now_ms, view.stale_after_s
        ),
        shows_state=any(id.endswith("_state") and id != "breaker_state" for id in view.quantities),
        is_told=is_told,
        is_linked=is_linked,
        charge=charge_symbol(values.get("charge_state")) if "charge_state" in values else "",
        is_priority=values.get("charge_priority") == 1,
        consumes=consumes,
        fails=bool(values.get("station_errors") or values.get("charge_errors")),
    )


def charge_symbol(n: object) -> str:
    """Of EV-4: available, charging, or waiting."""
    states = QUANTITIES["charge_state"].states
    name = states[n] if isinstance(n, int) and 0 <= n < len(states) else ""
    return {"available": "available", "charging": "charging"}.get(name, "waiting" if name else "")
