from __future__ import annotations

from collections.abc import Iterator

import pytest

from actors.supervision.root import Root
from actors.supervision.supervisor import ChildSpec
from runtime.clock import SystemClock
from runtime.errors import InvariantBroken
from runtime.viewboard import Views
from tests.actors.stage import Doer, eventually


@pytest.fixture
def root() -> Iterator[Root]:
    root = Root(SystemClock(), Views(), lambda _code, _why: None)
    yield root
    root.stop(10)


def spec(name: str, part: object = None) -> ChildSpec:
    return ChildSpec(name, Doer, part=part)


def lives(root: Root) -> dict[str, int]:
    return {child.name: child.incarnation for child in root.supervisor.children() if child.state == "running"}


def test_all_children_run_and_are_found_by_name(root):
    root.run([spec("a"), spec("b")])
    assert eventually(lambda: lives(root) == {"a": 1, "b": 1})
    assert set(root.directory.names()) == {"a", "b"}


def test_a_new_list_changes_only_what_differs(root):
    root.run([spec("a"), spec("b", 1), spec("c", 1)])
    root.follow([spec("a"), spec("b", 2), spec("d")])
    assert eventually(lambda: lives(root) == {"a": 1, "b": 2, "d": 1})


def test_a_faulty_list_changes_nothing(root):
    root.run([spec("a")])
    with pytest.raises(InvariantBroken, match="taken"):
        root.follow([spec("b"), spec("b")])
    assert eventually(lambda: lives(root) == {"a": 1})


def test_stopping_ends_all(root):
    root.run([spec("a"), spec("b")])
    assert root.stop()
    assert root.directory.names() == ()
