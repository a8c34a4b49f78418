"""What a map may say, and what is told when it says something else."""

import pytest

from runtime.core.map.devicemap import parse_map
from runtime.core.modbus.identification import IdentificationProbe
from runtime.errors import ConfigError

HEAD = {"id": "acme-m3", "title": "ACME M3", "source": "ACME list", "trust": "published"}
VOLTAGE = {"quantity": "voltage_l1_v", "at": 0, "type": "u16"}
KTA = {"quantity": "ct_ratio", "name": "kta", "at": 0x200, "type": "u16", "role": "parameter"}


def parsed(*rows, parent=None, **head):
    return parse_map({**HEAD, **head, "field": list(rows)}, file="acme.toml", parent=parent)


def faults_of(*rows, parent=None, **head):
    """key -> message and hint of every fault"""
    with pytest.raises(ConfigError) as caught:
        parsed(*rows, parent=parent, **head)
    assert all(fault.file == "acme.toml" for fault in caught.value.faults)
    return {fault.key: f"{fault.message} ({fault.hint})" for fault in caught.value.faults}


def row(**changes):
    return {key: value for key, value in {**VOLTAGE, **changes}.items() if value is not None}


def test_a_row_says_where_a_quantity_stands():
    field = parsed(row(at=0x1000, type="u32", scale="0.001", space="input")).fields[0]
    assert (field.quantity, field.at, field.words, field.scale, field.space) == (
        "voltage_l1_v", 0x1000, 2, (1, 1000), "input",
    )  # fmt: skip


def test_all_faults_are_told_at_once():
    faults = faults_of(row(at=70000), row(quantity="voltage_l2_v", type="u17"), titel="x", trust="very")
    assert set(faults) == {"titel", "trust", "field[1].at", "field[2].type"}


@pytest.mark.parametrize("key", ["id", "title", "source", "trust"])
def test_what_every_map_must_say(key):
    head = {name: value for name, value in HEAD.items() if name != key}
    with pytest.raises(ConfigError) as caught:
        parse_map({**head, "field": [VOLTAGE]}, file="acme.toml")
    assert [fault.key for fault in caught.value.faults] == [key]


@pytest.mark.parametrize("key", ["id", "title", "source"])
def test_what_every_map_must_say_is_not_empty(key):
    assert key in faults_of(VOLTAGE, **{key: ""})


@pytest.mark.parametrize(
    ("change", "key", "told"),
    [
        ({"quantity": "voltage_l1"}, "quantity", "voltage_l1_v"),
        ({"quantity": "activ_power_w"}, "quantity", "did you mean 'active_power_w'"),
        ({"quantity": None}, "quantity", "is missing"),
        ({"at": None}, "at", "is missing"),
        ({"at": "0x10"}, "at", "is not an integer"),
        ({"at": -1}, "at", "from 0 to 65535"),
        ({"at": True}, "at", "is not an integer"),
        ({"at": 0xFFFF, "type": "u32"}, "at", "pass the last address"),
        ({"type": None}, "type", "is missing"),
        ({"type": "float32"}, "type", "did you mean 'f32'"),
        ({"type": "text", "words": 2}, "type", "text cannot hold it"),
        ({"words": 2}, "words", "u16 takes 1"),
        ({"adress": 1}, "adress", "unknown key"),
        ({"space": "registers"}, "space", "one of coil, discrete, holding, input"),
        ({"scale": 0}, "scale", "impossible scale"),
        ({"scale": "ten"}, "scale", "is not a number"),
        ({"scale": float("inf")}, "scale", "is not a number"),
        ({"scale": 1e20, "type": "u32"}, "scale", "passes 64 bits"),
        ({"scale": "1/100000000"}, "scale", "less than one step"),
        ({"type": "f32", "scale": "1e-30"}, "scale", "impossible scale"),
        ({"bits": 16}, "bits", "is not a bit"),
        ({"type": "i16", "bits": 1}, "bits", "unsigned"),
        ({"bits": [4, 1]}, "bits", "is not a bit"),
        ({"enum": {"1": "on"}}, "enum", "no state"),
        ({"invalid": 0x10000}, "invalid", "does not fit u16"),
        ({"role": "param"}, "role", "parameter"),
        ({"record": "average"}, "record", "one of last, max, mean, min"),
        ({"record_minmax": "yes"}, "record_minmax", "neither true nor false"),
        ({"low_at": 1}, "at", "low_at and high_at instead"),
        ({"low_at": 1, "at": None}, "high_at", "is missing"),
        ({"high_at": 1, "at": None}, "low_at", "is missing"),
        ({"low_at": 1, "high_at": 2, "at": None, "type": "f32"}, "high_at", "only an integer"),
        ({"sign_at": 200}, "at", "one read of 125 words"),
        ({"scale_band": "power"}, "scale_band", "not known here"),
        ({"scale_band": {"of": ["kta"], "below": [[10, 1]]}}, "scale_band.else", "is missing"),
        ({"scale_band": {"of": ["kta"], "below": [[10, 1], [5, 2]], "else": 1}}, "scale_band.below", "rising"),
        ({"scale_band": {"of": ["kta"], "below": [[10]], "else": 1}}, "scale_band.below", "[limit, scale]"),
        ({"scale_band": {"of": ["ktb"], "below": [[10, 1]], "else": 1}}, "scale_band.of", "did you mean 'kta'"),
    ],
)
def test_a_wrong_row_is_told_with_its_key_and_a_hint(change, key, told):
    assert told in faults_of(row(**change), KTA)[f"field[1].{key}"]


