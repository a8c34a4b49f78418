"""What pages and API share about what was recorded: who may see and change it, and what is written a day."""

from __future__ import annotations

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
