import pytest

from actors.gateway.begindevices import Unread
from actors.gateway.publisher import Pace, gateway_view, unread_view
from actors.message.device import BlockRead
from runtime.core.site.installation import DeviceSpec, GatewaySpec
from runtime.core.view import BusView, Trouble

GATEWAY = GatewaySpec(1, "cellar", "tcp://10.0.0.1:502")
METER = DeviceSpec(4, "meter", 1, 9, "test-meter")

VIEW_S = 0.25


def test_a_gateway_shows_its_devices_and_the_round_of_its_bus():
    view = gateway_view(GATEWAY, [METER], None, BusView(1, True, 0, {}, 0.0, 1.25, None, 0.0, ()))
    assert (view.state, view.devices, view.round_s) == ("on", (4,), 1.25)


def test_a_gateway_whose_link_is_down_says_why():
    view = gateway_view(GATEWAY, [METER], Trouble("link_refused", "no", 0), None)
    assert (view.state, view.trouble.code) == ("communication_error", "link_refused")


def test_a_device_that_is_off_is_shown_without_values():
    view = unread_view(Unread(METER), 0)
    assert (view.state, view.values_n) == ("off", ())


def test_a_device_that_cannot_be_read_says_why():
    view = unread_view(Unread(METER, "model_unknown", "which?"), 0)
    assert (view.state, view.trouble.code) == ("configuration_error", "model_unknown")


def test_what_is_read_often_is_shown_a_few_times_a_second_the_newest_of_each_block():
    pace = Pace(VIEW_S)
    assert pace.wait_s(BlockRead(7, 0, 1, 5, b""), 100.0) == 0.0
    assert pace.wait_s(BlockRead(7, 0, 2, 5, b""), 100.1) == pytest.approx(VIEW_S - 0.1)
    assert pace.wait_s(BlockRead(7, 1, 3, 5, b""), 100.15) is None
    assert pace.wait_s(BlockRead(7, 0, 4, 5, b""), 100.2) is None
    assert [read.ts_ms for read in pace.take(7, 100.25)] == [4, 3]
    assert pace.take(7, 100.25) == ()
    assert pace.wait_s(BlockRead(7, 0, 5, 5, b""), 100.25 + VIEW_S) == 0.0


def test_what_is_read_seldom_is_shown_at_once():
    pace = Pace(VIEW_S)
    assert [pace.wait_s(BlockRead(7, 0, turn, 5, b""), 100.0 + turn) for turn in range(5)] == [0.0] * 5


def test_what_was_read_before_the_end_of_a_minute_waits_beside_what_was_read_after_it():
    pace = Pace(VIEW_S)
    for turn, ts_ms in enumerate((59_700, 59_800, 59_900, 60_010, 60_050)):
        pace.wait_s(BlockRead(7, 0, ts_ms, 5, b""), 100.0 + turn / 100)
    assert [read.ts_ms for read in pace.take(7, 100.25)] == [59_900, 60_050]
