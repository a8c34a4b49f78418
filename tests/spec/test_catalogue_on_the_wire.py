"""Every quantity of every map of the catalogue crosses a real socket, and so does every command, as the map says.

The registers are laid out by the simulator's encoder, which shares nothing with the product's decoder but the map.
"""

from __future__ import annotations

import asyncio
import struct
import threading
from fractions import Fraction
from zlib import crc32

import pytest

from drivers.families.plugin import families
from drivers.gateways import open_line
from runtime.clock import SystemClock
from runtime.core.decode.compiled import DeviceSettings, compile_map
from runtime.core.quantity.catalogue import QUANTITIES
from simulator.device.encode import shown
from simulator.device.image import Encoder
from simulator.gateway.gateway import GatewayConnection, TcpConnection, TcpGateway
from simulator.scenario.models import Models
from tests.spec.switchroom import COMMANDED

ASKING = {
    "wsmeasure": {"remote_id": 10_001},
    "generic-modbus-meter": {"function": 4, "register": "0048", "words": 2, "factor": 10},
    "pulse-electricity": {"concentrator": "4 120 65", "position": 12, "weight": 0.5, "weight_unit": "kWh"},
    "pulse-gas": {"concentrator": "4 120 81", "position": 1, "weight": 10},
    "pulse-water": {"concentrator": "F80BI", "position": 2, "weight_unit": "m3"},
}
MODELS = Models()
ENTRIES = [entry for family in families() for entry in family.entries]
MAPS = [MODELS.map(id, ASKING.get(id, {})) for id in MODELS.ids]
MAPS += [MODELS.map(id, {"side": "right"}) for id in MODELS.ids if "old" in id]
UNIT = 7  # of all, one after the other
RANGES = {
    "V": 400,
    "A": 30,
    "W": 9_000,
    "var": 900,
    "VA": 9_500,
    "Hz": 60,
    "%": 40,
    "s": 900,
    "Wh": 10**6,
    "varh": 10**5,
}


class Registers:
    """A unit that shows what it was given and notes what is written."""

    def __init__(self, map, seed, turn=None):
        self.values = {field.quantity: made(field, seed, turn) for field in map.fields}
        told = {
            field.name: Fraction(self.values[field.quantity]) * Fraction(10) ** QUANTITIES[field.quantity].exp10
            for field in map.fields
            if field.role == "parameter"
        }
        encoder = Encoder(map, told)
        self.image = encoder.image(self.values)
        numbers = [field for field in map.fields if QUANTITIES[field.quantity].kind in ("counter", "gauge")]
        steps = {field.quantity: encoder.step(field.quantity) * self._power(field) for field in numbers}
        self.shown = self.values | {
            field.quantity: shown(field, self.values[field.quantity], steps[field.quantity]) for field in numbers
        }
        self.written = []

    def _power(self, field):
        """What the scale register says that the quantity's count is times."""
        if field.scale_at is None:
            return 1
        return Fraction(10) ** int.from_bytes(self.image[field.space].read(field.scale_at, 1), "big", signed=True)

    def spaces(self, at_ms):
        return self.image

    def write(self, space, at, data, at_ms):
        self.written.append((space, at, data))
        return 0


def made(field, seed, turn=None):
    """Another value for each quantity and each seed; of states the one whose turn it is."""
    row = QUANTITIES[field.quantity]
    number = crc32(f"{field.quantity} {seed}".encode())
    if row.kind == "text":
        return f"A{number % 1000}" if field.type == "text" else str(number % 60_000)
    if row.kind == "state":
        counts = counts_of(field) or list(range(250))
        return counts[(number if turn is None else turn) % len(counts)]
    if field.quantity.endswith("_ratio"):
        return 100
    most = RANGES.get(row.unit, 1)
    if row.id.startswith("power_factor"):
        return 100 + number % 900
    count = int(number % 997 * most * Fraction(10) ** -row.exp10 / 997) or 1
    return -count if field.scale[0] < 0 and field.type.startswith("u") else count


