"""Decoding a block of 60 registers: our compiled map beside pymodbus' conversion of each quantity."""

from __future__ import annotations

import struct
import timeit

import pytest
from pymodbus.client.mixin import ModbusClientMixin

from drivers.families.plugin import families
from runtime.core.compiled import CompiledMap, DeviceSettings, compile_map
from runtime.core.devicemap import parse_map
from runtime.core.quantities import QUANTITIES
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
