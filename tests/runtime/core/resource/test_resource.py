from dataclasses import asdict, dataclass

from runtime.core.resource.key import MISSING, Key, id_key, name_key, reference_key, switch_key
from runtime.core.resource.reference import Reference
from runtime.core.resource.resource import Resource


@dataclass(frozen=True, slots=True)
class LampSpec:
    id: int
    name: str
    room: int
    colours: tuple[str, ...] = ()
    on: bool = True
    watts: int = 0


ROOM = Reference("room", "room")
LAMP = Resource(
    "lamp",
    "lamps",
    LampSpec,
    {
        "id": id_key(),
        "name": name_key(""),
        "room": reference_key(MISSING),
        "colours": Key((list, tuple), ()),
        "on": switch_key(),
        "power": Key((int,), 0, field="watts"),
    },
    references=(ROOM,),
)


def test_an_object_is_built_of_its_keys_and_may_be_without_a_name_until_it_gets_one():
    assert LAMP.build({"id": 4, "room": 2, "power": 60}) == LampSpec(4, "", 2, watts=60)


def test_a_file_leaves_out_what_goes_without_saying():
    assert LAMP.describe(LampSpec(4, "Desk", 2, watts=60)) == {"id": 4, "name": "Desk", "room": 2, "power": 60}
    assert LAMP.describe(LampSpec(4, "", 2, on=False)) == {"id": 4, "room": 2, "on": False}


def test_an_object_comes_back_from_its_record_with_tuples_for_lists():
    lamp = LampSpec(4, "Desk", 2, ("red",))
    assert LAMP.restore({**asdict(lamp), "colours": ["red"]}) == lamp


def test_a_reference_without_a_default_must_lead_somewhere():
    assert LAMP.is_needed(ROOM)
