"""Users, rights, and how long a session and a known browser live."""

from dataclasses import replace

import pytest

from runtime.core.access.access import (
    BROWSER_S,
    GIVEN,
    IDLE_S,
    LONGEST_S,
    WRONG_PINS,
    Access,
    Browser,
    Session,
    acted_pages,
    first_users,
    may,
    may_log_in,
    rights_of,
    seen_pages,
)

SESSION = Session(1, "k", 1, "c", began_ts=1000, seen_ts=1000, pin_ts=1000, ends_ts=1000 + LONGEST_S, address="::1")


def test_the_first_users_see_the_pages_of_the_manual():
    seen = {user.name: seen_pages(user.rights) for user in first_users()}
    acted = {user.name: acted_pages(user.rights) for user in first_users()}
    assert seen["administrator"] == tuple(page for page in GIVEN if page != "green_up")
    assert seen["greenUp"] == GIVEN
    assert seen["installer"] == ("system_configuration", "panel_board", "consumptions", "alarms")
    assert seen["user"] == ("consumptions", "alarms")
    assert acted["user"] == ()


def test_to_act_on_a_page_is_to_see_it_but_not_the_other_way_round():
    rights = rights_of({"panel_board": "act", "alarms": "see"})
    assert may(rights, ("panel_board", "see")) and may(rights, ("panel_board", "act"))
    assert may(rights, ("alarms", "see")) and not may(rights, ("alarms", "act"))
    assert may(rights, ("reports", "see"), ("alarms", "see"))


@pytest.mark.parametrize("pages", [{"home": "see"}, {"kitchen": "see"}, {"alarms": "own"}])
def test_a_right_that_there_is_not_is_refused(pages):
    with pytest.raises(ValueError, match="no such right"):
        rights_of(pages)


def test_a_session_ends_when_nobody_uses_it_and_at_the_end_of_the_day():
    assert SESSION.lives(1000 + IDLE_S - 1) and not SESSION.lives(1000 + IDLE_S)
    busy = replace(SESSION, seen_ts=1000 + LONGEST_S)
    assert busy.lives(999 + LONGEST_S) and not busy.lives(1000 + LONGEST_S)


def test_a_clock_that_goes_back_does_not_keep_a_session_for_ever():
    assert not SESSION.lives(1000 - IDLE_S)


def test_a_browser_is_known_for_thirty_days_or_five_wrong_pins():
    browser = Browser(1, "k", 1, began_ts=0, used_ts=0, address="::1")
    assert browser.lives(BROWSER_S - 1) and not browser.lives(BROWSER_S)
    assert replace(browser, wrong=WRONG_PINS - 1).lives(1) and not replace(browser, wrong=WRONG_PINS).lives(1)


def test_factory_codes_open_the_demo_only():
    user = replace(first_users()[0], index="i", code="c", factory=True)
    assert may_log_in(user, demo=True) and not may_log_in(user, demo=False)
    access = Access("demo", {1: user})
    assert access.user_of("i", demo=True) is user and access.user_of("i", demo=False) is None
    assert access.is_set_up(demo=True) and not access.is_set_up(demo=False)


def test_who_has_no_codes_or_is_disabled_cannot_log_in():
    user = first_users()[0]
    assert not may_log_in(user, demo=False)
    assert not may_log_in(replace(user, index="i", code="c", enabled=False), demo=False)
    assert Access("done", {1: user}).user_of("", demo=False) is None
