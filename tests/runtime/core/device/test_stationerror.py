import pytest

from runtime.core.device.stationerror import CHARGE, ERRORS, STATION, bits_of, errors_in


def test_each_bit_is_an_error():
    assert errors_in(0) == ()
    assert errors_in(1 << 1 | 1 << 15) == ("lock_fault", "dc_leakage")
    assert errors_in(1 << 14) == ("unknown_14",)


def test_codes_lead_back_to_their_bits():
    assert errors_in(bits_of("ev_overload", "diode_missing", "ev_overload")) == ("diode_missing", "ev_overload")
    with pytest.raises(KeyError):
        bits_of("flat_tyre")


def test_errors_are_those_of_the_station_or_of_the_charge():
    assert {error.of for error in ERRORS.values()} == {STATION, CHARGE}
    assert len({error.code for error in ERRORS.values()}) == len(ERRORS) == 14
