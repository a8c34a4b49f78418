"""A rule that acts, as it is configured, and the time frame in which it may.

source  wes-cartelectronic-fr chapter 10
"""

from __future__ import annotations

from dataclasses import dataclass

DEVICE, TARIFF, ALARM, CLOCK = SOURCES = ("device", "tariff", "alarm", "clock")
SIGNS = ("=", "<>", "<", "<=", ">", ">=")
MESSAGE, ON, OFF, WHILE, PULSE, TOGGLE = ACTIONS = ("message", "on", "off", "while", "pulse", "toggle")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS = ("every", "weekdays", "weekend", *WEEKDAYS)
DAY_MIN = 1440
SWITCHES = (("on", "off"), ("closed", "open"), ("start", "wait"))  # what commands call on and off


@dataclass(frozen=True, slots=True)
class AutomationSpec:
    """*When* a source stands in relation to a value, *within* hours and days, *then* something is done.

    source     "device" (its ``quantity``), "tariff" (the one in force of the fluid of ``tariff``), "alarm" (of the kind
               ``alarm``, of ``device`` or 0 = of anything), "clock" (the hours and days alone)
    value      in the unit of the quantity, or the name of a state; of no concern to other sources
    start, end HH:MM; both 00:00 = the whole day, an end of 00:00 is midnight
    action     "message" by ``outlet`` to ``recipients``; or of ``command`` of the device ``target``: "on", "off",
               "while" (on as long as it is true, else off), "pulse" (on for ``pulse_s``), "toggle"
    """

    id: int
    name: str
    source: str
    action: str
    device: int = 0
    quantity: str = ""
    tariff: int = 0
    alarm: str = ""
    sign: str = "="
    value: str | int | float = ""
    start: str = "00:00"
    end: str = "00:00"
    days: str = "every"
    target: int = 0
    command: str = ""
    pulse_s: int = 5
    outlet: int = 0
    recipients: str = ""
    text: str = ""
    on: bool = True

    @property
    def frame(self) -> tuple[int, int]:
        """Minutes of the day, half open."""
        start, end = _minute(self.start), _minute(self.end)
        return start, end or DAY_MIN

    @property
    def weekdays(self) -> frozenset[int]:
        """0 is Monday."""
        return _WEEKDAYS[self.days]


_WEEKDAYS = {
    "every": frozenset(range(7)),
    "weekdays": frozenset(range(5)),
    "weekend": frozenset((5, 6)),
    **{day: frozenset((index,)) for index, day in enumerate(WEEKDAYS)},
}


def _minute(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def switch_values(choices: tuple[str, ...]) -> tuple[str, str] | None:
    """What a command calls on and off, None = it switches nothing."""
    return next((pair for pair in SWITCHES if set(pair) <= set(choices)), None)
