import dataclasses
import sys
import types

import pytest

from runtime.process.sharedmethods import share_methods

SOURCE = """
from dataclasses import dataclass, field

@dataclass(frozen=True, slots=True)
class Meter:
    id: int
    name: str = "main"
    code: str = field(default="73058", repr=False)

@dataclass
class Tree:
    below: list = field(default_factory=list)

@dataclass(frozen=True)
class Line:
    url: str

class Watched(Line):
    pass

@dataclass(frozen=True)
class Own:
    id: int

    def __repr__(self) -> str:
        return "an own one"

def count(a: int, *, b: str = "") -> int:
    return a
"""


def loaded(name: str, monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    module = types.ModuleType(name)
    monkeypatch.setitem(sys.modules, name, module)
    exec(compile(SOURCE, f"{name}.py", "exec"), vars(module))
    return module


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    module = loaded("playroom.part", monkeypatch)
    share_methods(("playroom",))
    return module


def test_records_say_and_refuse_what_they_did_before(shared, monkeypatch):
    before = loaded("otherroom", monkeypatch)
    assert repr(shared.Meter(3)) == repr(before.Meter(3)) == "Meter(id=3, name='main')"
    for module in (shared, before):
        with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'id'"):
            module.Meter(3).id = 4
        with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'name'"):
            del module.Meter(3).name
    assert shared.Meter(3) == shared.Meter(3) != shared.Meter(4)
    assert hash(shared.Meter(3)) == hash(before.Meter(3))
    assert dataclasses.replace(shared.Meter(3), name="roof").name == "roof"


def test_a_record_that_holds_itself_is_shown_and_one_that_may_change_still_may(shared):
    tree = shared.Tree()
    tree.below = [tree]
    assert repr(tree) == "Tree(below=[...])"


def test_one_function_stands_for_all_kinds_of_these_rooms_and_no_other(shared, monkeypatch):
    before = loaded("otherroom", monkeypatch)
    assert shared.Meter.__repr__ is shared.Tree.__repr__
    assert shared.Meter.__setattr__ is not before.Meter.__setattr__
    assert before.count.__annotations__ and not shared.count.__annotations__
    assert shared.count(2, b="x") == 2


def test_what_a_kind_has_of_its_own_or_others_derive_from_stays(shared):
    assert repr(shared.Own(1)) == "an own one"
    watched = shared.Watched("tcp://meter")
    watched.seen = True
    assert watched.seen
