"""What is said to the owner of the installation, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from runtime.core.edit.edits import Edit
from runtime.core.site.audit import AuditEntry
from runtime.core.site.installation import Installation

INSTALLATION = "installation"  # the actor's name, and its view's


@dataclass(frozen=True, slots=True)
class Expected:
    """The object that an edit is about as its author saw it: ``etag`` of ``core.changes.etag_of``."""

    kind: str
    id: int
    etag: str


@dataclass(frozen=True, slots=True)
class EditInstallation:
    """Do this to the newest tree. Web -> installation; answered with ``Edited`` once it is on disk and followed.

    Refused with ConfigError, with version_stale when ``expected`` is not what there is, with a StoreError when it
    cannot be kept. Nothing has changed then.
    """

    edit: Edit
    author: str
    reply: Any
    expected: Expected | None = None
    source: str = "web"


@dataclass(frozen=True, slots=True)
class UndoEdit:
    """Take the last edit back. Web -> installation; answered as an edit is.

    version  the one that is meant, 0 = whichever is the last; refused with version_stale when it is not
    Refused with undo_empty when there is none, with undo_unfit (a ConfigError) when something else stands in the way.
    """

    author: str
    reply: Any
    version: int = 0


@dataclass(frozen=True, slots=True)
class Edited:
    """``entry`` is None when the edit changed nothing."""

    installation: Installation
    entry: AuditEntry | None = None