@pytest.mark.parametrize(
    ("change", "key", "told"),
    [
        ({"scale": 10}, "scale", "has no scale"),
        ({"sign_at": 1}, "sign_at", "no sign"),
        ({"enum": {"1": "closd"}}, "enum.1", "did you mean 'closed'"),
        ({"enum": {"one": "closed"}}, "enum.one", "not a raw number"),
    ],
)
def test_a_wrong_state_is_told(change, key, told):
    assert told in faults_of(row(quantity="breaker_state", **change))[f"field[1].{key}"]


def test_a_counter_and_a_text_are_not_recorded_as_columns():
    faults = faults_of(
        row(quantity="active_energy_import_wh", record=True),
        row(quantity="serial_number", at=5, type="text", words=4, record=True),
    )
    assert set(faults) == {"field[1].record", "field[2].record"}


def test_a_text_says_how_long_it_is():
    assert "two characters a word" in faults_of(row(quantity="serial_number", type="text"))["field[1].words"]


def test_a_quantity_stands_in_one_row():
    assert "already in field[1]" in faults_of(VOLTAGE, row(at=9))["field[2].quantity"]


def test_a_parameter_has_a_name_of_its_own():
    assert "names already" in faults_of(KTA, {**KTA, "quantity": "vt_ratio", "at": 0x201})["field[2].name"]


def test_a_register_holds_one_value():
    faults = faults_of(row(type="u32"), row(quantity="voltage_l2_v", at=1))
    assert faults == {"field[2].at": "overlaps field[1] (voltage_l1_v) ()"}


def test_a_register_of_another_space_is_another_register():
    assert len(parsed(VOLTAGE, row(quantity="voltage_l2_v", space="input")).fields) == 2


def test_rows_may_cut_different_bits_out_of_one_register():
    states = [{"quantity": f"input_{n}_state", "at": 0, "type": "u16", "bits": n} for n in (1, 2)]
    assert len(parsed(*states).fields) == 2
    assert "field[2].at" in faults_of(states[0], {**states[1], "bits": [0, 1]})


def test_a_sign_or_scale_register_is_not_part_of_a_value():
    long = row(quantity="active_energy_import_wh", at=4, type="u32")
    assert "lies inside field[2]" in faults_of(row(sign_at=5), long)["field[1].sign_at"]
    assert "lies inside field[2]" in faults_of(row(scale_at=4), long)["field[1].scale_at"]


def test_no_value_crosses_a_break():
    assert "crosses the break at 0x0001" in faults_of(row(type="u32"), breaks=[1])["field[1].at"]


def test_a_map_has_rows():
    with pytest.raises(ConfigError, match="at least one row"):
        parse_map(HEAD, file="acme.toml")


@pytest.mark.parametrize("id", ["ACME", "acme m3", "acme--m3", "-acme", "ä", "a" * 49])
def test_an_id_is_plain(id):
    assert "is no id" in faults_of(VOLTAGE, id=id)["id"]
    assert "is no id" in faults_of(VOLTAGE, aliases=[id])["aliases"]


