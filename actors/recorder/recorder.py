"""The recorder: the only one who writes to the store.

It collects a slot's samples and commits them at once when all due devices are in or 5 s after the slot's end;
latecomers go with the next commit. Events and records are committed within a second; whoever waits is answered after
the commit. When the store cannot be written what waits is kept, in bounds, and tried again: a full disk is a state,
not a crash.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import ClassVar, assert_never

from actors.mailbox.base import COMMAND, IDLE, Actor, Incarnation
from actors.mailbox.reply import answer, refuse
from actors.message.archive import ARCHIVIST, Archiving, KeepBlock, KeepCheckpoint, SweepRows, archive
from actors.message.device import Begin, EventReported, KeepRecords, Minute, SampleClosed
from actors.message.history import (
    CancelRecompute,
    Correct,
    Recompute,
    ReplaceMeter,
    TakeBackCorrection,
    TakePhantomBack,
)
from actors.recorder.openintervals import OpenIntervals
from actors.recorder.operations import HistoryOperations, Operation
from actors.recorder.sieve import bad_of, storable_event, storable_records
from actors.recorder.transaction import AHEAD_S, Transaction, Waiting, unacceptable
from actors.recorder.waitingsample import WaitingSample
from runtime.core.site.installation import INSTALLATION_VIEW, Installation
from runtime.core.view import RECORDER_VIEW, RecorderView, Trouble
from runtime.errors import InvariantBroken, StoreError, WattkeeperError
from runtime.store.env import Store
from runtime.store.sample.rows import Rows

log = logging.getLogger("wattkeeper.recorder")

PATIENCE_S = 5.0  # for devices that are late
EVENTS_WITHIN_S = 1.0
AGAIN_S = 5.0  # after the store refused
MOST_SAMPLES = 5_000  # kept while the store refuses; what falls out leaves its energy to the next index
MOST_EVENTS = 20_000


@dataclass(frozen=True, slots=True)
class _Due:
    """Commit what is in of the slot that ends there. Recorder -> itself."""

    end_ts: int


@dataclass(frozen=True, slots=True)
class _Flush:
    """Commit what waits. Recorder -> itself."""


@dataclass(frozen=True, slots=True)
class _RecomputeDay:
    """Go on with the recomputation. Recorder -> itself."""


Asked = Operation | Recompute | CancelRecompute
ASKED = (ReplaceMeter, Correct, TakeBackCorrection, TakePhantomBack, Recompute, CancelRecompute)
Inbox = Begin | SampleClosed | EventReported | KeepRecords | Minute | Archiving | Asked | _Due | _Flush | _RecomputeDay


class Recorder(Actor):
    """One per store, named ``recorder``. Publishes ``RecorderView``, reads the view ``installation``."""

    PRIORITY: ClassVar[Mapping[type, int]] = MappingProxyType(
        {KeepRecords: COMMAND, **dict.fromkeys(ASKED, COMMAND), KeepBlock: IDLE, SweepRows: IDLE, _RecomputeDay: IDLE}
    )

    def __init__(self, incarnation: Incarnation, store: Store) -> None:
        super().__init__(incarnation)
        self._store = store
        self._rows = Rows(store)
        self._committing = Transaction(store, self._rows)
        self._samples: deque[WaitingSample] = deque(maxlen=MOST_SAMPLES)
        self._events: deque[EventReported] = deque(maxlen=MOST_EVENTS)
        self._records: list[KeepRecords] = []
        self._open = OpenIntervals()
        self._flush_asked = False
        self._trouble: Trouble | None = None
        self._desk = HistoryOperations(store, self._rows, self.clock, self.publish)
        self._written = self._commits = self._last_commit_ms = 0

    def on_receive(self, message: Inbox) -> None:
        match message:
            case SampleClosed():
                self._collect(message)
            case EventReported():
                self._events.append(storable_event(message))
                self._flush_within(EVENTS_WITHIN_S)
            case KeepRecords():
                self._records.append(storable_records(message))
                self._flush_within(0.0)
            case _Due(end_ts=end_ts):
                if end_ts in self._open:
                    self._commit()
            case _Flush():
                self._flush_asked = False
                self._commit_notes() if self._trouble is None else self._commit()
            case ReplaceMeter() | Correct() | TakeBackCorrection() | TakePhantomBack():
                self._operate(message)
            case Recompute():
                self._begin_recompute(message)
            case CancelRecompute():
                self._desk.cancel()
            case _RecomputeDay():
                self._recompute_day()
            case Minute():
                self._store.env.reader_check()
            case KeepBlock() | SweepRows() | KeepCheckpoint():
                self._archive(message)
            case Begin():
                self.attempt(self._desk.seed_paces)
                self._publish()
            case _:
                assert_never(message)

    def outlives(self, message: object) -> bool:
        """What was taken in is checked, and a transaction that failed has changed nothing."""
        self._rows.schemas.forget()
        return not isinstance(message, Begin)

    def on_end(self) -> None:
        """Nothing that was taken in is lost by an orderly stop, nor what waits: others ended before and left it."""
        if not self.has_crashed:
            for message in self.actor_inbox.take_all((SampleClosed, EventReported, KeepRecords)):
                self.on_receive(message)
        if self._samples:
            self._commit()
        if self._events or self._records:
            self._commit_notes()
        for asked in self._records:
            refuse(asked.reply, StoreError("store_closed", "the recorder stopped before it could write"))

    def _collect(self, sample: SampleClosed) -> None:
        if reason := unacceptable(sample, now_ts := self.clock.now_ts()):
            self._refuse_sample(sample, reason)
            return
        self._samples.append(WaitingSample(sample))
        if sample.is_open or self._open.is_late(sample.end_ts, now_ts + AHEAD_S):
            self._flush_within(PATIENCE_S)  # a latecomer: with the next commit
            return
        if sample.end_ts not in self._open:
            self._open.begin(sample.end_ts)
            left_s = sample.end_ts + PATIENCE_S - self.clock.now_ms() / 1000
            self.post_later(min(PATIENCE_S, max(0.0, left_s)), _Due(sample.end_ts))
            self._publish()
        if self._open.add(sample, self._due_devices()):
            self._commit()

    def _archive(self, asked: Archiving) -> None:
        """A store that refuses is told when samples are refused; the archivist comes again the next night."""
        try:
            done = archive(self._store, asked)
        except StoreError as error:
            log.error("%s: %s waits for the next night", error.message, type(asked).__name__)
        else:
            if done is not None:
                self.post(ARCHIVIST, done)

    def _due_devices(self) -> set[int]:
        site = self._site()
        on = {gateway.id for gateway in site.gateways if gateway.on}
        return {device.id for device in site.devices if device.on and device.gateway in on}

    def _site(self) -> Installation:
        return self.incarnation.views.get(INSTALLATION_VIEW, Installation())

    def _operate(self, asked: Operation) -> None:
        """After all that waits: what was measured before is booked before."""
        if self._samples:
            self._commit()
        site = self._site()
        self._desk.operate(asked, site, self._committing.accounting_of(site))

    def _begin_recompute(self, asked: Recompute) -> None:
        if self._desk.begin(asked):
            detail = f"{date.fromordinal(asked.first_day)} to {date.fromordinal(asked.last_day)} by {asked.author}"
            self._events.append(EventReported(self.clock.now_ms(), "server", "costs_recomputed", detail))
            self._flush_within(EVENTS_WITHIN_S)
            self.post_self(_RecomputeDay())

    def _recompute_day(self) -> None:
        """One day, one transaction; samples and commands come in between."""
        try:
            more = self._desk.recompute_day(self._committing.accounting_of(self._site()))
        except StoreError as error:
            log.error("%s: the recomputation waits", error.message)
            self.post_later(AGAIN_S, _RecomputeDay())
        else:
            if more:
                self.post_self(_RecomputeDay())

    def _refuse_sample(self, sample: SampleClosed, reason: str) -> None:
        detail = f"slot {sample.start_ts} to {sample.end_ts}"
        self._events.append(EventReported(self.clock.now_ms(), f"device.{sample.device}", reason, detail))
        self._flush_within(EVENTS_WITHIN_S)

    def _flush_within(self, delay_s: float) -> None:
        if delay_s == 0.0:
            self.post_self(_Flush())
        elif not self._flush_asked:
            self._flush_asked = True
            self.post_later(delay_s, _Flush())

    def _commit_notes(self) -> None:
        """Events and records at once; samples only those that nothing else will bring to disk."""
        if self._events or self._records or self._samples:
            self._write(() if self._open else tuple(self._samples))

    def _commit(self) -> None:
        self._write(tuple(self._samples))

    def _write(self, samples: tuple[WaitingSample, ...]) -> None:
        """One transaction of all that waits. What the store refuses goes on waiting."""
        waiting = Waiting(samples, tuple(self._events), tuple(self._records))
        events, records = waiting.events, waiting.records
        written = error = self.attempt(lambda: self._committing.commit(self._site(), waiting))
        if isinstance(error, StoreError):
            self._rows.schemas.forget()
            if self._trouble is None or self._trouble.code != error.code:
                self._trouble = Trouble(error.code, error.message, self.clock.now_ms())
            log.error("%s: %d samples and %d events wait", error.message, len(self._samples), len(self._events))
            self._records = [asked for asked in records if asked.reply is None]
            for asked in records:
                refuse(asked.reply, error)
            if error.code == "store_full" and samples and (events or records):
                self._write_energy(samples)
            self._flush_within(AGAIN_S)
        elif isinstance(written, WattkeeperError):
            self._set_aside(waiting)
        else:
            self._forget(samples, events)
            self._trouble = self._paused() if self._committing.rows_paused else None
            self._written += written
            self._commits += 1
            self._last_commit_ms = self.clock.now_ms()
            for asked in records:
                answer(asked.reply, True)
        self._publish()

    def _set_aside(self, waiting: Waiting) -> None:
        """Something among what waits cannot be written: it is looked for and dropped, so that the rest can be.

        raises  InvariantBroken where it is nothing of what waits
        """
        bad = bad_of(waiting, self._fails)
        if not bad:
            raise InvariantBroken("commit_failed", "what waits can be written one by one, but not together")
        self._samples = deque((each for each in self._samples if each not in bad), MOST_SAMPLES)
        self._events = deque((each for each in self._events if each not in bad), MOST_EVENTS)
        for asked in (asked for asked in self._records if asked in bad):
            refuse(asked.reply, StoreError("message_failed", "it holds what cannot be kept"))
        self._records = [asked for asked in self._records if asked not in bad]
        log.error("%d samples, events or records could not be written and were dropped", len(bad))
        self._flush_within(0.0)

    def _fails(self, waiting: Waiting) -> bool:
        error = self.attempt(lambda: self._committing.try_out(self._site(), waiting), quiet=True)
        return isinstance(error, WattkeeperError) and not isinstance(error, StoreError)

    def _write_energy(self, samples: tuple[WaitingSample, ...]) -> None:
        """Before energy has to wait, events do."""
        try:
            self._committing.transact(self._site(), Waiting(samples))
        except StoreError:
            return  # told already
        kept = list(self._records)
        self._forget(samples, ())
        self._records = kept

    def _forget(self, samples: tuple[WaitingSample, ...], events: tuple[EventReported, ...]) -> None:
        if samples:
            self._open.commit(samples)
            self._samples.clear()
        for _ in events:
            self._events.popleft()
        self._records.clear()

    def _paused(self) -> Trouble:
        since_ms = self._trouble.since_ms if self._trouble else self.clock.now_ms()
        return Trouble("recording_paused", "hardly any room left: energy is kept, samples are not", since_ms)

    def _publish(self) -> None:
        due_since_ms = self._open.oldest_ts * 1000
        self.publish(
            RECORDER_VIEW, RecorderView(self._last_commit_ms, self._written, self._commits, due_since_ms, self._trouble)
        )
