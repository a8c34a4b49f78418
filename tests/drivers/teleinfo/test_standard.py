"""A Linky's telegram that somebody published, as values."""

from drivers.api import DeviceSettings
from drivers.teleinfo.models import make_standard
from runtime.core.tic.telegram import pack, read_telegram
from tests.tic import LINKY, content

SETTINGS = DeviceSettings()


def values(typed, **parameters):
    decoder = make_standard(parameters).decoder
    got = decoder.blank()
    decoder.apply(0, pack(read_telegram(content(typed))), got, SETTINGS)
    return dict(zip(decoder.quantities, got, strict=True))


def test_every_number_to_the_digit():
    got = values(LINKY)
    assert got["active_energy_import_wh"] == 17026175_000
    assert [got[f"active_energy_import_t{n}_wh"] for n in (1, 2, 3, 4)] == [4432429_000, 9236697_000, 3357049_000, 0]
    distributor = [3706174_000, 8070105_000, 1746697_000, 3503199_000]
    assert [got[f"active_energy_distributor_{n}_wh"] for n in (1, 2, 3, 4)] == distributor
    assert (got["apparent_power_va"], got["current_l1_a"], got["voltage_l1_v"]) == (5190, 2000, 23200)
    assert (got["subscribed_power_va"], got["breaking_power_va"]) == (90000, 90000)
    assert (got["apparent_power_today_max_va"], got["apparent_power_yesterday_max_va"]) == (57060, 56610)
    assert (got["active_power_demand_w"], got["voltage_l1_ten_minutes_v"]) == (5210, 23200)
    assert (got["active_energy_export_wh"], got["apparent_power_given_va"]) == (None, None)


def test_texts_states_and_relays():
    got = values(LINKY)
    assert (got["contract"], got["tariff_name"]) == ("HC et Week-End", "HEURE CREUSE")
    assert (got["message_long"], got["serial_number"]) == ("PAS DE MESSAGE", "12345678900")
    assert (got["tariff_register"], got["overrun"], got["meter_contact"], got["meter_clock"]) == (1, 0, 0, 0)
    assert [got[f"output_{n}_state"] for n in range(1, 9)] == [1, 0, 0, 0, 0, 0, 0, 0]


def test_the_point_of_delivery_is_a_personal_datum_and_stays_out():
    assert "01234567890123" not in values(LINKY).values()


def test_three_phases_have_quantities_of_their_own():
    names = make_standard({"phases": 3}).decoder.quantities
    assert {"apparent_power_l3_va", "current_l2_a", "voltage_l3_ten_minutes_v"} <= set(names)
    assert "apparent_power_l1_va" not in make_standard({}).decoder.quantities
