"""The audit trail: who changed what of the installation, when, from what to what. Entries are never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runtime.core.site.diff import Change

KIND = "audit"  # of the records, by version
KEPT = 10_000  # entries; older ones go


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One edit.

    version  of the installation that it made
    author   the name of who did it
    source   "web", "undo", "file" (an import or ``wattkeeper load``) or "start" (what a new installation has)
    undoes   version of the edit that it took back, 0 = none
    """

    version: int
    ts_ms: int
    author: str
    changes: tuple[Change, ...]
    source: str = "web"
    undoes: int = 0

    def touches(self, kind: str, id: int) -> bool:
        return any((change.kind, change.id) == (kind, id) for change in self.changes)


def entry_record(entry: AuditEntry) -> dict[str, Any]:
    """Plain values, as the store keeps them."""
    return {
        "version": entry.version,
        "ts_ms": entry.ts_ms,
        "author": entry.author,
        "source": entry.source,
        "undoes": entry.undoes,
        "changes": [
            {
                "kind": change.kind,
                "id": change.id,
                "name": change.name,
                "action": change.action,
                "fields": {name: list(pair) for name, pair in change.fields.items()},
            }
            for change in entry.changes
        ],
    }


def entry_of(record: Mapping[str, Any]) -> AuditEntry:
    """The inverse."""
    changes = tuple(
        Change(
            row["kind"],
            row["id"],
            row["name"],
            row["action"],
            {name: (before, after) for name, (before, after) in row["fields"].items()},
        )
        for row in record["changes"]
    )
    return AuditEntry(record["version"], record["ts_ms"], record["author"], changes, record["source"], record["undoes"])


def records_of(entry: AuditEntry) -> tuple[tuple[str, int, Any], ...]:
    """(kind, key, record) to keep, and the one that is too old now."""
    kept = (KIND, entry.version, entry_record(entry))
    return (kept, (KIND, entry.version - KEPT, None)) if entry.version > KEPT else (kept,)
