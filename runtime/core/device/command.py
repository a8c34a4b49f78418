"""What somebody wants a device to do: judged before it goes to the wire, and again by what is read back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from runtime.core.device.permit import Permit, permit_for
from runtime.core.map.commandrow import CommandRow
from runtime.core.quantity.catalogue import QUANTITIES, decimal_text, to_n
from runtime.core.site.installation import DeviceSpec
from runtime.errors import WattkeeperError
from runtime.viewboard import ViewKeys

REMEMBERED = 64  # outcomes that a gateway keeps, so that a repeated request does not switch twice
MOST_PULSES = 1_000  # that may have been counted between a preset and its reading
SENT, DONE, REFUSED, UNCONFIRMED, LATE = "sent", "done", "refused", "unconfirmed", "late"

Told = str | int | float


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """One thing that somebody asked for.

    value    the name of a state, or a number in the unit of the command's quantity
    request  what makes it this request and no other, "" = it is like no other
    """

    device: int
    command: str
    value: Told
    author: str
    request: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.author, self.request

    def is_like(self, other: CommandRequest) -> bool:
        return (self.device, self.command, self.value) == (other.device, other.command, other.value)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a wish.

    state    "sent" (not known yet), "done" (it was read back), "refused" (it did not happen), "late" (dropped, or not
             all of it was written), "unconfirmed" (sent, but what is read is not what was told, or nothing is read)
    code     why it is not done
    told_n   count of the command's quantity
    read_n   what was read back, None = nothing
    """

    wish: CommandRequest
    state: str
    ts_ms: int
    quantity: str
    told_n: int
    read_n: int | None = None
    code: str = ""
    detail: str = ""
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A wish that may go to the wire."""

    wish: CommandRequest
    row: CommandRow
    value_n: int
    permit: Permit


@dataclass(frozen=True, slots=True)
class Target:
    """A device that may be told something: its map's commands and trust, and the address that requests carry."""

    spec: DeviceSpec
    commands: Mapping[str, CommandRow]
    trust: str
    unit: int


def decide(wish: CommandRequest, target: Target, now_ts: int, *, demo: bool) -> Order:
    """Whether it may be written.

    raises  WattkeeperError: device_off, command_unknown, command_value, map_provisional
    """
    spec = target.spec
    if not spec.on:
        raise WattkeeperError("device_off", f"{spec.name} is switched off here")
    row = target.commands.get(wish.command)
    if row is None:
        known = ", ".join(target.commands) or "nothing"
        raise WattkeeperError("command_unknown", f"{spec.name} can be told {known}, not {wish.command[:40]!r}")
    value_n = count_of(row, wish.value)
    return Order(wish, row, value_n, permit_for(spec, target.unit, target.trust, now_ts, demo=demo))


def count_of(row: CommandRow, value: Told) -> int:
    """Raises WattkeeperError(command_value), which tells what may be told."""
    states = QUANTITIES[row.quantity].states
    if row.values:
        if not isinstance(value, str) or value not in row.choices:
            raise WattkeeperError("command_value", f"{row.name} is one of {', '.join(row.choices)}")
        return states.index(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or not row.allows(to_n(row.quantity, value)):
        least, most = (decimal_text(row.quantity, n) for n in (row.least_n, row.most_n))
        unit = QUANTITIES[row.quantity].unit
        raise WattkeeperError("command_value", f"{row.name} is a number from {least} to {most} {unit}".rstrip())
    return to_n(row.quantity, value)


def is_confirmed(row: CommandRow, told_n: int, read_n: int | None) -> bool:
    """Whether what was read is what was told, as finely as the register can hold it."""
    if read_n is None:
        return False
    if QUANTITIES[row.quantity].kind == "counter":
        return told_n <= read_n <= told_n + MOST_PULSES
    if row.values:
        return read_n == told_n
    return row.raw_of(read_n) == row.raw_of(told_n)


def describe_count(quantity: str, n: int | None) -> str:
    """A count in words for the log and the audit trail."""
    if n is None:
        return "nothing"
    states = QUANTITIES[quantity].states
    if states:
        return states[n] if 0 <= n < len(states) else str(n)
    return f"{decimal_text(quantity, n)} {QUANTITIES[quantity].unit}".rstrip()


class Memory:
    """The newest outcomes of a gateway by who asked and as which request. Immutable: each change makes a new one."""

    def __init__(self, outcomes: tuple[Outcome, ...] = ()) -> None:
        self._outcomes = outcomes

    def __iter__(self) -> Iterator[Outcome]:
        """The oldest first."""
        return iter(self._outcomes)

    def find(self, wish: CommandRequest) -> Outcome | None:
        """What became of the same request before. Raises WattkeeperError(request_reused) when it was another wish."""
        if not wish.request:
            return None
        found = next((outcome for outcome in self._outcomes if outcome.wish.key == wish.key), None)
        if found is not None and not found.wish.is_like(wish):
            raise WattkeeperError("request_reused", "this request id was used for another command")
        return found

    def with_outcome(self, outcome: Outcome) -> Memory:
        """What never reached the wire is forgotten, so that it can be asked for again."""
        kept = [each for each in self._outcomes if each.wish is not outcome.wish]
        if outcome.state not in (REFUSED, LATE):
            kept.append(outcome)
        return Memory(tuple(kept[-REMEMBERED:]))

    def of_former_incarnation(self, ts_ms: int) -> Memory:
        """What was under way when the gateway ended: nobody knows whether it happened."""
        detail = "the server restarted this part before the device was read back"
        return Memory(
            tuple(
                replace(each, state=UNCONFIRMED, code="owner_restarted", detail=detail, ts_ms=ts_ms)
                if each.state == SENT
                else each
                for each in self._outcomes
            )
        )


MEMORY_VIEWS = ViewKeys[Memory]("commands")  # of a gateway, for its next incarnation
