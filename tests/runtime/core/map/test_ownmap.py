import tomllib
from decimal import Decimal

import pytest

from runtime.core.map.ownmap import check_map, form_of, id_of, is_form, table_of, text_of, with_rest

ROW = {"quantity": "active_energy_import_wh", "function": 4, "register": "0x0048", "type": "u32", "factor": "10"}


def form(*rows, **head):
    return {"title": "ACME M3", "rows": list(rows or [ROW]), **head}


def faults_of(*rows, **head):
    return [(fault.row, fault.field) for fault in check_map(table_of("own-x", form(*rows, **head)))[1]]


@pytest.mark.parametrize(
    ("told", "at"), [("0x0048", 72), ("48h", 72), ("72", 72), (72, 72), (" 0X48 ", 72), ("fffeh", 0xFFFE)]
)
def test_a_register_is_hexadecimal_or_decimal_as_it_is_marked(told, at):
    found, faults = check_map(table_of("own-x", form({**ROW, "register": told})))
    assert not faults and found.fields[0].at == at


def test_rows_become_a_map_that_reads_what_they_say():
    found, _ = check_map(table_of("own-x", form(word_order="little")))
    (field,) = found.fields
    assert (field.space, field.scale, found.word_order, found.trust) == ("input", (10, 1), "little", "field")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"register": "here"}, "register"),
        ({"register": ""}, "register"),
        ({"quantity": "energy"}, "quantity"),
        ({"type": "u12"}, "type"),
        ({"factor": "0"}, "factor"),
        ({"factor": "1e30"}, "factor"),
        ({"factor": "ten"}, "factor"),
        ({"function": 7}, "function"),
        ({"register": "0xFFFF"}, "register"),
    ],
)
def test_a_fault_stands_at_its_row_and_field(wrong, field):
    good = {**ROW, "quantity": "active_power_w", "register": "0x0100"}
    assert (2, field) in faults_of(good, {**ROW, **wrong})


def test_rows_that_overlap_or_are_doubled_are_told():
    assert faults_of(ROW, {**ROW, "quantity": "active_power_w", "register": "0x0049"}) == [(2, "register")]
    assert (2, "quantity") in faults_of(ROW, {**ROW, "register": "0x0100"})


def test_a_form_without_rows_or_name_is_told():
    assert faults_of(title="") == [(0, "title")]
    assert [fault.row for fault in check_map(table_of("own-x", {"title": "x", "rows": []}))[1]] == [0]
    assert check_map(table_of("own-x", {"title": "x", "rows": ["no row"]}))[1][0].row == 1


def test_a_saved_map_is_read_back_as_it_was_typed():
    rows = (ROW, {**ROW, "quantity": "model_name", "register": "9", "type": "text", "words": "4", "factor": "1"})
    table = table_of("own-x", form(*rows, source='list "3", p. 9', word_order="little"))
    again = tomllib.loads(text_of(table), parse_float=Decimal)
    assert again == table
    assert check_map(again)[0] == check_map(table)[0]
    assert [row["register"] for row in form_of(again)["rows"]] == ["0x0048", "0x0009"]
    assert form_of(again)["rows"][0]["factor"] == "10"


def test_a_row_says_how_its_sign_is_meant_and_whether_it_may_fall():
    given = {**ROW, "sign": "negative", "net": True}
    table = table_of("own-x", form(given))
    (field,) = check_map(tomllib.loads(text_of(table), parse_float=Decimal))[0].fields
    assert (field.scale, field.net) == ((-10, 1), True)
    (again,) = form_of(table)["rows"]
    assert (again["sign"], again["net"]) == ("negative", True)
    (usual,) = table_of("own-x", form({**ROW, "sign": "positive", "net": False}))["field"]
    assert not usual.keys() & {"sign", "net"}
    wrong = {"quantity": "active_power_w", "register": "0x0100", "type": "u32"}
    assert faults_of({**wrong, "net": True}) == [(1, "net")] and faults_of({**wrong, "sign": "up"}) == [(1, "sign")]


