"""Random lives of meters: everything that may happen to a counter, in any mixture, from one seed.

Lives are possible to judge: what no server could know is left out, such as a new meter that begins where the old one
could have been by then, or an outage in which a counter goes round twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.oracle.flow import Flow
from tests.oracle.life import (
    Edit,
    Fallback,
    Happening,
    Life,
    OtherMeter,
    Rate,
    Replaced,
    Restart,
    Silence,
    Wrong,
)
from tests.oracle.named import LINES, named_life
from tests.oracle.register import Register
from tests.oracle.scene import DAY, HOUR, KW, KWH, MINUTE, Scene

REGISTERS = (
    *(Register("u16", step_m) for step_m in (10_000, 20_000, 100_000, KWH)),
    *(Register("u32", step_m) for step_m in (100, 1_000, 2_500, 10_000, 100_000, KWH)),
    Register("u32", 1_000, digits=9),
    Register("u32", 10_000, digits=8),
    Register("u32", 5_000, digits=8),
    Register("u32", 100_000, digits=6),
    Register("u48", 100),
    Register("u64", 1),
    Register("u64", 1_000),
    Register("s32", 1_000),
    Register("s32", 100_000, falls=True),
    Register("f32"),
    Register("f64"),
)
# zone, day: changes of the clock, days that are skipped, years that end
DAYS = (
    ("Europe/Paris", "2026-03-28"), ("Europe/Paris", "2026-10-24"), ("Europe/Paris", "2026-12-31"),
    ("Asia/Kolkata", "2026-05-31"), ("Australia/Lord_Howe", "2026-04-04"), ("Australia/Lord_Howe", "2026-10-03"),
    ("America/St_Johns", "2010-11-06"), ("America/St_Johns", "2026-03-07"), ("Pacific/Apia", "2011-12-29"),
    ("America/Sao_Paulo", "2017-10-14"), ("America/Havana", "2025-11-01"), ("Africa/Casablanca", "2026-02-14"),
    ("Pacific/Kiritimati", "1994-12-30"), ("Asia/Kathmandu", "2026-02-28"), ("America/New_York", "2026-10-31"),
    ("Pacific/Chatham", "2026-04-04"), ("Antarctica/Troll", "2026-03-28"), ("UTC", "2028-02-28"),
)  # fmt: skip
FUSE_M = 5 * KW  # what any circuit may carry, though it never did
MOST_INDEX_M = 10**16  # 10 TWh: no meter ever showed more
REST_MS = HOUR  # between two disturbances: a server may have settled by then


def scene(random: Random) -> Scene:
    """Any site, line and consumer; the consumer's counter climbs often enough to be seen to."""
    register = random.choice(REGISTERS)
    zone, day = random.choice(DAYS)
    rate_kw = random.choice([0.3, 1, 3.6, 9, 22]) * (10 if register.step_m >= KWH else 1)
    rate_m = round(rate_kw * KW)
    return Scene(
        register,
        rate_m,
        longer=random.choice([300, 1000, 1700, 3000]),
        fluid=random.choice(["electricity", "electricity", "gas", "water"]),
        zone=zone,
        start=f"{day} {random.randrange(24):02}:{random.randrange(60):02}",
        interval_s=random.choice([60, 300, 600, 600, 900, 1800, 3600]),
        poll_ms=random.choice([5_000, 10_000, 30_000, 60_000]),
        rated_m=random.choice([0, 2 * rate_m, 5 * rate_m]),
        seed=random.randrange(1 << 30),
    )


def fitting_scene(random: Random) -> Scene:
    """One whose consumer needs hours for the register that it has."""
    return _fitting(scene(random))


def varied(random: Random) -> Life:
    """One of the named lives in any scene: other widths, steps, fluids and outages."""
    line = random.choice([line for line in LINES if line.number not in (24, 31)])
    return named_life(line, fitting_scene(random))


def life(random: Random, *, calm: bool = False) -> Life:
    """A life in which anything happens, one thing after another; ``calm``: nothing that an index does not survive."""
    setting = fitting_scene(random)
    play = _Play(setting, random)
    for _ in range(random.randrange(5)):
        random.choice(play.calm if calm else play.choices())()
    return play.life()


