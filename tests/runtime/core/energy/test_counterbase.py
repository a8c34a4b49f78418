from runtime.core.energy.counterbase import ROW, edits_of

WH = "active_energy_import_wh"


def test_an_edit_is_named_with_what_was_and_what_is():
    assert edits_of({"address": "3", "supply": "upstream"}, {"address": "4", "supply": "upstream"}, WH) == (
        "address 3 > 4",
    )
    assert edits_of({"factor": "1"}, {}, WH) == ("factor 1 > -",)


def test_the_register_of_another_counter_does_not_concern_it():
    assert edits_of({ROW + "water_dm3": "a"}, {ROW + "water_dm3": "b"}, WH) == ()
    assert edits_of({ROW + WH: "a"}, {ROW + WH: "b"}, WH) == (f"register of {WH} a > b",)
