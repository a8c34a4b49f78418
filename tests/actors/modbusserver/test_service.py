"""Strangers are turned away, and the board says who reads."""

from __future__ import annotations

from tests.actors.modbusserver.served import read, served
from tests.actors.stage import eventually


def test_a_stranger_is_hung_up_on_and_reported():
    with served(clients="10.1.2.3") as server:
        assert server.call().is_hung_up()
        assert eventually(lambda: server.strangers == ["127.0.0.1"] and server.board.refused == 1)


def test_no_more_connections_than_it_may_have():
    with served(connections=3) as server:
        askers = [server.call() for _ in range(3)]
        assert all(asker.ask(247, read(0, 1)) for asker in askers)
        assert server.call().is_hung_up()
        askers[0].close()
        assert eventually(lambda: _is_served(server))


def test_the_board_says_who_reads_and_how_much():
    with served() as server:
        asker = server.call()
        for _ in range(7):
            asker.ask(247, read(0, 1))
        assert eventually(lambda: [(m.address, m.connections, m.requests) for m in server.board.masters] == [
            ("127.0.0.1", 1, 7)
        ])  # fmt: skip


def _is_served(server):
    asker = server.call()
    asker.send(b"\x00\x01\x00\x00\x00\x06\xf7" + read(0, 1))
    return len(asker.answers(1)) == 1