def site_day(random: Random) -> tuple[str, str]:
    """Zone and day of a site; the first that its seed decides."""
    return random.choice(DAYS)


def site_lives(random: Random, count: int, *, hours: int = 6) -> list[Life]:
    """Lives of so many meters of one site: they begin and end together, and its server is started anew once."""
    zone, day = site_day(random)
    start = f"{day} {random.randrange(18):02}:{random.randrange(60):02}:{random.randrange(5, 55):02}"
    interval_s, restart_ms = random.choice([300, 600, 900, 1800, 3600]), HOUR + random.randrange((hours - 2) * HOUR)
    common = {"zone": zone, "start": start, "interval_s": interval_s, "poll_ms": 60_000}
    return [_site_life(replace(scene(random), **common), random, hours, restart_ms) for _ in range(count)]


def _site_life(setting: Scene, random: Random, hours: int, restart_ms: int) -> Life:
    if setting.register.type == "u48":  # no register that maps have
        setting = replace(setting, register=Register("u32", 100))
    setting = _fitting(setting)
    end_ms, restart = setting.start_ms + hours * HOUR, Restart(setting.start_ms + restart_ms)
    calm = (restart.at_ms - setting.interval_s * 1000 - REST_MS // 4, restart.at_ms + REST_MS // 4)
    while True:
        play = _Play(setting, random)
        play.live_at_site(end_ms - 3 * HOUR)
        whole = play.life()
        happenings = [_shortened(each, end_ms) for each in whole.happenings if each.at_ms < end_ms - 2 * HOUR]
        if not any(_touches(each, calm) for each in happenings):
            happenings = sorted([*happenings, restart], key=lambda each: each.at_ms)
            return replace(whole, end_ms=end_ms, happenings=tuple(happenings))


def _touches(happening: Happening, span_ms: tuple[int, int]) -> bool:
    """Whether it goes on in a time in which the server shall have settled."""
    until_ms = max(happening.at_ms, getattr(happening, "until_ms", 0))
    return happening.at_ms < span_ms[1] and span_ms[0] < until_ms + REST_MS // 4


def _shortened(happening: Happening, end_ms: int) -> Happening:
    """Whoever was silent for long is asked seldom, and a life at a site is short."""
    if not isinstance(happening, Silence):
        return happening
    return replace(happening, until_ms=min(happening.until_ms, happening.at_ms + 50 * MINUTE, end_ms - 2 * HOUR + 1))


def _fitting(setting: Scene) -> Scene:
    """A named line needs room for the consumer below the roll-over for some hours."""
    span_m = setting.register.span_m
    most_m = span_m // 16 // 24 if span_m else setting.rate_m
    rate_m = min(setting.rate_m, max(most_m, KW // 10))
    return replace(setting, rate_m=rate_m, rated_m=setting.rated_m * rate_m // setting.rate_m)


class _Play:
    """A life that is made up as it goes."""

    def __init__(self, setting: Scene, random: Random) -> None:
        self._scene, self._random = setting, random
        self._now_ms = setting.start_ms + REST_MS + random.randrange(HOUR)
        self._first_m = self._any_index()
        self._index_m, self._index_ms = self._first_m, setting.start_ms
        self._left_m: list[int] = []  # indexes of meters that are gone
        self._register = setting.register
        self._flow: list[tuple[int, int]] = [(setting.start_ms, setting.rate_m)]
        self._happenings: list[Happening] = []
        self._reports: list[tuple[str, ...]] = []
        self.calm = [self.outage, self.outage, self.restart, self.other_flow]

    def choices(self) -> list[Callable[[], None]]:
        """What may happen to this meter next."""
        any_meter = [
            self.outage, self.glitch, self.glitch, self.glitch_after_outage, self.noise, self.zeros, self.dips,
            self.exchange, self.exchange, self.restart, self.other_rate, self.other_flow,
        ]  # fmt: skip
        if self._register.falls:
            return [self.outage, self.glitch, self.glitch_after_outage, self.restart, self.other_rate, self.other_flow]
        if self._register.is_float:
            return any_meter
        return [*any_meter, self.edit, self.power_cut, self.declared_exchange, *[self.roll_over] * self._can_roll()]

    def live_at_site(self, until_ms: int) -> None:
        """What befalls this meter alone, and not its whole server."""
        of_server = (self.restart, self.other_rate, self.edit)
        while self._now_ms < until_ms:
            self._random.choice([each for each in self.choices() if each not in of_server])()

    def life(self) -> Life:
        end_ms = self._now_ms + 2 * HOUR
        return self._scene.life(
            f"seed {self._scene.seed}", self._first_m, self._happenings, flow=Flow(tuple(self._flow)),
            hours=(end_ms - self._scene.start_ms) / HOUR, reports=tuple(self._reports),
        )  # fmt: skip

    def outage(self) -> None:
        begin, end = self._silence()
        if end - begin > 2 * HOUR:  # shorter ones may lie in one interval
            self._reports.append(("gap",))

    def glitch(self) -> None:
        self._happenings.append(self._wrong(self._now_ms, self._random.choice([1, 1, 1, 2])))
        self._rest()

    def glitch_after_outage(self) -> None:
        _, end = self._silence()
        self._happenings.append(self._wrong(end, 1))
        self._rest()

    def noise(self) -> None:
        how, share = self._random.choice([("any bit", 20), ("any bit", 100), ("any number", 333), ("zero", 50)])
        until_ms = self._now_ms + self._random.randrange(10 * MINUTE, 2 * HOUR)
        self._happenings.append(
            Wrong(self._now_ms, how, until_ms=until_ms, share=share, seed=self._random.randrange(1 << 30))
        )
        self._now_ms = until_ms
        self._rest()

    def zeros(self) -> None:
        """A few zeros, silence, and all is as before: far from 0, where nobody could tell it from a reset."""
        span_m = self._register.span_m or 10**12
        room_m = 5 * max(self._scene.rated_m, 4 * self._scene.rate_m, FUSE_M)
        if not room_m < self._at(self._now_ms) % span_m < span_m - room_m:
            return
        until_ms = self._now_ms + self._random.randrange(1, 6) * self._scene.poll_ms
        self._happenings.append(Wrong(self._now_ms, self._random.choice(["zero", "ones"]), until_ms=until_ms))
        self._now_ms = until_ms
        self._silence()

    def dips(self) -> None:
        until_ms = self._now_ms + self._random.randrange(10 * MINUTE, 2 * HOUR)
        if not self._register.is_float:
            down = self._random.choice([-1, -2])
            self._happenings.append(
                Wrong(self._now_ms, "shift", down, until_ms=until_ms, share=30, seed=self._scene.seed)
            )
        self._now_ms = until_ms
        self._rest()

    def exchange(self) -> None:
        begin, end = self._now_ms, self._now_ms
        if self._random.random() < 0.7:
            begin, end = self._silence()
        self._change((begin + end) // 2)
        self._rest()

    def declared_exchange(self) -> None:
        """An exchange in an outage, and later somebody types both indexes."""
        begin, end = self._silence()
        changed_ms = (begin + end) // 2
        last_m = self._at(changed_ms)
        first_m = self._change(changed_ms)
        step_m = self._register.step_m
        self._happenings.append(
            Replaced(end + 2 * REST_MS // 3, changed_ms, last_m - last_m % step_m, first_m - first_m % step_m)
        )
        self._rest()

    def power_cut(self) -> None:
        """The consumer and its meter have no power, and the meter forgets some counts."""
        begin, end = self._now_ms, self._now_ms + self._random.choice([4, 15, 60]) * MINUTE
        self._flow += [(begin, 0), (end, self._scene.rate_m)]
        lost_m = self._random.randrange(1, 4) * max(self._register.step_m, self._scene.rate_m // 60)
        if self._at(begin) % (self._register.span_m or 1 << 62) < 10 * lost_m:
            lost_m = 0
        self._happenings.append(Silence(begin, end))
        if lost_m:
            self._happenings.append(Fallback(end, lost_m))
        self._index_m, self._index_ms, self._now_ms = self._at(begin) - lost_m, end, end
        self._rest()

    def edit(self) -> None:
        what = self._random.choice(["address", "register", "gateway", "model", "supply"])
        index_m = self._far_index(self._now_ms)
        self._happenings.append(Edit(self._now_ms, what, self._register, index_m))
        self._index_m, self._index_ms = index_m, self._now_ms
        self._reports.append(("rebased",))
        self._rest()

    def roll_over(self) -> None:
        """It waits until the top is near, in or out of an outage."""
        left_m = self._register.span_m - self._at(self._now_ms) % self._register.span_m
        self._now_ms += max(0, left_m * HOUR // max(1, self._scene.rate_m) - 5 * MINUTE)
        if self._random.random() < 0.5:
            self._silence(minutes=10)
        self._reports.append(("roll-over",))
        self._rest()

    def restart(self) -> None:
        self._happenings.append(Restart(self._now_ms))
        self._now_ms += 10 * MINUTE

    def other_rate(self) -> None:
        self._happenings.append(Rate(self._now_ms, self._random.choice([60, 300, 600, 900, 1800, 3600])))
        self._now_ms += 10 * MINUTE

    def other_flow(self) -> None:
        """The consumer takes another share of its most."""
        rate_m = self._scene.rate_m * self._random.choice([300, 500, 1000]) // 1000
        self._index_m, self._index_ms = self._at(self._now_ms), self._now_ms
        self._flow.append((self._now_ms, rate_m))
        self._now_ms += 20 * MINUTE
        self._flow.append((self._now_ms, self._scene.rate_m))

    def _rest(self) -> None:
        self._now_ms += REST_MS + self._random.randrange(HOUR)

    def _silence(self, minutes: int = 0) -> tuple[int, int]:
        minutes = minutes or self._random.choice([1, 3, 10, 30, 50, 200])
        begin, end = self._now_ms, self._now_ms + minutes * MINUTE + self._random.randrange(MINUTE)
        self._happenings.append(Silence(begin, end))
        self._now_ms = end
        self._rest()
        return begin, end

    def _wrong(self, at_ms: int, answers: int) -> Wrong:
        how, value = self._random.choice(
            [("zero", 0), ("ones", 0), ("bit", self._random.randrange(64)), ("any number", 0), ("shift", 600_000)]
        )
        return Wrong(at_ms, how, value, answers, seed=self._random.randrange(1 << 30))

    def _change(self, at_ms: int) -> int:
        self._index_m, self._index_ms = self._far_index(at_ms), at_ms
        self._happenings.append(OtherMeter(at_ms, self._index_m))
        self._reports.append(("exchange", "reset"))
        return self._index_m

    def _at(self, ts_ms: int) -> int:
        flow = Flow(tuple(self._flow))
        return self._index_m + round(flow.between_m(self._index_ms, ts_ms))

    def _any_index(self) -> int:
        span_m = min(self._scene.register.span_m or 10**12, MOST_INDEX_M)
        return self._random.choice([span_m // 1000, span_m // 7, span_m // 3, span_m // 2])

    def _far_index(self, at_ms: int) -> int:
        """One that neither the counter nor one before it can have come to, on no way."""
        span_m = min(self._scene.register.span_m or 10**12, MOST_INDEX_M)
        now_m = self._at(at_ms) % span_m
        room_m = 2 * self._scene.rate_m * 24
        choices = [0, 200, now_m // 2, now_m // 3, now_m + span_m // 4]
        self._left_m.append(now_m)
        fitting = [
            index_m
            for index_m in choices
            if index_m < span_m * 3 // 4
            and all(room_m < (index_m - left_m) % span_m < span_m - room_m for left_m in self._left_m)
        ]
        return self._random.choice(fitting or [(now_m + span_m // 2) % span_m])

    def _can_roll(self) -> bool:
        span_m = self._register.span_m
        left_m = span_m - self._at(self._now_ms) % span_m if span_m else 0
        return bool(span_m) and left_m * HOUR // max(1, self._scene.rate_m) < DAY
