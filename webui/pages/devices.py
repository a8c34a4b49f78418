"""My panel board: every device with its state and main figures, by gateway."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from runtime.core.view import DeviceView, GatewayView
from webui.age import is_stale
from webui.bridge import Bridge
from webui.fluid import fluid_of
from webui.pages.shell import Shell
from webui.permission import Route, needs

MAIN = ("active_power_w", "water_dm3", "gas_dm3", "active_energy_import_wh")  # the first that a device has


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


class DevicesPage:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/devices", self.show)

    @needs(("panel_board", "see"))
    def show(self) -> str:
        cards: dict[int, list[Card]] = {}
        now_ms = self._bridge.clock.now_ms()
        for view in self._bridge.devices():
            cards.setdefault(view.gateway, []).append(_card(view, now_ms))
        groups: list[tuple[GatewayView, list[Card]]] = [
            (gateway, cards.pop(gateway.id)) for gateway in self._bridge.gateways() if gateway.id in cards
        ]
        return self._shell.page("devices.html", groups=groups, count=sum(len(group) for _, group in groups))


def _card(view: DeviceView, now_ms: int) -> Card:
    values = dict(zip(view.quantities, view.values_n, strict=True))
    main = next((quantity for quantity in MAIN if quantity in values), MAIN[0])
    main_n, breaker_n = values.get(main), values.get("breaker_state")
    return Card(
        view,
        fluid_of(view.quantities),
        main,
        main_n if isinstance(main_n, int) else None,
        breaker_n if isinstance(breaker_n, int) else None,
        measures=any(id != "breaker_state" for id in view.quantities) or not view.quantities,
        has_state="breaker_state" in view.quantities,
        is_stale=is_stale(
            main, dict(zip(view.quantities, view.ts_ms, strict=True)).get(main, 0), now_ms, view.stale_after_s
        ),
    )
