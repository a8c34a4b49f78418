from dataclasses import replace

from drivers.gateways.modbus import BUILT_IN
from runtime.core.site.defaults import complete, mark_predefined, name_all, shown_address, with_lasting, with_local
from runtime.core.site.installation import PREDEFINED_LOADS, DeviceSpec, GatewaySpec, Installation, LoadSpec
from runtime.core.source.scheme import by_name


def test_a_new_installation_has_the_local_gateway_and_six_loads():
    site = complete(Installation())
    assert [(gateway.name, gateway.local, shown_address(gateway, {})) for gateway in site.gateways] == [
        ("Local", True, "127.0.0.1")
    ]
    assert [load.predefined for load in site.loads] == list(PREDEFINED_LOADS)
    assert site.used == {"gateway": 1, "load": 6}
    assert complete(site) == site


def test_predefined_loads_speak_the_language_of_the_site():
    assert complete(Installation(language="fr")).loads[0].name == "Chauffage"


def test_the_edition_without_rs485_has_no_local_gateway():
    assert with_local(Installation(edition="255")).gateways == ()


def test_a_load_that_bears_the_name_of_a_predefined_one_is_that_one():
    site = complete(Installation(loads=(LoadSpec(4, "Lighting"), LoadSpec(7, "Ovens"))))
    assert [(load.id, load.predefined) for load in site.loads][:3] == [(4, "lighting"), (7, ""), (8, "heating")]
    assert mark_predefined((LoadSpec(1, "Heating"), LoadSpec(2, "Heating")))[1].predefined == ""


def test_an_empty_name_takes_the_address_and_more_where_that_is_taken():
    site = Installation(
        gateways=(GatewaySpec(1, "", "tcp://10.0.0.7:502"), GatewaySpec(2, "", "tcp://10.0.0.7:503")),
        devices=(
            DeviceSpec(1, "", 1, 5, "m"),
            DeviceSpec(2, "", 2, 5, "m"),
            DeviceSpec(3, "", 1, 6, "m", position=2),
            DeviceSpec(4, "", 1, 7, "m", side="left"),
        ),
    )
    assert [gateway.name for gateway in name_all(site).gateways] == ["10.0.0.7", "10.0.0.7:503"]
    assert [device.name for device in name_all(site).devices] == ["5", "10.0.0.7:503 5", "6-2", "7-left"]


def test_a_serial_gateway_is_shown_by_its_port():
    spec = GatewaySpec(1, "", "rtu:///dev/ttyS1?baudrate=9600")
    assert shown_address(spec, by_name(BUILT_IN)) == "/dev/ttyS1"
    assert shown_address(replace(spec, local=True), {}) == "127.0.0.1"


def test_what_is_never_erased_stays_when_all_else_is_replaced():
    before = complete(Installation())
    other = Installation(gateways=(GatewaySpec(1, "Local", "tcp://x"),), loads=(LoadSpec(2, "Heating"),))
    after = with_lasting(before, replace(other, loads=mark_predefined(other.loads)))
    assert [(gateway.id, gateway.name, gateway.local) for gateway in after.gateways] == [
        (1, "Local", False), (2, "Local 2", True),
    ]  # fmt: skip
    assert {load.predefined for load in after.loads} == set(PREDEFINED_LOADS)
    assert len({load.id for load in after.loads}) == 6
