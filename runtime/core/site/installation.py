"""The installation: one frozen tree that says what there is to read and how it is grouped.

Ids are integers 1..9999 within their kind, the only key in messages, store and API; names are labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from runtime.core.tariff.rules import RuleSpec
from runtime.core.tariff.tariffs import Price, TariffSpec
from runtime.viewboard import ViewKey

PREDEFINED_LOADS = ("heating", "cooling", "domestic_hot_water", "lighting", "sockets", "ventilation")  # RT 2012
EDITIONS = {"unlimited": 0, "10": 10, "32": 32, "255": 255}  # Modbus addresses or pulse counters, 0 = no limit


@dataclass(frozen=True, slots=True)
class GatewaySpec:
    """One way to reach devices. ``url`` as in the command line: tcp://host:port, rtutcp://host:port, rtu:///dev/…?baudrate=…"""

    id: int
    name: str
    url: str
    on: bool = True
    description: str = ""
    timeout_ms: int = 0  # 0 = the driver's own
    board: int = 0  # panel board, 0 = none
    eq_device: int = 0  # the device checked by EN 50160, 0 = none
    local: bool = False  # the machine's own RS485 port: never deleted, its address is fixed


@dataclass(frozen=True, slots=True)
class DeviceSpec:
    """One device behind a gateway. ``unit`` is its Modbus address.

    model      id of its device map
    number     its catalogue number as printed ("4 120 53"), "" = none: a model picked directly
    position   input of the concentrator that it hangs on, 0 = none
    side       "left" or "right" of a two-sided charging station, "" = it has one
    phase      1, 2 or 3: where a single-phase device is connected, 0 = not told
    interface  address of its EMS interface (remote addressing: unit-interface), 0 = none
    labels     what the installer calls its inputs and outputs ("input_1" -> "Door")
    confirmed  an installer compared provisional values with the device's display
    """

    id: int
    name: str
    gateway: int
    unit: int
    model: str
    on: bool = True
    load: int = 0  # 0 = Others
    groups: tuple[int, ...] = ()
    excluded: bool = False  # excluded from totals
    supply: str = "upstream"  # or "downstream": turns the sign of power and swaps the energies
    parameters: dict[str, str | int | float] = field(default_factory=dict)  # what the model asks for (generic meter …)
    number: str = ""
    position: int = 0
    side: str = ""
    phase: int = 0
    interface: int = 0
    labels: dict[str, str] = field(default_factory=dict)
    exclude_alerts: bool = False
    confirmed: bool = False
    trial_until_ts: int = 0  # a provisional map may write to the wire until then

    @property
    def map_parameters(self) -> dict[str, str | int | float]:
        """What its map may be made from: parameters, and where it hangs."""
        position = {"position": self.position} if self.position else {}
        return {**self.parameters, **position, **({"side": self.side} if self.side else {})}

    @property
    def address(self) -> str:
        """As cards show it: address, address-interface, address-position or address-side."""
        last = self.interface or self.position or self.side
        return f"{self.unit}-{last}" if last else str(self.unit)


@dataclass(frozen=True, slots=True)
class LoadSpec:
    """``predefined``: one of ``PREDEFINED_LOADS``, which can be disabled and never erased; "" = the user's own."""

    id: int
    name: str
    on: bool = True
    predefined: str = ""


@dataclass(frozen=True, slots=True)
class BoardSpec:
    """A panel board. Gateways name theirs."""

    id: int
    name: str
    description: str = ""
    on: bool = True


