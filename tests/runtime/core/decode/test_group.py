"""The quick way of decoding equals the exact one, whatever the bytes."""

import math
import struct
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from runtime.core.decode.compiled import DeviceSettings, compile_map
from runtime.core.decode.group import build_group, group_key
from runtime.core.map.devicemap import parse_map
from runtime.core.modbus.registers import TYPES, Field
from runtime.core.modbus.unpacking import BlockLayout
from runtime.core.quantity.catalogue import QUANTITIES

HEAD = {"id": "any", "title": "Any", "source": "none", "trust": "field"}
GAUGES = [id for id, quantity in QUANTITIES.items() if quantity.kind == "gauge"]
SCALES = ["1", "10", "0.1", "0.01", "1/3", "-0.05", "1000"]
ROWS = st.lists(
    st.tuples(st.sampled_from(sorted(TYPES)), st.sampled_from(SCALES), st.booleans(), st.booleans()),
    min_size=1,
    max_size=12,
)


@given(
    ROWS, st.binary(min_size=240, max_size=240), st.sampled_from(["big", "little"]), st.sampled_from(["big", "little"])
)
def test_every_value_is_its_raw_number_times_its_scale(rows, noise, word_order, byte_order):
    fields, at = [], 0
    for id, (type, scale, signed, marked) in zip(GAUGES, rows, strict=False):
        fields.append({"quantity": id, "at": at, "type": type, "scale": scale})
        fields[-1] |= {"sign_at": at + TYPES[type].words} if signed else {}
        fields[-1] |= {"invalid": [7]} if marked else {}
        at += TYPES[type].words + 1
    head = {**HEAD, "word_order": word_order, "byte_order": byte_order}
    compiled = compile_map(parse_map({**head, "field": fields}, file="any"), gap_words=1000)
    values = compiled.blank()
    compiled.apply(0, noise[: 2 * compiled.blocks[0].words], values, DeviceSettings())
    read = dict(zip(compiled.quantities, values, strict=True))
    assert read == {field["quantity"]: _exact(field, noise, word_order, byte_order) for field in fields}


def _exact(field, noise, word_order, byte_order):
    """The meaning of a row, spelled out."""
    raw = _number(noise, field["at"], field["type"], word_order, byte_order)
    sign = _number(noise, field["sign_at"], "u16", word_order, byte_order) if "sign_at" in field else 0
    if sign > 1 or not math.isfinite(raw) or raw in field.get("invalid", ()):
        return None
    factor = Fraction(field["scale"]) / Fraction(10) ** QUANTITIES[field["quantity"]].exp10
    signed = -raw if sign else raw
    count = round(signed * float(factor)) if isinstance(raw, float) else round(signed * factor)
    return count if abs(count) < 2**63 else None


def _number(noise, at, type, word_order, byte_order):
    words = [noise[2 * (at + n) : 2 * (at + n) + 2] for n in range(TYPES[type].words)]
    words = words if byte_order == "big" else [word[::-1] for word in words]
    words = words if word_order == "big" else words[::-1]
    return struct.unpack(">" + TYPES[type].code, b"".join(words))[0]


def test_states_are_read_by_their_own_words_and_at_once_where_these_are_the_same():
    fields = [
        Field("breaker_state", 0, "u16", 1, enum=((1, 0), (2, 1), (4, 2))),
        Field("phase_sequence", 1, "u16", 1, invalid=(2,)),
        Field("device_code", 2, "u16", 1, invalid=(0xFFFF,)),
        Field("alarm_bits", 3, "u16", 1),
        Field("input_1_state", 4, "u16", 1),
        Field("input_2_state", 5, "u16", 1),
    ]
    groups = {}
    for field in fields:
        groups.setdefault(group_key(field), []).append(field)
    assert [len(group) for group in groups.values()] == [1, 1, 1, 1, 2]
    for payload, counts in (
        (b"\0\4\0\1\0\x10\0\5\0\0\0\1", [2, 1, 16, 5, 0, 1]),
        (b"\0\3\0\2\xff\xff\0\0\0\1\0\2", [None, None, None, 0, 1, None]),
    ):
        values = [None] * 6
        for group in groups.values():
            build_group(group, BlockLayout(0, 6), fields.index(group[0]), {})(payload, values, DeviceSettings())
        assert values == counts
