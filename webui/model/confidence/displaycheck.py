"""The check of a display: what was typed against all counters that the site reads just now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from runtime.core.energy.displaycheck import DELAY_S, Counter, DisplayCheck, compare, grain_of
from runtime.core.energy.powerwitness import TOO_LITTLE
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.view import DeviceView
from runtime.store.chart.counterproof import POWER, pace_of
from webui.model.bridge import Bridge
from webui.model.confidence.energycheck import ratio_of, reading_of

# unit of a quantity -> units of displays, the usual one first, as powers of ten of it
DISPLAY_UNITS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        **{unit: MappingProxyType({f"k{unit}": 3, f"M{unit}": 6, unit: 0}) for unit in ("Wh", "varh", "VAh")},
        "dm3": MappingProxyType({"m3": 3, "dm3": 0}),
    }
)


def check_display(
    bridge: Bridge, view: DeviceView, quantity: str, shown: tuple[int, int], author: str, power: str
) -> DisplayCheck:
    """Of a counter that was read lately.

    shown  the index and the worth of its last digit
    power  whether power agrees with the index, as ``powerwitness`` says it
    """
    index_n, read_ms = reading_of(view)[quantity]
    assert index_n is not None
    now_ts = bridge.clock.now_ts()
    grain_n, hourly_n = pace_of(bridge.history.counters, view.id, quantity, now_ts)
    slack_n = grain_n + max(hourly_n * DELAY_S // 3600, _moved_n(view))
    own = Counter(view.id, quantity, index_n, slack_n)
    result = compare(*shown, own, _others(bridge, view, quantity), ratio_of(view))
    other = result.counter
    return DisplayCheck(
        view.id, quantity, *shown, index_n, read_ms, bridge.clock.now_ms(), author, result.code,
        result.factor.numerator, result.factor.denominator, other.device if other else 0,
        other.quantity if other else "", "" if power == TOO_LITTLE else power,
    )  # fmt: skip


def check_record(check: DisplayCheck) -> tuple[str, dict[str, Any]]:
    """(key, record) that it is kept as."""
    return f"{check.device}.{check.quantity}.{check.checked_ms}", asdict(check)


def _others(bridge: Bridge, view: DeviceView, quantity: str) -> Iterator[Counter]:
    """All other counters of the same kind of unit: energies with energies, volumes with volumes."""
    for each in (view, *(other for other in bridge.devices() if other.id != view.id)):
        for id, (n, _) in reading_of(each).items():
            is_own = (each.id, id) == (view.id, quantity)
            if n is not None and not is_own and QUANTITIES[id].kind == "counter" and _is_alike(id, quantity):
                yield Counter(each.id, id, n, grain_of([n]) + _moved_n(each))


def _is_alike(a: str, b: str) -> bool:
    units = QUANTITIES[a].unit, QUANTITIES[b].unit
    return units[0] == units[1] or all(unit in ("Wh", "varh", "VAh") for unit in units)


def _moved_n(view: DeviceView) -> int:
    """What its power counts while somebody walks from the display to the page."""
    n, _ = reading_of(view).get(POWER, (None, 0))
    return abs(n or 0) * DELAY_S // 36
