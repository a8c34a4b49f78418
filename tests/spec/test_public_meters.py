"""Meters that are strict as real ones are read right to the last digit, whatever asks them."""

import pytest

from drivers.families.plugin import families
from drivers.gateways import open_line
from drivers.tool.reading import read_device
from drivers.tool.recording import record
from runtime.clock import SystemClock
from runtime.core.decode.compiled import compile_map
from runtime.core.quantity.catalogue import to_float
from tests.spec.publicmeters import METERS, differences, served

MAPS = {found.id: found for family in families() for found in family.maps}


@pytest.fixture(params=METERS, ids=lambda make: make.__name__)
def meter(request):
    return request.param()


@pytest.fixture
def line(meter):
    with served({5: meter}) as port:
        opened = open_line(f"tcp://127.0.0.1:{port}", SystemClock())
        yield opened
        opened.close()


def test_a_meter_is_read_right_in_the_pieces_it_takes(meter, line):
    assert differences(meter, read_device(line, compile_map(MAPS[meter.model]), 5)) == []


def test_a_recording_has_what_the_meter_tells(meter, line):
    found = MAPS[meter.model]
    values = record(line, found, compile_map(found), 5).values
    told = {id: {"value": to_float(id, n) if isinstance(n, int) else n} for id, n in values.items()}
    assert differences(meter, told) == []


def test_a_meter_that_hangs_up_is_asked_sparingly(meter, line):
    read_device(line, compile_map(MAPS[meter.model]), 5)
    assert len(meter.asked) <= 40
