"""What is said to the scanner, and the view by which it tells how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runtime.viewboard import ViewKeys

SCANNER = "scanner"


@dataclass(frozen=True, slots=True)
class StartScan:
    """Ask these units behind a gateway who they are. Web -> scanner; answered with True when it has begun.

    Refused with scan_busy while another search is at work, with gateway_off when there is no bus.
    """

    gateway: int
    units: tuple[int, ...]
    is_serial: bool
    reply: Any


@dataclass(frozen=True, slots=True)
class CancelScan:
    """End the search behind a gateway; what was found stays. Web -> scanner."""

    gateway: int


@dataclass(frozen=True, slots=True)
class ScannedUnit:
    """``models`` are ids of maps, the likeliest first; ``sure``: the unit named itself.

    chosen  the one of them that it is as far as can be told, "" when several are left
    identification  what it says of itself by function 43/14, "" when it was not asked or says nothing
    """

    unit: int
    took_s: float
    sure: bool
    models: tuple[str, ...]
    chosen: str = ""
    identification: str = ""


@dataclass(frozen=True, slots=True)
class ScanView:
    """The newest search behind a gateway. Published by the scanner as ``scan.ID``.

    state  "running", "done", "cancelled", "failed"; then ``code`` and ``message`` say why
    """

    gateway: int
    units: tuple[int, ...]
    started_ms: int
    state: str = "running"
    asked: int = 0
    found: tuple[ScannedUnit, ...] = ()
    code: str = ""
    message: str = ""


SCAN_VIEWS = ViewKeys[ScanView]("scan")  # by gateway
