import json
import re
import signal
import socket
import subprocess
import sys
import tomllib
import urllib.request

import pytest

from simulator.__main__ import main
from tests.commandline import called, process
from tests.simulator.conftest import SMALL

DAY_S = 86_400
FROM_TS = 1_746_489_600  # 2025-05-06


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    return path


def ended(*arguments):
    return called(main, arguments)


def begun(*arguments):
    """A process of its own and what it printed before it was ready: address -> name."""
    command = [sys.executable, "-m", "simulator", *map(str, arguments)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    places = {}
    for line in running.stdout:
        if line == "ready\n":
            break
        address, _, name = line.rstrip("\n").partition(" ")
        places[address] = name
    return running, places


def end(running, number):
    running.send_signal(number)
    out, err = running.communicate(timeout=60)
    return running.returncode, out + err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_played_scenario_tells_its_addresses_and_ends_cleanly(scenario, tmp_path, number):
    running, places = begun("run", scenario, "--folder", tmp_path)
    assert list(places.values()) == ["Hall", "Slow", "Socket", "Line"]
    port = int(next(iter(places)).rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
        wire.sendall(bytes.fromhex("0001 0000 0006 01 03 5000 0004"))
        assert len(wire.recv(100)) == 17
        code, words = end(running, number)
    assert (code, words) == (0, "")
    assert not (tmp_path / "rs485").is_symlink()


def test_the_house_speaks_until_it_is_ended(tmp_path):
    running, places = begun("run", "house", "--folder", tmp_path)
    assert list(places) == [f"tic://{tmp_path}/tic-1", f"tic://{tmp_path}/tic-2"]
    assert end(running, signal.SIGTERM) == (0, "")
    assert not list(tmp_path.iterdir())


def test_the_installation_and_the_past_of_the_house_are_printed(tmp_path):
    printed = tomllib.loads(ended("installation", "house", "--folder", tmp_path).stdout)
    assert printed["gateway"][0]["url"] == f"tic://{tmp_path}/tic-1"
    lines = ended("history", "house", "--from", FROM_TS, "--to", FROM_TS + DAY_S).stdout.splitlines()
    assert [json.loads(line)["device"] for line in lines] == [1, 2]


def test_the_truth_can_be_asked_for_at_the_door(scenario, tmp_path):
    running, places = begun("run", scenario, "--folder", tmp_path, "--control", "127.0.0.1:0")
    with urllib.request.urlopen(f"{places['control']}/truth?device=Main", timeout=60) as reply:
        assert json.load(reply)["active_energy_import_n"] > 0
    assert end(running, signal.SIGTERM)[0] == 0


def test_a_port_in_use_is_said_in_one_line(scenario, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = process("run", scenario, "--folder", tmp_path, "--base-port", port, module="simulator")
    assert found.returncode == 1 and found.stdout == ""
    assert len(found.stderr.splitlines()) == 1 and "in use" in found.stderr


def test_a_faulty_scenario_ends_with_one_line_a_fault(scenario):
    scenario.write_text(SMALL.replace("abb-b23", "abb-b24").replace("unit = 9", "unit = 900"))
    found = process("run", scenario, module="simulator")
    assert found.returncode == 1 and len(found.stderr.splitlines()) == 3
    assert "device[1].model" in found.stderr and "did you mean 'abb-b23'" in found.stderr
    assert ended("run", "nothing").returncode == 1 and ended("play").returncode == 2


def test_the_installation_names_what_runs(scenario, tmp_path):
    printed = tomllib.loads(ended("installation", scenario, "--folder", tmp_path, "--base-port", 20_000).stdout)
    assert [gateway["url"] for gateway in printed["gateway"]][::3] == [
        "tcp://127.0.0.1:20000",
        f"rtu://{tmp_path}/rs485?baudrate=19200&parity=N&stopbits=1",
    ]
    assert [device["name"] for device in printed["device"]][:2] == ["Main", "Presses"]


def test_history_comes_as_json_lines(scenario):
    span = ("--from", FROM_TS, "--to", FROM_TS + 2 * DAY_S, "--rows-from", FROM_TS + DAY_S)
    found = process("history", scenario, *span, module="simulator")  # a process that ends collects no garbage
    lines = [json.loads(line) for line in found.stdout.splitlines()]
    assert [line["step_s"] for line in lines] == [3600] * 6 + [600] * 6 and found.stderr == ""


def test_history_before_the_beginning_is_refused(scenario):
    found = ended("history", scenario, "--from", 0, "--to", DAY_S)
    assert found.returncode == 1 and "begins at" in found.stderr


def test_whoever_has_read_enough_may_leave(scenario):
    command = f"{sys.executable} -m simulator history {scenario} --from {FROM_TS} --to {FROM_TS + 60 * DAY_S} | head -1"
    found = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(found.stdout)["device"] == 1 and found.stderr == ""


def test_a_bench_is_many_gateways_with_one_meter_each():
    running, places = begun("bench", "--gateways", 20, "--turnaround-ms", 5, "--base-port", 0)
    assert len(places) == 20
    for address in places:
        with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=60) as wire:
            wire.sendall(bytes.fromhex("0001 0000 0006 01 04 0000 0032"))
            assert len(wire.recv(200)) == 109
    assert end(running, signal.SIGTERM)[0] == 0
    fits = tomllib.loads(ended("bench", "--gateways", 3, "--base-port", 17_000, "--installation").stdout)
    assert [device["unit"] for device in fits["device"]] == [1, 1, 1]


MAP = """
id = "acme-m3"
title = "ACME M3"
source = "ACME list, page 1"
trust = "published"
field = [{quantity = "active_energy_import_wh", at = 0x0048, type = "u32", scale = 10}]
"""


def test_a_map_of_ones_own_can_be_played(tmp_path):
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps/acme-m3.toml").write_text(MAP)
    scenario = tmp_path / "own.toml"
    scenario.write_text(re.sub(r'model = "[^"]+"', 'model = "acme-m3"', SMALL, count=1))
    refused = ended("installation", scenario)
    assert refused.returncode == 1 and "acme-m3" in refused.stderr
    played = ended("installation", scenario, "--maps", tmp_path / "maps")
    assert played.returncode == 0, played.stderr
    assert "acme-m3" in [device["model"] for device in tomllib.loads(played.stdout)["device"]]


def test_what_is_wrong_with_a_map_of_ones_own_is_told(scenario, tmp_path):
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps/bad.toml").write_text('id = "bad"')
    refused = ended("installation", scenario, "--maps", tmp_path / "maps")
    assert refused.returncode == 1 and "bad.toml" in refused.stderr
