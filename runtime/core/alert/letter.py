"""What an outlet delivers, in words: composed anew for each try, so that it is never of an older language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one recipient.

    id       the same however often it is delivered, and no other message's: whoever gets it twice can know
    text     lines of plain text
    html     the same as a document of its own
    facts    the same for programs: plain values
    ts       UTC seconds of its writing
    """

    id: str
    subject: str
    text: str
    html: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    ts: int = 0
