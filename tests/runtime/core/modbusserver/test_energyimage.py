"""Unit 247 as docs/modbus.md says: four words of Wh, two of kWh, each Remote ID an object of its own."""

import pytest

from runtime.core.modbusserver.energyimage import EnergyImage

IMAGE = EnergyImage({10_001: 1_234_567_999, 10_002: 0, 10_003: None, 10_005: 9, 29_999: (1 << 62) * 1000}, (10_005,))


@pytest.mark.parametrize(
    ("at", "count", "answer"),
    [
        (10_001, 4, (1_234_567).to_bytes(8, "big")),
        (10_001, 2, (1_234).to_bytes(4, "big")),
        (10_002, 4, bytes(8)),
        (10_001, 1, 3),
        (10_001, 3, 3),
        (10_001, 5, 3),
        (10_001, 125, 3),
        (10_003, 4, 6),
        (10_003, 2, 6),
        (10_003, 1, 3),
        (10_005, 4, 0x0B),
        (10_005, 2, 0x0B),
        (10_005, 1, 3),
        (10_004, 4, 2),
        (0, 4, 2),
        (10_000, 4, 2),
        (65_535, 1, 2),
        (29_999, 4, (1 << 62).to_bytes(8, "big")),
        (29_999, 2, b"\xff\xff\xff\xff"),
    ],
)
def test_each_request_is_about_one_object(at, count, answer):
    assert IMAGE.read(at, count) == answer
