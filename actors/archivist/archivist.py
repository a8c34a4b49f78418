"""The archivist: what has to be done once a day, at night and without anybody noticing.

Backup and verification are jobs: it asks the queue of heavy work for them and is told how they ended. Old rows become
blocks in slices of a few milliseconds, each an idle message to itself; what it makes it hands to the recorder, the only
writer. A store that refuses, or a job that fails, is told and tried again the next night.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar, assert_never

from actors.archivist.compacting import due_blocks
from actors.archivist.nightjob import (
    RECHECKED_S,
    RECORD,
    as_record,
    backup,
    copy_to_medium,
    from_record,
    merge_phantoms,
    outcome_of,
    verification,
    wrong_energies,
)
from actors.mailbox.base import IDLE, Actor, Incarnation
from actors.mailbox.reply import refuse
from actors.message.archive import (
    BackUpNow,
    BlockKept,
    KeepBlock,
    KeepCheckpoint,
    Optimise,
    RowsSwept,
    SetMedium,
    SweepRows,
    Verify,
)
from actors.message.device import Begin, EventReported, KeepRecords, Minute
from actors.message.job import ASKED, JOBS, NIGHTLY, JobEnded, RunJob
from runtime.core.clock import timegrid
from runtime.core.clock.timegrid import DAY_S, HOUR_S
from runtime.core.site.installation import INSTALLATION_VIEW, Installation
from runtime.core.site.sitezone import zone_of
from runtime.core.view import ARCHIVIST_VIEW, ArchivistView, Outcome, Trouble
from runtime.errors import StoreError
from runtime.store.energy.phantoms import RECORD as PHANTOMS
from runtime.store.energy.phantoms import kept_phantoms
from runtime.store.env import Store
from runtime.store.sample.compaction import CompactedBlock
from runtime.store.sample.rows import Rows
from runtime.store.upkeep.backup import list_generations
from runtime.store.upkeep.backupmedium import RECORD as MEDIUM
from runtime.store.upkeep.backupmedium import as_record as medium_record
from runtime.store.upkeep.backupmedium import medium_of, prepare
from runtime.store.upkeep.room import sizes, written_bytes
from runtime.store.upkeep.shrink import is_wanted, want
from runtime.store.upkeep.verify import WrongEnergy

log = logging.getLogger("wattkeeper.archivist")

NIGHT_S = 2 * HOUR_S + 600  # after local midnight: off the full hour, when slots close
SLICE_S = 0.003
RETRY_S = 1.0  # to hand a job over while the queue is being started
WORTH_BYTES = 16 << 20  # free room in the file that is worth writing it anew


@dataclass(frozen=True, slots=True)
class _Slice:
    """Go on with the blocks. Archivist -> itself."""


@dataclass(frozen=True, slots=True)
class _HandOver:
    """Try again, there was no queue. Archivist -> itself."""

    asked: RunJob


_Asked = BackUpNow | Verify | Optimise | SetMedium
Inbox = Begin | Minute | BlockKept | RowsSwept | JobEnded | _Asked | _Slice | _HandOver


class Archivist(Actor):
    """One per store, named ``archivist``. Publishes ``ArchivistView``, reads the view ``installation``."""

    PRIORITY: ClassVar[Mapping[type, int]] = MappingProxyType({_Slice: IDLE})

    def __init__(self, incarnation: Incarnation, store: Store) -> None:
        super().__init__(incarnation)
        self._store = store
        self._rows = Rows(store)
        self._night_ts = self._day_ts = 0  # what is done already
        self._work: Iterator[CompactedBlock | None] | None = None
        self._view = ArchivistView()
        self._began, self._written = self.clock.monotonic(), written_bytes()

    def on_receive(self, message: Inbox) -> None:
        match message:
            case Minute(now_ts=now_ts):
                self._decide(now_ts)
                self._weigh()
            case BackUpNow() | Verify() | Optimise():
                self._do(message)
            case SetMedium():
                self._set_medium(message)
            case _Slice():
                self._go_on()
            case BlockKept(kept=kept):
                self._view = replace(self._view, blocks=self._view.blocks + kept)
                self.post_self(_Slice())
            case RowsSwept(after=after):
                self._sweep(after)
            case JobEnded():
                self._job_ended(message)
            case _HandOver(asked=asked):
                self._hand_over(asked)
            case Begin():
                newest = list_generations(self._store.path)
                self._night_ts = newest[0].ts if newest else 0
                self._view = replace(self._view, backup_ms=self._night_ts * 1000)
                self._report_outcomes(from_record(self._store.records.get(*RECORD)))
                self._publish(shrinks=is_wanted(self._store.path))
            case _:
                assert_never(message)

    def _decide(self, now_ts: int) -> None:
        """A day's checkpoint as soon as it has begun; the rest once a night, or later when the machine was off."""
        found = self.incarnation.views.get(INSTALLATION_VIEW)
        zone = zone_of(found if isinstance(found, Installation) else Installation())
        day_ts = timegrid.day_start(timegrid.day_of(now_ts, zone), zone)
        if day_ts != self._day_ts:
            self._day_ts = day_ts
            self.post("recorder", KeepCheckpoint(day_ts))
        night_ts = day_ts + NIGHT_S
        if now_ts >= night_ts > self._night_ts:
            self._night_ts = night_ts
            medium = medium_of(self._store)
            since_s = now_ts - self._view.copied_ms // 1000
            is_due = medium.folder and since_s > medium.every_days * DAY_S - HOUR_S
            self._hand_over(backup(self._store.path, now_ts, NIGHTLY))
            if is_due:
                self._hand_over(copy_to_medium(self._store.path, medium, now_ts, NIGHTLY))
            is_first = kept_phantoms(self._store) is None
            self._hand_over(verification(self._store.path, now_ts, NIGHTLY, whole_energy=is_first))
            self._work = due_blocks(
                self._store, self._rows, now_ts
            )  # anew, also when last night's waits for an answer that was lost
            self.post_self(_Slice())

    def _weigh(self) -> None:
        """What is written wears the medium out."""
        now = written_bytes()
        if now is not None and self._written is not None:
            self._publish(written=(now - self._written, int(self.clock.monotonic() - self._began)))

    # ---- jobs

    def _hand_over(self, asked: RunJob) -> None:
        if not self.post(JOBS, asked):
            self.post_later(RETRY_S, _HandOver(asked))

    def _job_ended(self, ended: JobEnded) -> None:
        outcome = outcome_of(ended, self.clock.now_ms())
        if outcome is None:
            return
        others = (other for other in self._view.outcomes if other.job != outcome.job)
        if outcome.code:
            log.error("%s: %s", outcome.code, outcome.detail)
        told = (EventReported(outcome.at_ms, "server", outcome.code, outcome.detail),) if outcome.code else ()
        self._report_outcomes((outcome, *others))
        self.post("recorder", KeepRecords(((*RECORD, as_record(self._view.outcomes)),), told))
        if outcome.job == "verify":
            self._keep_energies(wrong_energies(ended), outcome.at_ms)
        self._publish()

    def _keep_energies(self, energies: Sequence[WrongEnergy], at_ms: int) -> None:
        """For the pages of the devices; what was not kept before is reported."""
        known = kept_phantoms(self._store) or []
        kept, added = merge_phantoms(known, energies, at_ms // 1000 - RECHECKED_S)
        events = tuple(
            EventReported(at_ms, f"device.{each.device}", "energy_impossible", f"{each.quantity} {each.id}")
            for each in added
        )
        self.post("recorder", KeepRecords(((*PHANTOMS, kept),), events))

    def _report_outcomes(self, outcomes: tuple[Outcome, ...]) -> None:
        """The newest first."""
        well = {outcome.job: outcome.at_ms for outcome in outcomes if not outcome.code}
        bad = next((outcome for outcome in outcomes if outcome.code), None)
        self._view = replace(
            self._view,
            outcomes=outcomes,
            backup_ms=well.get("backup", self._view.backup_ms),
            verified_ms=well.get("verify", self._view.verified_ms),
            copied_ms=well.get("medium", self._view.copied_ms),
            trouble=None if bad is None else Trouble(bad.code, bad.detail, bad.at_ms),
        )

    def _publish(self, **changes: Any) -> None:
        self._view = replace(self._view, **changes)
        self.publish(ARCHIVIST_VIEW, self._view)

    # ---- what people ask

    def _do(self, asked: BackUpNow | Verify | Optimise) -> None:
        folder, now_ts = self._store.path, self.clock.now_ts()
        match asked:
            case BackUpNow():
                self._hand_over(backup(folder, now_ts, ASKED))
                medium = medium_of(self._store)
                if medium.folder:
                    self._hand_over(copy_to_medium(folder, medium, now_ts, ASKED))
            case Verify():
                self._hand_over(verification(folder, now_ts, ASKED, whole_energy=True))
            case Optimise():
                self._optimise(now_ts)

    def _optimise(self, now_ts: int) -> None:
        """Old rows become blocks now; a file with much free room in it is written anew at the next start."""
        self._work = due_blocks(self._store, self._rows, now_ts)
        self.post_self(_Slice())
        size = sizes(self._store)
        if size.free > max(WORTH_BYTES, size.file // 10):
            want(self._store.path)
        self._publish(packs=True, shrinks=is_wanted(self._store.path))

    def _set_medium(self, asked: SetMedium) -> None:
        """Tried before it is kept."""
        try:
            if asked.medium.folder:
                prepare(self._store.path, asked.medium.folder)
        except StoreError as error:
            refuse(asked.reply, error)
            return
        detail = f"{asked.medium.folder or '-'} by {asked.author}"
        event = EventReported(self.clock.now_ms(), "server", "medium_set", detail)
        kept = (*MEDIUM, medium_record(asked.medium))
        if not self.post("recorder", KeepRecords((kept,), (event,), asked.reply)):
            refuse(asked.reply, StoreError("store_closed", "the recorder is just being started"))

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
            self._publish(packs=False)
