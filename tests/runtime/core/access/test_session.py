"""Sessions and known browsers: login, logout, lock, the PIN again."""

from dataclasses import replace

import pytest

from runtime.core.access.access import BROWSER_S, GRACE_S, IDLE_S, SESSIONS_OF_USER, WRONG_PINS, Access
from runtime.core.access.session import (
    Entry,
    confirm,
    is_known,
    log_in,
    log_in_by_pin,
    mark_seen,
    without_browser,
    without_old,
    without_session,
    wrong_confirmation,
    wrong_pin,
)

NOW = 1_780_000_000
ENTRY = Entry(11, "session key", "csrf", "10.0.0.1", "Firefox", 21, "browser key")


@pytest.fixture
def access():
    """One user is logged in at a browser that knows him."""
    return log_in(Access("done"), 1, ENTRY, NOW)


def test_pin_and_puk_begin_a_session_and_make_the_browser_known(access):
    assert access.sessions[11].user == 1 and access.sessions[11].browser == 21
    assert [each.user for each in is_known(access, "browser key", NOW)] == [1]
    assert is_known(access, "", NOW) == () and is_known(access, "browser key", NOW + BROWSER_S) == ()


def test_logout_leaves_the_browser_known_and_lock_does_not(access):
    assert is_known(without_session(access, 11), "browser key", NOW)
    locked = without_session(access, 11, lock=True)
    assert not locked.sessions and not is_known(locked, "browser key", NOW)


def test_a_browser_shared_by_two_knows_both_by_a_new_key(access):
    second = Entry(12, "s2", "c2", "10.0.0.1", "", 22, "new key", "browser key")
    both = log_in(access, 2, second, NOW + 10)
    assert {each.user for each in is_known(both, "new key", NOW + 10)} == {1, 2}
    assert is_known(both, "browser key", NOW + 10) == ()


def test_a_new_login_gives_a_new_key_so_that_a_planted_one_is_worth_nothing(access):
    again = log_in(
        access, 1, replace(ENTRY, session=12, browser=22, browser_key="new", browser_before="browser key"), NOW
    )
    assert [each.id for each in is_known(again, "new", NOW)] == [22]
    assert is_known(again, "browser key", NOW) == ()


def test_five_wrong_pins_and_the_browser_is_known_no_more(access):
    for _ in range(WRONG_PINS - 1):
        access = wrong_pin(access, "browser key")
    assert is_known(access, "browser key", NOW)
    assert not is_known(wrong_pin(access, "browser key"), "browser key", NOW)


def test_the_right_pin_forgives_wrong_ones(access):
    access = wrong_pin(wrong_pin(access, "browser key"), "browser key")
    (browser,) = is_known(access, "browser key", NOW)
    after = log_in_by_pin(access, browser, Entry(12, "s2", "c2", "10.0.0.2"), NOW + 5)
    assert after.browsers[21].wrong == 0 and after.browsers[21].used_ts == NOW + 5
    assert after.sessions[12].browser == 21


def test_the_pin_again_makes_a_fresh_session_id_and_the_old_one_ends_in_a_moment(access):
    later = NOW + 3600
    after = confirm(access, 11, Entry(12, "new key", "", "10.0.0.1"), later)
    assert after.sessions[12].is_fresh(later) and after.sessions[12].key == "new key"
    assert after.sessions[12].csrf == "csrf" and after.sessions[12].ends_ts == access.sessions[11].ends_ts
    assert not after.sessions[11].is_fresh(later) and after.sessions[11].ends_ts == later + GRACE_S


def test_five_wrong_pins_in_a_session_end_it_and_lock_its_browser(access):
    for _ in range(WRONG_PINS - 1):
        access = wrong_confirmation(access, 11)
    assert 11 in access.sessions
    access = wrong_confirmation(access, 11)
    assert not access.sessions and not access.browsers


def test_being_there_is_noted_now_and_then(access):
    assert mark_seen(access, 11, NOW + 5) is access
    assert mark_seen(access, 11, NOW + 60).sessions[11].seen_ts == NOW + 60
    assert mark_seen(access, 99, NOW) is access


def test_what_is_over_is_dropped(access):
    assert without_old(access, NOW) is access
    assert without_old(access, NOW + IDLE_S).sessions == {}
    assert without_old(access, NOW + BROWSER_S).browsers == {}


def test_a_forgotten_browser_takes_its_sessions_along(access):
    after = without_browser(access, 21)
    assert not after.sessions and not after.browsers


def test_a_user_has_only_so_many_sessions_the_oldest_ends():
    access = Access("done")
    for id in range(1, SESSIONS_OF_USER + 3):
        access = log_in(access, 1, Entry(id, f"s{id}", "", "::1"), NOW + id)
    assert len(access.sessions) == SESSIONS_OF_USER and 1 not in access.sessions and 2 not in access.sessions
