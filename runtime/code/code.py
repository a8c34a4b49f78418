"""What a code is: one that happens, refuses or lasts; with its words, the English sentence being the msgid."""

from __future__ import annotations

from dataclasses import dataclass


def N_(sentence: str) -> str:
    """Marks a msgid for the catalogues."""
    return sentence


@dataclass(frozen=True, slots=True)
class Advice:
    """What is wrong and what to do about it."""

    what: str
    todo: str


@dataclass(frozen=True, slots=True)
class Code:
    """One code. What it has no words for it never is; one without any words is for the log and the command line.

    event         something that happened, in the list of events
    refusal       what is said to whoever asked for something
    trouble       what is said of something as long as it is so
    fault         what is said of a row of a register table, beside it
    status        of HTTP, where a request is refused with it
    fault_status  of HTTP, where an edit is refused with it as its first fault
    field         of the request that is to blame, "" = none or several
    """

    id: str
    event: str = ""
    refusal: Advice | None = None
    trouble: Advice | None = None
    fault: str = ""
    status: int = 400
    fault_status: int = 422
    field: str = ""
