"""Data downloads as they stand: asked for, at work, there."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.core.view import JobsView
from runtime.store.export.downloads import Downloads, KeptDownload
from webui.model.bridge import Bridge

JUST_MS = 5_000  # after it was asked for, until the queue has it
STATES = ("waiting", "at_work", "done", "failed", "lost")


@dataclass(frozen=True, slots=True)
class DownloadLine:
    """``state``: one of STATES; lost = the server stopped while it was made. ``percent`` of one at work."""

    kept: KeptDownload
    state: str
    percent: int
    size_bytes: int


def job_of(id: str) -> str:
    """What the queue of jobs calls it."""
    return f"download {id}"


def downloads_of(bridge: Bridge) -> Downloads:
    assert bridge.downloads is not None
    return bridge.downloads


def list_downloads(bridge: Bridge) -> list[DownloadLine]:
    """The newest first."""
    jobs = bridge.jobs()  # first: what ends meanwhile is there then
    return [_line_of(bridge, jobs, kept) for kept in downloads_of(bridge).all()]


def find_download(bridge: Bridge, id: str) -> DownloadLine | None:
    jobs = bridge.jobs()
    kept = downloads_of(bridge).get(id)
    return None if kept is None else _line_of(bridge, jobs, kept)


def _line_of(bridge: Bridge, jobs: JobsView, kept: KeptDownload) -> DownloadLine:
    name = job_of(kept.id)
    if kept.file is not None:
        return DownloadLine(kept, "done", 100, kept.file.stat().st_size)
    if kept.error:
        return DownloadLine(kept, "failed", 0, 0)
    if jobs.at_work is not None and jobs.at_work.job == name:
        progress = jobs.at_work.progress
        return DownloadLine(kept, "at_work", int(progress) if progress.isdecimal() else 0, 0)
    is_new = abs(bridge.clock.now_ms() - kept.asked_ms) < JUST_MS
    waits = is_new or any(each.job == name for each in jobs.waiting)
    return DownloadLine(kept, "waiting" if waits else "lost", 0, 0)
