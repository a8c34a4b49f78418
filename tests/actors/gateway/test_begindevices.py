import pytest

from actors.gateway.begindevices import DeviceMaker, Unread
from runtime.core.decode.compiled import compile_map
from runtime.core.device.livedevice import TRUSTED, LiveDevice
from runtime.core.map.devicemap import parse_map
from runtime.core.site.installation import DeviceSpec

T = 1_780_000_200
FIELD = {"quantity": "active_power_w", "at": 0, "type": "i32"}
COMPILED = compile_map(
    parse_map({"id": "m", "title": "M", "source": "none", "trust": "published", "field": [FIELD]}, file="test")
)


def begun(maps, spec, *, is_on=True):
    maker = DeviceMaker(maps, lambda ts: (ts // 600 * 600, ts // 600 * 600 + 600), 10.0, is_on)
    return maker.begin(spec, T, TRUSTED)


def test_a_device_is_read_by_its_own_map_before_that_of_its_model():
    own = compile_map(
        parse_map({"id": "own", "title": "O", "source": "none", "trust": "published", "field": [FIELD]}, file="test")
    )
    device = begun({4: own, "m": COMPILED}, DeviceSpec(4, "meter", 1, 9, "m"))
    assert isinstance(device, LiveDevice) and device.spec.id == 4
    assert isinstance(begun({"m": COMPILED}, DeviceSpec(5, "meter", 1, 9, "m")), LiveDevice)


@pytest.mark.parametrize(("on", "gateway_on"), [(False, True), (True, False)])
def test_what_is_off_is_not_read_and_that_is_no_fault(on, gateway_on):
    spec = DeviceSpec(4, "meter", 1, 9, "m", on=on)
    assert begun({"m": COMPILED}, spec, is_on=gateway_on) == Unread(spec)


def test_a_model_that_no_driver_knows_is_named():
    unread = begun({}, DeviceSpec(4, "meter", 1, 9, "strange"))
    assert unread.code == "model_unknown" and "strange" in unread.detail
