"""A life of the oracle on a wire: its meter answers Modbus on a socket; gateway, bus and recorder live on told time.

Nothing waits: the test turns the clock on, in steps, and each actor handles what is due by then. A meter that is silent
hangs up, so that the line notices at once. What people do besides (edits, exchanges, restarts, clocks) is done to the
actors as their supervisor does it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from functools import partial
from itertools import count, pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from actors.bus.bus import Bus
from actors.gateway.gateway import Gateway, Periods
from actors.mailbox.reply import new_reply, wait_for
from actors.message.history import ReplaceMeter
from actors.recorder.recorder import Recorder
from drivers.gateways import BUILT_IN, open_line
from runtime.core.decode.compiled import compile_map
from runtime.core.map.devicemap import parse_map
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.site.installation import INSTALLATION_VIEW, DeviceSpec, GatewaySpec, Installation
from runtime.errors import WattkeeperError
from runtime.store.energy.counters import get_ledgers
from runtime.store.env import open_store
from runtime.store.history import History
from runtime.store.sample.rows import Rows
from runtime.store.upkeep.sums import check_ledgers, check_lengths, check_rows
from tests.actors.stage import ManualClock, Stage
from tests.oracle.clairvoyant import calendar_of
from tests.oracle.comparison import Booked, differences
from tests.oracle.life import Act, ClockOff, Edit, Life, Rate, Replaced, Restart, Silence
from tests.oracle.meter import Meter
from tests.oracle.register import Register
from tests.spec.publicmeters import served

DEVICE, UNIT, VOLTS, POWER_AT = 1, 7, 230, 1000
QUANTITY = {"electricity": "active_energy_import_wh", "water": "water_dm3", "gas": "gas_dm3"}
TYPES = {"u16": "u16", "u32": "u32", "u64": "u64", "s32": "i32", "s64": "i64", "f32": "f32", "f64": "f64"}
STEP_S = 2.0  # of the told clock
LEAP_S = 21_600.0  # … in a silence of days
ANSWER_MS = 200  # on loopback


def is_wired(life: Life) -> bool:
    """Whether a map can tell all its registers by one row."""
    registers = [life.register, *(act.register for act in life.acts if isinstance(act, Edit))]
    return all(register.type in TYPES for register in registers)


class WiredMeter:
    """The registers of a life's meter, at the true time; what it answers twice within a moment is the same."""

    def __init__(self, life: Life, clock: ManualClock) -> None:
        self.meter, self._life, self._clock = Meter(life), life, clock
        self._began, self._start_ms = clock.monotonic(), life.start_ms
        self._words: Sequence[int] | None = None
        self._at_ms = -1

    @property
    def true_ms(self) -> int:
        return self._start_ms + round((self._clock.monotonic() - self._began) * 1000)

    def answer(self, function: int, at: int, count: int) -> bytes | None:
        told = self._power() if at >= POWER_AT else self._counter()
        if told is None:
            return None
        words = (*told, *(0 for _ in range(count)))[:count]
        return b"".join(word.to_bytes(2, "big") for word in words)

    def _counter(self) -> Sequence[int] | None:
        if self.true_ms > self._at_ms:
            self._at_ms, self._words = self.true_ms, self.meter.answer(self.true_ms)
        return self._words

    def _power(self) -> Sequence[int] | None:
        """The truth is of what was asked of the counter, so that one is left alone."""
        silences = [each for each in self._life.happenings if isinstance(each, Silence)]
        if any(each.at_ms <= self.true_ms < each.until_ms for each in silences):
            return None
        return divmod(self._life.flow.rate_m(self.true_ms) // 1000, 1 << 16)


class WiredLife:
    """``play`` it, then ask what came of it."""

    def __init__(self, life: Life, folder: Path, stack: ExitStack) -> None:
        self.life, self._folder = life, folder
        self.zone = ZoneInfo(life.zone)
        self.quantity = _quantity(life.register, life.fluid)
        self.stage = Stage(ManualClock(life.start_ms // 1000))
        self.clock = self.stage.clock
        self.wired = WiredMeter(life, self.clock)
        self._url = f"tcp://127.0.0.1:{stack.enter_context(served({UNIT: self.wired}))}"
        self._interval_s, self._register, self._incarnation = life.interval_s, life.register, 0
        self._edited = ""
        self.refusals: list[str] = []
        self._begin()
        stack.callback(self._end)

    # ---- playing

    def play(self) -> None:
        for act in self.life.acts:
            self.passes_until(act.at_ms)
            self._act(act)
        self.passes_until(self.life.end_ms)
        self.settle()

    def passes_until(self, true_ms: int) -> None:
        while (left_s := (true_ms - self.wired.true_ms) / 1000) > 0:
            self.clock.advance(min(left_s, LEAP_S if self._is_dead(true_ms) else STEP_S))
            self.stage.play()

    def _is_dead(self, until_ms: int) -> bool:
        """Nobody answers for a day and more."""
        now_ms = self.wired.true_ms
        ends = [each.until_ms for each in self.life.happenings if isinstance(each, Silence) and each.at_ms <= now_ms]
        return any(end - now_ms > 4 * LEAP_S * 1000 and until_ms - now_ms > LEAP_S * 1000 for end in ends)

    def settle(self) -> None:
        """The last slot ends, whoever answers."""
        until = self.wired.true_ms + 2 * self._interval_s * 1000
        self._gateway_off()
        while self.wired.true_ms < until:
            self.clock.advance(STEP_S)
            self.stage.play()

    def _act(self, act: Act) -> None:
        match act:
            case Edit(what=what, register=register):
                self._register, self._edited = register, what
                self._start_gateway()
            case Rate(interval_s=interval_s):
                self._interval_s = interval_s
                self._start_gateway()
            case Restart():
                self.restart()
            case ClockOff(until_ms=until_ms, ahead_ms=ahead_ms):
                self.clock.step(ahead_ms / 1000)
                self.passes_until(until_ms)
                self.clock.step(-ahead_ms / 1000)
            case Replaced():
                self.replace_meter(act)

    def replace_meter(self, act: Replaced) -> None:
        reply = new_reply()
        self.stage.directory.post(
            "recorder",
            ReplaceMeter(DEVICE, self.quantity, act.exchanged_ms, act.last_m, act.first_m, "ada", reply),
        )
        self.stage.play()
        try:
            wait_for(reply, 1)
        except WattkeeperError as error:
            self.refusals.append(error.code)

    def restart(self, *, stopped_s: float = 0.0) -> None:
        """The server is ended in good order, and begins again."""
        self._end()
        self.clock.advance(stopped_s)
        self._begin()

    # ---- what came of it

    def events(self) -> list[str]:
        """Codes, the oldest first, without what the line tells of itself."""
        found = History(self.store).events(without="server")[::-1]
        return [event.code for event in found if event.code.startswith(("counter_", "meter_"))]

    def slots(self) -> list[Booked]:
        with self.store.reading() as txn:
            rows = list(Rows(self.store).scan_device(txn, DEVICE, 0, 1 << 32))
        found = []
        for row in rows:
            energy_n = dict(zip(row.columns, row.values_n, strict=True)).get((self.quantity, "energy"))
            if energy_n is not None:
                found.append((row.start_ts, row.start_ts + row.interval_s, energy_n))
        return found

    def total_m(self) -> int:
        return sum(energy_n for _, _, energy_n in self.slots())

    def days(self, count: int = 1, *, since: int = 0) -> int:
        """What the day charts of so many days show together, in thousandths; ``since``: from so many days later on."""
        first = datetime.datetime.fromtimestamp(self.life.start_ms / 1000, self.zone).date()
        return sum(self.day(first + datetime.timedelta(each)) for each in range(since, count))

    def day(self, date: datetime.date) -> int:
        return sum(value_n for value_n, _ in self.hours(date))

    def hours(self, date: datetime.date) -> list[tuple[int, int]]:
        """(energy, quality) of the hours that have any."""
        chart = History(self.store).consumption(
            self.site(), of=f"device:{DEVICE}", fluid=self.life.fluid, period="day", date=date, zone=self.zone
        )
        return [(bar.value_n, bar.quality) for bar in chart.bins if bar.value_n is not None]

    def ledger(self) -> Any:
        with self.store.reading() as txn:
            return get_ledgers(self.store, txn, DEVICE)[QUANTITIES[self.quantity].number]

    def impossible(self, most_m_a_s: float, slack_m: float = 0) -> list[Booked]:
        """Slots that hold less than nothing, or more than the consumer can have made in them."""
        return [slot for slot in self.slots() if not 0 <= slot[2] <= most_m_a_s * (slot[1] - slot[0]) + slack_m]

    def powers(self) -> dict[int, tuple[int, int]]:
        """Start of each slot in which power was recorded -> its mean in W, quality."""
        with self.store.reading() as txn:
            rows = list(Rows(self.store).scan_device(txn, DEVICE, 0, 1 << 32))
        found = {}
        for row in rows:
            of = dict(zip(row.columns, zip(row.values_n, row.quality, strict=True), strict=True))
            value_n, quality = of.get(("active_power_w", "mean"), (None, 0))
            if value_n is not None:
                found[row.start_ts] = value_n // 10, quality
        return found

    def overlapping(self) -> list[tuple[Booked, Booked]]:
        return [pair for pair in pairwise(self.slots()) if pair[0][1] > pair[1][0]]

    def complaints(self) -> list[str]:
        """What ``wattkeeper verify`` says of the sums."""
        with self.store.reading() as txn:
            tallies = [check(self.store, txn, self.zone) for check in (check_lengths, check_ledgers, check_rows)]
        return [str(mismatch) for tally in tallies for mismatch in tally.mismatches]

    def differences(self) -> list[str]:
        """By the oracle's account."""
        return differences(self.wired.meter.truth(), calendar_of(self.life), self.slots())

    # ---- the actors

    def site(self) -> Installation:
        gateway = GatewaySpec(1, "Cellar", self._url, timeout_ms=ANSWER_MS)
        rated = {"rated_current_a": self.life.rated_m / 1000 / VOLTS / 3} if self.life.rated_m else {}
        edited = {"edited": self._edited} if self._edited else {}
        device = DeviceSpec(DEVICE, "Main", 1, unit=UNIT, model="played", parameters={**rated, **edited})
        return Installation(zone=self.life.zone, interval_s=self._interval_s, gateways=(gateway,), devices=(device,))

    def _begin(self) -> None:
        self.store = open_store(self._folder)
        self.stage.actors.clear()
        self._start_gateway()
        self.recorder = self.stage.add(Recorder(self.stage.incarnation("recorder"), self.store))

    def _end(self) -> None:
        self._gateway_off()
        self.recorder.on_end()
        self.store.close()

    def _start_gateway(self) -> None:
        """As after an edit: another incarnation, which begins to sample anew."""
        self._gateway_off()
        self._incarnation += 1
        site = self.site()
        self.stage.views.publish(INSTALLATION_VIEW, site)
        period_s = self.life.poll_ms / 1000
        maps = {DEVICE: compile_map(_map_of(self._register, self.quantity))}
        gateway = Gateway(
            self.stage.incarnation("gateway.1", self._incarnation), site.gateways[0], site.devices, maps,
            self._interval_s, self.zone, periods=Periods(live_s=4 * period_s, energy_s=period_s),
        )  # fmt: skip
        bus = Bus(
            self.stage.incarnation("bus.1", self._incarnation), 1, self._url,
            partial(open_line, schemes=BUILT_IN), jitter=lambda: 0.0,
        )  # fmt: skip
        self._line = (gateway, bus)
        for actor in self._line:
            self.stage.add(actor)
        self.stage.play()

    def _gateway_off(self) -> None:
        for actor in getattr(self, "_line", ()):
            actor.on_end()
            if actor in self.stage.actors:
                self.stage.actors.remove(actor)
            self.stage.directory.unregister(actor.incarnation.name, actor.actor_inbox)
        self._line: Sequence[Any] = ()
        self.stage.play()  # what they told at their end


@contextmanager
def wired(folder: Path) -> Iterator[Callable[..., WiredLife]]:
    """Plays lives, each in a data folder of its own: to its end, unless ``is_played`` is False."""
    with ExitStack() as stack:
        numbers = count(1)

        def play(life: Life, *, is_played: bool = True) -> WiredLife:
            played = WiredLife(life, folder / f"life{next(numbers)}", stack)
            if is_played:
                played.play()
            return played

        yield play


def _quantity(register: Register, fluid: str) -> str:
    return "active_energy_export_wh" if register.falls else QUANTITY[fluid]


def _map_of(register: Register, quantity: str) -> Any:
    scale = 1000 if register.is_float else Fraction(register.step_m, 1000)
    row: dict[str, Any] = {"quantity": quantity, "at": 0, "type": TYPES[register.type], "scale": str(scale)}
    if register.named and register.digits:
        row["digits"] = register.digits
    if register.named and register.falls:
        row["sign"] = "negative"
    head = {"id": "played", "title": "Played meter", "source": "a life of the oracle", "trust": "field"}
    power = {"quantity": "active_power_w", "at": POWER_AT, "type": "u32"}
    return parse_map({**head, "field": [row, power]}, file="played")
