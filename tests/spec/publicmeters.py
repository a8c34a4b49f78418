"""Meters on a real socket as public tables tell them, typed from there by hand and strict as meters are.

Nothing here comes from the maps: addresses, words and scales stand in the source that is named beside each meter. A
meter refuses other functions, reads that are too long, and where it is said so, reads of what it does not have.
"""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

ILLEGAL_FUNCTION, ILLEGAL_ADDRESS = 1, 2
UNSAID = 0xDEAD  # what stands where a table says nothing


def words(code: str, *values: float, low_first: bool = False) -> list[int]:
    """The registers of some numbers, each most significant word first unless said otherwise."""
    found: list[int] = []
    for value in values:
        packed = struct.pack(">" + code, value)
        each = [int.from_bytes(packed[at : at + 2], "big") for at in range(0, len(packed), 2)]
        found += each[::-1] if low_first else each
    return found


def held(code: str, value: float) -> float:
    """What a register of that kind holds of a number: a float of 32 bit keeps 24 digits of it."""
    return float(struct.unpack(">" + code, struct.pack(">" + code, value))[0])


@dataclass
class PublicMeter:
    """One meter at one unit.

    model     id of the map that reads it
    tells     quantity -> value in its unit, None for "no value", as the source says
    most      words in one answer
    strict    it refuses reads that touch what it does not have; hangs_up: it ends the connection instead
    rises     registers, by address, once it has counted on, and quantity -> energy in between
    rated_a   current that its circuit carries
    """

    model: str
    tells: dict[str, float | None]
    registers: dict[int, list[int]]
    functions: tuple[int, ...] = (3,)
    most: int = 125
    strict: bool = False
    hangs_up: bool = False
    rises: dict[int, list[int]] = field(default_factory=dict)
    counted: dict[str, float] = field(default_factory=dict)
    rated_a: int = 63
    asked: list[tuple[int, int, int]] = field(default_factory=list)

    def answer(self, function: int, at: int, count: int) -> bytes | int | None:
        """Registers, the number of an exception, or None: it hangs up."""
        self.asked.append((function, at, count))
        held = {start + n: word for start, row in self.registers.items() for n, word in enumerate(row)}
        unknown = any(address not in held for address in range(at, at + count))
        if unknown and self.hangs_up:
            return None
        if function not in self.functions:
            return ILLEGAL_FUNCTION
        if count > self.most or (unknown and self.strict):
            return ILLEGAL_ADDRESS
        return b"".join(held.get(address, UNSAID).to_bytes(2, "big") for address in range(at, at + count))

    def count_on(self) -> None:
        self.registers = {**self.registers, **self.rises}


THREE_PHASES = {"voltage_l1_v": 230.1, "voltage_l2_v": 231.2, "voltage_l3_v": 229.3}
CURRENTS = {"current_l1_a": 5.25, "current_l2_a": 6.5, "current_l3_a": 0.75}


def em24() -> PublicMeter:
    """dbus-cgwacs Em24Commands; the maker's protocol 4.0: 11 words a read, low word first, 7FFFh in the high word."""
    return PublicMeter(
        "gavazzi-em24",
        {**THREE_PHASES, **CURRENTS, "active_power_w": 470.5, "active_power_l1_w": -1200.5, "active_power_l2_w": 1500.2,
         "active_power_l3_w": None, "power_factor": 0.985, "power_factor_l1": -0.98, "frequency_hz": 50.0,
         "active_energy_import_wh": 12_345_600, "active_energy_export_wh": 76_500, "active_energy_partial_wh": 7_800,
         "active_energy_import_l1_wh": 4_111_100},
        {0x00: words("i", 2301, 2312, 2293, low_first=True), 0x0C: words("i", 5250, 6500, 750, low_first=True),
         0x12: words("i", -12005, 15002, low_first=True), 0x16: [0x1234, 0x7FFF],
         0x28: words("i", 4705, low_first=True), 0x32: words("h", -980, 990, 970, 985), 0x37: [500],
         0x3E: words("i", 123456, 5555, 78, 9, 41111, 41122, 41223, low_first=True),
         0x5C: words("i", 765, low_first=True)},
        functions=(3, 4), most=11,
        rises={0x3E: words("i", 123476, low_first=True)}, counted={"active_energy_import_wh": 2000},
    )  # fmt: skip


