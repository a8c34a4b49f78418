"""What a Linky of the mode standard tells, but for the point of delivery (PRM), which is a personal datum."""

from __future__ import annotations

from collections.abc import Sequence

from drivers.api import DeviceSettings
from drivers.teleinfo.historique import PHASES, Count, counted
from runtime.core.tic.status import Status, read_status
from runtime.core.tic.telegram import Telegram, unpack

_RELAYS = 8
_KVA = 1000


def _rows(phases: int) -> tuple[tuple[str, str, int], ...]:
    """(quantity, label, factor to the quantity's unit) of plain numbers."""
    each = PHASES[:phases]
    split = each if phases > 1 else ()
    return (
        ("active_energy_import_wh", "EAST", 1),
        *((f"active_energy_import_t{number}_wh", f"EASF{number:02}", 1) for number in range(1, 11)),
        *((f"active_energy_distributor_{number}_wh", f"EASD{number:02}", 1) for number in range(1, 5)),
        ("active_energy_export_wh", "EAIT", 1),
        *((f"reactive_energy_q{number}_varh", f"ERQ{number}", 1) for number in range(1, 5)),
        ("apparent_power_va", "SINSTS", 1),
        *((f"apparent_power_l{phase}_va", f"SINSTS{phase}", 1) for phase in split),
        ("apparent_power_given_va", "SINSTI", 1),
        ("active_power_demand_w", "CCASN", 1),
        ("active_power_given_mean_w", "CCAIN", 1),
        *((f"current_l{phase}_a", f"IRMS{phase}", 1) for phase in each),
        *((f"voltage_l{phase}_v", f"URMS{phase}", 1) for phase in each),
        *((f"voltage_l{phase}_ten_minutes_v", f"UMOY{phase}", 1) for phase in each),
        ("subscribed_power_va", "PREF", _KVA),
        ("breaking_power_va", "PCOUP", _KVA),
        ("apparent_power_today_max_va", "SMAXSN", 1),
        *((f"apparent_power_l{phase}_today_max_va", f"SMAXSN{phase}", 1) for phase in split),
        ("apparent_power_yesterday_max_va", "SMAXSN-1", 1),
        *((f"apparent_power_l{phase}_yesterday_max_va", f"SMAXSN{phase}-1", 1) for phase in split),
        ("apparent_power_given_today_max_va", "SMAXIN", 1),
        ("apparent_power_given_yesterday_max_va", "SMAXIN-1", 1),
        ("tariff_register", "NTARF", 1),
    )


_TEXTS = (
    ("contract", "NGTF"), ("tariff_name", "LTARF"), ("message_long", "MSG1"), ("message_short", "MSG2"),
    ("serial_number", "ADSC"),
)  # fmt: skip
_STATES = (
    "overrun", "overvoltage", "meter_contact", "terminal_cover", "meter_clock", "colour_today", "colour_tomorrow",
    "mobile_peak",
)  # fmt: skip


def quantities(phases: int) -> tuple[str, ...]:
    """What ``read`` gives, in this order."""
    numbers, texts = [row[0] for row in _rows(phases)], [row[0] for row in _TEXTS]
    return (*numbers, *texts, *_STATES, *(f"output_{number}_state" for number in range(1, _RELAYS + 1)))


class Standard:
    """Counts of ``quantities(…)`` from a telegram."""

    def __init__(self, phases: int) -> None:
        self._phases, self._rows = phases, _rows(phases)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Standard) and other._phases == self._phases

    def __hash__(self) -> int:
        return hash(("standard", self._phases))

    def __call__(self, payload: bytes, settings: DeviceSettings) -> Sequence[Count]:
        telegram = unpack(payload)
        return (
            *(counted(telegram, label, quantity, factor) for quantity, label, factor in self._rows),
            *(_stripped(telegram.text(label)) for _, label in _TEXTS),
            *_states(telegram),
            *_relays(telegram.number("RELAIS")),
        )


def _stripped(text: str | None) -> str | None:
    return None if text is None else " ".join(text.split())


def _states(telegram: Telegram) -> tuple[int | None, ...]:
    text = telegram.text("STGE")
    return (None,) * len(_STATES) if text is None else _of(read_status(text))


def _of(status: Status) -> tuple[int, ...]:
    return (
        int(status.exceeds_subscribed), int(status.has_overvoltage), status.breaker, int(status.cover_is_open),
        int(status.clock_is_degraded), status.today, status.tomorrow, 2 if status.running else int(bool(status.notice)),
    )  # fmt: skip


def _relays(bits: int | None) -> tuple[int | None, ...]:
    return tuple(None if bits is None else bits >> relay & 1 for relay in range(_RELAYS))
