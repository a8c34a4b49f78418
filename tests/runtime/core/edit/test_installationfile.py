"""The installation as a file: what is taken, what is refused and how it is told."""

import pytest

from drivers.gateways.modbus import BUILT_IN
from runtime.core.edit.installationfile import Known, dump, load
from runtime.core.site.installation import Installation, as_record, from_record
from runtime.core.source.scheme import by_name
from runtime.errors import ConfigError

KNOWN = Known(models={"eastron-sdm630", "abb-b23"}, schemes=by_name(BUILT_IN))

FACTORY = """
[site]
name = "Factory"
zone = "Europe/Paris"

[[gateway]]
name = "Hall 1"
url = "tcp://127.0.0.1:1502"

[[load]]
name = "Lighting"

[[group]]
name = "Offices"

[[device]]
name = "Main"
gateway = "Hall 1"
unit = 1
model = "eastron-sdm630"

[[device]]
gateway = 1
unit = 2
model = "abb-b23"
load = "Lighting"
groups = ["Offices"]
"""


def loaded(text: str, current: Installation = Installation(), **options: bool) -> Installation:
    return load(text, "site.toml", current, KNOWN, **options)


def faults_of(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        loaded(text)
    return [str(fault) for fault in caught.value.faults]


def test_names_become_ids_and_an_empty_name_takes_the_address():
    site = loaded(FACTORY)
    assert [(d.id, d.name, d.gateway, d.load, d.groups) for d in site.devices] == [
        (1, "Main", 1, 0, ()),
        (2, "2", 1, 1, (1,)),
    ]


def test_a_load_of_a_dump_gives_the_same_installation():
    site = loaded(FACTORY)
    again = loaded(dump(site), site, replace_all=True)
    assert as_record(again) == {**as_record(site), "version": site.version + 1}


def test_a_dump_of_strange_names_can_be_read_back():
    site = loaded(FACTORY.replace('"Main"', r'"a \"b\" \\ <i> = ü"'))
    assert loaded(dump(site)).devices[0].name == 'a "b" \\ <i> = ü'


def test_a_second_load_matches_by_name_and_keeps_what_it_does_not_mention():
    site = loaded(FACTORY)
    moved = loaded('[[device]]\nname = "Main"\nunit = 9\n', site)
    assert [(d.id, d.unit) for d in moved.devices] == [(1, 9), (2, 2)]


def test_replace_deletes_what_the_file_does_not_mention_and_never_gives_an_id_again():
    site = loaded(FACTORY)
    emptied = loaded('[[gateway]]\nname = "Hall 1"\nurl = "tcp://h:1"\n', site, replace_all=True)
    added = loaded('[[device]]\nname = "New"\ngateway = 1\nunit = 1\nmodel = "abb-b23"\n', emptied)
    assert (len(emptied.devices), added.devices[0].id) == (0, 3)


def test_every_fault_is_told_at_once_with_place_and_hint():
    text = FACTORY.replace("eastron-sdm630", "eastron-sdm360").replace("unit = 2", "unit = 1").replace("tcp:", "tpc:")
    assert faults_of(text) == [
        "site.toml: gateway[1].url: 'tpc://127.0.0.1:1502' has no known scheme "
        "(a URL starts with one of: rtu://, rtutcp://, slave://, tcp://)",
        "site.toml: device[1].model: there is no model 'eastron-sdm360' (did you mean 'eastron-sdm630'?)",
        "site.toml: device[2].unit: address 1 is taken by 'Main' on the same gateway "
        "(each device on a bus has an address of its own)",
    ]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("[[devise]]\n", "site.toml: devise: there is no such table (did you mean 'device'?)"),
        ("[site]\nzone = 'Mars'\n", "site.toml: site.zone: 'Mars' is not a time zone such as Europe/Paris"),
        ("[site]\ninterval_s = 7\n", "site.toml: site.interval_s: 7 is none of 60, 300, 600, 900, 1800, 3600"),
        ("[[load]]\nid = 0\nname = 'x'\n", "site.toml: load[1].id: 0 is not between 1 and 9999"),
        ("[[load]]\nid = true\nname = 'x'\n", "site.toml: load[1].id: True is not a whole number"),
        ("[[load]]\nname = 'a\\u0007'\n".replace("'", '"'), "site.toml: load[1].name: holds a control character"),
        ("[[load]]\n", "site.toml: load[1].name: is missing (a new load needs it)"),
        ("[[load]]\nname = 'x'\n[[load]]\nname = 'x'\n", "site.toml: load[2].name: 'x' is taken by load[1]"),
        ("[[device]]\nname = 'x'\n", "site.toml: device[1].gateway: is missing (a new device needs it)"),
        ("[[gateway]]\nnam = 'x'\nurl = 'tcp://h'\n", "site.toml: gateway[1].nam: unknown key (did you mean 'name'?)"),
        ("[[load]\n", "site.toml: not valid TOML"),
    ],
)
def test_a_wrong_file_says_what_where_and_what_to_do(wrong, told):
    assert faults_of(wrong)[0].startswith(told)


def test_the_record_of_an_installation_gives_it_back():
    site = loaded(FACTORY)
    assert from_record(as_record(site)) == site


def test_boards_catalogue_numbers_positions_and_labels_survive_a_dump():
    text = """
[[board]]
id = 1
name = "TGBT"

[[gateway]]
id = 1
name = "Hall"
url = "tcp://10.0.0.5:502"
board = "TGBT"

[[device]]
id = 1
gateway = "Hall"
unit = 7
position = 3
model = "eastron-sdm120"
number = "4 120 81"
labels = {input_1 = "Door"}
exclude_alerts = true
"""
    known = Known({"eastron-sdm120"}, by_name(BUILT_IN))
    site = load(text, "site.toml", Installation(), known)
    assert site.gateways[0].board == 1
    assert site.devices[0].name == "7-3"
    assert load(dump(site), "dump.toml", Installation(), known).devices == site.devices
    assert from_record(as_record(site)) == site


def test_one_unit_may_hold_several_positions_but_none_twice():
    rows = "\n".join(
        f'[[device]]\nname = "{name}"\ngateway = 1\nunit = 7\nposition = {position}\nmodel = "m"\n'
        for name, position in (("a", 1), ("b", 2), ("c", 2))
    )
    text = '[[gateway]]\nid = 1\nurl = "tcp://10.0.0.5:502"\n' + rows
    with pytest.raises(ConfigError, match="address 7-2 is taken by 'b'"):
        load(text, "site.toml", Installation(), Known({"m"}, by_name(BUILT_IN)))
