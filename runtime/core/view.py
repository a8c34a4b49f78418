"""Read-only snapshots that owners publish and everybody else reads.

A view is replaced as a whole, never changed: a reader that holds one sees one consistent moment.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something does not work: a stable code for translation, English detail for the log."""

    code: str
    message: str
    since_ms: int


@dataclass(frozen=True, slots=True)
class DeviceView:
    """One device now. Published by its gateway as ``device.ID``.

    state       "unknown" (not read yet), "on", "off", "communication_error", "configuration_error"
    quantities  one id per value slot, the same tuple object until the map changes
    values_n    counts of each quantity's step; None = no value; a str for text quantities
    ts_ms       UTC ms of each value's reading, 0 = never
    quality     Quality of each value as int
    """

    id: int
    name: str
    gateway: int
    state: str
    quantities: tuple[str, ...] = ()
    values_n: tuple[int | str | None, ...] = ()
    ts_ms: tuple[int, ...] = ()
    quality: tuple[int, ...] = ()
    trouble: Trouble | None = None
    model: str = ""
    address: str = ""
    trust: str = "published"
    stale_after_s: int = 30
    version: int = 0  # grows with each change


@dataclass(frozen=True, slots=True)
class BusView:
    """One bus now. Published by it as ``bus.ID``. Counts are since the start of the bus actor."""

    id: int
    connected: bool = False
    polls: int = 0
    errors: dict[str, int] = field(default_factory=dict)  # by code; replaced, never changed
    utilisation_pct: float = 0.0
    round_s: float = 0.0
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class GatewayView:
    """One gateway now. Published by it as ``gateway.ID``. State: "on", "off", "communication_error"."""

    id: int
    name: str
    url: str
    state: str
    devices: tuple[int, ...] = ()
    round_s: float = 0.0
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class RecorderView:
    """The recorder now. Published as ``recorder``."""

    last_commit_ms: int = 0
    rows: int = 0
    commits: int = 0
    due_since_ms: int = 0  # oldest due slot not yet committed, 0 = none
    trouble: Trouble | None = None
