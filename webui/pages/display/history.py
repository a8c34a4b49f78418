"""What people do to history: a device's meter and corrections; backups and what is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from runtime.core.clock.timegrid import local
from runtime.core.energy.corrections import Correction
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.view import ArchivistView
from runtime.text.wording import label_parts
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.model.recorded import ACT_CORRECTIONS, DAY_S, SEE_ARCHIVE, SEE_CORRECTIONS, work_of, written_mb_per_day
from webui.pages.frame.shell import Shell

MONTHS = (0, 12, 24, 36, 60, 120)


@dataclass(frozen=True, slots=True)
class Corrected:
    """One line of the list."""

    correction: Correction
    start: datetime
    end: datetime
    made: datetime
    taken_back: datetime | None


class HistoryPages:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/devices/<id:int>/history", self.device)
        yield Route("GET", "/server/archive", self.archive)

    @needs(*SEE_CORRECTIONS)
    def device(self, id: int) -> str:
        """Indexes as the device shows them now, the form of an exchange, corrections made so far."""
        bridge = self._bridge
        view = bridge.device(id)
        if view is None:
            raise not_found("device")
        readings = dict(zip(view.quantities, view.values_n, strict=True))
        corrections = [one for one in bridge.history.corrections() if one.device == id]
        told = {*bridge.counters(id), *(one.quantity for one in corrections)}
        return self._shell.page(
            "history.html",
            device=view,
            counters=[(quantity, readings[quantity]) for quantity in bridge.counters(id)],
            thousands={quantity: thousand_of(quantity) for quantity in bridge.counters(id)},
            corrections=[self._line(one) for one in reversed(corrections)],
            names={quantity: label_parts(QUANTITIES[quantity].label) for quantity in told},
            site_now=local(bridge.clock.now_ts(), bridge.zone),
            acting=ACT_CORRECTIONS,
        )

    @needs(*SEE_ARCHIVE)
    def archive(self) -> str:
        bridge, history = self._bridge, self._bridge.history
        now_ts, months = bridge.clock.now_ts(), history.months_kept()
        return self._shell.page(
            "archive.html",
            **archive_values(bridge),
            medium=history.medium(),
            months=months,
            choices=[(each, history.thick_bytes(each, now_ts)) for each in sorted({*MONTHS, months})],
        )

    def _line(self, one: Correction) -> Corrected:
        zone = self._bridge.zone
        back_ms = one.taken_back_ms
        return Corrected(
            one,
            local(one.start_ts, zone),
            local(one.end_ts, zone),
            local(one.made_ms // 1000, zone),
            local(back_ms // 1000, zone) if back_ms else None,
        )


def thousand_of(quantity: str) -> tuple[str, str]:
    """(unit for the API, unit for people) in which devices show a counter."""
    unit = QUANTITIES[quantity].unit
    return ("m3", "m³") if unit == "dm3" else (f"k{unit}", f"k{unit}")


def archive_values(bridge: Bridge) -> dict[str, object]:
    """What the system page and the page of the archive show of it."""
    view, zone = bridge.archivist() or ArchivistView(), bridge.zone

    def moment(at_ms: int) -> datetime | None:
        return local(at_ms // 1000, zone) if at_ms else None

    return {
        "archivist": view,
        "job": work_of(bridge),
        "last_backup": moment(view.backup_ms),
        "last_copy": moment(view.copied_ms),
        "last_check": moment(view.verified_ms),
        "generations": [local(ts, zone) for ts in bridge.history.backups()],
        "size": bridge.history.sizes(),
        "written_mb": written_mb_per_day(view),
        "days_written": view.written[1] / DAY_S if view.written else 0,
        "has_medium": bool(bridge.history.medium().folder),
    }
