from __future__ import annotations

from runtime.core.accounting.past import has_past, is_deleted
from runtime.core.site.installation import Assignment, DeviceSpec, GroupSpec, Installation, LoadSpec

SITE = Installation(
    devices=(DeviceSpec(1, "Main", 1, 1, "m"),),
    loads=(LoadSpec(1, "Heat"),),
    groups=(GroupSpec(1, "North"),),
    assignments=(Assignment(2, 0, 3, (4,)), Assignment(2, 7200, gone=True)),
)


def test_what_is_not_there_is_deleted() -> None:
    there = ("total", "others", "device:1", "load:1", "group:1")
    assert [is_deleted(SITE, of) for of in there] == [False] * 5
    assert all(is_deleted(SITE, of) for of in ("device:2", "load:3", "group:4"))


def test_only_what_was_ever_assigned_has_a_past() -> None:
    assert all(has_past(SITE, of) for of in ("device:2", "load:3", "group:4"))
    assert not any(has_past(SITE, of) for of in ("device:3", "load:4", "group:3"))
