"""The owner of access: users, sessions, known browsers, tokens and the pauses between tries.

Changes of users and tokens hold once they are on disk. Sessions hold at once, so that one can log in to a server whose
disk is full; they and the pauses are written within a second.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, cast

from actors.mailbox.base import COMMAND, IDLE, Actor, Incarnation
from actors.mailbox.reply import Reply, answer, describe_restart, refuse
from actors.message.access import (
    ACCESS,
    BeginLogin,
    ChangeAccess,
    ConfirmPin,
    EndLogin,
    ForgetBrowser,
    Leave,
    LoginByPin,
    Slowed,
    SomebodySeen,
    Ticket,
)
from actors.message.device import Begin, EventReported, KeepRecords
from actors.service.accessrecords import AccessRecords, ReplyBox, Written
from runtime.core.access import session as sessions
from runtime.core.access.access import ACCESS_VIEW, Access, may_log_in
from runtime.core.access.change import apply_change, describe_change
from runtime.core.access.delays import Delays, key_of, pin_key
from runtime.core.access.failures import Reports
from runtime.errors import WattkeeperError
from runtime.store.object.access import Record, differences

log = logging.getLogger("wattkeeper.access")

TIDY_EACH_S = 60.0
SEEN_KEPT_EACH = 5  # tidyings: who was seen when is not worth a write of its own


@dataclass(frozen=True, slots=True)
class _Keep:
    """Write what changed. Access -> itself."""


@dataclass(frozen=True, slots=True)
class _Tidy:
    """Drop what is over. Access -> itself."""


class AccessActor(Actor):
    """Publishes ``Access`` as ``access``.

    load  reads what is kept
    demo  users with the codes of the manual may log in
    """

    PRIORITY: ClassVar[Mapping[type, int]] = MappingProxyType(
        {Leave: COMMAND, ForgetBrowser: COMMAND, ChangeAccess: COMMAND, SomebodySeen: IDLE}
    )

    def __init__(
        self, incarnation: Incarnation, load: Callable[[], tuple[Access, Delays]], *, demo: bool = False
    ) -> None:
        super().__init__(incarnation)
        self._load, self._demo = load, demo
        self._access = Access()
        self._delays = Delays()
        self._reports = Reports()
        self._changes: deque[ChangeAccess] = deque()
        self._changing_ts = 0  # when the change that the recorder has was made, 0 = it has none
        self._records = AccessRecords(self._write, lambda within_s: self.post_later(within_s, _Keep()))
        self._tidied = 0

    def on_receive(self, message: Any) -> None:
        match message:
            case BeginLogin():
                self._begin_login(message)
            case EndLogin():
                self._end_login(message)
            case LoginByPin():
                self._login_by_pin(message)
            case ConfirmPin():
                self._confirm(message)
            case Leave():
                self._leave(message)
            case ForgetBrowser():
                self._forget(message)
            case SomebodySeen(session=id, watches=watches):
                mark = sessions.mark_watched if watches else sessions.mark_seen
                self._hold(mark(self._access, id, self.clock.now_ts()))
            case ChangeAccess():
                self._changes.append(message)
                self._next_change()
            case Written():
                self._kept(message)
            case _Keep():
                self._records.write(self._access, self._delays)
            case _Tidy():
                self._tidy()
            case Begin():
                self._access, self._delays = self._load()
                self._records.on_disk = self._access
                self._tidy()
                self.publish(ACCESS_VIEW, self._access)

    def outlives(self, message: object) -> bool:
        """Each handler makes the next ``Access`` before it takes it; what the recorder was given is another matter."""
        is_kept = isinstance(message, Written) and isinstance(message.then, ChangeAccess | Access)
        return not is_kept and not isinstance(message, Begin)

    def on_end(self) -> None:
        if records := self._records.unwritten(self._access, self._delays):
            self.post("recorder", KeepRecords(records))
        for asked in self._changes:
            refuse(asked.reply, WattkeeperError("owner_restarted", "access ended before it answered; ask again"))

    # ---- logging in

    def _begin_login(self, asked: BeginLogin) -> None:
        now_ms = self.clock.now_ms()
        known = sessions.is_known(self._access, asked.browser_key, now_ms // 1000)
        who = key_of(asked.address, asked.browser_key if known else "")
        wait_ms = self._delays.charge(who, now_ms)
        if wait_ms > 0:
            answer(asked.reply, Slowed(wait_ms))
            return
        self._records.write_soon()
        user = self._access.user_of(asked.index, demo=self._demo)
        answer(asked.reply, Ticket(asked.address, who, user.id if user else 0, user.code if user else ""))

    def _end_login(self, done: EndLogin) -> None:
        ticket, now_ms = done.ticket, self.clock.now_ms()
        user = self._access.users.get(ticket.user)
        self._records.write_soon()
        if done.ok is None:
            self._delays.give_back(ticket.who)
        elif not done.ok or user is None or user.code != ticket.code or not may_log_in(user, demo=self._demo):
            self._failed(ticket.address, "PIN and PUK")
        else:
            self._delays.was_right(ticket.who, ticket.address, now_ms)
            self._take(sessions.log_in(self._access, user.id, done.entry, now_ms // 1000))
            self._note("login_succeeded", f"{user.name} from {ticket.address}, PIN and PUK")
            answer(done.reply, self._access.sessions[done.entry.session])
            return
        answer(done.reply, None)

    def _login_by_pin(self, asked: LoginByPin) -> None:
        access, now_ms = self._access, self.clock.now_ms()
        known = sessions.is_known(access, asked.browser_key, now_ms // 1000)
        if not known:
            refuse(asked.reply, WattkeeperError("puk_needed", "this browser is not known: PIN and PUK are needed"))
            return
        user = access.user_of(asked.index, demo=self._demo)
        browser = next((each for each in known if user is not None and each.user == user.id), None)
        meant = [pin_key(each.id) for each in (known if browser is None else (browser,))]
        if wait_ms := self._delays.pin_wait_ms(meant, now_ms):
            answer(asked.reply, Slowed(wait_ms))
        elif user is None or browser is None:
            self._wrong_pin(asked, meant, now_ms)
        else:
            self._delays.pin_was_right(pin_key(browser.id))
            self._take(sessions.log_in_by_pin(access, browser, asked.entry, now_ms // 1000))
            self._note("login_succeeded", f"{user.name} from {asked.entry.address}, PIN")
            answer(asked.reply, self._access.sessions[asked.entry.session])

    def _wrong_pin(self, asked: LoginByPin, meant: list[str], now_ms: int) -> None:
        self._delays.pin_was_wrong(meant, now_ms)
        self._take(sessions.wrong_pin(self._access, asked.browser_key))
        self._records.write_soon()
        self._failed(asked.entry.address, "PIN at a known browser")
        if not sessions.is_known(self._access, asked.browser_key, now_ms // 1000):
            self._note("browser_forgotten", f"after wrong PINs from {asked.entry.address}")
        answer(asked.reply, None)

    def _confirm(self, asked: ConfirmPin) -> None:
        session, now_ms = self._access.sessions.get(asked.session), self.clock.now_ms()
        user = self._access.users.get(session.user) if session else None
        if session is None or user is None:
            answer(asked.reply, None)
            return
        meant = [pin_key(session.browser or session.id)]  # a new session at the same browser begins no new count
        if wait_ms := self._delays.pin_wait_ms(meant, now_ms):
            answer(asked.reply, Slowed(wait_ms))
        elif user.index and user.index == asked.index:
            self._delays.pin_was_right(meant[0])
            self._take(sessions.confirm(self._access, session.id, asked.entry, now_ms // 1000))
            answer(asked.reply, self._access.sessions[asked.entry.session])
        else:
            self._delays.pin_was_wrong(meant, now_ms)
            self._records.write_soon()
            self._failed(asked.entry.address, f"PIN again, {user.name}")
            self._take(sessions.wrong_confirmation(self._access, session.id))
            answer(asked.reply, None)

    def _leave(self, asked: Leave) -> None:
        session = self._access.sessions.get(asked.session)
        if session is not None:
            user = self._access.users.get(session.user)
            code = "locked" if asked.lock else "logged_out"
            self._note(code, f"{user.name if user else session.user} by {asked.by.name}")
        self._take(sessions.without_session(self._access, asked.session, lock=asked.lock), asked.reply)

    def _forget(self, asked: ForgetBrowser) -> None:
        if asked.browser in self._access.browsers:
            self._note("browser_forgotten", f"by {asked.by.name}")
        self._take(sessions.without_browser(self._access, asked.browser), asked.reply)

    def _failed(self, address: str, what: str) -> None:
        if detail := self._reports.failed(address, what, self.clock.now_ms()):
            self._note("login_failed", detail)

    def _note(self, code: str, detail: str) -> None:
        log.info("%s: %s", code, detail)
        self.post("recorder", EventReported(self.clock.now_ms(), ACCESS, code, detail))

    # ---- changes

    def _next_change(self) -> None:
        """One at a time: each is checked against what the one before it left."""
        if self._changing_ts or not self._changes:
            return
        asked, now_ts = self._changes[0], self.clock.now_ts()
        proposed = self.attempt(lambda: self._proposed(asked, now_ts))
        if isinstance(proposed, WattkeeperError):
            refuse(self._changes.popleft().reply, proposed)
            self._next_change()
            return
        self._changing_ts = now_ts
        self._write(*proposed)

    def _proposed(self, asked: ChangeAccess, now_ts: int) -> tuple[tuple[Record, ...], ChangeAccess, EventReported]:
        """What is to be kept of a change. Raises WattkeeperError for one that is refused."""
        after = apply_change(self._access, asked.change, asked.by, now_ts)
        event = EventReported(self.clock.now_ms(), ACCESS, *describe_change(self._access, asked.change, asked.by))
        return tuple(differences(self._access, after)), asked, event

    def _kept(self, kept: Written) -> None:
        match kept.then:
            case ChangeAccess() as asked:
                self._end_change(asked, kept.error)
            case Access() as written:
                self._records.written(written, kept.error)
                if kept.error is None and written is not self._access:
                    self._records.write_soon()
            case reply:
                answer(reply, True)  # it holds, on disk or not

    def _end_change(self, asked: ChangeAccess, error: Exception | None) -> None:
        made_ts, self._changing_ts = self._changing_ts, 0
        self._changes.popleft()
        if error is not None:
            refuse(asked.reply, error)
        else:  # what came in meanwhile were sessions: the change is made anew on top of them
            after = apply_change(self._access, asked.change, asked.by, made_ts)
            self._take(after)
            answer(asked.reply, after)
        self._next_change()

    # ---- keeping

    def _take(self, after: Access, reply: Any = None) -> None:
        """It holds from now on; ``reply`` is filled when it is on disk."""
        before = self._access
        if after is not before:
            self._hold(after)
            self._records.write_soon()
            if reply is not None:
                self._write(tuple(differences(before, after)), reply)
        elif reply is not None:
            answer(reply, True)

    def _hold(self, after: Access) -> None:
        if after is not self._access:
            self._access = after
            self.publish(ACCESS_VIEW, after)

    def _write(self, records: tuple[Record, ...], then: object, *events: EventReported) -> None:
        """``then`` comes back in a ``Written``."""
        box = cast("Reply[Any]", ReplyBox(self.post_self, then))
        if not self.post("recorder", KeepRecords(records, events, box)):
            refuse(box, describe_restart("recorder"))

    def _tidy(self) -> None:
        self._delays.forget_old(self.clock.now_ms())
        self._take(sessions.without_old(self._access, self.clock.now_ts()))
        self._tidied += 1
        if self._tidied % SEEN_KEPT_EACH == 0:
            self._records.write_soon()
        self.post_later(TIDY_EACH_S, _Tidy())
