"""What is said to the owner of access. Hashes are made before and after, in the asking thread, never in the mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runtime.core.access.change import By, Change
from runtime.core.access.session import Entry

ACCESS = "access"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A login that may be tried: compare with ``code``, "" = nobody has this PIN. Access -> web."""

    address: str
    who: str  # as it was charged
    user: int
    code: str


@dataclass(frozen=True, slots=True)
class Slowed:
    """Not now. Access -> web."""

    wait_ms: int


@dataclass(frozen=True, slots=True)
class BeginLogin:
    """May this PIN be tried with its PUK? Web -> access; answered with ``Ticket`` or ``Slowed``.

    Charged as a wrong try until ``EndLogin`` says otherwise.
    browser_key  hash of what the browser holds, "" = nothing: where it is known, strangers are not waited for
    """

    address: str
    index: str
    reply: Any
    browser_key: str = ""


@dataclass(frozen=True, slots=True)
class EndLogin:
    """How it went. Web -> access; answered with the ``Session``, None when it was wrong.

    ok  None = it was not tried after all
    """

    ticket: Ticket
    ok: bool | None
    entry: Entry
    reply: Any


@dataclass(frozen=True, slots=True)
class LoginByPin:
    """At a known browser. Web -> access; answered with the ``Session``, None when the PIN was wrong, or ``Slowed``.

    Refused with puk_needed when the browser is not known.
    """

    browser_key: str
    index: str
    entry: Entry
    reply: Any


@dataclass(frozen=True, slots=True)
class ConfirmPin:
    """The PIN of a session's user again. Web -> access; answered with the new ``Session``, None when it was wrong, or
    ``Slowed``."""

    session: int
    index: str
    entry: Entry
    reply: Any


@dataclass(frozen=True, slots=True)
class Leave:
    """End a session, with ``lock`` forget its browser too. Web -> access; answered with True once it is on disk."""

    session: int
    by: By
    lock: bool
    reply: Any


@dataclass(frozen=True, slots=True)
class ForgetBrowser:
    """A known browser needs PIN and PUK again; its sessions end. Web -> access; answered like ``Leave``."""

    browser: int
    by: By
    reply: Any


@dataclass(frozen=True, slots=True)
class SomebodySeen:
    """A session was used, or ``watches``: a page of live values asked by itself. Web -> access."""

    session: int
    watches: bool = False


@dataclass(frozen=True, slots=True)
class ChangeAccess:
    """Change users or tokens. Web -> access; answered with the new ``Access`` once it is on disk."""

    change: Change
    by: By
    reply: Any
