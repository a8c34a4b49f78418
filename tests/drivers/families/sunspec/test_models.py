import pytest

from drivers.families.catalogue import load_maps
from drivers.families.sunspec.models import FOLDER, INVERTERS, KINDS, SHORT, USUAL, family
from drivers.families.sunspec.parts import PARTS
from runtime.core.decode.compiled import compile_map
from runtime.core.modbus.registers import MAX_WORDS
from runtime.errors import ConfigError

DEVICES = sorted(family().makers)
PART_IDS = {f"sunspec-{model}" for model in PARTS.values()}


def test_a_table_is_named_like_its_file_and_every_model_has_one():
    files = sorted(file.stem for file in FOLDER.rglob("*.toml"))
    assert sorted(load_maps(FOLDER)) == files == sorted({*DEVICES, *PART_IDS})
    assert sorted(KINDS) == [101, 102, 103, 111, 112, 113, 201, 202, 203, 204, 211, 212, 213, 214, 701]
    assert {*KINDS.values(), *INVERTERS} <= {*DEVICES}


STANDS = {
    **dict.fromkeys(("sunspec-20x", "sunspec-21x", "sunspec-701"), USUAL),
    **dict.fromkeys(("sunspec-10x", "sunspec-11x", "solaredge-inverter", "fronius-inverter", "fronius-meter"), SHORT),
    "solaredge-meter": 40188,
}


@pytest.mark.parametrize(("id", "at"), STANDS.items())
def test_a_device_stands_where_its_register_says(id, at):
    make = family().makers[id]
    usual, other = make({}), make({"register": "9C40"})
    assert usual.identify[0].at == at and other.identify[0].at == 40000
    assert {mine.at - theirs.at for mine, theirs in zip(usual.fields, other.fields, strict=True)} == {at - 40000}
    scaled = [field for field in usual.fields if field.scale_at is not None]
    assert all(at < field.scale_at <= at + MAX_WORDS for field in scaled)


@pytest.mark.parametrize("id", DEVICES)
def test_a_whole_device_is_read_in_few_reads(id):
    assert len(compile_map(family().makers[id]({})).blocks) <= 3


def test_what_is_read_for_one_maker_alone_asks_for_the_maker():
    probes = family().makers["solaredge-inverter"]({}).identify
    assert [(probe.at, probe.type, probe.equals) for probe in probes[1:]] == [(40004, "text", ("SolarEdge",))]
    assert len(family().makers["sunspec-10x"]({}).identify) == 1


def test_all_devices_of_a_chain_may_share_its_address():
    for found in family().maps:
        assert {*found.beside} == {*DEVICES}


@pytest.mark.parametrize("id", DEVICES)
@pytest.mark.parametrize("wrong", [{"register": "hello"}, {"register": "FFF0"}, {"registre": "9C86"}])
def test_a_wrong_register_is_told(id, wrong):
    with pytest.raises(ConfigError) as caught:
        family().makers[id](wrong)
    assert [fault.key for fault in caught.value.faults] == list(wrong)
