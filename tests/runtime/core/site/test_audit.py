from runtime.core.site.audit import KEPT, AuditEntry, entry_of, entry_record, records_of
from runtime.core.site.diff import Change

ENTRY = AuditEntry(KEPT + 5, 1_780_000_000_000, "Anna", (Change("load", 2, "Ovens", "changed", {"on": (True, False)}),))


def test_an_entry_survives_as_plain_values():
    assert entry_of(entry_record(ENTRY)) == ENTRY


def test_the_oldest_entry_goes_when_one_too_many_comes():
    assert [(kind, key, record is None) for kind, key, record in records_of(ENTRY)] == [
        ("audit", KEPT + 5, False), ("audit", 5, True),
    ]  # fmt: skip


def test_an_entry_knows_what_it_touched():
    assert ENTRY.touches("load", 2)
    assert not ENTRY.touches("device", 2)
