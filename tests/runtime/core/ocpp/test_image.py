"""The registers of a connector are what the map reads: one table is held against the other."""

from drivers.ocpp.plugin import families
from runtime.core.decode.compiled import DeviceSettings
from runtime.core.modbus.request import Request
from runtime.core.ocpp.connector import Connector
from runtime.core.ocpp.image import FALLBACK, LIMIT, WATCHDOG, WORDS, StationFacts, registers_of

(MODEL,) = families()[0].maps
DECODER = MODEL.decoder
FACTS = StationFacts("Alfen", "NG910", "ACE0123456", "6.6.0")


def read(connector, now=0.0):
    image, values = registers_of(connector, FACTS, now), DECODER.blank()
    for number in range(len(DECODER.blocks)):
        request = DECODER.request(number, 1)
        assert isinstance(request, Request) and request.at + request.count <= WORDS
        payload = image[2 * request.at : 2 * (request.at + request.count)]
        DECODER.apply(number, payload, values, DeviceSettings())
    return dict(zip(DECODER.quantities, values, strict=True))


def test_what_a_connector_knows_is_read_from_it():
    connector = Connector(
        state="Charging", is_plugged=True, transaction=1, badge="04A2B3C4", energy_mwh=12_345_678_901,
        power_dw=110_400, currents_ma=(16_000, 15_900, None), voltages_mv=(230_100, None, None), fallback_ma=6_000,
        watchdog_s=30,
    ).limited(13_700, until=30.0)  # fmt: skip
    seen = read(connector)
    assert (seen["current_l1_a"], seen["current_l2_a"], seen["current_l3_a"]) == (16_000, 15_900, None)
    assert (seen["active_energy_import_wh"], seen["active_power_w"]) == (12_345_678_901, 110_400)
    assert (seen["limit_a"], seen["fallback_a"], seen["watchdog_s"]) == (13_700, 6_000, 300)
    assert (seen["rfid"], seen["model_name"], seen["firmware"]) == ("04A2B3C4", "Alfen NG910", "6.6.0")
    assert (seen["charge_state"], seen["vehicle_state"]) == (2, 2)
    assert read(connector, now=31.0)["limit_a"] == 6_000


def test_what_nobody_told_has_no_value():
    seen = read(Connector())
    assert {seen[name] for name in ("charge_state", "current_l1_a", "active_power_w", "active_energy_import_wh",
                                    "limit_a", "voltage_l1_v")} == {None}  # fmt: skip
    assert (seen["fallback_a"], seen["watchdog_s"]) == (0, 0)


def test_commands_of_the_map_write_where_the_image_has_them():
    at = {name: row.at for name, row in DECODER.commands.items()}
    assert (at["limit"], at["fallback"], at["watchdog"]) == (LIMIT, FALLBACK, WATCHDOG)


def test_texts_of_any_length_and_letters_stay_in_their_place():
    long = StationFacts("Ö" * 300, "M", "S" * 300, "F" * 300)
    assert len(registers_of(Connector(badge="B" * 300), long, 0.0)) == 2 * WORDS
