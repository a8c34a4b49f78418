from __future__ import annotations

import logging

import pytest

from runtime.process.bootguard import FILE, BootGuard


def test_the_first_start_is_an_ordinary_one(tmp_path):
    assert not BootGuard(tmp_path).safe_mode


def test_the_start_after_five_that_failed_is_in_safe_mode(tmp_path):
    assert [BootGuard(tmp_path).safe_mode for _ in range(7)] == [False] * 5 + [True, True]


def test_health_starts_the_count_anew(tmp_path):
    for _ in range(6):
        guard = BootGuard(tmp_path)
    guard.came_to_health()
    assert BootGuard(tmp_path).failed_starts == 0


@pytest.mark.parametrize("content", [b"", b"many", b"\x00\xff\x00", b"-3", b"5" * 100_000])
def test_a_damaged_file_keeps_nobody_from_starting(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    guard = BootGuard(tmp_path)
    guard.came_to_health()
    assert BootGuard(tmp_path).failed_starts == 0


def test_a_folder_that_cannot_be_written_to_keeps_nobody_from_starting(tmp_path, caplog):
    caplog.set_level(logging.ERROR)
    assert not BootGuard(tmp_path / "missing").safe_mode
    assert "cannot be kept" in caplog.text


def test_a_power_cut_after_a_minute_of_health_is_no_failed_start(tmp_path):
    for boot in range(20):
        guard = BootGuard(tmp_path, boot=f"run {boot}".replace(" ", "-"))
        assert not guard.safe_mode
        guard.was_well()


def test_a_crash_after_a_minute_of_health_is_one(tmp_path):
    seen = []
    for _ in range(7):
        guard = BootGuard(tmp_path, boot="the-same")
        seen.append(guard.safe_mode)
        guard.was_well()
    assert seen == [False] * 5 + [True, True]


def test_a_power_cut_before_it_was_well_counts(tmp_path):
    assert [BootGuard(tmp_path, boot=f"run-{boot}").safe_mode for boot in range(6)] == [False] * 5 + [True]


def test_the_count_of_an_earlier_release_is_read(tmp_path):
    (tmp_path / FILE).write_bytes(b"5\n")
    assert BootGuard(tmp_path).safe_mode
