"""Decoding a block of 60 registers: our compiled map beside pymodbus' conversion of each quantity."""

from __future__ import annotations

import struct
import subprocess
import sys
import timeit

import pytest
from pymodbus.client.mixin import ModbusClientMixin

from drivers.families.plugin import families
from runtime.core.decode.compiled import CompiledMap, DeviceSettings, compile_map
from runtime.core.map.devicemap import parse_map
from runtime.core.quantity.catalogue import QUANTITIES
from tests.bench.table import Row, tell

SETTINGS = DeviceSettings()
GOAL_US = 5.0
MAPS_GOAL_MS = 150.0
HEAD = {"id": "bench", "title": "Bench", "source": "none", "trust": "provisional", "maker": "none"}
GAUGES = [id for id, quantity in QUANTITIES.items() if quantity.kind == "gauge"]


def mixed() -> tuple[CompiledMap, list[tuple[int, int, ModbusClientMixin.DATATYPE, float]]]:
    """50 quantities in 60 registers: ten of 32 bits, forty of 16; and the same for pymodbus."""
    kinds = ModbusClientMixin.DATATYPE
    rows = [{"quantity": id, "at": 2 * n, "type": "u32", "scale": "0.01"} for n, id in enumerate(GAUGES[:10])]
    rows += [{"quantity": id, "at": 20 + n, "type": "i16", "scale": "0.1"} for n, id in enumerate(GAUGES[10:50])]
    peer = [(2 * n, 2, kinds.UINT32, 0.01) for n in range(10)] + [(20 + n, 1, kinds.INT16, 0.1) for n in range(40)]
    return compile_map(parse_map({**HEAD, "field": rows}, file="bench"), gap_words=1000), peer


def floats() -> tuple[CompiledMap, list[tuple[int, int, ModbusClientMixin.DATATYPE, float]]]:
    """30 quantities in 60 registers, all f32."""
    rows = [{"quantity": id, "at": 2 * n, "type": "f32"} for n, id in enumerate(GAUGES[:30])]
    peer = [(2 * n, 2, ModbusClientMixin.DATATYPE.FLOAT32, 1.0) for n in range(30)]
    return compile_map(parse_map({**HEAD, "field": rows}, file="bench"), gap_words=1000), peer


def ours(compiled: CompiledMap, payload: bytes, values: list[int | str | None]) -> None:
    for block in range(len(compiled.blocks)):
        compiled.apply(block, payload, values, SETTINGS)


def theirs(payload: bytes, peer: list[tuple[int, int, ModbusClientMixin.DATATYPE, float]]) -> list[float]:
    words = list(struct.unpack(">60H", payload))
    convert = ModbusClientMixin.convert_from_registers
    return [convert(words[at : at + count], kind) * scale for at, count, kind, scale in peer]


@pytest.mark.bench
@pytest.mark.parametrize("case", [mixed, floats])
def test_decoding_sixty_registers(case, benchmark):
    compiled, peer = case()
    assert len(compiled.blocks) == 1 and compiled.blocks[0].words == 60
    payload = struct.pack(">30f", *(230.0 + n for n in range(30))) if case is floats else bytes(range(120))
    values = compiled.blank()
    assert len(peer) == len(values)
    benchmark(ours, compiled, payload, values)
    ours_us = (
        min(timeit.repeat(lambda: compiled.apply(0, payload, values, SETTINGS), number=5000, repeat=7)) / 5000 * 1e6
    )
    theirs_us = min(timeit.repeat(lambda: theirs(payload, peer), number=200, repeat=5)) / 200 * 1e6
    assert None not in values
    what = f"decode a block of 60 registers, {len(values)} quantities ({case.__name__})"
    beside = f"pymodbus convert_from_registers {theirs_us:.1f} µs ({theirs_us / ours_us:.0f}×)"
    tell(Row(what, f"≤ {GOAL_US:.0f} µs", f"{ours_us:.2f} µs", ours_us <= GOAL_US, beside))


@pytest.mark.bench
def test_loading_and_compiling_all_maps(benchmark):
    maps = [found for family in benchmark(families) for found in family.maps]
    load_ms = min(timeit.repeat(families, number=1, repeat=5)) * 1e3
    compile_ms = min(timeit.repeat(lambda: [compile_map(found) for found in maps], number=1, repeat=5)) * 1e3
    measured = f"{load_ms:.1f} ms + {compile_ms:.1f} ms to compile"
    what = f"load all {len(maps)} built-in maps and the catalogue"
    tell(Row(what, f"≤ {MAPS_GOAL_MS:.0f} ms", measured, load_ms <= MAPS_GOAL_MS))


SCHEMES = (
    "ime-nemo-96hd", "ime-5000", "legrand-412045", "socomec-c550", "socomec-c650", "socomec-c702", "sunspec-20x",
    "sunspec-21x", "sunspec-10x", "sunspec-11x", "sunspec-701", "huawei-sun2000", "deye-hybrid-1p", "eastron-sdm630",
    "gavazzi-em340", "schneider-iem3155", "abb-b23",
)  # fmt: skip


@pytest.mark.bench
def test_decoding_the_largest_block_of_each_scheme():
    """By 60 registers: a longer block may take longer in proportion."""
    maps = {found.id: found for family in families() for found in family.maps}
    times_us = {id: _by_sixty_us(compile_map(maps[id])) for id in SCHEMES}
    slowest = max(times_us, key=lambda id: times_us[id])
    told = ", ".join(f"{id} {took_us:.1f}" for id, took_us in times_us.items())
    what = f"decode 60 registers of each of {len(SCHEMES)} schemes, the slowest ({slowest})"
    tell(Row(what, f"≤ {GOAL_US:.0f} µs", f"{times_us[slowest]:.1f} µs", times_us[slowest] <= GOAL_US, told))


def _by_sixty_us(compiled: CompiledMap) -> float:
    block = max(range(len(compiled.blocks)), key=lambda number: compiled.blocks[number].words)
    words, values = compiled.blocks[block].words, compiled.blank()
    payload = b"\x00\x01" * words
    for parameters in (number for number, each in enumerate(compiled.blocks) if each.kind == "parameter"):
        compiled.apply(parameters, b"\x00\x01" * compiled.blocks[parameters].words, values, SETTINGS)
    run = timeit.Timer(lambda: compiled.apply(block, payload, values, SETTINGS))
    return min(run.repeat(number=2000, repeat=7)) / 2000 * 1e6 * min(1.0, 60 / words)


@pytest.mark.bench
def test_memory_of_all_maps():
    """In a process of its own: what loading adds to the memory that is the process's alone."""
    program = (
        "import drivers.families.plugin, gc\n"
        "from pathlib import Path\n"
        "def kb(): return int(next(l for l in Path('/proc/self/status').read_text().splitlines()"
        " if l.startswith('RssAnon')).split()[1])\n"
        "gc.collect(); before = kb(); kept = drivers.families.plugin.families(); gc.collect(); print(kb() - before)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    held_mb = int(done.stdout) / 1024
    tell(Row("memory of all built-in maps and the catalogue", "≤ 15 MB", f"{held_mb:.1f} MB", held_mb <= 15))
