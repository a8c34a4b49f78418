"""What a meter of the mode historique tells: indexes by tariff period, currents, apparent power.

Registers count as Linky counts them: t1 is Base, off-peak, EJP's normal hours or Tempo's blue off-peak, and so on.
"""

from __future__ import annotations

from collections.abc import Sequence

from drivers.api import DeviceSettings
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.tic.telegram import Telegram, unpack

Count = int | str | None
REGISTERS = (
    ("BASE", "HCHC", "EJPHN", "BBRHCJB"),
    ("HCHP", "EJPHPM", "BBRHPJB"),
    ("BBRHCJW",), ("BBRHPJW",), ("BBRHCJR",), ("BBRHPJR",),
)  # fmt: skip
PERIODS = ("TH..", "HC..", "HP..", "HN..", "PM..", "HCJB", "HPJB", "HCJW", "HPJW", "HCJR", "HPJR")
TOMORROW = ("----", "BLEU", "BLAN", "ROUG")
_TODAY = {"B": 1, "W": 2, "R": 3}
PHASES = (1, 2, 3)


def quantities(side: str, phases: int) -> tuple[str, ...]:
    """What ``read`` gives, in this order. ``side``: "import", or "export" of what produces."""
    each = PHASES[:phases]
    return (
        f"active_energy_{side}_wh",
        *(f"active_energy_{side}_t{number}_wh" for number in range(1, len(REGISTERS) + 1)),
        "apparent_power_va", *(f"current_l{phase}_a" for phase in each), *(f"current_l{phase}_max_a" for phase in each),
        *(("highest_power_w", "phases_missing") if phases > 1 else ()),
        "subscribed_current_a", "contract", "tariff_period", "colour_today", "colour_tomorrow", "mobile_peak",
        "serial_number",
    )  # fmt: skip


def overruns(phases: int) -> tuple[str, ...]:
    return ("overrun", *(f"overrun_l{phase}_a" for phase in PHASES[:phases]))


class Historique:
    """Counts of ``quantities(…)`` from a telegram."""

    def __init__(self, phases: int) -> None:
        self._phases = phases

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Historique) and other._phases == self._phases

    def __hash__(self) -> int:
        return hash(("historique", self._phases))

    def __call__(self, payload: bytes, settings: DeviceSettings) -> Sequence[Count]:
        telegram = unpack(payload)
        several = self._phases > 1
        return (
            *_energies(telegram),
            counted(telegram, "PAPP", "apparent_power_va"),
            *_currents(telegram, "IINST", self._phases),
            *_currents(telegram, "IMAX", self._phases),
            *((counted(telegram, "PMAX", "highest_power_w"), telegram.number("PPOT", 16)) if several else ()),
            counted(telegram, "ISOUSC", "subscribed_current_a"),
            telegram.text("OPTARIF"),
            *_periods(telegram),
            telegram.text("ADCO"),
        )


class Overruns:
    """Counts of ``overruns(…)`` from what of a telegram speaks of them: nothing of it means none."""

    def __init__(self, phases: int) -> None:
        self._phases = phases

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Overruns) and other._phases == self._phases

    def __hash__(self) -> int:
        return hash(("overruns", self._phases))

    def __call__(self, payload: bytes, settings: DeviceSettings) -> Sequence[Count]:
        telegram = unpack(payload)
        labels = ("ADPS",) if self._phases == 1 else tuple(f"ADIR{phase}" for phase in PHASES)
        currents = [counted(telegram, label, "overrun_l1_a") or 0 for label in labels]
        return (int(bool(telegram.groups)), *currents)


def counted(telegram: Telegram, label: str, quantity: str, factor: int = 1) -> int | None:
    """A group's number, times ``factor`` in the quantity's unit, as counts of its step."""
    number = telegram.number(label)
    return None if number is None else number * factor * 10 ** -QUANTITIES[quantity].exp10


def _energies(telegram: Telegram) -> tuple[int | None, ...]:
    """The sum of all registers, and each of them; the option in force alone has any."""
    each = [_first(telegram, labels) for labels in REGISTERS]
    known = [index for index in each if index is not None]
    return (sum(known) if known else None, *each)


def _first(telegram: Telegram, labels: Sequence[str]) -> int | None:
    label = next((label for label in labels if label in telegram.groups), "")
    return counted(telegram, label, "active_energy_import_wh")


def _currents(telegram: Telegram, stem: str, phases: int) -> tuple[int | None, ...]:
    labels = [stem] if phases == 1 and stem in telegram.groups else [f"{stem}{phase}" for phase in PHASES[:phases]]
    return tuple(counted(telegram, label, "current_l1_a") for label in labels)


def _periods(telegram: Telegram) -> tuple[int | None, ...]:
    """Period, colour of today and of tomorrow, mobile peak."""
    period, tomorrow = telegram.text("PTEC"), telegram.text("DEMAIN")
    if period is None:
        return None, None, None, None
    running = 2 if period == "PM.." else 1 if "PEJP" in telegram.groups else 0
    colour = _TODAY.get(period[3], 0)
    return PERIODS.index(period), colour, None if tomorrow is None else TOMORROW.index(tomorrow), running
