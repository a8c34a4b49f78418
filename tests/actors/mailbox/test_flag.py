"""What is set once and for all, waited for by many threads at once."""

from __future__ import annotations

import threading

from actors.mailbox.flag import Flag


def test_nobody_waits_longer_than_he_wants_for_what_does_not_come():
    flag = Flag()
    assert not flag.is_set()
    assert not flag.wait(0)
    assert not flag.wait(0.001)
    assert not flag.is_set()


def test_what_was_set_stays_so_however_often_and_by_whomever_it_is_set():
    flag = Flag()
    for _ in range(3):
        flag.set()
        assert flag.is_set()
        assert flag.wait()
        assert flag.wait(0)


def test_all_who_wait_go_on_once_it_is_set():
    flag, passed = Flag(), []
    waiting = [threading.Thread(target=lambda: passed.append(flag.wait(60))) for _ in range(8)]
    setting = [threading.Thread(target=flag.set) for _ in range(4)]
    for thread in (*waiting, *setting):
        thread.start()
    for thread in (*waiting, *setting):
        thread.join(60)
    assert passed == [True] * 8
