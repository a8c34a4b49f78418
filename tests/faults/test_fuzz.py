"""Any bytes for the parsers that read what others wrote: a result, or an error that says what is wrong. Seeded."""

from __future__ import annotations

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from drivers.gateways.modbus import BUILT_IN
from runtime.core.decode.compiled import compile_map
from runtime.core.edit.installationfile import Known, dump, load
from runtime.core.map.devicemap import parse_map
from runtime.core.map.normalise import DeviceSettings
from runtime.core.site.installation import Installation
from runtime.core.source.scheme import by_name
from runtime.errors import ConfigError
from tests.soak import FULL
from tests.webui.stage import installation
from webui.front.http.head import Head, read_head
from webui.front.http.limits import Limits
from webui.front.http.refusal import Refused

pytestmark = [pytest.mark.faults, pytest.mark.soak]

MANY = settings(max_examples=5000 if FULL else 200, deadline=None)
KNOWN = Known(models=("legrand-412045",), schemes=by_name(BUILT_IN))
WHOLE = dump(installation())
PIECES = st.sampled_from(
    ['"', "'", "[", "]", "[[", "]]", "=", "\n", "{", "}", ",", "-1", "1e999", "true", "\\u0000", "ü"]
)
METER = compile_map(
    parse_map(
        {
            "id": "any",
            "title": "Any",
            "source": "none",
            "trust": "published",
            "field": [
                {"quantity": "active_power_w", "at": 0, "type": "f32"},
                {"quantity": "active_energy_import_wh", "at": 2, "type": "u32"},
                {"quantity": "serial_number", "at": 4, "type": "text", "words": 8},
            ],
        },
        file="any",
    )
)


@seed(20260911)
@MANY
@given(st.integers(0, len(WHOLE)), st.integers(0, 60), st.lists(PIECES, max_size=6).map("".join))
def test_any_installation_file_is_taken_or_refused_with_its_faults(at: int, left_out: int, put_in: str) -> None:
    text = WHOLE[:at] + put_in + WHOLE[at + left_out :]
    try:
        assert isinstance(load(text, "any.toml", Installation(), KNOWN), Installation)
    except ConfigError as error:
        assert error.faults and all(fault.message for fault in error.faults)


@seed(20260911)
@MANY
@given(st.integers(0, len(METER.blocks) - 1), st.binary(min_size=16, max_size=16))
def test_any_answer_of_a_device_is_a_value_or_an_error_with_a_cause(block: int, noise: bytes) -> None:
    values = METER.blank()
    METER.apply(block, noise[: 2 * METER.blocks[block].words], values, DeviceSettings())
    assert len(values) == len(METER.blank())


@seed(20260911)
@MANY
@given(st.binary(max_size=2000))
def test_any_head_is_read_or_refused(noise: bytes) -> None:
    try:
        assert isinstance(read_head(b"GET / HTTP/1.1\r\nHost: a\r\n" + noise + b"\r\n\r\n", Limits()), Head)
    except Refused as refused:
        assert 400 <= refused.status < 600
