"""What pages and API share about what was recorded: who sees and changes it, what is written, what was deleted."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.core.view import ArchivistView
from webui.model.bridge import Bridge

SEE_CORRECTIONS = (("consumptions", "see"), ("panel_board", "see"), ("system_configuration", "see"))
ACT_CORRECTIONS = (("system_configuration", "act"),)
SEE_ARCHIVE = (("server_configuration", "see"), ("home", "see"))
MEASURED_S = 600  # what was written in less time says nothing of a day
DAY_S = 86_400


def work_of(bridge: Bridge) -> str:
    """What is at work: the name of the job, or "optimise" while old samples are being packed; "" for nothing."""
    at_work, archivist = bridge.jobs().at_work, bridge.archivist()
    if at_work is not None:
        return at_work.job
    return "optimise" if archivist is not None and archivist.packs else ""


def written_mb_per_day(view: ArchivistView) -> float | None:
    """What the program writes to the disk, from what it wrote since its start; None while that is too short."""
    if view.written is None or view.written[1] < MEASURED_S:
        return None
    return round(view.written[0] / view.written[1] * DAY_S / 1e6, 1)


@dataclass(frozen=True, slots=True)
class FormerDevice:
    """``name``: its last one, "" where nobody noted it; ``fluid``: what it counted, as far as anything was booked."""

    id: int
    name: str
    fluid: str


def name_of(bridge: Bridge, kind: str, id: int) -> str:
    """What a deleted thing was called, "" where the audit trail does not reach back to it."""
    entry = bridge.audit.last_of(kind, id) if bridge.audit else None
    changes = entry.changes if entry else ()
    return next((change.name for change in changes if (change.kind, change.id) == (kind, id)), "")


def former_devices(bridge: Bridge) -> tuple[FormerDevice, ...]:
    """Deleted devices that something was booked for, by id."""
    site = bridge.installation()
    there = {device.id for device in site.devices}
    gone = sorted({row.device for row in site.assignments} - there)
    counted = ((id, bridge.history.fluids_of(id)) for id in gone)
    return tuple(FormerDevice(id, name_of(bridge, "device", id), fluids[0]) for id, fluids in counted if fluids)
