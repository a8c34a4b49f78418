from runtime.core.modbusserver.serverview import MODBUS_SERVER_VIEW, MasterState, ModbusServerView
from runtime.core.site.installation import GatewaySpec
from runtime.core.view import Trouble
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


def test_the_modbus_server_is_switched_on_by_its_first_form_and_shows_who_reads(store):
    site = stage(store)
    page = site.get("/server/modbus").text
    assert 'data-api="/api/v1/modbus_servers" data-method="POST"' in page and ">29999<" in page
    assert 'name="gateway"' in page and 'name="units"' in page and 'name="write_units"' in page
    master = MasterState("10.0.0.9", 2, 700, 1_790_000_000_000)
    site.views.publish(MODBUS_SERVER_VIEW, ModbusServerView("0.0.0.0", 1502, (master,)))
    page = site.get("/server/modbus").text
    assert "0.0.0.0:1502" in page and "10.0.0.9" in page and ">700<" in page


def test_a_port_that_the_modbus_server_cannot_have_is_said(store):
    site = stage(store)
    trouble = Trouble("modbus_port_denied", "port 502 needs a capability", 1)
    site.views.publish(MODBUS_SERVER_VIEW, ModbusServerView(trouble=trouble))
    assert "port 502 needs a capability" in site.get("/server/modbus").text


def test_connections_to_one_host_are_asked_for_beside_the_port(store):
    site = stage(store)
    object.__setattr__(site.installation, "connections_per_host", 12)
    assert 'name="connections_per_host"' in (page := site.get("/server/modbus").text) and 'value="12"' in page
