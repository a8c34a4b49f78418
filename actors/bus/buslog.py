"""What became of each transaction of a bus: what its time-outs, ages, use and errors are counted from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from actors.bus.budget import Budget
from actors.message.device import PollBlock
from runtime.clock import Clock
from runtime.core.poll.busstatistics import BusTally
from runtime.core.poll.freshness import BusFreshness
from runtime.core.poll.timeout import TimeoutRule
from runtime.core.poll.trace import Trace
from runtime.core.source.query import Query
from runtime.core.view import BusView, DeviceAge, Trouble
from runtime.errors import DriverError, NoAnswer

AGES_S = 5.0  # ages are computed anew this seldom


class BusLog:
    """Part of a bus. Blocks are named by their index in the plan; ``began`` is monotonic seconds.

    traced  transactions kept for whoever looks at the line
    budget  how often it may poll; shown
    """

    def __init__(self, clock: Clock, traced: int, budget: Budget | None = None) -> None:
        self._budget = budget or Budget()
        self._clock = clock
        self._blocks: Sequence[PollBlock] = ()
        self._timeout_rules: dict[int, TimeoutRule] = {}  # by unit
        self._rule_of: Sequence[TimeoutRule] = ()
        self._tally = BusTally(clock.monotonic())
        self._ages = BusFreshness()
        self._newest_ages: tuple[DeviceAge, ...] = ()
        self._ages_at = 0.0
        self.trace = Trace(clock.now_ms(), traced)

    def replan(self, blocks: Sequence[PollBlock]) -> None:
        """A new plan; what is known of units and of blocks that stay is kept."""
        self._blocks = blocks
        for block in blocks:
            self._timeout_rules.setdefault(block.request.unit, TimeoutRule())
        self._rule_of = [self._timeout_rules[block.request.unit] for block in blocks]
        self._tally.replan(len(blocks))
        self._ages.replan(blocks)

    def timeout_s(self, index: int) -> float:
        """How long the unit of a block may take to answer, as far as that is learnt."""
        return self._rule_of[index].timeout_s(self._blocks[index].timeout_s)

    def answered(self, index: int, began: float, now: float, payload: bytes) -> tuple[int, int]:
        """UTC ms of the middle of the transaction, and how many ms it took."""
        block, took_s, now_ms = self._blocks[index], now - began, self._clock.now_ms()
        self._rule_of[index].answered(took_s)
        self._tally.polled(index, took_s)
        self._ages.answered(index, began, now)
        self.trace.note(block.device, now_ms, took_s, block.request, payload, "", "")
        took_ms = round(took_s * 1000)
        return now_ms - (took_ms >> 1), took_ms

    def failed(self, index: int, began: float, now: float, error: DriverError) -> int:
        """UTC ms of the end."""
        block, took_s = self._blocks[index], now - began
        if isinstance(error, NoAnswer):
            self._rule_of[index].timed_out()
        self._tally.failed(index, took_s, error.code)
        ts_ms = self._clock.now_ms()
        self.trace.note(block.device, ts_ms, took_s, block.request, None, error.code, error.message)
        return ts_ms

    def spoke(self, request: Query, began: float, payload: bytes | None, code: str = "", detail: str = "") -> None:
        """A transaction outside the plan."""
        took_s = self._clock.monotonic() - began
        self._tally.spent(took_s)
        self.trace.note(0, self._clock.now_ms(), took_s, request, payload, code, detail)

    def view(
        self,
        id: int,
        now: float,
        trouble: Trouble | None,
        *,
        connected: bool,
        longest_probe_s: Callable[[], float] = float,
    ) -> BusView:
        """``longest_probe_s`` gives what a silent device may cost the others when it is probed."""
        tally = self._tally
        if now >= self._ages_at:
            self._ages_at = now + AGES_S
            self._newest_ages = self._ages.view(now, tally.costs_s, longest_probe_s())
        used_pct = tally.utilisation_pct(now)
        round_s, ages = round(tally.round_s, 3), self._newest_ages
        rates = tally.polls_per_s, tally.possible_per_s, self._budget.per_s
        return BusView(id, connected, tally.polls, tally.errors(), used_pct, round_s, trouble, now, ages, *rates)
