"""Who may be connected, for how long, and how many."""

from __future__ import annotations

from actors.modbusserver.masters import FRAME_S, MOST_MASTERS, Masters


class Link:
    def __init__(self, address="10.0.0.1", now=0.0):
        self.address, self.last_at, self.begun_at, self.is_closed, self.requests = address, now, None, False, 0

    def close(self):
        self.is_closed = True


def entered(masters, link, is_allowed=True):
    return masters.enter(link, link.address, is_allowed=is_allowed)


def test_strangers_and_who_is_too_many_are_counted_as_refused():
    masters = Masters(2, 300.0)
    assert entered(masters, Link()) and entered(masters, Link())
    assert not entered(masters, Link(now=30.0)) and not entered(masters, Link("8.8.8.8"), is_allowed=False)
    assert (len(masters), masters.refused) == (2, 2)


def test_who_was_silent_for_a_minute_makes_room():
    masters, old, busy = Masters(2, 300.0), Link(now=0.0), Link(now=50.0)
    assert entered(masters, old) and entered(masters, busy) and entered(masters, Link(now=61.0))
    assert old.is_closed and not busy.is_closed and len(masters) == 2


def test_an_idle_connection_is_closed_and_one_that_drips_a_frame_too():
    masters, idle, dripping, asking = Masters(9, 300.0), Link(), Link(), Link()
    for link in (idle, dripping, asking):
        entered(masters, link)
    dripping.begun_at, asking.last_at = 5.0, 290.0
    masters.close_idle(5.0 + FRAME_S)
    assert (idle.is_closed, dripping.is_closed, asking.is_closed) == (False, True, False)
    masters.close_idle(300.0)
    assert (idle.is_closed, asking.is_closed) == (True, False)


def test_requests_are_counted_by_address_also_after_it_left():
    masters, link = Masters(9, 300.0), Link()
    entered(masters, link)
    link.requests, link.last_at = 5, 1.0
    masters.leave(link)
    (state,) = masters.states(3.0, 2_077)
    assert (state.address, state.connections, state.requests, state.last_ms) == ("10.0.0.1", 0, 5, 77)


def test_addresses_that_left_are_forgotten_before_there_are_too_many():
    masters = Masters(9, 300.0)
    for number in range(2 * MOST_MASTERS):
        link = Link(f"10.0.{number >> 8}.{number & 255}")
        entered(masters, link)
        link.requests = 1
        masters.leave(link)
    assert len(masters.states(2.0, 1)) <= MOST_MASTERS