def et112() -> PublicMeter:
    """dbus-cgwacs Em112Commands, whose authors saw an ET112 tell what is fed back as a negative number."""
    return PublicMeter(
        "gavazzi-em112",
        {"voltage_l1_v": 230.1, "current_l1_a": 5.25, "active_power_w": -1200.5, "apparent_power_va": 1208,
         "reactive_power_var": None, "frequency_hz": 50, "active_energy_import_wh": 12_345_600,
         "active_energy_export_wh": 987_100},
        {0x00: words("i", 2301, 5250, -12005, 12080, 0x7FFFFFFF, low_first=True), 0x0F: [500],
         0x10: words("i", 123456, low_first=True), 0x20: words("i", -9871, low_first=True)},
        functions=(3, 4), most=50, strict=True,
        rises={0x20: words("i", -9891, low_first=True)}, counted={"active_energy_export_wh": 2000},
    )  # fmt: skip


def dtsu666() -> PublicMeter:
    """openWB chint counter.py: all values times the ratios in 0x0006 and, a tenth, in 0x0007; transformers 200/5."""
    return PublicMeter(
        "chint-dtsu666",
        {**THREE_PHASES, "voltage_l12_v": 398.5, "current_l1_a": 50, "current_l2_a": 60, "current_l3_a": 30,
         "active_power_w": 32_000, "active_power_l1_w": 11_400, "power_factor": 0.985, "frequency_hz": 49.98,
         "active_energy_import_wh": 4_940_000, "active_energy_export_wh": 370_000, "ct_ratio": 40, "vt_ratio": 1},
        {0x0006: [40, 10],
         0x2000: words("f", 3985, 3995, 4005, 2301, 2312, 2293, 1250, 1500, 750, 8000, 2850, 3450, 1700),
         0x201A: words("f", 0, 0, 0, 0), 0x202A: words("f", 985, 980, 990, 970), 0x2044: words("f", 4998),
         0x101E: words("f", 123.5, 40, 41, 42.5), 0x1028: words("f", 9.25, 3, 3, 3.25)},
        rises={0x101E: words("f", 123.75, 40, 41, 42.5)}, counted={"active_energy_import_wh": 10_000}, rated_a=200,
    )  # fmt: skip


def sdm72() -> PublicMeter:
    """SDM_Energy_Meter SDM.h, and openWB sdm.py: some of these answer ten registers at most."""
    return PublicMeter(
        "eastron-sdm72dm",
        {**THREE_PHASES, **CURRENTS, "active_power_w": 470.5, "active_power_l1_w": -1200.5, "frequency_hz": 49.98,
         "power_factor": 0.985, "active_energy_import_wh": 12_345_678, "active_energy_export_wh": 987_125,
         "active_energy_sum_wh": 13_332_803},
        {0x00: words("f", 230.1, 231.2, 229.3, 5.25, 6.5, 0.75, -1200.5, 1500.25, 170.75),
         0x34: words("f", 470.5), 0x3E: words("f", 0.985), 0x46: words("f", 49.98, 12345.678, 987.125),
         0x156: words("f", 13332.803)},
        functions=(4,), most=10,
        rises={0x46: words("f", 49.98, 12347.678, 987.125)}, counted={"active_energy_import_wh": 2000},
    )  # fmt: skip