def counts_of(field):
    return sorted({count for _, count in field.enum}) or list(range(len(QUANTITIES[field.quantity].states)))


@pytest.fixture(scope="module")
def port():
    """One gateway with a unit that is each map in turn."""
    units, loop = {}, asyncio.new_event_loop()
    gateway = TcpGateway(GatewayConnection(units, lambda: 0), "127.0.0.1", 0, TcpConnection)
    loop.run_until_complete(gateway.plug())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield units, gateway.port
    finally:
        asyncio.run_coroutine_threadsafe(gateway.unplug(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(60)
        loop.close()


@pytest.fixture
def line(port):
    line = open_line(f"tcp://127.0.0.1:{port[1]}", SystemClock())
    line.open()
    yield line
    line.close()


@pytest.mark.parametrize("seed", [1, 2])
def test_every_quantity_is_read_as_it_was_laid_out(port, line, seed):
    for found in MAPS:
        device = port[0][UNIT] = Registers(found, seed)
        assert read(line, found, device) == device.shown, found.id


def read(line, found, device):
    """Quantity -> count, as the product reads it."""
    compiled = compile_map(found)
    values = compiled.blank()
    for block in sorted(range(len(compiled.blocks)), key=lambda each: compiled.blocks[each].kind != "parameter"):
        payload = line.transact(compiled.request(block, UNIT), 2.0)
        compiled.apply(block, payload, values, DeviceSettings())
    told = dict(zip(compiled.quantities, values, strict=True))
    return {id: told[id] for id in device.shown}


def test_every_state_of_every_quantity_is_read(port, line):
    """Breakers open, closed and tripped; alarms; links right and broken; stations and charges."""
    seen = set()
    for found in MAPS:
        states = [field for field in found.fields if QUANTITIES[field.quantity].states]
        for turn in range(max((len(counts_of(field)) for field in states), default=0)):
            device = port[0][UNIT] = Registers(found, 1, turn)
            told = read(line, found, device)
            seen |= {(field.quantity, told[field.quantity]) for field in states}
            assert told == device.shown, found.id
    for id in ("breaker_state", "contactor_state", "control_state", "station_state", "charge_state", "link_1_state",
               "alarm_tripped", "alarm_duplicated_function", "alarm_threshold", "alarm_configuration"):  # fmt: skip
        assert {n for quantity, n in seen if quantity == id} >= set(range(len(QUANTITIES[id].states))), id


def test_every_function_of_every_catalogue_number_is_among_what_is_played_here():
    """Each entry's map is read above with all that the entry says it can, and told in test_commands.py."""
    played = {found.id: found for found in MAPS}
    missing = []
    for entry in ENTRIES:
        found = played[entry.map]
        told = {field.quantity for field in found.fields}
        has = {
            "measure": any(QUANTITIES[id].kind == "counter" for id in told),
            "state": any(QUANTITIES[id].states for id in told),
            "command": bool(found.commands) and found.id in COMMANDED,
            "link": told & {"link_1_state", "alarm_configuration"},  # links are read from the interface of the modules
        }
        missing += [(entry.number, function) for function in entry.functions if not has[function]]
    assert missing == [] and len(ENTRIES) >= 200


def test_every_command_arrives_as_the_map_says_and_at_no_other_place(port, line):
    for found in MAPS:
        for command in found.commands:
            device = port[0][UNIT] = Registers(found, 1)
            tried = [count for count, _ in command.values] or [command.least_n, command.most_n]
            for value_n in tried:
                line.transact(command.request(UNIT, value_n), 2.0)
            space = "coil" if command.type == "bit" else "holding"
            raw = [laid_out(found, command.type, command.raw_of(value_n)) for value_n in tried]
            assert device.written == [(space, command.at, data) for data in raw], (found.id, command.name)


def laid_out(map, type, raw):
    big = struct.pack({"bit": ">B", "u16": ">H", "i16": ">h", "u32": ">I", "i32": ">i", "f32": ">f"}[type], raw)
    return big[2:] + big[:2] if map.word_order == "little" and len(big) == 4 else big
