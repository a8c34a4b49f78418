"""The table keeps children in the order of their start and gives out those whose deadline has come."""

from __future__ import annotations

import math

from actors.supervision.child import Child
from actors.supervision.childspec import ChildSpec
from actors.supervision.childtable import ChildTable


def table_of(*named: tuple[str, str]) -> ChildTable:
    table = ChildTable()
    for name, kind in named:
        table.put(Child(ChildSpec(name, object, kind=kind)))
    return table


def names(children: object) -> list[str]:
    return [child.spec.name for child in children]  # type: ignore[attr-defined]


def test_a_child_stands_behind_its_kind_or_at_the_end() -> None:
    table = table_of(("store", ""), ("bus.1", "bus"), ("gateway.1", "gateway"), ("bus.2", "bus"), ("web", ""))
    assert names(table) == ["store", "bus.1", "bus.2", "gateway.1", "web"]


def test_the_next_one_of_a_name_stands_where_it_stood() -> None:
    table = table_of(("store", ""), ("web", ""), ("store", ""))
    assert names(table) == ["store", "web"]


def test_the_last_of_a_kind_leave_together_and_those_without_one_alone() -> None:
    table = table_of(("bus.1", "bus"), ("store", ""), ("gateway.1", "gateway"), ("gateway.2", "gateway"))
    assert names(table.last_of_a_kind()) == ["gateway.2", "gateway.1"]
    table.forget("gateway.1")
    table.forget("gateway.2")
    assert names(table.last_of_a_kind()) == ["store"]


def test_only_the_last_deadline_of_a_child_counts() -> None:
    table = table_of(("bus.1", "bus"))
    child = table.get("bus.1")
    assert child is not None
    table.enter(child, "waiting", 5.0)
    table.enter(child, "running", 9.0)
    assert table.take_due(5.0) is None
    assert table.take_due(9.0) is child
    assert table.take_due(9.0) is None
    assert table.next_due() == math.inf


def test_states_are_new_after_each_change_and_gone_with_the_child() -> None:
    table = table_of(("store", ""), ("web", ""))
    assert [state.name for state in table.states()] == ["store", "web"]
    assert not table.changed
    table.forget("web")
    assert table.changed
    assert [state.name for state in table.states()] == ["store"]