def ecr380d() -> PublicMeter:
    """OpenEMS HagerEcr380dMeterImpl; what a model does not give is all ones or 7FFFh, by Hager's summary of tables."""
    return PublicMeter(
        "hager-ecr380d",
        {"voltage_l1_v": 230.1, "voltage_l2_v": 231.2, "voltage_l3_v": None, "voltage_l12_v": 398.5,
         "frequency_hz": 49.98, "voltage_l23_v": None, "current_l1_a": 5.25, "current_l3_a": None,
         "active_power_w": 300, "active_power_l1_w": -1200, "active_power_l3_w": None, "power_factor_l3": None,
         "active_energy_import_wh": 12_345_000, "active_energy_export_wh": 987_000, "active_energy_import_l3_wh": None},
        {0xB000: [23010, 23120, 0xFFFF, 39850, 0xFFFF, 0xFFFF, 4998],
         0xB009: words("I", 5250, 6500, 0xFFFFFFFF, 0xFFFFFFFF),
         0xB011: words("i", 30, 1), 0xB015: words("I", 271), 0xB017: [985, 985],
         0xB019: words("i", -120, 150, 0x7FFFFFFF, 1, -2, 0x7FFFFFFF), 0xB025: words("I", 121, 150, 0xFFFFFFFF),
         0xB02B: words("h", -980, 990, 0x7FFF, -980, 990, 0x7FFF), 0xB060: words("I", 12345, 55, 987, 44),
         0xB180: words("I", 8000, 4345, 0xFFFFFFFF, 500, 487, 0xFFFFFFFF, 30, 25, 0xFFFFFFFF, 20, 24, 0xFFFFFFFF)},
        rises={0xB060: words("I", 12347, 55, 987, 44)}, counted={"active_energy_import_wh": 2000},
    )  # fmt: skip


def pac3200() -> PublicMeter:
    """openWB siemens_sentron counter.py; it ends the connection when it is asked for what it does not have."""
    return PublicMeter(
        "siemens-pac3200",
        {**THREE_PHASES, "voltage_l12_v": 398.5, **CURRENTS, "active_power_w": 470.5, "active_power_l1_w": -1200.5,
         "frequency_hz": 49.98, "power_factor": 0.985, "active_energy_import_wh": 12_345_678,
         "active_energy_export_wh": 987_125},
        {1: words("f", 230.1, 231.2, 229.3, 398.5, 399.5, 400.5, 5.25, 6.5, 0.75, 1208, 1502, 172, -1200.5, 1500.25,
                  170.75, 10.5, -20.5, 5.5, -0.98, 0.99, 0.97),
         55: words("f", 49.98, 230.2, 399.5, 4.1667, 2882, 470.5, -4.5, 0.985),
         801: words("d", 12345678), 809: words("d", 987125)},
        functions=(3, 4), hangs_up=True,
        rises={801: words("d", 12347678)}, counted={"active_energy_import_wh": 2000},
    )  # fmt: skip


def umg96rm() -> PublicMeter:
    """OpenEMS MeterJanitzaUmg96rmeImpl: energies are floats of 32 bit in Wh, which step by whole ones up there."""
    before, after = (12_345_678.25, 987_125.0), (12_347_678.75, 988_125.5)
    return PublicMeter(
        "janitza-umg96rm",
        {**THREE_PHASES, **CURRENTS, "active_power_w": 470.5, "active_power_l1_w": -1200.5, "frequency_hz": 49.98,
         "active_energy_import_wh": held("f", before[0]), "active_energy_export_wh": 987_125},
        {19000: words("f", 230.1, 231.2, 229.3, 398.5, 399.5, 400.5, 5.25, 6.5, 0.75, 0.125),
         19020: words("f", -1200.5, 1500.25, 170.75, 470.5),
         19050: words("f", 49.98), 19068: words("f", before[0]), 19076: words("f", before[1])},
        rises={19068: words("f", after[0]), 19076: words("f", after[1])},
        counted={"active_energy_import_wh": held("f", after[0]) - held("f", before[0]),
                 "active_energy_export_wh": 1000.5},
    )  # fmt: skip


