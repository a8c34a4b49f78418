"""Whether thresholds are passed: for long enough, and back by hysteresis before they are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.quantity.quality import Quality
from runtime.core.threshold.threshold import ABOVE, ThresholdSpec
from runtime.core.view import DeviceView


class Thresholds:
    """Follows the thresholds of a site from look to look: what was passed ends when it is back by hysteresis."""

    def __init__(self) -> None:
        self._passed_since: dict[int, float] = {}

    def look(self, view: DeviceView, specs: Iterable[ThresholdSpec], now: float) -> Iterator[tuple[int, str]]:
        """(id, sentence) of those of one device that are passed for long enough. ``now`` is monotonic seconds."""
        for spec in specs:
            n = _value_of(view, spec.quantity)
            if n is None or not spec.on or not _is_passed(spec, n, was_passed=spec.id in self._passed_since):
                self._passed_since.pop(spec.id, None)
            elif now - self._passed_since.setdefault(spec.id, now) >= spec.for_s:
                yield spec.id, _describe(spec, n)


def _value_of(view: DeviceView, quantity: str) -> int | None:
    """None = it does not measure that, or nobody knows what."""
    if quantity not in view.quantities:
        return None
    index = view.quantities.index(quantity)
    n = view.values_n[index]
    return n if isinstance(n, int) and view.quality[index] != Quality.SUSPECT else None


def _is_passed(spec: ThresholdSpec, n: int, *, was_passed: bool) -> bool:
    exp10 = QUANTITIES[spec.quantity].exp10
    sign = 1 if spec.direction == ABOVE else -1
    limit = Decimal(str(spec.value)) * sign - (Decimal(str(spec.hysteresis)) if was_passed else 0)
    return Decimal(n * sign).scaleb(exp10) > limit


def _describe(spec: ThresholdSpec, n: int) -> str:
    row = QUANTITIES[spec.quantity]
    value = Decimal(n).scaleb(row.exp10).normalize()
    return f"{row.label} {value:f} {row.unit} is {spec.direction} {spec.value:g} {row.unit}"
