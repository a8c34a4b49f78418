"""The command line, as a person and as a program uses it, against a small site that answers for real."""

import datetime
import json

import pytest

from tests.commandline import process, wattkeeper
from tests.spec.workshop import workshop

NOON = int(datetime.datetime.fromisoformat("2026-03-11T12:00:00+01:00").timestamp())
MAP = """
id = "my-meter"
title = "My meter"
maker = "Me"
source = "its sticker"
trust = "field"
space = "holding"
field = [{quantity = "voltage_l1_v", at = 0x5B00, type = "u32", scale = 0.1}]
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with workshop(tmp_path_factory.mktemp("shop"), ts=NOON) as played:
        yield played


def test_read_shows_one_device_with_all_its_quantities(shop):
    told = wattkeeper("read", shop.outside.play.address("Switch room"), "--unit", 1, "--model", "abb-b23", "--json")
    readings = json.loads(told.stdout)
    assert told.returncode == 0
    assert readings["voltage_l1_v"]["unit"] == "V"
    assert 200 < readings["voltage_l1_v"]["value"] < 260


def test_read_takes_a_map_of_ones_own(shop, tmp_path):
    (tmp_path / "mine.toml").write_text(MAP)
    url = shop.outside.play.address("Switch room")
    told = wattkeeper("read", url, "--unit", 1, "--model", "my-meter", "--map", tmp_path / "mine.toml", "--json")
    assert 200 < json.loads(told.stdout)["voltage_l1_v"]["value"] < 260


def test_a_dump_loaded_elsewhere_gives_the_same_dump(shop, tmp_path):
    for folder, other in ((shop.data, "first"), (tmp_path / "first", "second")):
        (tmp_path / "site.toml").write_text(wattkeeper("dump", "--data", folder).stdout)
        assert wattkeeper("load", tmp_path / "site.toml", "--data", tmp_path / other).returncode == 0
    first = wattkeeper("dump", "--data", tmp_path / "first").stdout
    assert wattkeeper("dump", "--data", tmp_path / "second").stdout == first
    assert "local = true" in first  # a new folder gets what each installation begins with
    assert first.count("predefined = ") == 6


def test_a_load_beside_a_server_changes_nothing_and_says_what_to_do(shop, tmp_path):
    (tmp_path / "site.toml").write_text('[[load]]\nname = "Ovens"\n')
    shop.start()
    try:
        done = wattkeeper("load", tmp_path / "site.toml", "--data", shop.data)
    finally:
        shop.stop()
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "in use by another server" in done.stderr
    assert "POST /api/v1/installation" in done.stderr
    assert "Ovens" not in wattkeeper("dump", "--data", shop.data).stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["read", "tcp://127.0.0.1:1", "--unit", "1", "--model", "abb-b23"], "refuses the connection"),
        (["read", "tcp://127.0.0.1:1", "--unit", "1", "--model", "abb-b32"], "did you mean 'abb-b23'?"),
        (["read", "rtu:///dev/ttyNone", "--unit", "1", "--model", "abb-b23"], "there is no port /dev/ttyNone"),
        (["dump", "--data", "/nowhere"], "there is no store in /nowhere"),
        (["models", "--plugins", "/nowhere.toml"], "/nowhere.toml: cannot be read: No such file or directory"),
        (["load", "/nowhere.toml", "--data", "/nowhere"], "/nowhere.toml: cannot be read: No such file or directory"),
        (["run", "--http", "8080"], "--http: '8080' is not HOST:PORT (such as 127.0.0.1:8080)"),
    ],
)
def test_what_fails_says_why_in_one_line_and_exits_with_1(words, told):
    done = wattkeeper(*words)
    assert told in done.stderr
    assert (done.returncode, done.stderr.count("\n"), done.stdout) == (1, 1, "")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--http", "example.org:0"], "'example.org' is no IP address"),
        (["--demo", "--http", "0.0.0.0:0"], "would be open to others"),
    ],
)
def test_a_server_that_cannot_be_reached_as_wished_does_not_start(words, told, tmp_path):
    done = process("run", *words, "--data", tmp_path)
    assert told in done.stderr
    assert (done.returncode, done.stderr.count("\n"), done.stdout) == (1, 1, "")


def test_a_wrong_file_changes_nothing_and_names_each_fault(tmp_path):
    (tmp_path / "site.toml").write_text(
        '[[gateway]]\nname = "A"\nurl = "tcp://h"\n[[device]]\nunit = 300\nmodle = "x"\n'
    )
    done = wattkeeper("load", tmp_path / "site.toml", "--data", tmp_path / "data")
    assert done.returncode == 1
    assert "device[1].unit: 300 is not between 0 and 255" in done.stderr
    assert "device[1].modle: unknown key (did you mean 'model'?)" in done.stderr
    assert wattkeeper("dump", "--data", tmp_path / "data").stdout.count("[[") == 0


def test_a_second_server_on_the_folder_is_told_who_holds_it(shop):
    shop.start()
    try:
        done = process("run", "--data", shop.data, "--http", "127.0.0.1:0")
    finally:
        shop.stop()
    assert done.returncode == 1
    assert "is in use by another server" in done.stderr


def test_wrong_usage_exits_with_2():
    assert process("read").returncode == 2


def test_read_says_when_a_device_names_itself_as_another_model(shop):
    url = shop.outside.play.address("Serial line")
    told = wattkeeper("read", url, "--unit", 3, "--model", "abb-b23")
    assert told.returncode == 1
    assert "wattkeeper: address 3 answers like Socomec DIRIS A10" in told.stderr


def test_models_lists_kinds_and_what_stands_on_labels():
    told = wattkeeper("models").stdout
    assert "eastron-sdm630" in told
    (row,) = [line for line in told.splitlines() if line.startswith("4 149 31 ")]
    assert "ems-control" in row and "state+command+link" in row and "legrand-414931" in row and "provisional" in row


def test_models_lists_them_for_programs_too():
    told = json.loads(wattkeeper("models", "--json").stdout)
    assert len(told["entries"]) == 206 and {"id", "title", "trust", "source"} == set(told["models"][0])
    (pulse,) = [entry for entry in told["entries"] if entry["number"] == "F20D32"]
    assert (pulse["map"], pulse["most"], pulse["trust"]) == ("pulse-electricity", 12, "provisional")
