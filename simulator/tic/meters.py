"""Two meters of a house, as they speak: a Linky of the mode standard, and one of the mode historique that produces."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from runtime.core.clock.timegrid import local
from simulator.plant.meter import Meter
from simulator.tic.encode import historique, standard
from simulator.tic.registers import Registers

KVA = 9
_STANDARD_BIT, _OVERRUN_BIT, _OPEN_BIT = 1 << 17, 1 << 7, 1
_REGISTER_BIT = 10


class Linky:
    """Off-peak and peak hours; its relay switches the water heater on in off-peak hours."""

    period_s = 1.0

    def __init__(self, meter: Meter, address: str, zone: ZoneInfo) -> None:
        self.registers = Registers(meter, "active_energy_import_wh", zone)
        self._meter, self._address, self._zone = meter, address, zone
        self._highest = ("", 0, "")  # day, VA, moment

    def telegram(self, at_ms: int) -> bytes:
        shown, moment = self._meter.gauges(at_ms), self._moment(at_ms)
        off_peak, peak = (n // 1000 for n in self.registers.at(at_ms))
        is_off_peak, power_va = self.registers.is_off_peak(at_ms), shown["apparent_power_va"] // 10
        volts = f"{round(shown['voltage_l1_v'] / 100):03}"
        register = 1 if is_off_peak else 2
        indexes = (off_peak, peak, *[0] * 8)
        return standard([
            ("ADSC", self._address), ("VTIC", "02"), ("DATE", moment, ""), ("NGTF", f"{'H PLEINE/CREUSE':^16}"),
            ("LTARF", f"{'HEURE  CREUSE' if is_off_peak else 'HEURE  PLEINE':^16}"),
            ("EAST", f"{off_peak + peak:09}"),
            *((f"EASF{number:02}", f"{index:09}") for number, index in enumerate(indexes, 1)),
            *((f"EASD{number:02}", f"{index:09}") for number, index in enumerate(indexes[:4], 1)),
            ("IRMS1", f"{round(shown['current_l1_a'] / 1000):03}"), ("URMS1", volts),
            ("PREF", f"{KVA:02}"), ("PCOUP", f"{KVA:02}"), ("SINSTS", f"{power_va:05}"),
            ("SMAXSN", *self._highest_of(power_va, moment)),
            ("CCASN", self._moment(at_ms - at_ms % 600_000), f"{shown['active_power_w'] // 10:05}"),
            ("UMOY1", self._moment(at_ms - at_ms % 600_000), volts),
            ("STGE", f"{self._status(register, power_va):08X}"), ("MSG1", f"{'PAS DE MESSAGE':<32}"),
            ("PRM", "01234567890123"), ("RELAIS", f"{int(is_off_peak):03}"), ("NTARF", f"{register:02}"),
            ("NJOURF", "00"), ("NJOURF+1", "00"),
        ])  # fmt: skip

    def indexes(self, at_ms: int) -> dict[str, int]:
        """What its counters show, in 0.001 Wh."""
        off_peak, peak = (n // 1000 * 1000 for n in self.registers.at(at_ms))
        t = "active_energy_import_t{}_wh".format
        return {"active_energy_import_wh": off_peak + peak, t(1): off_peak, t(2): peak}

    def _moment(self, at_ms: int) -> str:
        wall = local(at_ms // 1000, self._zone)
        season = "E" if wall.dst() else "H"
        return season + wall.strftime("%y%m%d%H%M%S")

    def _highest_of(self, power_va: int, moment: str) -> tuple[str, str]:
        """Moment and power of today's highest since the meter is played."""
        day, highest_va, _ = self._highest
        if moment[1:7] != day or power_va > highest_va:
            self._highest = moment[1:7], power_va, moment
        return self._highest[2], f"{self._highest[1]:05}"

    @staticmethod
    def _status(register: int, power_va: int) -> int:
        overrun = _OVERRUN_BIT if power_va > KVA * 1000 else 0
        contact = 0 if register == 1 else _OPEN_BIT
        return _STANDARD_BIT | register - 1 << _REGISTER_BIT | overrun | contact


class Producer:
    """A meter of one register that counts what the roof gives."""

    period_s = 1.5

    def __init__(self, meter: Meter, address: str) -> None:
        self._meter, self._address = meter, address

    def telegram(self, at_ms: int) -> bytes:
        shown = self._meter.gauges(at_ms)
        index_n = self._meter.energies(at_ms)["active_energy_export_wh"]
        return historique([
            ("ADCO", self._address), ("OPTARIF", "BASE"), ("ISOUSC", "30"), ("BASE", f"{index_n // 1000:09}"),
            ("PTEC", "TH.."), ("IINST", f"{round(abs(shown['current_l1_a']) / 1000):03}"), ("IMAX", "090"),
            ("PAPP", f"{shown['apparent_power_va'] // 100 * 10:05}"), ("HHPHC", "A"), ("MOTDETAT", "000000"),
        ])  # fmt: skip

    def indexes(self, at_ms: int) -> dict[str, int]:
        """What its counter shows, in 0.001 Wh."""
        index_n = self._meter.energies(at_ms)["active_energy_export_wh"] // 1000 * 1000
        return {"active_energy_export_wh": index_n, "active_energy_export_t1_wh": index_n}
