"""Who reads is slowed down where the rest of the process is busy, each address alike, and never where it is not."""

from __future__ import annotations

from types import SimpleNamespace

from actors.modbusserver.pace import ANSWERS_PER_S, LONGEST_REST_S, Pace
from tests.actors.modbusserver.served import framed, read, served


class Busy:
    """``share`` of a core that others use."""

    def __init__(self, share):
        self.now, self.used_s, self._share = 0.0, 0.0, share
        self.pace = Pace(lambda: self.used_s, 0.0)

    def looks(self, *masters):
        self.now += 0.5
        self.used_s += 0.5 * self._share
        connections = [SimpleNamespace(address=address, requests=requests) for address, requests in masters]
        self.pace.look(connections, self.now)


def test_nobody_rests_while_nothing_else_is_to_be_done():
    idle = Busy(0.02)
    idle.looks(*[("10.0.0.1", 900)] * 64)
    assert idle.pace.rest_s("10.0.0.1", 100) == 0.0


def test_all_masters_together_get_so_many_answers_while_others_are_busy():
    busy = Busy(0.5)
    busy.looks(*[("10.0.0.1", 900)] * 64)
    assert 64 / busy.pace.rest_s("10.0.0.1", 1) == ANSWERS_PER_S


def test_an_address_gets_no_more_by_opening_more_connections():
    busy = Busy(0.5)
    busy.looks(*[("10.0.0.1", 900)] * 9, ("10.0.0.2", 900), ("10.0.0.3", 0))
    greedy, modest = busy.pace.rest_s("10.0.0.1", 1), busy.pace.rest_s("10.0.0.2", 1)
    assert 9 / greedy == 1 / modest == ANSWERS_PER_S / 2


def test_who_comes_first_is_one_of_many_and_nobody_rests_for_ever():
    busy = Busy(0.5)
    busy.looks()
    assert busy.pace.rest_s("10.0.0.9", 1) == 1 / ANSWERS_PER_S
    assert busy.pace.rest_s("10.0.0.9", 1_000_000) == LONGEST_REST_S


def test_a_connection_that_rests_is_answered_all_the_same_in_order():
    used_s = iter(range(1_000_000))
    with served(more={"others_s": lambda: float(next(used_s))}) as server:
        asker = server.call()
        for _ in range(3):
            asker.send(b"".join(framed(n, 247, read(n, 2)) for n in range(100)))
            assert [transaction for transaction, _, _ in asker.answers(100)] == list(range(100))
