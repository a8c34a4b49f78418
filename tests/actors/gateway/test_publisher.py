from actors.gateway.publisher import gateway_view, unread_view
from runtime.core.site.installation import DeviceSpec, GatewaySpec
from runtime.core.view import BusView, Trouble

GATEWAY = GatewaySpec(1, "cellar", "tcp://10.0.0.1:502")
METER = DeviceSpec(4, "meter", 1, 9, "test-meter")


def test_a_gateway_shows_its_devices_and_the_round_of_its_bus():
    view = gateway_view(GATEWAY, [METER], None, BusView(1, True, 0, {}, 0.0, 1.25, None, 0.0, ()))
    assert (view.state, view.devices, view.round_s) == ("on", (4,), 1.25)


def test_a_gateway_whose_link_is_down_says_why():
    view = gateway_view(GATEWAY, [METER], Trouble("link_refused", "no", 0), None)
    assert (view.state, view.trouble.code) == ("communication_error", "link_refused")


def test_a_device_that_is_off_is_shown_without_values():
    view = unread_view(METER, None)
    assert (view.state, view.values_n) == ("off", ())


def test_a_device_that_cannot_be_read_says_why():
    view = unread_view(METER, Trouble("model_unknown", "which?", 0))
    assert (view.state, view.trouble.code) == ("configuration_error", "model_unknown")
