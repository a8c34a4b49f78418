"""A meter on a pseudo-terminal."""

import asyncio
import os

from simulator.tic.port import TicPort


class Speaker:
    period_s = 0.01

    def telegram(self, at_ms):
        return b"\x02%d\x03" % at_ms


async def listened(path):
    port = TicPort(Speaker(), path, lambda: 7)
    await port.plug()
    fd = os.open(path, os.O_RDONLY | os.O_NOCTTY)
    try:
        await asyncio.sleep(0)
        while len(heard := os.read(fd, 4096)) < 3:
            await asyncio.sleep(0.01)
    finally:
        os.close(fd)
        await port.unplug()
    return port.url, heard


def test_it_speaks_by_itself_under_a_stable_path_that_is_gone_afterwards(tmp_path):
    path = tmp_path / "tic-1"
    url, heard = asyncio.run(listened(path))
    assert url == f"tic://{path}"
    assert heard.startswith(b"\x82\xb7\x03")  # with parity: 0x02 and "7" have an odd number of ones
    assert not path.is_symlink()


def test_that_nobody_reads_costs_nothing(tmp_path):
    async def alone():
        port = TicPort(Speaker(), tmp_path / "tic-1", lambda: 10**3000)
        await port.plug()
        for _ in range(3):
            port._speak()
        await port.unplug()

    asyncio.run(alone())
