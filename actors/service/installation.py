"""The owner of the installation: one frozen tree with a version, edited as a whole, published as a view.

An edit is checked, then kept by the recorder with its entry in the audit trail in one transaction, then published and
followed, then answered: whoever was answered will find it after any crash, and nobody follows what could be lost.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import ClassVar, assert_never

from actors.mailbox.base import COMMAND, CONTROL, Actor, Incarnation
from actors.mailbox.reply import Forwarded, answer, describe_restart, refuse
from actors.message.device import Begin, KeepRecords
from actors.message.edit import Edited, EditInstallation, Expected, UndoEdit
from runtime.core.edit.proposal import Check, Mark, Proposal, propose
from runtime.core.site.audit import AuditEntry
from runtime.core.site.diff import Change, etag_of, object_of, undo_changes
from runtime.core.site.installation import INSTALLATION_VIEW, Installation
from runtime.errors import WattkeeperError
from runtime.store.object.site import records_with

__all__ = ["InstallationActor"]

RECORDER = "recorder"

Asked = EditInstallation | UndoEdit


@dataclass(frozen=True, slots=True)
class _Kept:
    """The recorder is done, or could not. A reply box -> installation."""

    version: int
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class _Ready:
    """What an earlier incarnation gave to the recorder is written, or never will be. A reply box -> installation."""


@dataclass(frozen=True, slots=True)
class _Pending:
    """What the recorder is writing. One at a time: the next edit is made of the tree that this one leaves."""

    asked: Asked
    installation: Installation
    entry: AuditEntry


_OWN = (Begin, _Kept, _Ready)
Inbox = Begin | EditInstallation | UndoEdit | _Kept | _Ready


class InstallationActor(Actor):
    """Named ``installation``, as its view.

    read       what the store holds: the newest tree, and the last entry of the audit trail
    check      the faults of a tree as a whole
    mark       notes in a tree what follows from the maps that are loaded
    on_change  called in this actor's thread with each new tree, after it was published; must not wait nor fail
    """

    PRIORITY: ClassVar[MappingProxyType[type, int]] = MappingProxyType(
        {EditInstallation: COMMAND, UndoEdit: COMMAND, _Kept: CONTROL, _Ready: CONTROL}
    )

    def __init__(
        self,
        incarnation: Incarnation,
        read: Callable[[], tuple[Installation, AuditEntry | None]],
        check: Check,
        on_change: Callable[[Installation], None],
        mark: Mark = lambda installation: installation,
    ) -> None:
        super().__init__(incarnation)
        self._read, self._check, self._on_change, self._mark = read, check, on_change, mark
        self._installation = Installation()
        self._last: AuditEntry | None = None
        self._waiting: deque[Asked] = deque()
        self._pending: _Pending | None = None
        self._is_ready = False

    def on_receive(self, message: Inbox) -> None:
        match message:
            case EditInstallation() | UndoEdit():
                self._waiting.append(message)
                self._go_on()
            case _Kept():
                self._kept(message)
            case Begin():
                self._begin()
            case _Ready():
                self._take_up()
            case _:
                assert_never(message)

    def outlives(self, message: object) -> bool:
        """An edit changes nothing before it is kept; once it is, whoever follows it must not fail."""
        return isinstance(message, EditInstallation | UndoEdit) or type(message) not in _OWN

    def on_end(self) -> None:
        pending = [] if self._pending is None else [self._pending.asked]
        for asked in (*pending, *self._waiting):
            refuse(asked.reply, describe_restart(self.incarnation.name))

    def _begin(self) -> None:
        """An earlier incarnation may have a tree on its way to the disk: only behind it the store tells the newest."""
        if self.incarnation.views.get(INSTALLATION_VIEW) is None:
            self._take_up()
            return
        ready = Forwarded(lambda _done: self.post_self(_Ready()), lambda _error: self.post_self(_Ready()))
        if not self.post(RECORDER, KeepRecords((), reply=ready)):
            self._take_up()

    def _take_up(self) -> None:
        self._installation, self._last = self._read()
        before = self.incarnation.views.get(INSTALLATION_VIEW)
        self.publish(INSTALLATION_VIEW, self._installation)
        if isinstance(before, Installation) and before.version != self._installation.version:
            self._on_change(self._installation)
        self._is_ready = True
        self._go_on()

    def _go_on(self) -> None:
        while self._is_ready and self._waiting and self._pending is None:
            asked = self._waiting.popleft()
            proposal = self.attempt(lambda asked=asked: self._proposal(asked))  # type: ignore[misc]
            if isinstance(proposal, WattkeeperError):
                refuse(asked.reply, proposal)
            else:
                self._keep(asked, proposal)

    def _proposal(self, asked: Asked) -> Proposal:
        if isinstance(asked, EditInstallation):
            self._refuse_stale(asked.expected)
            return propose(self._installation, asked.edit, self._check, self.clock.now_ts(), self._mark)
        entry = self._last
        if entry is None:
            raise WattkeeperError("undo_empty", "there is no change that could be taken back")
        if asked.version not in (0, entry.version):
            raise WattkeeperError("version_stale", f"change {asked.version} is not the last; {entry.version} is")
        back = partial(undo_changes, changes=entry.changes)
        return propose(self._installation, back, self._check, self.clock.now_ts(), self._mark)

    def _refuse_stale(self, expected: Expected | None) -> None:
        if expected is None:
            return
        there = object_of(self._installation, expected.kind, expected.id)
        if there is not None and etag_of(there) != expected.etag:
            message = f"{expected.kind} {expected.id} was changed meanwhile"
            raise WattkeeperError("version_stale", message)

    def _keep(self, asked: Asked, proposal: Proposal) -> None:
        if proposal.installation is self._installation:
            answer(asked.reply, Edited(self._installation))
            return
        version = proposal.installation.version
        entry = self._entry(asked, version, proposal.changes)
        self._pending = _Pending(asked, proposal.installation, entry)
        kept = (proposal.installation, entry if proposal.changes else None)
        reply = Forwarded(
            lambda _done: self.post_self(_Kept(version)), lambda error: self.post_self(_Kept(version, error))
        )
        if not self.post(RECORDER, KeepRecords(records_with(*kept), reply=reply)):
            self._pending = None
            refuse(asked.reply, describe_restart(RECORDER))

    def _entry(self, asked: Asked, version: int, changes: tuple[Change, ...]) -> AuditEntry:
        source = asked.source if isinstance(asked, EditInstallation) else "undo"
        undoes = self._last.version if self._last and isinstance(asked, UndoEdit) else 0
        return AuditEntry(version, self.clock.now_ms(), asked.author, changes, source, undoes)

    def _kept(self, message: _Kept) -> None:
        pending = self._pending
        if pending is None or pending.entry.version != message.version:
            return
        self._pending = None
        if message.error is not None:
            refuse(pending.asked.reply, message.error)
        else:
            self._installation = pending.installation
            self._last = pending.entry if pending.entry.changes else self._last
            self.publish(INSTALLATION_VIEW, self._installation)
            self._on_change(self._installation)
            answer(pending.asked.reply, Edited(self._installation, pending.entry))
        self._go_on()
