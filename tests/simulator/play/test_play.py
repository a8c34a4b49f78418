"""Faults of whole gateways: standing in the scenario, by events, and exchanged while it plays."""

import os
import socket

import pytest

from simulator.gateway.modbus import join_rtu, join_tcp
from simulator.play.play import Refusal
from simulator.play.site import Location, Site, locate
from simulator.scenario.models import Models
from simulator.scenario.scenario import parse_scenario
from tests.actors.stage import LAST_RESORT_S, eventually
from tests.simulator.conftest import SMALL, Stage
from tests.simulator.gateway.test_serialline import CHARACTER_S, READ_50, receive
from tests.simulator.pace import keeps_pace

VOLTS = join_tcp(1, 1, bytes.fromhex("03 5b00 0002"))
SOCKET_VOLTS = join_rtu(5, bytes.fromhex("03 c558 0002"))


@pytest.fixture
def played(tmp_path):
    """A function that plays a scenario."""
    stages = []

    def play(text):
        models = Models()
        stages.append(Stage(Site(locate(parse_scenario(text, "small.toml", models), Location(tmp_path)), models)))
        return stages[-1]

    yield play
    for stage in stages:
        stage.close()


SILENCE_S = 0.3  # whoever said nothing for so long is silent


def replies(stage, gateway, request, timeout_s=LAST_RESORT_S):
    """What comes back, b"" when nothing does or nobody is there."""
    try:
        with socket.create_connection(("127.0.0.1", stage.port(gateway)), timeout=timeout_s) as wire:
            wire.sendall(request)
            return wire.recv(300)
    except OSError:
        return b""


def fault(stage, gateway, **wish):
    return stage.run(stage.play.fault({"gateway": gateway, **wish}))[gateway]


def faults_of_hall(text):
    return SMALL.replace('name = "Hall"\n', f'name = "Hall"\nfaults = {text}\n', 1)


def test_a_gateway_with_faults_has_them_from_the_start_and_counts_them(played):
    stage = played(faults_of_hall("{exception = 1.0, exceptions = [6]}"))
    assert replies(stage, "Hall", VOLTS)[7:9].hex() == "8306"
    state = stage.play.state()["Hall"]
    assert state["faults"] == {"exception": 1.0, "exceptions": [6]} and state["struck"] == {"exception": 1}


def test_a_gateway_with_an_empty_table_of_faults_answers_as_a_sound_one(played):
    stage = played(faults_of_hall("{}"))
    assert replies(stage, "Hall", VOLTS)[:9].hex() == "000100000007010304"
    assert replies(stage, "Hall", join_tcp(2, 77, VOLTS[7:])).hex() == "00020000" + "00034d" + "830b"


@pytest.mark.parametrize("text", [SMALL, faults_of_hall("{}")])
def test_faults_come_and_go_while_it_plays_and_the_place_stays_the_same(played, text):
    stage = played(text)
    port = stage.port("Hall")
    assert fault(stage, "Hall", faults={"silence": 1.0})["faults"] == {"silence": 1.0}
    assert replies(stage, "Hall", VOLTS, SILENCE_S) == b""
    assert fault(stage, "Hall", faults={})["struck"] == {"silence": 1}
    assert len(replies(stage, "Hall", VOLTS)) == 13 and stage.port("Hall") == port


def test_rtu_through_a_socket_has_faults_of_its_own(played):
    stage = played(SMALL)
    fault(stage, "Socket", faults={"wrong_unit": 1.0})
    reply = replies(stage, "Socket", SOCKET_VOLTS)
    assert reply[0] != 5 and reply == join_rtu(reply[0], reply[1:-2])


def test_a_serial_line_with_faults_keeps_its_path_and_takes_its_time(played, tmp_path):
    stage = played(SMALL)
    fault(stage, "Line", faults={"silence": 1.0})
    wire = os.open(tmp_path / "rs485", os.O_RDWR | os.O_NOCTTY)
    os.write(wire, READ_50)
    assert receive(wire, 1, SILENCE_S) == b""
    fault(stage, "Line", faults={})

    def asks():
        os.write(wire, READ_50)
        assert len(receive(wire, 105)) == 105

    assert keeps_pace(asks, least_s=(8 + 105) * CHARACTER_S + 0.004, slack_s=0.026)
    os.close(wire)


