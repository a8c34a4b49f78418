import struct

from runtime.core.decode.compiled import compile_map
from runtime.core.device.livedevice import LiveDevice
from runtime.core.map.devicemap import parse_map
from runtime.core.quantity.quality import Quality
from runtime.core.site.installation import DeviceSpec
from runtime.core.view import Trouble

COMPILED = compile_map(
    parse_map(
        {
            "id": "test-meter", "title": "Test meter", "source": "none", "trust": "published",
            "field": [
                {"quantity": "active_power_l1_w", "at": 0, "type": "i16"},
                {"quantity": "active_power_l2_w", "at": 500, "type": "i16"},
                {"quantity": "active_energy_import_wh", "at": 1000, "type": "u32"},
            ],
            "derive": [{"quantity": "active_power_w", "sum": ["active_power_l1_w", "active_power_l2_w"]}],
        },
        file="test",
    )
)  # fmt: skip


def device():
    return LiveDevice(
        DeviceSpec(1, "main", 1, 1, "test-meter"), COMPILED, lambda ts: (ts // 600 * 600, ts // 600 * 600 + 600), 0, 30
    )


def block_at(at):
    return next(i for i, block in enumerate(COMPILED.blocks) if block.at == at)


def seen(device):
    view = device.view()
    return {q: (n, ts) for q, n, ts in zip(view.quantities, view.values_n, view.ts_ms, strict=True)}


def test_a_derived_value_is_as_old_as_its_oldest_part():
    live = device()
    live.read(block_at(0), 1000, struct.pack(">h", 100))
    live.read(block_at(500), 2000, struct.pack(">h", 50))
    assert seen(live)["active_power_w"] == (1500, 1000)


def test_a_derived_value_with_a_part_missing_is_none():
    live = device()
    live.read(block_at(0), 1000, struct.pack(">h", 100))
    assert seen(live)["active_power_w"] == (None, 0)


def test_counters_are_read_at_the_edges():
    assert device().counter_blocks == (block_at(1000),)


def test_values_stay_with_their_time_when_the_device_falls_silent():
    live = device()
    live.read(block_at(0), 1000, struct.pack(">h", 100))
    for _ in range(3):
        live.failed(block_at(0), 9000, "no_answer", "silent")
    assert live.state == "communication_error"
    assert seen(live)["active_power_l1_w"] == (1000, 1000)


OTHER = Trouble("model_other", "answers like a 4 120 53", 0)


def counted(device, *readings):
    """Samples of the readings (UTC s, index)."""
    return [
        sample
        for ts, wh in readings
        for sample in device.read(block_at(1000), ts * 1000, struct.pack(">I", wh))[0]
    ]  # fmt: skip


def test_of_another_device_than_configured_values_are_suspect_and_energy_counts_for_nothing():
    live = device()
    live.suspect(OTHER, 0)
    (sample,) = counted(live, (100, 5), (700, 7))
    assert sample.counters == {} and set(sample.quality) == {Quality.SUSPECT}
    view = live.view()
    assert (view.state, view.trouble) == ("configuration_error", OTHER)
    assert set(view.quality) == {Quality.SUSPECT}


def test_what_the_other_device_told_counts_no_more_once_the_right_one_is_there():
    live = device()
    live.suspect(OTHER, 0)
    counted(live, (100, 999_999))
    live.suspect(None, 200)
    (sample,) = counted(live, (300, 5), (700, 7))
    assert sample.counters == {"active_energy_import_wh": ((300_000, 5000), (700_000, 7000))}
    assert live.state == "on" and set(live.view().quality) == {Quality.GOOD}


def test_a_doubt_without_proof_is_only_said():
    live = device()
    live.suspect(OTHER, 0, sure=False)
    (sample,) = counted(live, (100, 5), (700, 7))
    assert sample.counters and set(sample.quality) == {Quality.GOOD}
    assert (live.state, live.trouble) == ("on", OTHER)
