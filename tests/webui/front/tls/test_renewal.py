from __future__ import annotations

import threading

from runtime.errors import WattkeeperError
from webui.front.tls.certificate import Certificates
from webui.front.tls.renewal import EACH_S, FIRST_S, Renewal


class Counting(Certificates):
    def __init__(self, fails: bool = False) -> None:
        self.looked, self.fails = threading.Semaphore(0), fails

    def renew(self) -> bool:
        self.looked.release()
        if self.fails:
            raise WattkeeperError("certificate_unreadable", "it cannot be read")
        return False


def test_it_is_looked_at_after_the_start_and_then_once_a_day() -> None:
    certificates, now = Counting(), [0.0]
    renewal = Renewal(certificates, lambda: now[0])
    renewal.beat()
    assert not certificates.looked.acquire(timeout=0.05)
    for at in (FIRST_S, FIRST_S + EACH_S):
        now[0] = at
        renewal.beat()
        renewal.beat()
        assert certificates.looked.acquire(timeout=60)
        assert not certificates.looked.acquire(timeout=0.05)


def test_a_failure_is_told_and_tried_again_the_next_day(caplog) -> None:
    Renewal(Counting(fails=True), lambda: 0.0).look()
    assert "could not be renewed: it cannot be read" in caplog.text