@pytest.mark.parametrize("mode", ["silent", "garbage", "unplugged"])
def test_modes_hold_for_a_gateway_with_faults_as_for_a_sound_one(played, mode):
    stage = played(faults_of_hall("{}"))
    fault(stage, "Hall", mode=mode)
    assert not replies(stage, "Hall", VOLTS, SILENCE_S).startswith(VOLTS[:4] + b"\0\7\1\3")
    fault(stage, "Hall", mode="normal")
    assert len(replies(stage, "Hall", VOLTS)) == 13


def test_one_unit_that_talks_garbage_leaves_its_neighbours_alone(played):
    stage = played(faults_of_hall("{}"))
    fault(stage, "Hall", unit=2, mode="garbage")
    assert replies(stage, "Hall", join_tcp(1, 2, bytes.fromhex("04 0000 0002")))[:4] != VOLTS[:4]
    assert len(replies(stage, "Hall", VOLTS)) == 13


def test_an_unplugged_gateway_gets_faults_and_stays_unplugged(played):
    stage = played(SMALL)
    fault(stage, "Hall", mode="unplugged")
    assert fault(stage, "Hall", faults={"exception": 1.0})["mode"] == "unplugged"
    assert replies(stage, "Hall", VOLTS, SILENCE_S) == b""
    fault(stage, "Hall", mode="normal")
    assert len(replies(stage, "Hall", VOLTS)) == 9


@pytest.mark.parametrize("how", ['mode = "silent"', "faults = {silence = 1.0}"])
def test_an_event_comes_and_goes_and_comes_again(played, how):
    event = f'[[event]]\ngateway = "Hall"\nafter_s = 500\n{how}\nfor_s = 1000\nevery_s = 2000\n'
    stage = played(SMALL + event)

    def is_sound():
        hall = stage.play.state()["Hall"]
        return hall["mode"] == "normal" and not hall["faults"]

    assert len(replies(stage, "Hall", VOLTS)) == 13
    for until_it_comes_s in (500, 1000):
        stage.passes(until_it_comes_s)
        assert eventually(lambda: not is_sound())
        assert replies(stage, "Hall", VOLTS, SILENCE_S) == b""
        stage.passes(1000)
        assert eventually(is_sound)
        assert len(replies(stage, "Hall", VOLTS)) == 13


def test_after_an_event_a_gateway_has_the_faults_of_the_scenario(played):
    event = '[[event]]\ngateway = "Hall"\nafter_s = 200\nfaults = {silence = 1.0}\nfor_s = 300\n'
    stage = played(faults_of_hall("{exception = 1.0}") + event)

    def hall():
        return stage.play.state()["Hall"]["faults"]

    assert hall() == {"exception": 1.0}
    stage.passes(200)
    assert eventually(lambda: hall() == {"silence": 1.0})
    stage.passes(300)
    assert eventually(lambda: hall() == {"exception": 1.0})


def test_calm_ends_events_modes_and_faults(played):
    event = '[[event]]\ngateway = "Slow"\nafter_s = 300\nmode = "silent"\n'
    stage = played(faults_of_hall("{silence = 1.0}") + event)
    fault(stage, "Socket", unit=5, mode="silent")
    fault(stage, "Line", mode="unplugged")
    state = stage.run(stage.play.calm())
    stage.passes(400)
    assert state == stage.play.state()
    assert all(not one["units"] and not one["faults"] and one["mode"] == "normal" for one in state.values())
    assert len(replies(stage, "Hall", VOLTS)) == 13


@pytest.mark.parametrize(
    ("wish", "word"),
    [
        ({"faults": {"latte": 0.1}}, "did you mean 'late'"),
        ({"faults": {"wrong_crc": 0.1}}, "Modbus TCP"),
        ({"faults": 3}, "not an object"),
        ({"faults": {}, "unit": 1}, "leave unit out"),
        ({"faults": {}, "mode": "broken"}, "no mode"),
    ],
)
def test_wishes_that_make_no_sense_change_nothing(played, wish, word):
    stage = played(SMALL)
    with pytest.raises(Refusal, match=word):
        fault(stage, "Hall", **wish)
    assert len(replies(stage, "Hall", VOLTS)) == 13


def test_something_happens_to_a_device_by_the_scenario(furnished):
    breaker = furnished.site.devices["Breaker"]
    assert eventually(lambda: breaker.panel.get("alarm_bits") == 5)
