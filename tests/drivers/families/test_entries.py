"""Every catalogue number of the manuals is known: the lists here were typed from the manuals by hand.

Legrand: Energy Web Server user manual RA00254AA, section 5. BTicino: user manual of software 3.9.0, section 4.
Mobile: French manual of the mobile site, section 4.
"""

import pytest

from drivers.families.plugin import families
from runtime.core.map.devicemap import TRUSTS
from runtime.core.map.labels import FAMILIES, by_number, parameters_of

FOUND = list(families())
MAPS = {found.id: found for family in FOUND for found in family.maps}
ENTRIES = by_number([entry for family in FOUND for entry in family.entries])

LEGRAND = """
# 5.1 EMDX3, multifunction: modular, access, premium
0 046 76, 4 120 51, 4 120 48, 4 120 45
0 146 68, 4 120 52, 4 120 49, 4 120 47
0 146 69, 4 120 53
# 5.1 RS485: single-phase, three-phase direct, three-phase with CT
0 046 77, 4 120 68, 0 046 79, 4 120 81, 4 120 83
0 046 80, 0 046 83, 4 120 74, 4 120 75, 4 120 91
0 046 84, 0 046 86, 4 120 41, 4 120 43
# 5.1 pulse output, and the concentrators
4 149 26, 4 120 65, 0 046 87
0 046 70, 0 046 72, 0 046 81, 0 046 78, 4 120 69, 4 120 80, 4 120 82
0 046 73, 0 046 82, 4 120 90, 4 120 92
0 046 74, 0 046 85, 4 120 40, 4 120 42
# 5.1 EMS CX3
4 149 18, 4 149 19, 4 149 20, 4 149 21, 4 149 23, 4 149 22, 4 149 24, 4 149 25, 4 149 27
4 149 29, 4 149 30, 4 149 31, 4 149 32, 4 149 40
# 5.1 DX3; DPX3 and DMX3 of 5.1 and 5.2
4 106 57, 4 106 58, 4 106 59, 4 210 75
0 288 03, 0 288 04, 0 288 05, 0 288 00, 0 288 01, 0 288 02
# 5.2 supervision
0 261 36, 0 288 12
# 5.3 Green'Up Premium: mode 3, modes 2 and 3; three-phase
0 590 00, 0 590 01, 0 590 05, 0 590 06, 0 580 00, 0 580 01
0 590 03, 0 590 04, 0 590 08, 0 590 09, 0 590 10, 0 590 11, 0 590 12, 0 590 13, 0 590 30, 0 590 35, 0 590 41, 0 590 42
0 590 43, 0 590 44, 0 590 70, 0 590 71
0 580 03, 0 580 04, 0 580 10, 0 580 11, 0 580 12, 0 580 13, 0 580 30, 0 580 35, 0 580 41, 0 580 42, 0 580 43, 0 580 44
0 590 02, 0 590 07, 0 580 02
0 590 14, 0 590 15, 0 590 48, 0 590 49, 0 580 14, 0 580 15, 0 580 48, 0 580 49
0 590 56
# 5.3 Green'Up, old range: single-phase, then three-phase; one side, two sides; without, with RFID
0 590 31, 0 590 33, 0 590 37, 0 590 76, 0 590 91, 0 590 93
0 590 32, 0 590 34, 0 590 38, 0 590 77, 0 590 78
0 590 61, 0 590 63
0 590 40, 0 590 57, 0 590 58
0 590 45, 0 590 94, 0 590 95
0 590 96, 0 590 97
0 590 46, 0 590 64, 0 590 65
0 590 47, 0 590 66, 0 590 67
"""
BTICINO = """
# 4.1 BT DIN, multifunction; RS485; pulse output and concentrators; RCD add-on
F3N200, F4N200, F3N300, F4N300, F3N400, F3N500, F4N400
F21DM63, F21DM63N, F41DM63, F41DM63N, F41DM125, F41TMA, F41TMAN
F80BI, F4CON12, F4CON, F20D32, F20DM63, F20DM63N, F40DM63, F40DM63N
G47XM63, G47XM125, G47XCM63, G47XCM125, M7COM
# 4.1 EMS BT DIN
F80BM3M63, F80BMM63, F80BMT63, F80BMT125, F80BMT, F80BMR630, F80BMR1600, F80BMR3200, F80BMR6300
F80BCR, F80BVS, F80BCS, F80BC, F80BIM1
# 4.1, 4.2 Megabreak; 4.2 supervision
MP6SH, MP6TH, M8COM, MP4BA, MP4SA, MP4TA, M7TIC/IO, M7TICPROG
"""
MOBILE_ONLY = "4 120 93"  # section 4.1 of the mobile manual alone
UNNUMBERED = """
DPX³ 250 electronic, measuring; DPX³ 630 electronic, measuring; DPX³ 1600 electronic, measuring
DPX³ 250 electronic; DPX³ 250 electronic with RCD; DPX³ 250 thermal-magnetic with RCD
DPX³ 630 electronic; DPX³ 1600 electronic
M2 250 electronic, measuring; M4 630 electronic, measuring; M5 1600 electronic, measuring
M2 250 electronic; M2 250 electronic with RCD; M2 250 thermal-magnetic with RCD; M4 630 electronic; M5 1600 electronic
Gas counter; Water counter; WSMEASURE; Generic Modbus meter
"""  # 5.1, 5.2; 4.1, 4.2: devices that the manuals name without a number
ACCESSORIES = {"4 210 75", "0 288 05", "0 590 56", "M7COM", "M8COM"}  # they carry the words of the devices


