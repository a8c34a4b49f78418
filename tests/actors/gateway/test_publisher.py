from actors.gateway.publisher import Publisher
from runtime.core.site.installation import DeviceSpec, GatewaySpec
from runtime.core.view import BusView, Trouble
from runtime.viewboard import Views

GATEWAY = GatewaySpec(1, "cellar", "tcp://10.0.0.1:502")
METER = DeviceSpec(4, "meter", 1, 9, "test-meter")


def showing(spec=GATEWAY):
    views = Views()
    return Publisher(spec, [METER], views.publish, views), views


def test_a_gateway_shows_its_devices_and_the_round_of_its_bus():
    shown, views = showing()
    views.publish("bus.1", BusView(1, True, 0, {}, 0.0, 1.25, None, 0.0, ()))
    shown.gateway(None)
    view = views.get("gateway.1")
    assert (view.state, view.devices, view.round_s) == ("on", (4,), 1.25)


def test_a_gateway_whose_link_is_down_says_why():
    shown, views = showing()
    shown.gateway(Trouble("link_refused", "no", 0))
    assert views.get("gateway.1").state == "communication_error"
    assert views.get("gateway.1").trouble.code == "link_refused"


def test_a_device_that_is_not_polled_is_shown_without_values():
    shown, views = showing()
    shown.unread(METER, "off", None)
    assert (views.get("device.4").state, views.get("device.4").values_n) == ("off", ())
