"""From each version that ever was there is a way to the newest."""

from __future__ import annotations

import pytest

from runtime.store.migration.steps import STEPS, migrate, unchanged
from runtime.store.migration.versions import NEWEST


def test_there_is_a_step_from_each_version_to_the_next_and_no_other():
    assert set(STEPS) == {(kind, version) for kind, newest in NEWEST.items() for version in range(1, newest)}


def test_steps_are_taken_one_after_the_other(monkeypatch):
    monkeypatch.setitem(NEWEST, "user", 3)
    steps = {("user", 1): lambda record: {**record, "color": "red"}, ("user", 2): unchanged}
    assert migrate("user", 1, {"id": 7}, steps) == {"id": 7, "color": "red"}
    assert migrate("user", 3, {"id": 7}, steps) == {"id": 7}


def test_a_step_that_is_missing_is_our_own_fault(monkeypatch):
    monkeypatch.setitem(NEWEST, "user", 2)
    with pytest.raises(KeyError):
        migrate("user", 1, {}, {})
