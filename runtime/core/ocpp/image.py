"""The registers of a connector: what the map of OCPP stations reads and writes, whatever the version."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.core.ocpp.connector import Connector
from runtime.core.quantity.catalogue import QUANTITIES

WORDS = 140
STATION, LIMIT, FALLBACK, WATCHDOG, CHARGE = 2, 18, 20, 22, 30  # what may be written
UNKNOWN_2, UNKNOWN_4, UNKNOWN_8 = 0xFFFF, 0xFFFFFFFF, (1 << 64) - 1
_VEHICLE, _STATION, _CHARGE = (QUANTITIES[id].states for id in ("vehicle_state", "station_state", "charge_state"))
_TEXTS = {"rfid": (40, 18), "serial": (60, 16), "model": (80, 20), "firmware": (100, 26)}  # address, words


@dataclass(frozen=True, slots=True)
class StationFacts:
    """What a station told of itself when it began."""

    vendor: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""


def registers_of(connector: Connector, facts: StationFacts, now: float) -> bytes:
    """``WORDS`` registers, big-endian."""
    image = bytearray(2 * WORDS)
    numbers = ((0, 1, _charge(connector)), (1, 1, _vehicle(connector)), (STATION, 1, _station(connector)))
    limit_ma = connector.limit_in_force(now)
    currents = zip((4, 6, 8), connector.currents_at(now), strict=True)
    voltages = zip((24, 26, 28), connector.voltages_mv, strict=True)
    power = 0x7FFFFFFF if connector.power_dw is None else connector.power_dw & 0xFFFFFFFF
    for at, words, number in (
        *numbers,
        *((at, 2, UNKNOWN_4 if value is None else abs(value)) for at, value in (*currents, *voltages)),
        (10, 2, power),
        (12, 4, UNKNOWN_8 if connector.energy_mwh is None else connector.energy_mwh),
        (LIMIT, 1, UNKNOWN_2 if limit_ma is None else min(limit_ma // 100, UNKNOWN_2 - 1)),
        (FALLBACK, 1, connector.fallback_ma // 100),
        (WATCHDOG, 1, connector.watchdog_s),
    ):
        image[2 * at : 2 * (at + words)] = number.to_bytes(2 * words, "big")
    texts = {"rfid": connector.badge, "serial": facts.serial, "firmware": facts.firmware}
    texts["model"] = f"{facts.vendor} {facts.model}".strip()
    for name, (at, words) in _TEXTS.items():
        told = texts[name].encode("ascii", "replace")[: 2 * words]
        image[2 * at : 2 * at + len(told)] = told
    return bytes(image)


def _charge(connector: Connector) -> int:
    state = connector.charge_state
    return _CHARGE.index(state) if state else UNKNOWN_2


def _vehicle(connector: Connector) -> int:
    charging = connector.state == "Charging"
    return _VEHICLE.index("charging" if charging else "plugged" if connector.is_plugged else "unplugged")


def _station(connector: Connector) -> int:
    return _STATION.index("error" if connector.fault else "on" if connector.is_on else "off")