def test_order_length_and_markers_of_a_map_are_checked():
    faults = faults_of(VOLTAGE, word_order="middle", max_words=126, invalid={"u15": 1, "u16": "FFFF"})
    assert set(faults) == {"word_order", "max_words", "invalid.u15", "invalid.u16"}


@pytest.mark.parametrize(
    ("derive", "key"),
    [
        ({"quantity": "active_power_w"}, "derive[1]"),
        ({"quantity": "active_power_w", "sum": ["voltage_l1_v"]}, "derive[1].sum"),
        ({"quantity": "voltage_mean_v", "mean": ["voltage_l2_v"]}, "derive[1].mean"),
        ({"quantity": "voltage_mean_v", "mean": []}, "derive[1].mean"),
        ({"quantity": "voltage_l1_v", "mean": ["voltage_l1_v"]}, "derive[1].quantity"),
        ({"quantity": "power_factor", "ratio": ["voltage_l1_v"]}, "derive[1].ratio"),
        ({"quantity": "voltag", "sum": ["voltage_l1_v"]}, "derive[1].quantity"),
    ],
)
def test_a_wrong_derivation_is_told(derive, key):
    assert list(faults_of(VOLTAGE, derive=[derive])) == [key]


def parent(id):
    if id != "base":
        raise KeyError(id, "did you mean 'base'?")
    second = {**VOLTAGE, "quantity": "voltage_l2_v", "at": 1}
    third = {**VOLTAGE, "quantity": "voltage_l3_v", "at": 2}
    derive = [{"quantity": "voltage_mean_v", "mean": ["voltage_l1_v", "voltage_l2_v", "voltage_l3_v"]}]
    head = {"maker": "ACME", "word_order": "little", "max_words": 40}
    return parsed(VOLTAGE, second, third, id="base", derive=derive, **head)


def test_a_variant_keeps_drops_and_replaces_rows():
    own = [{"quantity": "voltage_l2_v", "at": 11, "type": "u16"}, {"quantity": "frequency_hz", "at": 1, "type": "u16"}]
    variant = parsed(*own, parent=parent, extends="base", drop=["voltage_l3_v"])
    assert {field.quantity: field.at for field in variant.fields} == {
        "voltage_l1_v": 0, "voltage_l2_v": 11, "frequency_hz": 1,
    }  # fmt: skip
    assert (variant.maker, variant.word_order, variant.max_words, variant.derived) == ("ACME", "little", 40, ())


def test_a_variant_may_be_its_parent_under_another_name():
    variant = parse_map({**HEAD, "extends": "base", "field": []}, file="acme.toml", parent=parent)
    assert (variant.id, len(variant.fields), len(variant.derived)) == ("acme-m3", 3, 1)


def test_a_variant_of_nothing_is_told():
    assert "did you mean 'base'" in faults_of(VOLTAGE, parent=parent, extends="bass")["extends"]
    assert "nothing to drop" in faults_of(VOLTAGE, drop=["voltage_l1_v"])["drop"]
    assert "voltage_l3_v" in faults_of(VOLTAGE, parent=parent, extends="base", drop=["voltage_l4_v"])["drop"]


def test_an_own_row_over_an_inherited_one_is_told():
    faults = faults_of({"quantity": "frequency_hz", "at": 2, "type": "u16"}, parent=parent, extends="base")
    assert faults == {"field[1].at": "overlaps the inherited voltage_l3_v ()"}


def test_a_map_says_what_tells_its_devices_from_others():
    probes = [
        {"at": 0x300, "type": "u16", "equals": [16]},
        {"at": 50000, "type": "text", "words": 4, "equals": ["SOCO"]},
    ]
    assert [probe.equals for probe in parsed(VOLTAGE, identify=probes).identify] == [(16,), ("SOCO",)]
    faults = faults_of(VOLTAGE, identify=[{"at": 1, "type": "text", "equals": [1]}, {"type": "u16"}])
    assert set(faults) == {
        "identify[1].words", "identify[1].equals", "identify[2].at", "identify[2].equals",
    }  # fmt: skip


