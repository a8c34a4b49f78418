"""What becomes of a condition: raised, cleared, again, acknowledged; what flaps is one alarm."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runtime.core.alarm.alarm import Alarm
from runtime.core.alarm.alarms import CLEAR_S, FLAP_S, OPEN_MOST, Alarms
from runtime.core.alarm.condition import Cause, Conditions

TRIP = Cause("tripped", "device.1")
SILENCE = Cause("device_silent", "device.1")
T0_MS = 1_700_000_000_000


class Site:
    """Conditions that a test changes, looked at each second."""

    def __init__(self, alarms: Alarms | None = None) -> None:
        self.alarms = alarms or Alarms()
        self.present: dict[Cause, str] = {}
        self.unread: frozenset[str] = frozenset()
        self.now = 0.0

    @property
    def now_ms(self) -> int:
        return T0_MS + round(self.now * 1000)

    def looks(self, seconds: float = 1) -> list[Alarm]:
        changed = []
        for _ in range(round(seconds)):
            changed += self.alarms.look(Conditions(dict(self.present), self.unread), self.now_ms, self.now)
            self.now += 1
        return changed

    def begins(self, cause: Cause, detail: str = "") -> None:
        self.present[cause] = detail

    def ends(self, cause: Cause) -> None:
        self.present.pop(cause, None)


def test_a_condition_is_one_alarm_however_long_it_lasts() -> None:
    site = Site()
    site.begins(TRIP)
    (raised,) = site.looks(3600)
    assert (raised.cause, raised.raised_ms, raised.is_active) == (TRIP, T0_MS, True)
    assert site.alarms.open == (raised,)


def test_a_silence_that_is_short_is_none() -> None:
    site = Site()
    site.begins(SILENCE)
    assert site.looks(14) == []
    site.ends(SILENCE)
    site.looks(5)
    site.begins(SILENCE)
    assert site.looks(14) == []
    (raised,) = site.looks(2)
    assert raised.cause == SILENCE


def test_it_is_over_after_ten_seconds_without_it() -> None:
    site = Site()
    site.begins(TRIP)
    site.looks()
    site.ends(TRIP)
    assert site.looks(CLEAR_S) == []
    (cleared,) = site.looks()
    assert not cleared.is_active and cleared.cleared_ms == T0_MS + 11_000


def test_it_stays_open_until_somebody_has_seen_it() -> None:
    site = Site()
    site.begins(TRIP)
    (raised,) = site.looks()
    site.ends(TRIP)
    site.looks(2 * FLAP_S)
    assert [alarm.id for alarm in site.alarms.open] == [raised.id]
    (seen,) = site.alarms.acknowledge([raised.id], "Ada", "wire was loose", site.now_ms)
    assert (seen.acknowledged_by, seen.word, seen.is_open) == ("Ada", "wire was loose", False)
    assert site.alarms.open == ()


def test_nobody_acknowledges_twice_or_what_there_is_not() -> None:
    site = Site()
    site.begins(TRIP)
    (raised,) = site.looks()
    assert site.alarms.acknowledge([raised.id, 77], "Ada", "", site.now_ms)
    assert site.alarms.acknowledge([raised.id], "Bob", "", site.now_ms) == []


def test_what_comes_again_soon_is_the_same_alarm_and_later_another() -> None:
    site = Site()
    site.begins(TRIP)
    (first,) = site.looks()
    site.ends(TRIP)
    site.looks(20)
    site.begins(TRIP)
    (again,) = site.looks()
    assert (again.id, again.times, again.raised_ms) == (first.id, 2, first.raised_ms)
    site.ends(TRIP)
    site.looks(2 * FLAP_S)
    site.begins(TRIP)
    (other,) = site.looks()
    assert other.id != first.id and other.times == 1


def test_what_flaps_is_one_alarm_that_ends_once_it_is_calm() -> None:
    site = Site()
    changed = []
    for _ in range(50):
        site.begins(TRIP)
        changed += site.looks(15)
        site.ends(TRIP)
        changed += site.looks(15)
    assert {alarm.id for alarm in changed} == {1}
    assert sum(not alarm.is_active for alarm in changed) == 2, "two all-clears, then it flaps"
    assert changed[-1].times == 50
    (cleared,) = site.looks(FLAP_S)
    assert not cleared.is_active


def test_of_a_silent_device_nobody_knows_whether_its_breaker_is_still_tripped() -> None:
    site = Site()
    site.begins(TRIP)
    (tripped,) = site.looks()
    site.ends(TRIP)
    site.unread = frozenset({"device.1"})
    assert site.looks(3600) == []
    site.unread = frozenset()
    assert site.looks(CLEAR_S) == []
    assert [alarm.id for alarm in site.looks()] == [tripped.id]


def test_after_a_restart_open_alarms_go_on_and_numbers_are_not_used_again() -> None:
    before = Site()
    before.begins(TRIP)
    (raised,) = before.looks()
    after = Site(Alarms(before.alarms.open, last_id=raised.id))
    after.begins(TRIP)
    assert after.looks(60) == []
    after.begins(SILENCE)
    assert [alarm.id for alarm in after.looks(60)] == [raised.id + 1]


def test_memory_is_bounded_where_nobody_ever_acknowledges() -> None:
    site = Site()
    site.present = {Cause("tripped", f"device.{number}"): "" for number in range(OPEN_MOST + 200)}
    site.looks()
    site.present = {}
    for _ in range(3):
        site.looks()
        site.now += FLAP_S
    site.looks()
    assert len(site.alarms.open) == OPEN_MOST


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 700)), max_size=30))
def test_an_alarm_is_active_while_its_condition_is_and_at_most_flap_s_longer(stretches: list[tuple[bool, int]]) -> None:
    site = Site()
    for is_there, seconds in stretches:
        site.begins(TRIP) if is_there else site.ends(TRIP)
        site.looks(seconds)
        active = any(alarm.is_active for alarm in site.alarms.open)
        if is_there:
            assert active
        elif seconds > FLAP_S:
            assert not active
    assert sum(alarm.is_active for alarm in site.alarms.open) <= 1
