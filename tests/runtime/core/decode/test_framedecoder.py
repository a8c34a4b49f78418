import pytest

from runtime.core.decode.decoder import Decoder
from runtime.core.decode.explain import explain
from runtime.core.decode.framedecoder import FrameDecoder, FrameKind
from runtime.core.device.livedevice import LiveDevice
from runtime.core.map.normalise import DeviceSettings
from runtime.core.modbus.request import Request
from runtime.core.site.installation import DeviceSpec
from runtime.core.source.query import Expected

IMPORT, EXPORT, POWER = "active_energy_import_wh", "active_energy_export_wh", "active_power_w"
ABOVE, BELOW = DeviceSettings(), DeviceSettings("downstream")


def numbers(payload, settings):
    return tuple(int(part) for part in payload.split(b";"))


INDEX = FrameKind("index", (IMPORT, EXPORT), numbers, 10.0, "energy")
LOAD = FrameKind("load", (POWER,), numbers, 2.0)
METER: Decoder = FrameDecoder("acme-box", "acme", "field", (INDEX, LOAD))


def device():
    return LiveDevice(DeviceSpec(1, "Box", 1, 3, METER.id), METER, lambda ts: (0, 600), 0, 30)


def test_it_says_what_is_kept_and_what_counts():
    assert METER.quantities == (IMPORT, EXPORT, POWER)
    assert METER.counters == (0, 1)
    assert METER.recorded == ((POWER, "mean"),)
    shape = METER.shape(ABOVE)
    assert (shape.gauges, shape.counters) == ({1: (2,)}, {0: ((0, IMPORT), (1, EXPORT))})


def test_each_kind_of_frame_is_expected_from_the_device_s_address():
    assert list(device().reads()) == [
        (0, "energy", Expected(3, "index", 10.0)), (1, "live", Expected(3, "load", 2.0))
    ]  # fmt: skip


def test_a_live_device_is_made_of_frames_as_of_registers():
    box = device()
    box.read(0, 1_000, b"5000;70", 1.0)
    box.read(1, 2_000, b"4500", 2.0)
    view = box.view()
    assert (view.state, view.values_n, view.ts_ms) == ("on", (5000, 70, 4500), (1_000, 1_000, 2_000))


def test_fed_from_below_what_it_imports_is_exported_and_its_power_has_the_other_sign():
    values = METER.blank()
    METER.apply(0, b"5000;70", values, BELOW)
    METER.apply(1, b"4500", values, BELOW)
    assert values == [70, 5000, -4500]


@pytest.mark.parametrize("payload", [b"", b"nonsense", b"1", b"1;2;3"])
def test_what_its_function_cannot_read_is_no_value(payload):
    values = [1, 2, 3]
    METER.apply(0, payload, values, ABOVE)
    assert values == [None, None, 3]


def test_a_frame_in_the_trace_is_told_in_quantities():
    assert explain(METER, ABOVE, Expected(3, "load"), b"4500") == ((POWER, 4500),)
    assert explain(METER, ABOVE, Expected(3, "other"), b"4500") == ()
    assert explain(METER, ABOVE, Request(3, 3, 0, 1), b"\0\0") == ()


@pytest.mark.parametrize("quantities", [(IMPORT,), ("energy",)])
def test_a_quantity_comes_in_one_kind_of_frame_and_is_a_known_one(quantities):
    with pytest.raises(ValueError, match="acme-box"):
        FrameDecoder("acme-box", "acme", "field", (INDEX, FrameKind("more", quantities, numbers, 1.0)))


def test_frames_never_divide():
    reads = METER.reads([METER.indexes(number, ABOVE) for number in (0, 1)])
    assert (reads.active, reads.split(0), reads.is_part(1), reads.block_of(1)) == ([0, 1], (), False, 1)
    reads.forget(0)
    assert (reads.unknown(0), reads.assemble(0, b"whole")) == (set(), b"whole")
    assert reads.request(1, 3) == Expected(3, "load", 2.0)