def test_what_somebody_wrote_by_hand_and_no_form_shows_stays_when_the_form_is_saved():
    by_hand = tomllib.loads(
        """
        id = "own-x"
        title = "ACME"
        source = "list"
        trust = "provisional"
        byte_order = "little"
        max_words = 20
        invalid = {u16 = [0xFFFF]}
        identify = [{at = 9, type = "u16", equals = [7]}]
        field = [
          {quantity = "input_1_state", at = 1, type = "u16", enum = {0 = "on", 1 = "off"}},
          {quantity = "voltage_l1_v",  at = 2, type = "u16", scale = 0.1, record_minmax = true},
          {quantity = "frequency_hz",  at = 4, type = "u16", sign_at = 5},
        ]
        """,
        parse_float=Decimal,
    )
    form = {**form_of(by_hand), "title": "ACME M3"}
    form.pop("byte_order")
    del form["rows"][2]
    form["rows"][1]["factor"] = "1"
    saved = tomllib.loads(text_of(with_rest(table_of("own-x", form), by_hand)), parse_float=Decimal)
    found, faults = check_map(saved)
    assert not faults and (found.title, found.trust, found.byte_order) == ("ACME M3", "provisional", "little")
    assert (found.max_words, [probe.at for probe in found.identify]) == (20, [9])
    state, voltage = found.fields
    assert dict(state.enum) == {0: 1, 1: 0} and state.invalid == (0xFFFF,)
    assert (voltage.scale, voltage.record_minmax, voltage.at) == ((1, 1), True, 2)


def test_a_form_that_is_none_is_told_also_where_it_replaces_a_map():
    before = table_of("own-x", form())
    assert check_map(with_rest(table_of("own-x", {"title": "x", "rows": "none"}), before))[1]
    assert check_map(with_rest(table_of("own-x", {"title": "x", "rows": ["none"]}), before))[1]


def test_ids_are_made_of_titles_and_are_free():
    assert id_of("ACME M3 (gén. 2)", ()) == "own-acme-m3-gen-2"
    assert id_of("ACME M3", {"own-acme-m3"}) == "own-acme-m3-2"
    assert id_of("メーター", ()) == "own-meter"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"quantity": "active_power_w", "register": "0x0049"}, "map_overlap"),
        ({"register": "0x0100"}, "map_doubled"),
        ({"quantity": "model_name", "register": "0x0100", "type": "f32", "factor": "1"}, "map_type"),
        ({"quantity": "active_power_w", "register": "here"}, "map_register"),
        ({"quantity": "active_power_w", "register": "0x0100", "factor": "ten"}, "map_factor"),
        ({"quantity": "active_power_w", "register": "0x0100", "invalid": "0x1FFFFFFFF"}, "map_marker"),
        ({"quantity": "model_name", "register": "0x0100", "type": "text", "factor": "1"}, "map_words"),
        ({"quantity": "energy", "register": "0x0100"}, "map_quantity"),
    ],
)
def test_a_fault_has_a_code_for_pages_that_say_it_in_their_language(wrong, code):
    faults = check_map(table_of("own-x", form(ROW, {**ROW, **wrong})))[1]
    assert {fault.code for fault in faults} == {code}


@pytest.mark.parametrize(
    "odd",
    [
        {"title": 7},
        {"title": ""},
        {"field": {"a": 1}},
        {"field": [1]},
        {"field": [{"at": "x"}]},
        {"field": [{"space": []}]},
        {"field": [{"scale": []}]},
        {"field": [{"quantity": 1}]},
        {"field": [{"net": "yes"}]},
        {"source": []},
        {"field": [{}] * 251},
    ],
)
def test_what_a_form_cannot_show_is_no_form(odd):
    table = table_of("own-x", {"title": "X", "rows": [{"quantity": "active_power_w", "register": 1, "type": "u16"}]})
    assert is_form(table) and form_of(table)
    assert not is_form({**table, **odd})
