"""What an installation consists of: gateways, devices, loads, boards, groups; and what held since when."""

from __future__ import annotations

from dataclasses import dataclass, field

RATED_A = "rated_current_a"  # a parameter of any device: what its circuit can carry, and nothing of its map
MOST_RATED_A = 10_000
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
    most_polls_per_s: int = 0  # 0 = the usual


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
    power_sign: str = "normal"  # or "reversed": turns the sign of power alone, beside what supply does
    above: int = 0  # the meter that measures what this one measures too, 0 = none

    @property
    def map_parameters(self) -> dict[str, str | int | float]:
        """What its map may be made from: parameters, and where it hangs."""
        asked = {name: value for name, value in self.parameters.items() if name != RATED_A}
        position = {"position": self.position} if self.position else {}
        return {**asked, **position, **({"side": self.side} if self.side else {})}

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
