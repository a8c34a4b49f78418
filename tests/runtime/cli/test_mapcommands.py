"""The commands for people who write maps, as they use them."""

import socketserver
import threading
from typing import ClassVar

import pytest

from drivers.families.catalogue import load_maps
from runtime.core.decode.compiled import compile_map
from tests.commandline import wattkeeper
from tests.frames import frame as frames
from tests.runtime.cli.test_commands import NOON
from tests.spec.workshop import workshop

FAULTY = """id = "acme-m3"
title = "ACME M3"
source = "ACME list"
trust = "published"
field = [
  {quantity = "voltage_l1_v", at = 0, type = "u32"},
  {quantity = "voltage_l4_v", at = 4, type = "u16"},
  {quantity = "current_l1_a", at = 1, type = "u16"},
  {quantity = "active_energy_import_wh", at = 6, type = "u32", scale = 1e15},
]
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    with workshop(tmp_path_factory.mktemp("shop"), ts=NOON) as played:
        yield played.outside.play.address("Switch room")


def test_each_fault_of_a_map_is_told_with_its_line(tmp_path):
    file = tmp_path / "acme-m3.toml"
    file.write_text(FAULTY, encoding="utf-8")
    done = wattkeeper("map", "check", file)
    told = done.stderr.replace(f"{file}:", "").splitlines()
    assert [line.split(": ")[1:3] for line in sorted(told)] == [
        ["7", "field[2].quantity"],
        ["8", "field[3].at"],
        ["9", "field[4].scale"],
    ]
    assert "did you mean" in done.stderr and "overlaps" in done.stderr and "impossible scale" in done.stderr
    assert done.returncode == 1


def test_what_is_no_toml_is_told_with_its_line_too(tmp_path):
    (tmp_path / "a.toml").write_text("id = 1\nfield = [\n", encoding="utf-8")
    done = wattkeeper("map", "check", tmp_path / "a.toml")
    assert "not valid TOML" in done.stderr and done.stderr.count("\n") == 1
    assert wattkeeper("map", "check", tmp_path / "none.toml").returncode == 1


def test_a_sound_map_is_told_what_it_costs_to_read_also_when_it_extends_one_beside_it(tmp_path):
    parent = FAULTY.replace("voltage_l4_v", "voltage_l2_v").replace("at = 1,", "at = 5,").replace("1e15", "10")
    (tmp_path / "acme-m3.toml").write_text(parent, encoding="utf-8")
    child = 'id = "acme-m4"\nextends = "acme-m3"\ntitle = "M4"\nsource = "ACME list"\ntrust = "field"\n'
    (tmp_path / "acme-m4.toml").write_text(child, encoding="utf-8")
    done = wattkeeper("map", "check", tmp_path / "acme-m4.toml")
    assert done.stdout.endswith("acme-m4 is sound: 4 quantities in 1 reads of 8 registers, field\n")
    assert (done.returncode, done.stderr) == (0, "")


def test_what_a_device_answers_is_written_as_the_frame_that_tests_its_map(url, tmp_path, monkeypatch):
    file = tmp_path / "abb-b23.toml"
    done = wattkeeper("map", "record", url, "--unit", 1, "--model", "abb-b23", "--out", file)
    monkeypatch.setattr(frames, "FOLDER", tmp_path)
    frame = frames.read_frame("abb-b23")
    assert (done.returncode, frame.origin) == (0, "device")
    assert frames.decode(compile_map(load_maps()["abb-b23"]), frame) == frame.expected_n()
    assert 200 < frame.expected["voltage_l1_v"] < 260


def test_a_device_that_does_not_answer_leaves_no_file(url, tmp_path):
    done = wattkeeper("map", "record", url, "--unit", 1, "--model", "eastron-sdm120", "--out", tmp_path / "a.toml")
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_device_that_is_none_of_sunspec_is_told(url):
    done = wattkeeper("map", "sunspec", url, "--unit", 1)
    assert done.stderr == "wattkeeper: address 1: not marked as SunSpec at 40000, 50000 or 0\n"
    assert (done.returncode, done.stdout) == (1, "")


class Registers(socketserver.StreamRequestHandler):
    """A SunSpec device on a socket: mark, common model, inverter, its inputs, meter, end; all else is refused."""

    HEADS: ClassVar = {
        40000: b"SunS",
        40002: b"\0\x01\0\x41",
        40004: b"SolarEdge".ljust(32, b"\0"),
        40069: b"\0\x67\0\x32",
        40121: b"\0\xa0\0\x30",
        40171: b"\0\xcb\0\x69",
        40278: b"\xff\xff\0\0",
    }

    def handle(self):
        while len(head := self.rfile.read(12)) == 12:
            at = int.from_bytes(head[8:10])
            told = self.HEADS.get(at)
            body = b"\x03" + bytes((len(told),)) + told if told else b"\x83\x02"
            self.wfile.write(head[:4] + (1 + len(body)).to_bytes(2) + head[6:7] + body)


def test_what_a_sunspec_device_has_is_named_as_an_installation_wants_it():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Registers) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
        try:
            done = wattkeeper("map", "sunspec", f"tcp://127.0.0.1:{server.server_address[1]}", "--unit", 7)
        finally:
            server.shutdown()
    assert done.stdout == (
        "# model 1 at register 40002, 65 registers\n"
        "# model 103 at register 40069, 50 registers\n"
        "# model 160 at register 40121, 48 registers\n"
        "# model 203 at register 40171, 105 registers\n"
        'model = "solaredge-inverter"\nparameters = {register = "9C85", mppt = "9CB9", inputs = 2}\n'
        'model = "solaredge-meter"\nparameters = {register = "9CEB"}\n'
    )
    assert (done.returncode, done.stderr) == (0, "")
