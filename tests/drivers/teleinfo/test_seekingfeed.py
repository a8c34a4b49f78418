"""A port whose speed nobody stated."""

from collections import deque
from contextlib import suppress

import pytest

from drivers.api import BadAnswer, Frame, LinkDown
from drivers.teleinfo.seekingfeed import LISTEN_S, SeekingFeed

WHOLE, DAMAGE, NOTHING = Frame(1, "standard", b""), BadAnswer("frame_damaged", "noise"), None


class Played:
    """A feed that brings what it is given, nothing afterwards; each wait takes its time."""

    def __init__(self, clock, *brings):
        self._clock, self.brings = clock, deque(brings)
        self.is_open, self.opened, self.closed = False, 0, False

    def open(self):
        if self.closed:
            raise LinkDown("link_closed", "closed")
        self.is_open, self.opened = True, self.opened + 1

    def hear(self, timeout_s):
        self._clock.now += timeout_s
        each = self.brings.popleft() if self.brings else NOTHING
        if isinstance(each, Exception):
            raise each
        return each

    def hang_up(self):
        self.is_open = False

    def close(self):
        self.closed = True


class Told:
    def __init__(self):
        self.now = 100.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock():
    return Told()


def seeking(clock, *each):
    feed = SeekingFeed([Played(clock, *brings) for brings in each], clock)
    feed.open()
    return feed, *feed._feeds


def test_where_nothing_is_whole_the_other_speed_is_tried_and_stays(clock):
    feed, fast, slow = seeking(clock, [DAMAGE] * 3, [WHOLE] * 20)
    heard = [feed.hear(LISTEN_S / 2) for _ in range(23)]
    assert heard.count(WHOLE) == 20 and not fast.is_open and slow.is_open and slow.opened == 1


def test_damage_between_whole_telegrams_is_an_error_and_no_reason_to_leave(clock):
    feed, fast, slow = seeking(clock, [WHOLE, DAMAGE, WHOLE], [])
    assert feed.hear(1.0) is WHOLE
    with pytest.raises(BadAnswer):
        feed.hear(1.0)
    assert feed.hear(1.0) is WHOLE and not slow.opened


def test_noise_at_every_speed_is_an_error(clock):
    feed, _, _ = seeking(clock, [DAMAGE] * 50, [DAMAGE] * 50)
    errors = 0
    for _ in range(20):
        try:
            assert feed.hear(LISTEN_S / 4) is None
        except BadAnswer:
            errors += 1
    assert errors == 12  # all after one time at each speed


def test_a_meter_that_changes_its_mode_is_followed(clock):
    feed, fast, slow = seeking(clock, [WHOLE] + [DAMAGE] * 9, [WHOLE])
    feed.hear(1.0)
    heard = None
    for _ in range(10):
        with suppress(BadAnswer):
            heard = heard or feed.hear(LISTEN_S / 4)
    assert heard is WHOLE and slow.is_open


def test_closing_ends_every_way(clock):
    feed, fast, slow = seeking(clock, [], [])
    feed.close()
    assert fast.closed and slow.closed
    with pytest.raises(LinkDown):
        feed.hear(LISTEN_S)