def sunspec_203() -> PublicMeter:
    """SunSpec model_203.json after a common model of 66 registers: scales in registers, 8000h for what is not there."""
    meter = {
        2: words("h", 125, 53, 65, 8, -1, 2302, 2301, 2312, 2293, 3995, 3985, 3995, 4005, -1, 4998, -2),
        18: words("h", 471, -1201, 1500, 171, 0, 2882, 1208, 1502, 172, 0, -5, 11, -21, 6, 0),
        33: words("h", 9850, -9800, 9900, -0x8000, -2), 38: words("I", 98_712, 30_012, 32_050, 36_650),
        46: words("I", 1_234_567, 400_050, 410_025, 424_492), 54: words("h", 1), 55: words("I", *[0] * 8),
        71: words("h", -0x8000), 72: words("I", *[0] * 16), 104: words("h", -0x8000), 105: words("I", 0),
    }  # fmt: skip
    return PublicMeter(
        "sunspec-20x",
        {**THREE_PHASES, "voltage_l12_v": 398.5, "current_l1_a": 5.3, "current_l2_a": 6.5, "current_l3_a": 0.8,
         "active_power_w": 471, "active_power_l1_w": -1201, "reactive_power_var": -5, "frequency_hz": 49.98,
         "power_factor": 0.985, "power_factor_l1": -0.98, "power_factor_l3": None,
         "active_energy_import_wh": 12_345_670, "active_energy_export_wh": 987_120,
         "active_energy_import_l1_wh": 4_000_500},
        {40000: [0x5375, 0x6E53, 1, 66, *[0] * 66], 40070: [203, 105], **{40070 + at: row for at, row in meter.items()},
         40177: [0xFFFF, 0]},
        strict=True,
        rises={40108: words("I", 98_812, 30_012, 32_050, 36_650),
               40116: words("I", 1_234_767, 400_050, 410_025, 424_492)},
        counted={"active_energy_import_wh": 2000, "active_energy_export_wh": 1000},
    )  # fmt: skip


METERS = (em24, et112, dtsu666, sdm72, ecr380d, pac3200, umg96rm, sunspec_203)


@contextmanager
def served(units: dict[int, PublicMeter]) -> Iterator[int]:
    """The port on loopback at which these answer Modbus TCP."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler, bind_and_activate=False)
    server.daemon_threads, server.allow_reuse_address = True, True
    server.units = units  # type: ignore[attr-defined]
    server.server_bind()
    server.server_activate()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(60)


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        units: dict[int, PublicMeter] = self.server.units  # type: ignore[attr-defined]
        while len(head := self.rfile.read(8)) == 8:
            body = self.rfile.read(int.from_bytes(head[4:6], "big") - 2)
            unit, function = head[6], head[7]
            if unit not in units:
                continue  # silence
            told = units[unit].answer(function, *struct.unpack(">HH", body[:4]))
            if told is None:
                return
            self.wfile.write(_framed(head, function, told))


def _framed(head: bytes, function: int, told: bytes | int) -> bytes:
    pdu = bytes((function | 0x80, told)) if isinstance(told, int) else bytes((function, len(told))) + told
    return head[:4] + (1 + len(pdu)).to_bytes(2, "big") + head[6:7] + pdu


def differences(meter: PublicMeter, told: dict[str, Any]) -> list[str]:
    """What of a meter is not read as its source says; a value may be off by what a float of 32 bit leaves."""
    wrong = []
    for quantity, wanted in meter.tells.items():
        got = told[quantity]["value"] if quantity in told else "not read"
        known = isinstance(got, int | float) and wanted is not None
        if not (known and abs(got - wanted) <= max(0.0051, abs(wanted) * 1e-6)) and got != wanted:
            wrong.append(f"{meter.model} {quantity}: {got} for {wanted}")
    return wrong