def numbers(text, separator=","):
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [number.strip() for line in lines for number in line.split(separator)]


TYPED = [*numbers(LEGRAND), *numbers(BTICINO), MOBILE_ONLY, *numbers(UNNUMBERED, ";")]


def test_the_catalogue_is_that_of_the_manuals_no_more_and_no_less():
    assert len(TYPED) == len(set(TYPED))
    assert set(ENTRIES) == set(TYPED) - ACCESSORIES
    assert len(ENTRIES) == len(TYPED) - len(ACCESSORIES)


def test_the_modules_that_devices_need_to_communicate_are_told():
    needed = {entry.via for entry in ENTRIES.values() if entry.via}
    assert needed >= ACCESSORIES
    assert needed - ACCESSORIES == {"4 149 40", "F80BIM1"}  # these are devices themselves


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda entry: entry.number)
def test_every_entry_leads_to_a_map_that_tells_what_it_can(entry):
    found = MAPS[entry.map]
    told = {field.quantity for field in found.fields}
    assert found.trust in TRUSTS and entry.family in FAMILIES and entry.designation
    if "measure" in entry.functions:
        assert told & {"active_energy_import_wh", "gas_dm3", "water_dm3", "pulses_1"}
    if "state" in entry.functions:
        assert told & {"breaker_state", "contactor_state", "station_state", "modules", "output_1_state"}
    assert ("command" in entry.functions) == bool(found.commands) or entry.inputs


def test_both_brands_of_one_device_are_read_by_one_map():
    pairs = "0 046 76 F3N200, 4 120 53 F4N400, 0 046 87 F4CON, 4 120 65 F4CON12, 4 149 26 F80BI, 4 149 19 F80BMM63"
    pairs += ", 4 149 20 F80BMT63, 4 149 23 F80BMT, 4 149 40 F80BIM1, 0 261 36 M7TIC/IO, 0 288 12 M7TICPROG"
    for pair in pairs.split(", "):
        one, other = pair.rsplit(" ", 1)
        assert ENTRIES[one].map == ENTRIES[other].map, pair


def test_the_sides_of_the_manual_are_asked_for():
    premium = {f"0 590 {last}" for last in (11, 13, 15, 42, 44, 49)} | {
        f"0 580 {last}" for last in (11, 13, 15, 42, 44, 49)
    }
    old = {f"0 590 {last}" for last in (32, 34, 38, 40, 47, 57, 58, 66, 67, 77, 78, 96, 97)}
    assert {number for number, entry in ENTRIES.items() if "side" in entry.parameters} == premium | old
    assert all(MAPS[ENTRIES[number].map].side_stride for number in old)
    assert not any(MAPS[ENTRIES[number].map].side_stride for number in premium)


def test_the_supply_of_the_manual_is_asked_for():
    ems = {"4 149 19", "4 149 20", "4 149 23", "F80BMM63", "F80BMT63", "F80BMT"}
    required = {number for number, entry in ENTRIES.items() if entry.supply_required}
    assert {number for number in required if ENTRIES[number].family == "ems-measure"} == ems
    assert required - ems == {n for n, e in ENTRIES.items() if e.family in ("rcd", "breaker", "air-breaker")}


def test_pulse_meters_ask_for_one_of_what_the_manual_lists():
    concentrator = next(each for each in parameters_of(ENTRIES["Gas counter"], ENTRIES) if each.name == "concentrator")
    assert set(concentrator.choices) == {
        "4 149 26", "4 120 65", "0 046 87", "4 120 81", "4 120 91", "4 120 41", "F80BI", "F4CON12", "F4CON",
    }  # fmt: skip


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda entry: entry.number)
def test_what_is_asked_for_has_a_range_or_choices_or_a_default(entry):
    for each in parameters_of(entry, ENTRIES):
        assert each.most or each.choices or each.default or each.name == "register", each
