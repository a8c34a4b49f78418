from runtime.core.site.installation import GatewaySpec
from tests.webui.stage import stage
from webui.http.caller import Caller

LOCAL = GatewaySpec(9, "Local", "rtu:///dev/ttyS0?baudrate=9600&parity=N&stopbits=2", on=False, local=True)


def test_the_modbus_settings_are_those_of_the_local_gateway(store):
    page = stage(store, **{"gateways": 1}).get("/server/modbus").text
    assert "no RS485 port of its own" in page
    site = stage(store)
    object.__setattr__(site.installation, "gateways", (*site.installation.gateways, LOCAL))
    page = site.get("/server/modbus").text
    assert (
        'value="/dev/ttyS0"' in page
        and '<option value="9600" selected' in page
        and '<option value="N" selected' in page
    )
    assert "switched off" in page


def test_name_and_default_language_are_one_form(store):
    page = stage(store).get("/server/general").text
    assert 'data-api="/api/v1/settings"' in page and 'value="Test works"' in page
    assert '<option value="el"' in page and '<option value="en" selected' in page


def test_who_may_only_look_gets_no_button(store):
    site = stage(store)
    site.caller = Caller("visitor", 7, frozenset({("server_configuration", "see")}))
    page = site.get("/server/general").text
    assert "<fieldset disabled" in page and 'type="submit"' not in page.split("<main")[1]
