import re
from pathlib import Path

import pytest

from runtime.core.text.tomltable import Table
from simulator.fault.faults import FAULTS, Faults
from simulator.fault.faulttable import PARAMETERS, read_faults, written
from simulator.scenario.models import Models
from simulator.scenario.scenario import parse_scenario


def read(rows, wire="tcp"):
    faults = []
    return read_faults(Table(rows, "gateway[1].faults", "site.toml", faults), wire), {f.key: f for f in faults}


def test_shares_and_parameters_stand_in_one_table():
    rows = {"late": 0.01, "silence": 0.5, "latency_s": 0.2, "late_s": [1, 2], "hangs": True, "exceptions": [4, 6]}
    wanted = Faults({"late": 0.01, "silence": 0.5}, latency_s=0.2, late_s=(1.0, 2.0), hangs=True, exceptions=(4, 6))
    assert read(rows) == (wanted, {})


def test_an_empty_table_is_no_fault():
    assert read({}) == (Faults(), {})


@pytest.mark.parametrize("wire", ["tcp", "rtu"])
def test_what_is_written_is_read_as_it_was(wire):
    able = {name: 0.01 for name, fault in FAULTS.items() if wire in fault.wires}
    faults = Faults(able, latency_s=0.1, jitter_s=0.2, late_s=(0.3, 0.4), slice_s=0.5, hangs=True, exceptions=(2,))
    assert read(written(faults), wire) == (faults, {})


@pytest.mark.parametrize(
    ("rows", "key", "hint"),
    [
        ({"latte": 0.1}, "latte", "late"),
        ({"late": 1.5}, "late", ""),
        ({"late": True}, "late", ""),
        ({"wrong_crc": 0.1}, "wrong_crc", "wrong_transaction"),
        ({"late": 0.6, "silence": 0.6}, "", "1 at the most"),
        ({"late_s": [2, 1]}, "late_s", "[0.5, 1.0]"),
        ({"late_s": [1]}, "late_s", "[0.5, 1.0]"),
        ({"latency_s": -1}, "latency_s", ""),
        ({"hangs": 1}, "hangs", ""),
        ({"exceptions": [0]}, "exceptions", "[4, 6]"),
        ({"exceptions": []}, "exceptions", "[4, 6]"),
    ],
)
def test_each_mistake_is_told_with_its_key_and_a_hint(rows, key, hint):
    _, faults = read(rows)
    place = f"gateway[1].faults.{key}" if key else "gateway[1].faults"
    assert list(faults) == [place] and hint in faults[place].hint


def test_a_fault_of_the_other_wire_is_known_there():
    assert read({"wrong_crc": 0.1, "doubled_address": 0.1}, "rtu")[1] == {}


def test_the_page_about_the_simulator_explains_each_fault_and_parameter():
    page = (Path(__file__).parents[3] / "docs/simulator.md").read_text("utf-8")
    first_cells = " ".join(line.split("|")[1] for line in page.splitlines() if line.startswith("|"))
    assert {*FAULTS, *PARAMETERS} == set(re.findall(r"`(\w+)`", first_cells))


def test_the_scenarios_on_that_page_are_right():
    page = (Path(__file__).parents[3] / "docs/simulator.md").read_text("utf-8")
    furnished, example = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    named = (
        "[[gateway]]\nname = 'Hall'\nlisten = 'tcp://127.0.0.1:0'\n",
        _module("Breaker", 1, 29),
        _module("Pump", 2, 31),
    )
    assert parse_scenario("".join((*named, furnished)), "page", Models()).events[0].happens == {"breaker_state": 2}
    device = '[[device]]\nname = "Saws"\ngateway = "Hall"\nunit = 1\nmodel = "abb-b23"\nprofile = "pv"\nrated_w = 100\n'
    assert parse_scenario(example + device, "page", Models()).events[0].every_s == 600


def _module(name: str, unit: int, kind: int) -> str:
    return f"[[device]]\nname = '{name}'\ngateway = 'Hall'\nunit = {unit}\nmodel = 'legrand-4149{kind}'\n"
