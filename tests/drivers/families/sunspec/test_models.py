import pytest

from drivers.families.catalogue import load_maps
from drivers.families.sunspec.models import FOLDER, KINDS, USUAL, family
from runtime.core.decode.compiled import compile_map
from runtime.core.modbus.registers import MAX_WORDS
from runtime.errors import ConfigError


def test_a_table_is_named_like_its_file_and_every_model_has_one():
    assert sorted(load_maps(FOLDER)) == sorted(file.stem for file in FOLDER.glob("*.toml")) == sorted(family().makers)
    assert sorted(KINDS) == [201, 202, 203, 204, 211, 212, 213, 214]


@pytest.mark.parametrize("id", ["sunspec-20x", "sunspec-21x"])
def test_a_meter_stands_where_its_register_says(id):
    make = family().makers[id]
    usual, other = make({}), make({"register": "9C40"})
    assert usual.identify[0].at == USUAL and other.identify[0].at == 40000
    assert {mine.at - theirs.at for mine, theirs in zip(usual.fields, other.fields, strict=True)} == {70}
    scaled = [field for field in usual.fields if field.scale_at is not None]
    assert all(USUAL < field.scale_at <= USUAL + MAX_WORDS for field in scaled)
    assert bool(scaled) == (id == "sunspec-20x")


@pytest.mark.parametrize("id", ["sunspec-20x", "sunspec-21x"])
def test_a_whole_meter_is_read_in_few_reads(id):
    assert len(compile_map(family().makers[id]({})).blocks) <= 3


@pytest.mark.parametrize("wrong", [{"register": "hello"}, {"register": "FFF0"}, {"registre": "9C86"}])
def test_a_wrong_register_is_told(wrong):
    with pytest.raises(ConfigError) as caught:
        family().makers["sunspec-20x"](wrong)
    assert [fault.key for fault in caught.value.faults] == list(wrong)
