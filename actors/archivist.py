"""The archivist: what has to be done once a day, at night and without anybody noticing.

Backup and verification run in children, one at a time. Old rows become blocks in slices of a few milliseconds, each an
idle message to itself; what it makes it hands to the recorder, the only writer. A store that refuses, or a child that
fails, is told and tried again the next night.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar, Protocol, assert_never

from actors.archiving import ARCHIVIST, BlockKept, KeepBlock, KeepCheckpoint, RowsSwept, SweepRows
from actors.base import IDLE, Actor, Life
from actors.messages import Begin, EventNoted, Minute
from runtime.core import timegrid
from runtime.core.installation import Installation
from runtime.core.sitezone import zone_of
from runtime.core.timegrid import HOUR_S
from runtime.core.view import ArchivistView, Trouble
from runtime.errors import StoreError
from runtime.store.backup import generations
from runtime.store.blocks import SPAN_S
from runtime.store.child import Job, check_done, report_of
from runtime.store.compaction import BlockMaker, Due, Made, find_due, late_keys
from runtime.store.env import Store
from runtime.store.retention import dropped_before, find_thick
from runtime.store.rows import Rows

log = logging.getLogger("wattkeeper.archivist")

NIGHT_S = 2 * HOUR_S + 600  # after local midnight: off the full hour, when slots close
SLICE_S = 0.003
ROWS_AT_ONCE = 50
LOOK_S = 1.0
LONGEST_JOB_S = 3 * HOUR_S
RECHECKED_S = 2 * SPAN_S  # bins are compared with their rows that far back each night, wholly by the command


@dataclass(frozen=True, slots=True)
class _Slice:
    """Go on with the blocks. Archivist -> itself."""


@dataclass(frozen=True, slots=True)
class _LookAtJob:
    """Is the child done? Archivist -> itself."""


class Child(Protocol):
    """A job at work: ``runtime.store.child.Job``."""

    def is_over(self) -> bool: ...
    def outcome(self) -> tuple[int, str, str]: ...
    def close(self) -> None: ...


Inbox = Begin | Minute | BlockKept | RowsSwept | _Slice | _LookAtJob


class Archivist(Actor):
    """One per store, named ``archivist``. Publishes ``ArchivistView``, reads the view ``installation``."""

    PRIORITY: ClassVar[Mapping[type, int]] = MappingProxyType({_Slice: IDLE})

    def __init__(self, life: Life, store: Store, start_job: Callable[..., Child] = Job) -> None:
        super().__init__(life)
        self._store, self._start_job = store, start_job
        self._rows = Rows(store)
        self._night_ts = self._day_ts = 0  # what is done already
        self._jobs: deque[str] = deque()
        self._child: Child | None = None
        self._child_since = 0.0
        self._work: Iterator[Made | None] | None = None
        self._view = ArchivistView()

    def on_receive(self, message: Inbox) -> None:
        match message:
            case Minute(now_ts=now_ts):
                self._decide(now_ts)
            case _Slice():
                self._go_on()
            case BlockKept(kept=kept):
                self._view = replace(self._view, blocks=self._view.blocks + kept)
                self.post_self(_Slice())
            case RowsSwept(after=after):
                self._sweep(after)
            case _LookAtJob():
                self._look_at_job()
            case Begin():
                newest = generations(self._store.path)
                self._night_ts = newest[0].ts if newest else 0
                self.publish(ARCHIVIST, self._view)
            case _:
                assert_never(message)

    def on_end(self) -> None:
        if self._child is not None:
            self._child.close()

    def _decide(self, now_ts: int) -> None:
        """A day's checkpoint as soon as it has begun; the rest once a night, or later when the machine was off."""
        found = self.life.views.get("installation")
        zone = zone_of(found if isinstance(found, Installation) else Installation())
        day_ts = timegrid.day_start(timegrid.day_of(now_ts, zone), zone)
        if day_ts != self._day_ts:
            self._day_ts = day_ts
            self.post("recorder", KeepCheckpoint(day_ts))
        night_ts = day_ts + NIGHT_S
        if now_ts >= night_ts > self._night_ts:
            self._night_ts = night_ts
            self._jobs.extend(job for job in ("backup", "verify") if job not in self._jobs)
            self._begin_job()
            self._work = self._blocks_due(now_ts)  # anew, also when last night's waits for an answer that was lost
            self.post_self(_Slice())

    # ---- jobs

    def _begin_job(self) -> None:
        if self._child is not None or not self._jobs:
            return
        job, now_ts = self._jobs.popleft(), self.clock.now_ts()
        arguments = {"backup": (now_ts,), "verify": ("--from", max(0, now_ts - RECHECKED_S))}[job]
        self._child = self._start_job(job, self._store.path, *map(str, arguments))
        self._child_since = self.clock.monotonic()
        self._publish(job=job)
        self.post_later(LOOK_S, _LookAtJob())

    def _look_at_job(self) -> None:
        if self._child is None:
            return
        if self.clock.monotonic() - self._child_since > LONGEST_JOB_S:
            self._child.close()
            self._job_ended(f"{self._view.job}_failed", "it took too long and was stopped")
        elif not self._child.is_over():
            self.post_later(LOOK_S, _LookAtJob())
        else:
            self._judge(*self._child.outcome())

    def _judge(self, code: int, out: str, err: str) -> None:
        if self._view.job == "verify":
            report = report_of(code, out, err)
            first = [f"{complaint.where}: {complaint.what}" for complaint in report.complaints[:5]]
            self._job_ended("" if report.ok else "verify_complained", f"{len(report.complaints)}: {'; '.join(first)}")
            return
        try:
            check_done("backup", code, out, err)
        except StoreError as error:
            self._job_ended("backup_failed", error.message)
        else:
            self._job_ended("", "")

    def _job_ended(self, code: str, detail: str) -> None:
        """``code`` "" = it went well."""
        job, now_ms = self._view.job, self.clock.now_ms()
        self._child = None
        if code:
            log.error("%s: %s", code, detail)
            self.post("recorder", EventNoted(now_ms, "server", code, detail))
            self._publish(job="", trouble=Trouble(code, detail, now_ms))
        else:
            was = self._view.trouble
            mended = was is not None and was.code.startswith(job)
            if job == "backup":
                self._view = replace(self._view, backup_ms=now_ms)
            else:
                self._view = replace(self._view, verified_ms=now_ms)
            self._publish(job="", trouble=None if mended else was)
        self._begin_job()

    def _publish(self, *, job: str, trouble: Trouble | None | str = "") -> None:
        """``trouble`` "" = as it was."""
        kept = self._view.trouble if isinstance(trouble, str) else trouble
        self._view = replace(self._view, job=job, trouble=kept)
        self.publish(ARCHIVIST, self._view)

    # ---- blocks

    def _go_on(self) -> None:
        """One slice; a block that is made waits for the recorder before the next is begun."""
        if self._work is None:
            return
        until = self.clock.monotonic() + SLICE_S
        for made in self._work:
            if made is not None:
                if not self.post("recorder", KeepBlock(made)):
                    self._work = None
                return
            if self.clock.monotonic() >= until or self.waiting():
                self.post_self(_Slice())
                return
        self._work = None
        self._sweep(b"\0")

    def _sweep(self, after: bytes) -> None:
        if after:
            self.post("recorder", SweepRows(self.clock.now_ts(), after))
        else:
            self.publish(ARCHIVIST, self._view)

    def _blocks_due(self, now_ts: int) -> Iterator[Made | None]:
        """Blocks one by one; None where a slice may end, which is each millisecond or so."""
        after, again = b"", True
        while after or again:
            again = False
            with self._store.reading() as txn:
                due, after = find_due(self._store, txn, now_ts, after, most=1_000)
            if due is not None:
                yield from self._made(due)
            yield None
        after, before_ts = b"", dropped_before(self._store, now_ts)
        while before_ts:
            with self._store.reading() as txn:
                thinned, after = find_thick(self._store, txn, before_ts, after)
            yield thinned
            if not after:
                return

    def _made(self, due: Due) -> Iterator[Made | None]:
        maker, from_ts, end_ts = BlockMaker(due.device, due.start_ts), due.start_ts, due.start_ts + SPAN_S
        with self._store.reading() as txn:
            seen, late = txn.id(), late_keys(self._rows, txn, due)
        while from_ts < end_ts:
            with self._store.reading() as txn:
                from_ts = self._add_some(maker, txn, due.device, from_ts, end_ts)
            yield None
        while maker.deflate_next():
            yield None
        yield Made(due.device, due.start_ts, maker.content(), seen, late)

    def _add_some(self, maker: BlockMaker, txn: object, device: int, from_ts: int, end_ts: int) -> int:
        """Some rows into the block; where to go on."""
        rows = self._rows.scan_device(txn, device, from_ts, end_ts)  # type: ignore[arg-type]
        for count, row in enumerate(rows, 1):
            maker.add(row)
            if count == ROWS_AT_ONCE:
                return row.start_ts + 1
        return end_ts
