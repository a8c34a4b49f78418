"""What charges cost, and the statement of a month for each badge: whoever pays them back needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from runtime.core.charging.station.session import QUARTER_S, ChargeSession
from runtime.core.tariff.cost import Bill, bill
from runtime.core.tariff.rules import Tariffs, divide


@dataclass(frozen=True, slots=True)
class StatementLine:
    """Of one badge, "" = of charges without one.

    energy_n    by 0.001 Wh; charges whose station counts none have no part in it
    uncounted   so many of those there were
    cost_p      of what has a price, in 10^-12 of the currency; None = nothing has
    unpriced_n  energy without a price
    """

    rfid: str
    charges: int = 0
    energy_n: int = 0
    uncounted: int = 0
    charged_mah: int = 0
    charging_ms: int = 0
    cost_p: int | None = None
    unpriced_n: int = 0


def bill_session(session: ChargeSession, tariffs: Tariffs | None, prices: Mapping[int, tuple[int, int | None]]) -> Bill:
    """Its energy by the prices of the quarters of an hour in which it flowed.

    tariffs  the rules of electricity; None = there are none
    prices   version -> (tariff, millionths of the currency per kWh)
    """
    by_version: dict[int, int] = {}
    for quarter_ts, energy_n in session.parts if tariffs is not None else ():
        assert tariffs is not None
        for version, part_n in divide(energy_n, tariffs.split(quarter_ts, quarter_ts + QUARTER_S)):
            by_version[version] = by_version.get(version, 0) + part_n
    return bill(session.energy_n, by_version, prices)


def state_badges(billed: Iterable[tuple[ChargeSession, Bill]]) -> tuple[StatementLine, ...]:
    """A line for each badge in the order of their texts; the one for charges without a badge is the last."""
    lines: dict[str, StatementLine] = {}
    for session, cost in billed:
        lines[session.rfid] = _added(lines.get(session.rfid) or StatementLine(session.rfid), session, cost)
    return tuple(sorted(lines.values(), key=lambda line: (not line.rfid, line.rfid)))


def _added(line: StatementLine, session: ChargeSession, cost: Bill) -> StatementLine:
    cost_p = line.cost_p if cost.cost_p is None else (line.cost_p or 0) + cost.cost_p
    return replace(
        line,
        charges=line.charges + 1,
        energy_n=line.energy_n + (session.energy_n or 0),
        uncounted=line.uncounted + (session.energy_n is None),
        charged_mah=line.charged_mah + session.charged_mah,
        charging_ms=line.charging_ms + session.charging_ms,
        cost_p=cost_p,
        unpriced_n=line.unpriced_n + cost.unpriced_n,
    )
