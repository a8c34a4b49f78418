from __future__ import annotations

import threading
from collections.abc import Callable

from webui.server.restarter import Restarter


class Part:
    """Crashes when ``lives`` says so, else runs until it is stopped."""

    def __init__(self, crashes: bool) -> None:
        self._crashes, self._end = crashes, threading.Event()

    def run(self) -> None:
        if self._crashes:
            raise RuntimeError("a bug")
        self._end.wait(5)

    def stop(self) -> None:
        self._end.set()


def kept(crashes: int) -> tuple[Restarter, list[Part], threading.Event]:
    made: list[Part] = []
    failed = threading.Event()

    def make() -> Part:
        made.append(Part(len(made) < crashes))
        return made[-1]

    monotonic: Callable[[], float] = lambda: 0.0
    return Restarter("part", make, monotonic, lambda why: failed.set()), made, failed


def test_what_crashes_starts_anew() -> None:
    keeper, made, failed = kept(crashes=2)
    keeper.start()
    while len(made) < 3:
        assert not failed.wait(0.01)
    keeper.stop()
    assert len(made) == 3 and not failed.is_set()


def test_three_crashes_in_a_minute_are_told() -> None:
    keeper, made, failed = kept(crashes=9)
    keeper.start()
    assert failed.wait(5) and len(made) == 3
    keeper.stop()


def test_a_part_that_was_never_started_can_be_stopped() -> None:
    kept(crashes=0)[0].stop()
