from __future__ import annotations

from dataclasses import dataclass, replace

from webui.front.connections import Connections
from webui.front.http.limits import Limits


@dataclass(eq=False)
class Guest:
    address: str
    idle_since: float | None = 0.0
    due: float = 0.0
    is_gone: bool = False

    def leave(self) -> None:
        self.is_gone = True

    def overdue(self) -> None: ...


SMALL = replace(Limits(), connections=4, connections_per_address=3)


def test_beyond_its_number_an_address_loses_the_connection_that_waits_longest() -> None:
    crowd, guests = Connections(SMALL), [Guest("a", idle_since=number) for number in (5.0, 1.0, 3.0)]
    assert all(crowd.enter(guest) for guest in guests)
    assert crowd.enter(Guest("a"))
    assert [guest.is_gone for guest in guests] == [False, True, False] and len(crowd) == 3


def test_what_is_being_served_does_not_have_to_leave() -> None:
    crowd = Connections(SMALL)
    guests = [Guest("a", idle_since=None) for _ in range(3)]
    assert all(crowd.enter(guest) for guest in guests)
    late = Guest("a")
    assert not crowd.enter(late) and not any(guest.is_gone for guest in guests)


def test_a_full_house_makes_room_at_the_cost_of_the_largest_party() -> None:
    crowd = Connections(SMALL)
    party, owner = [Guest("a", idle_since=number) for number in (1.0, 2.0, 3.0)], Guest("b")
    for guest in (*party, owner):
        assert crowd.enter(guest)
    assert crowd.enter(Guest("c"))
    assert [guest.is_gone for guest in party] == [True, False, False] and not owner.is_gone


def test_who_left_makes_room() -> None:
    crowd, guest = Connections(SMALL), Guest("a")
    crowd.enter(guest)
    crowd.left(guest)
    crowd.left(guest)
    assert len(crowd) == 0 and list(crowd) == []
