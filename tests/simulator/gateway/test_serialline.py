import os
import select
import termios
import time
from pathlib import Path

import pytest

from simulator.gateway.modbus import join_rtu
from simulator.gateway.serialline import BITS_A_CHARACTER
from tests.actors.stage import LAST_RESORT_S
from tests.simulator.conftest import Stage
from tests.simulator.pace import keeps_pace

CHARACTER_S = BITS_A_CHARACTER / 19_200
READ_50 = join_rtu(9, bytes.fromhex("04 0000 0032"))


@pytest.fixture
def wire(stage, tmp_path):
    descriptor = os.open(tmp_path / "rs485", os.O_RDWR | os.O_NOCTTY)
    yield descriptor
    os.close(descriptor)


def receive(wire, length, timeout_s=LAST_RESORT_S):
    got = b""
    limit = time.monotonic() + timeout_s
    poll = select.poll()
    poll.register(wire, select.POLLIN)
    while len(got) < length and poll.poll(1000 * max(0, limit - time.monotonic())):
        got += os.read(wire, length - len(got))
    return got


def test_the_line_answers_under_a_stable_path(stage, wire, tmp_path):
    os.write(wire, READ_50)
    reply = receive(wire, 105)
    assert reply[:3].hex() == "090464" and reply == join_rtu(9, reply[1:-2])
    assert stage.play.address("Line") == f"rtu://{tmp_path}/rs485?baudrate=19200&parity=N&stopbits=1"


def test_each_character_takes_its_time_on_the_wire(wire):
    def asks():
        os.write(wire, READ_50)
        assert len(receive(wire, 105)) == 105

    assert keeps_pace(asks, least_s=(8 + 105) * CHARACTER_S + 0.004, slack_s=0.026)


def test_a_unit_that_is_not_there_or_a_wrong_check_gets_silence(wire):
    for frame in (join_rtu(8, READ_50[1:-2]), READ_50[:-1] + b"\0"):
        os.write(wire, frame)
        assert receive(wire, 1, 0.15) == b""


def test_after_a_broken_request_the_next_one_is_heard(wire):
    os.write(wire, READ_50[:3])
    assert receive(wire, 1, 0.1) == b""
    os.write(wire, READ_50)
    assert len(receive(wire, 105)) == 105


def test_an_unplugged_line_takes_its_path_along(stage, tmp_path):
    path = tmp_path / "rs485"
    stage.run(stage.play.fault({"gateway": "Line", "mode": "unplugged"}))
    assert not path.is_symlink()
    stage.run(stage.play.fault({"gateway": "Line", "mode": "normal"}))
    wire = os.open(path, os.O_RDWR | os.O_NOCTTY)
    os.write(wire, READ_50)
    assert len(receive(wire, 105)) == 105
    os.close(wire)


def test_masters_find_a_raw_line(wire):
    local = termios.tcgetattr(wire)[3]
    assert not local & (termios.ECHO | termios.ICANON)


def test_what_is_no_link_is_never_overwritten(site, tmp_path):
    Path(tmp_path / "rs485").write_text("precious")
    with pytest.raises(FileExistsError):
        Stage(site)
