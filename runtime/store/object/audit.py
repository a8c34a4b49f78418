"""Reading the audit trail; the recorder writes it, with the installation that each entry tells of."""

from __future__ import annotations

from runtime.core.site.audit import KIND, AuditEntry, entry_of
from runtime.store.env import Store
from runtime.store.records import expect_known

LOOKED_BACK = 200  # entries searched for the last change of one object


class AuditTrail:
    """Any thread may ask. Newest first."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def last(self) -> AuditEntry | None:
        return next(iter(self.entries(1)), None)

    def entries(self, most: int, before: int = 0) -> list[AuditEntry]:
        """``before``: of versions below that one only, 0 = from the newest."""
        records = self._store.records.newest(KIND, most, before)
        with expect_known("the audit trail"):
            return [entry_of(record) for record in records]

    def last_of(self, kind: str, id: int) -> AuditEntry | None:
        """The newest entry that touched an object, as far as it is looked back."""
        return next((entry for entry in self.entries(LOOKED_BACK) if entry.touches(kind, id)), None)