@dataclass(frozen=True, slots=True)
class GroupSpec:
    id: int
    name: str
    description: str = ""
    on: bool = True


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where a device counts from a moment on; hours never lie across it.

    from_ts  start of an hour of the site, 0 = from ever
    gone     the device was deleted: it counts by itself only
    """

    device: int
    from_ts: int
    load: int = 0
    groups: tuple[int, ...] = ()
    excluded: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class ZoneSince:
    """The site's time zone from a moment on, which is a local midnight; 0 = from ever."""

    zone: str
    from_ts: int = 0


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything configured. ``version`` grows by one with each edit.

    zone             the newest; ``core.sitezone.zone_of`` tells which one holds when
    zones            all that ever held, by time, when it was changed; () = it never was
    rules            asked from the first to the last
    former_tariffs   deleted ones: bins still hold energy under their prices
    doubted          devices whose registers are not confirmed, by nobody and by no installer: they count in no total
    assignments      of the devices whose load, groups or exclusion ever changed, by time; others are as they are now
    gas_wh_per_m3    what a cubic metre of gas is worth, 0 = not known
    edition          one of ``EDITIONS`` (SYS-13)
    language         of pages for who has not chosen, and of what is made once: "en", "fr", …
    """

    version: int = 0
    site: str = "Wattkeeper"
    zone: str = "Europe/Paris"
    currency: str = "EUR"
    interval_s: int = 600
    gateways: tuple[GatewaySpec, ...] = ()
    devices: tuple[DeviceSpec, ...] = ()
    loads: tuple[LoadSpec, ...] = ()
    groups: tuple[GroupSpec, ...] = ()
    tariffs: tuple[TariffSpec, ...] = ()
    rules: tuple[RuleSpec, ...] = ()
    former_tariffs: tuple[TariffSpec, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    gas_wh_per_m3: int = 0
    zones: tuple[ZoneSince, ...] = ()
    boards: tuple[BoardSpec, ...] = ()
    edition: str = "unlimited"
    language: str = "en"
    doubted: tuple[int, ...] = ()
    used: dict[str, int] = field(default_factory=dict)  # kind -> highest id ever given: ids are never reused

    def gateway(self, id: int) -> GatewaySpec | None:
        return next((g for g in self.gateways if g.id == id), None)

    def device(self, id: int) -> DeviceSpec | None:
        return next((d for d in self.devices if d.id == id), None)

    def devices_of(self, gateway: int) -> tuple[DeviceSpec, ...]:
        return tuple(d for d in self.devices if d.gateway == gateway)


def as_record(installation: Installation) -> dict[str, object]:
    """Plain dictionaries and lists, as the store keeps them."""
    return asdict(installation)


def from_record(record: Mapping[str, Any]) -> Installation:
    """The inverse of ``as_record``, also for a record whose lists came back as lists."""
    return Installation(
        **{name: record[name] for name in ("version", "site", "zone", "currency", "interval_s")},
        gateways=tuple(GatewaySpec(**row) for row in record["gateways"]),
        devices=tuple(DeviceSpec(**{**row, "groups": tuple(row["groups"])}) for row in record["devices"]),
        loads=tuple(LoadSpec(**row) for row in record["loads"]),
        groups=tuple(GroupSpec(**row) for row in record["groups"]),
        tariffs=tuple(_tariff(row) for row in record.get("tariffs", ())),
        rules=tuple(RuleSpec(**{**row, "days": tuple(row["days"])}) for row in record.get("rules", ())),
        former_tariffs=tuple(_tariff(row) for row in record.get("former_tariffs", ())),
        assignments=tuple(
            Assignment(**{**row, "groups": tuple(row["groups"])}) for row in record.get("assignments", ())
        ),
        gas_wh_per_m3=record.get("gas_wh_per_m3", 0),
        zones=tuple(ZoneSince(**row) for row in record.get("zones", ())),
        boards=tuple(BoardSpec(**row) for row in record.get("boards", ())),
        edition=record.get("edition", "unlimited"),
        language=record.get("language", "en"),
        doubted=tuple(record.get("doubted", ())),
        used=dict(record["used"]),
    )


def _tariff(row: Mapping[str, Any]) -> TariffSpec:
    prices = {key: tuple(Price(**price) for price in row[key]) for key in ("prices", "former")}
    return TariffSpec(**{**row, **prices})


INSTALLATION_VIEW = ViewKey[Installation]("installation")
