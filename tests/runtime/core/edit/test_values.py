"""What an edit says of one object, key by key."""

from dataclasses import dataclass

import pytest

from runtime.core.edit.values import changed_values, new_values
from runtime.core.resource.key import MISSING, Key, id_key, name_key, reference_key, references_key
from runtime.core.resource.reference import Reference
from runtime.core.resource.resource import Resource
from runtime.errors import ConfigError


@dataclass(frozen=True, slots=True)
class NoteSpec:
    id: int
    name: str


NOTE = Resource(
    "note",
    "notes",
    NoteSpec,
    {
        "id": id_key(),
        "name": name_key(),
        "about": reference_key(MISSING),
        "others": references_key(),
        "model": Key((str,), left_out="plain"),
        "until": Key((str,), "", lambda value: None if value.isdecimal() else "is no year", is_blank=True),
        "seal": Key((bool,), False),
    },
    references=(Reference("about", "note"), Reference("others", "note", many=True)),
    fixed=("seal",),
)


def refusal(does):
    with pytest.raises(ConfigError) as refused:
        does()
    return [(fault.kind, fault.id, fault.field, fault.code) for fault in refused.value.faults]


def test_texts_are_tidied_and_what_is_left_out_is_filled_in():
    assert new_values(NOTE, {"name": " a\u00a0b ", "about": 3}) == {"name": "a b", "about": 3, "model": "plain"}
    assert "model" not in changed_values(NOTE, {"name": "x"}, 1)


def test_null_is_as_if_it_had_not_been_given_and_an_empty_text_empties_what_may_be_blank():
    assert changed_values(NOTE, {"others": None, "until": None}, 1) == {"others": (), "until": ""}
    assert changed_values(NOTE, {"until": ""}, 1) == {"until": ""}
    assert refusal(lambda: changed_values(NOTE, {"until": "never"}, 1)) == [("note", 1, "until", "value_wrong")]


def test_others_are_named_once_each():
    assert changed_values(NOTE, {"others": [4, 5, 4]}, 1) == {"others": (4, 5)}


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({"name": "x"}, [("about", "missing")]),
        ({"name": " ", "about": 1}, [("name", "name_missing")]),
        ({"about": "x"}, [("about", "type_wrong")]),
        ({"others": [1, "x"]}, [("others", "type_wrong")]),
        ({"seal": True, "id": 3, "colour": 1}, [("seal", "key_fixed"), ("id", "key_fixed"), ("colour", "key_unknown")]),
    ],
)
def test_what_no_tree_could_take_is_blamed_on_its_field(values, faults):
    assert refusal(lambda: new_values(NOTE, values)) == [("note", 0, *fault) for fault in faults]
