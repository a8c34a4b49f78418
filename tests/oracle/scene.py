"""A scene: the meter, consumer, line and site that a named life is played with, and what may differ from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.oracle.flow import Flow
from tests.oracle.life import Happening, Life
from tests.oracle.register import Register

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
KWH = 1_000_000  # in thousandths of a Wh; a cubic metre in thousandths of a dm3 alike
KW = 1_000_000
U32_WH = Register("u32", 1000)


def local_ms(text: str, zone: str) -> int:
    """UTC ms of "2026-05-04 08:00" by a wall clock."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1000


@dataclass(frozen=True, slots=True)
class Scene:
    """What is usual: 3.6 kW without a pause, a register in Wh, polls each 10 s, slots of 10 minutes.

    rate_m   of the consumer
    longer   outages last so many thousandths of what they do in the table
    start    by the wall clock of the zone
    """

    register: Register = U32_WH
    rate_m: int = 3_600_000
    longer: int = 1000
    fluid: str = "electricity"
    zone: str = "Europe/Paris"
    start: str = "2026-05-04 08:00"
    interval_s: int = 600
    poll_ms: int = 10_000
    rated_m: int = 0
    seed: int = 0

    @property
    def start_ms(self) -> int:
        return local_ms(self.start, self.zone)

    def at(self, hour: int, minute: int = 0, second: int = 0) -> int:
        """UTC ms so long after the scene's day began to be looked at, which is 8 o'clock in the table."""
        return self.start_ms + (hour - 8) * HOUR + minute * MINUTE + second * SECOND

    def outage(self, minutes: int) -> int:
        return minutes * MINUTE * self.longer // 1000

    def taken(self, from_ms: int, to_ms: int) -> int:
        """What the consumer takes meanwhile, in thousandths."""
        return self.rate_m * (to_ms - from_ms) // HOUR

    def index(self, kwh: float) -> int:
        """An index of the table, as far below the roll-over of this register as it takes."""
        wished_m = round(kwh * KWH)
        span_m = self.register.span_m
        return wished_m if not span_m or wished_m < span_m * 3 // 4 else span_m * 5 // 8 + wished_m % (span_m // 16)

    def before_wrap(self, until_ms: int) -> int:
        """The index from which the consumer takes its counter over the top at a moment."""
        return self.register.span_m - self.taken(self.start_ms, until_ms)

    def life(
        self,
        name: str,
        first_m: int,
        happenings: Iterable[Happening] = (),
        *,
        hours: float = 6,
        flow: Flow | None = None,
        reports: tuple[tuple[str, ...], ...] = (),
        register: Register | None = None,
    ) -> Life:
        return Life(
            name,
            register or self.register,
            flow or Flow(((self.start_ms, self.rate_m),)),
            self.start_ms,
            self.start_ms + round(hours * HOUR),
            first_m,
            zone=self.zone,
            fluid=self.fluid,
            interval_s=self.interval_s,
            poll_ms=self.poll_ms,
            rated_m=self.rated_m,
            happenings=tuple(sorted(happenings, key=lambda each: each.at_ms)),
            reports=reports,
            seed=self.seed,
        )

    def with_register(self, type: str, step_m: int, *, digits: int = 0, named: bool = True) -> Scene:
        return replace(self, register=Register(type, step_m, digits, named=named))