def test_a_map_says_what_its_devices_say_of_themselves():
    named = {"vendor": "ACME", "product": ["M3", "M4"]}
    register = {"at": 0x300, "type": "u16", "equals": [16]}
    found = parsed(VOLTAGE, identify=[named, register])
    assert found.identifications == (IdentificationProbe("ACME", ("M3", "M4")),)
    assert [probe.at for probe in found.identify] == [0x300]
    wrong = [
        {"vendor": "ACME"},
        {"vendor": " ", "product": ["M3"]},
        {**named, "at": 1},
        {"vendor": "A", "product": [" "]},
    ]
    assert set(faults_of(VOLTAGE, identify=wrong)) == {
        "identify[1].product", "identify[2].vendor", "identify[3].at", "identify[4].product",
    }  # fmt: skip
    assert set(faults_of(VOLTAGE, identify=[{"vendor": "ACME", "product": []}])) == {"identify[1].product"}


def test_a_variant_inherits_what_all_of_its_family_show_and_no_name_of_its_parent():
    rows = [
        {"at": 1, "type": "u16", "equals": [7]},
        {"at": 2, "type": "u16", "equals": [8], "optional": True},
        {"vendor": "ACME", "product": ["M3"]},
    ]
    parent = parsed(VOLTAGE, identify=rows)
    variant = parse_map({**HEAD, "id": "variant", "extends": "base"}, file="", parent=lambda id: parent)
    assert [probe.at for probe in variant.identify] == [1] and variant.identifications == ()
    assert [(probe.at, probe.optional) for probe in parent.identify] == [(1, False), (2, True)]


def test_what_is_not_a_table_is_told():
    with pytest.raises(ConfigError) as caught:
        parse_map({**HEAD, "field": "voltage", "bands": 3}, file="acme.toml")
    assert {fault.key for fault in caught.value.faults} == {"field", "bands"}


def test_a_series_is_one_row_for_several_quantities():
    fields = parsed({"quantity": "harmonic_voltage_l1_{}_pct", "at": 0x10, "type": "u16", "series": [2, 4]}).fields
    assert [(field.quantity, field.at) for field in fields] == [
        (f"harmonic_voltage_l1_{order}_pct", 0x0E + order) for order in (2, 3, 4)
    ]


def test_a_series_lies_as_far_apart_as_its_stride_says():
    fields = parsed({"quantity": "pulses_{}", "at": 0x9100, "type": "u32", "series": [1, 3], "stride": 0x80}).fields
    assert [field.at for field in fields] == [0x9100, 0x9180, 0x9200]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"series": [1]}, "series"),
        ({"series": [1, 17]}, "series"),
        ({"series": [1, 2], "quantity": "pulses_1"}, "series"),
        ({"series": [1, 2], "sign_at": 9}, "sign_at"),
        ({"series": [1, 2], "stride": 1}, "at"),
        ({"stride": 1, "quantity": "pulses_1"}, "stride"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_series_is_told(change, key):
    assert f"field[1].{key}" in faults_of({"quantity": "pulses_{}", "at": 0, "type": "u32", **change})


def test_two_rows_that_a_device_keeps_for_each_side_are_told_once():
    assert parsed(VOLTAGE, side_stride=0x100, interface_stride=30).side_stride == 0x100


def test_a_row_names_the_parameters_that_multiply_it():
    fields = parsed(KTA, row(factor=["kta"])).fields
    assert fields[1].factor == ("kta",)
    faults = faults_of(KTA, row(factor=["ktv"]))
    assert "did you mean 'kta'" in faults["field[2].factor"]
    assert "field[1].factor" in faults_of({**KTA, "factor": ["kta"]})


def test_a_sign_that_is_told_otherwise_is_turned_or_left_out():
    turned, either = parsed(row(sign="negative"), row(quantity="voltage_l2_v", at=1, sign="either")).fields
    assert turned.scale == (-1, 1) and not turned.magnitude
    assert either.scale == (1, 1) and either.magnitude
    assert "field[1].sign" in faults_of(row(sign="minus"))


def test_only_a_counter_may_be_said_to_fall():
    counter = row(quantity="active_energy_import_wh", type="i32", net=True)
    assert parsed(counter).fields[0].net and not parsed(row()).fields[0].net
    assert "field[1].net" in faults_of(row(net=True))
