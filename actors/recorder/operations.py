"""The recorder's desk: what people ask to be done to history, in transactions of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from actors.mailbox.reply import answer, claim, refuse
from actors.message.history import Correct, Recompute, ReplaceMeter, TakeBackCorrection, TakePhantomBack
from runtime.clock import Clock
from runtime.core.accounting.accounting import Accounting
from runtime.core.energy.corrections import Correction
from runtime.core.site.installation import Installation
from runtime.core.view import RECOMPUTE_VIEW, RecomputeView
from runtime.errors import WattkeeperError
from runtime.store.energy.operations import Operations
from runtime.store.energy.pace import seed_paces
from runtime.store.energy.recompute import recompute_day
from runtime.store.env import Store
from runtime.store.sample.rows import Rows
from runtime.viewboard import ViewKey

FIRST_DAY, LAST_DAY = date(1970, 1, 2).toordinal(), date(2100, 1, 1).toordinal()

Operation = ReplaceMeter | Correct | TakeBackCorrection | TakePhantomBack


class HistoryOperations:
    """Lives in the recorder's thread."""

    def __init__(
        self, store: Store, rows: Rows, clock: Clock, publish: Callable[[ViewKey[RecomputeView], RecomputeView], None]
    ) -> None:
        self._store, self._rows, self._clock, self._publish = store, rows, clock, publish
        self._work: RecomputeView | None = None

    def seed_paces(self) -> int:
        """What counters drew before an older program knew to ask is what they may draw; of how many."""
        with self._store.writing() as txn:
            return seed_paces(self._store, txn)

    def operate(self, asked: Operation, site: Installation, accounting: Accounting) -> None:
        """Done and answered, or refused and nothing changed; so it is when nobody waits for it any more."""
        settled = False
        try:
            with self._store.writing() as txn:
                done = self._done(
                    Operations(self._store, txn, self._rows, site, accounting, self._clock.now_ms()), asked
                )
                if not claim(asked.reply):
                    raise WattkeeperError("no_reply", "whoever asked for it has given up")
            settled = True
        except WattkeeperError as error:
            refuse(asked.reply, error)
        else:
            answer(asked.reply, done)
        finally:
            if not settled:
                self._rows.schemas.forget()

    def begin(self, asked: Recompute) -> bool:
        """Take a recomputation on, unless one is at work."""
        if self._work is not None and self._work.state == "running":
            refuse(asked.reply, WattkeeperError("recompute_busy", "another recomputation is at work"))
            return False
        if not FIRST_DAY <= asked.first_day <= asked.last_day <= LAST_DAY:
            refuse(asked.reply, WattkeeperError("recompute_empty", "it must begin after 1970 and before it ends"))
            return False
        self._publish_work(RecomputeView(asked.first_day, asked.last_day))
        answer(asked.reply, True)
        return True

    def recompute_day(self, accounting: Accounting) -> bool:
        """The next day; False when there is nothing more to do. Raises StoreError."""
        work = self._work
        if work is None or work.state != "running":
            return False
        with self._store.writing() as txn:
            recompute_day(self._store, txn, self._rows, accounting, work.first_day + work.done)
        done = work.done + 1
        self._publish_work(replace(work, done=done, state="running" if done < work.days else "done"))
        return done < work.days

    def cancel(self) -> None:
        if self._work is not None and self._work.state == "running":
            self._publish_work(replace(self._work, state="cancelled"))

    def _publish_work(self, work: RecomputeView) -> None:
        self._work = work
        self._publish(RECOMPUTE_VIEW, work)

    def _done(self, does: Operations, asked: Operation) -> object:
        match asked:
            case ReplaceMeter():
                return does.replace_meter(
                    asked.device,
                    asked.quantity,
                    asked.ts_ms,
                    asked.closing_n,
                    asked.opening_n,
                    asked.author,
                    confirmed=asked.confirmed,
                )
            case Correct():
                span = (asked.start_ts, asked.end_ts)
                made_ms = self._clock.now_ms()
                return does.correct(
                    Correction(
                        0, asked.device, asked.quantity, *span, asked.delta_n, asked.author, asked.reason, made_ms
                    )
                )
            case TakeBackCorrection():
                return does.take_back(asked.id, asked.author)
            case TakePhantomBack():
                return does.take_phantom_back(asked.device, asked.quantity, asked.start_ts, asked.author)
