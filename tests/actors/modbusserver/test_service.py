"""Strangers are turned away, the board says who reads, and an end leaves no socket open."""

from __future__ import annotations

import asyncio
import gc
import socket
import warnings

import pytest

from actors.modbusserver.board import ImageBoard
from actors.modbusserver.listener import listen
from actors.modbusserver.service import ModbusService
from runtime.clock import SystemClock
from runtime.core.modbus.serverresource import ModbusServerSpec
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


@pytest.mark.parametrize("turns", range(5))
def test_whoever_comes_while_it_ends_is_hung_up_on(turns):
    gc.collect()  # what others left behind is not ours
    loop = asyncio.new_event_loop()
    try:
        with warnings.catch_warnings(record=True) as left_open:
            warnings.simplefilter("always", ResourceWarning)
            loop.run_until_complete(_end_while_somebody_comes(turns))
            gc.collect()
    finally:
        loop.close()
    assert [str(each.message) for each in left_open if each.category is ResourceWarning] == []


async def _end_while_somebody_comes(turns):
    """``turns``: of the loop between its coming and the end."""
    loop, listener, spec = asyncio.get_running_loop(), listen("127.0.0.1", 0), ModbusServerSpec(1, on=True)
    service = ModbusService(loop, listener, ImageBoard(), spec, SystemClock(), "1.2.3", _hear, _hear, _hear, _hear)
    await service.start(_hear)
    with socket.create_connection(listener.getsockname(), 60) as master:
        for _ in range(turns):
            await asyncio.sleep(0)
        await service.stop()
        await asyncio.sleep(0)
        assert _is_over(master)


def _hear(*_):
    return True


def _is_over(master):
    try:
        return master.recv(1) == b""
    except ConnectionError:
        return True


def _is_served(server):
    asker = server.call()
    asker.send(b"\x00\x01\x00\x00\x00\x06\xf7" + read(0, 1))
    return len(asker.answers(1)) == 1
