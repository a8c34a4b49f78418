from dataclasses import replace

from drivers.families.catalogue import load_maps
from drivers.tool.ownname import OwnName, read_own_name
from runtime.core.map.devicemap import Probe

MAPS = load_maps()
SOCOMEC = {id: found for id, found in MAPS.items() if found.maker == "Socomec" and found.identify}
MARK = bytes.fromhex("0053 004F 0043 004F")


def own_name(maps, registers):
    """``registers``: address -> bytes; all others are refused."""
    return read_own_name(maps, 7, lambda request: registers.get(request.at))


def text(name, words=8):
    return name.encode().ljust(2 * words, b"\0")


def test_an_extended_name_tells_models_of_one_mark_apart():
    found = own_name(SOCOMEC, {0xC350: MARK, 0xC38A: text("Countis E27")})
    assert (found.named, found.is_sure) == (("socomec-c702",), True)
    assert {"socomec-c550", "socomec-countis-e34", "socomec-diris-b30"} <= found.denied


def test_one_that_shows_the_mark_alone_may_be_any_of_them():
    for registers in ({0xC350: MARK}, {0xC350: MARK, 0xC38A: text("")}):
        found = own_name(SOCOMEC, registers)
        assert {"socomec-c550", "socomec-c650", "socomec-c702"} <= set(found.named) and not found.denied


def test_what_is_left_when_the_name_is_another_is_not_sure():
    found = own_name(SOCOMEC, {0xC350: MARK, 0xC38A: text("COUNTIS P44")})
    assert (found.named, found.is_sure) == (("socomec-c650",), False)


def test_a_name_without_the_mark_that_a_model_must_show_names_nothing():
    assert own_name({"c702": MAPS["socomec-c702"]}, {0xC38A: text("Countis E27")}).named == ()


def test_the_model_of_which_more_fits_comes_first():
    base = MAPS["eastron-sdm630"]
    general = replace(base, identify=(Probe("holding", 1, "u16", 1, (7,)),))
    special = replace(base, identify=(*general.identify, Probe("holding", 2, "u16", 1, (8,))))
    maps = {"general": general, "special": special}
    one, two = (7).to_bytes(2, "big"), (8).to_bytes(2, "big")
    assert own_name(maps, {1: one, 2: two}) == OwnName(("special",))
    assert own_name(maps, {1: one, 2: one}) == OwnName(("general",), frozenset({"special"}), frozenset({"special"}))
    assert own_name(maps, {1: two}) == OwnName((), frozenset(maps), frozenset(maps))


def test_a_type_designation_tells_the_abb_families_apart():
    maps = {id: MAPS[id] for id in ("abb-a43", "abb-b23")}
    assert own_name(maps, {0x8960: text("B23 112-100", 6)}).named == ("abb-b23",)
    assert own_name(maps, {0x8960: text("A44 552-100", 6)}).named == ("abb-a43",)
    assert own_name(maps, {0x8960: text("EV3 000", 6)}) == OwnName((), frozenset(maps))
    assert own_name(maps, {}) == OwnName()


def test_registers_that_read_as_nothing_say_nothing():
    maps = {"nemo": MAPS["ime-nemo-96hd"], "sdm120": MAPS["eastron-sdm120"]}
    for blank in (b"\0\0", b"\xff\xff"):
        assert own_name(maps, {0x0300: blank, 0xFC02: blank}) == OwnName()
    found = own_name(maps, {0x0300: b"\0\7", 0xFC02: b"\0\x70"})
    assert (found.denied, found.excluded) == (frozenset(maps), frozenset({"nemo"}))


def test_a_code_tells_the_meters_of_carlo_gavazzi_apart():
    maps = {id: found for id, found in MAPS.items() if found.maker == "Carlo Gavazzi"}

    def named(code):
        return own_name(maps, {0x000B: code.to_bytes(2, "big")}).named

    assert named(71) == ("gavazzi-em24",) and named(1648) == ("gavazzi-em340",)  # the EM24 E1 has the other rows
    assert named(104) == ("gavazzi-em112",) and named(1745) == ("gavazzi-em530",)
    assert set(named(341)) == {"gavazzi-em340", "gavazzi-et340"} and named(348) == ("gavazzi-em330-27",)
    assert named(999) == ()


def test_a_shelly_names_its_model_with_two_characters_swapped_in_each_register():
    maps = {id: MAPS[id] for id in ("shelly-pro-3em", "shelly-pro-em50")}

    def named(model):
        words = model.encode().ljust(20, b"\0")
        return own_name(maps, {6: bytes(words[at ^ 1] for at in range(20))}).named

    assert named("SPEM-002CEBEU50") == ("shelly-pro-em50",)
    assert named("SPEM-003CEBEU") == ("shelly-pro-3em", "shelly-pro-em50")  # the profile decides
    assert named("SPSW-001XE16EU") == ()
