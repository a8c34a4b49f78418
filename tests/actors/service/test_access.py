"""The owner of access: what holds at once, what holds once it is on disk, what survives."""

from dataclasses import replace

import pytest

from actors.mailbox.reply import answer, new_reply, refuse, wait_for
from actors.message.access import (
    ACCESS,
    BeginLogin,
    ChangeAccess,
    ConfirmPin,
    EndLogin,
    ForgetBrowser,
    Leave,
    LoginByPin,
    Slowed,
    SomebodySeen,
)
from actors.message.device import EventReported, KeepRecords
from actors.service.access import AccessActor
from actors.service.accessrecords import WITHIN_S
from runtime.core.access.access import IDLE_S, WRONG_PINS, Access, first_users, rights_of
from runtime.core.access.change import AddUser, By, Codes, EditUser, RemoveUser
from runtime.core.access.delays import Delays
from runtime.core.access.session import Entry
from runtime.errors import StoreError, WattkeeperError
from tests.actors.stage import Stage, heard

BY = By("administrator", 1)
SEE = rights_of({"alarms": "see"})


class Played:
    """The actor on a stage, with a recorder that a test plays."""

    def __init__(self):
        self.stage = Stage()
        self.recorder = self.stage.mailbox("recorder")
        users = {user.id: replace(user, index=f"i{user.id}", code=f"c{user.id}") for user in first_users()}
        self.kept = Access("done", users, used={"user": 4})
        self.loaded_delays = Delays
        self.actor = self.stage.add(
            AccessActor(self.stage.incarnation(ACCESS), lambda: (self.kept, self.loaded_delays()))
        )
        self.ids = 10

    @property
    def view(self):
        return self.stage.views.get(ACCESS)

    def asks(self, kind, *fields, **named):
        reply = new_reply()
        self.actor.on_receive(kind(*fields, reply=reply, **named))
        return reply

    def entry(self, browser_key="browser key", **named):
        self.ids += 1
        return Entry(self.ids, f"s{self.ids}", "csrf", "10.0.0.1", "", self.ids + 100, browser_key, **named)

    def logs_in(self, user=1, ok=True, address="10.0.0.1"):
        ticket = wait_for(self.asks(BeginLogin, address, f"i{user}"), 0.1)
        return wait_for(self.asks(EndLogin, ticket, ok, self.entry()), 0.1)

    def heard(self):
        """(records, events, boxes) that came to the recorder since the last time."""
        messages = heard(self.recorder)
        kept = [message for message in messages if isinstance(message, KeepRecords)]
        events = [each for each in messages if isinstance(each, EventReported)]
        events += [event for message in kept for event in message.events]
        records = [record for message in kept for record in message.records]
        return records, [(event.code, event.detail) for event in events], [message.reply for message in kept]

    def passes(self, seconds):
        self.stage.clock.advance(seconds)
        self.stage.play()


@pytest.fixture
def played():
    return Played()


def test_pin_and_puk_open_a_session_at_once_and_it_is_written_within_a_second(played):
    session = played.logs_in()
    assert played.view.sessions[session.id].user == 1
    _, events, _ = played.heard()
    assert events == [("login_succeeded", "administrator from 10.0.0.1, PIN and PUK")]
    played.passes(WITHIN_S)
    records, _, _ = played.heard()
    assert {kind for kind, _, _ in records} >= {"session", "browser", "delay"}


def test_a_wrong_try_and_an_unknown_pin_look_the_same(played):
    known, unknown = (wait_for(played.asks(BeginLogin, "10.0.0.1", index), 0.1) for index in ("i1", "nobody"))
    assert known.code == "c1" and unknown.code == ""
    answers = [wait_for(played.asks(EndLogin, each, False, played.entry()), 0.1) for each in (known, unknown)]
    assert answers == [None, None]
    assert [code for code, _ in played.heard()[1]] == ["login_failed"]


def test_pauses_grow_and_are_loaded_again_after_a_restart(played):
    for _ in range(4):
        assert played.logs_in(ok=False) is None
    slowed = wait_for(played.asks(BeginLogin, "10.0.0.1", "i1"), 0.1)
    assert isinstance(slowed, Slowed) and slowed.wait_ms == 1000
    played.passes(WITHIN_S)
    records = {key: record for kind, key, record in played.heard()[0] if kind == "delay"}

    def delays():
        again = Delays()
        for key, record in records.items():
            again.load(key, record)
        return again

    played.loaded_delays = delays
    restarted = AccessActor(played.stage.incarnation(ACCESS, 2), lambda: (played.kept, delays()))
    played.actor = played.stage.add(restarted)
    assert played.logs_in(2, ok=False, address="10.0.0.1") is None
    assert isinstance(wait_for(played.asks(BeginLogin, "10.0.0.1", "i1"), 0.1), Slowed)


def test_a_try_for_which_there_was_no_room_is_given_back(played):
    for _ in range(20):
        ticket = wait_for(played.asks(BeginLogin, "10.0.0.1", "i1"), 0.1)
        wait_for(played.asks(EndLogin, ticket, None, played.entry()), 0.1)
    assert played.logs_in() is not None


def test_a_user_who_was_disabled_while_his_hash_was_made_does_not_get_in(played):
    ticket = wait_for(played.asks(BeginLogin, "10.0.0.1", "i3"), 0.1)
    change = played.asks(ChangeAccess, EditUser(3, enabled=False), BY)
    answer(played.heard()[2][0], True)
    played.stage.play()
    wait_for(change, 0.1)
    assert wait_for(played.asks(EndLogin, ticket, True, played.entry()), 0.1) is None


def test_the_pin_is_enough_at_a_known_browser_only(played):
    played.logs_in()
    assert wait_for(played.asks(LoginByPin, "browser key", "i1", played.entry()), 0.1).user == 1
    with pytest.raises(WattkeeperError) as refused:
        wait_for(played.asks(LoginByPin, "another", "i1", played.entry()), 0.1)
    assert refused.value.code == "puk_needed"
    assert wait_for(played.asks(LoginByPin, "browser key", "i2", played.entry()), 0.1) is None


def test_five_wrong_pins_and_the_browser_needs_the_puk(played):
    played.logs_in()
    for _ in range(WRONG_PINS):
        assert wait_for(played.asks(LoginByPin, "browser key", "wrong", played.entry()), 0.1) is None
        played.stage.clock.advance(3)
    with pytest.raises(WattkeeperError):
        wait_for(played.asks(LoginByPin, "browser key", "i1", played.entry()), 0.1)
    assert "browser_forgotten" in [code for code, _ in played.heard()[1]]


def test_lock_forgets_the_browser_and_is_answered_when_it_is_on_disk(played):
    session = played.logs_in()
    played.heard()
    left = played.asks(Leave, session.id, BY, True)
    assert not played.view.sessions and not played.view.browsers
    records, events, boxes = played.heard()
    assert {(kind, record) for kind, _, record in records} == {("session", None), ("browser", None)}
    assert events == [("locked", "administrator by administrator")]
    answer(boxes[0], True)
    played.stage.play()
    assert wait_for(left, 0.1) is True


def test_a_logout_holds_even_when_the_disk_is_full(played):
    session = played.logs_in()
    played.heard()
    left = played.asks(Leave, session.id, BY, False)
    refuse(played.heard()[2][0], StoreError("store_full", "full"))
    played.stage.play()
    assert wait_for(left, 0.1) is True and not played.view.sessions and played.view.browsers


def test_what_could_not_be_written_is_written_later(played):
    played.logs_in()
    played.passes(WITHIN_S)
    refuse(played.heard()[2][0], StoreError("store_full", "full"))
    played.stage.play()
    played.passes(5)
    records, _, boxes = played.heard()
    assert "session" in {kind for kind, _, _ in records}
    answer(boxes[0], True)
    played.stage.play()
    played.passes(5)
    assert played.heard() == ([], [], [])


def test_a_change_of_users_holds_once_it_is_on_disk(played):
    added = played.asks(ChangeAccess, AddUser("Marie", SEE, Codes("i5", "c5")), BY)
    assert 5 not in played.view.users
    records, events, boxes = played.heard()
    assert [(kind, key) for kind, key, _ in records] == [("access", "state"), ("user", 5)]
    assert events == [("user_added", "Marie by administrator")]
    answer(boxes[0], True)
    played.stage.play()
    assert wait_for(added, 0.1).users[5].name == "Marie" and played.view.users[5].name == "Marie"


def test_a_change_that_cannot_be_written_is_refused_and_nothing_changed(played):
    added = played.asks(ChangeAccess, AddUser("Marie", SEE, None), BY)
    refuse(played.heard()[2][0], StoreError("store_full", "full"))
    played.stage.play()
    with pytest.raises(StoreError):
        wait_for(added, 0.1)
    assert 5 not in played.view.users


def test_changes_are_made_one_after_the_other_and_a_login_meanwhile_is_not_lost(played):
    first = played.asks(ChangeAccess, AddUser("Marie", SEE, None), BY)
    second = played.asks(ChangeAccess, AddUser("marie", SEE, None), BY)
    session = played.logs_in(2)
    answer(played.heard()[2][0], True)
    played.stage.play()
    assert 5 in wait_for(first, 0.1).users and session.id in played.view.sessions
    with pytest.raises(WattkeeperError) as refused:
        wait_for(second, 0.1)
    assert refused.value.code == "user_name_taken"


def test_a_removed_user_s_session_is_gone_with_him(played):
    session = played.logs_in(2)
    played.heard()
    played.asks(ChangeAccess, RemoveUser(2), BY)
    answer(played.heard()[2][0], True)
    played.stage.play()
    assert session.id not in played.view.sessions and 2 not in played.view.users


def test_without_a_recorder_a_change_is_refused(played):
    played.stage.directory.unregister("recorder", played.recorder)
    added = played.asks(ChangeAccess, AddUser("Marie", SEE, None), BY)
    played.stage.play()
    with pytest.raises(WattkeeperError) as refused:
        wait_for(added, 0.1)
    assert refused.value.code == "owner_restarted"


def test_the_pin_again_makes_a_fresh_session(played):
    session = played.logs_in()
    played.passes(1000)
    assert not played.view.sessions[session.id].is_fresh(played.stage.clock.now_ts()) if played.view.sessions else True
    session = played.logs_in()
    fresh = wait_for(played.asks(ConfirmPin, session.id, "i1", played.entry()), 0.1)
    assert fresh.id != session.id and fresh.csrf == session.csrf
    assert wait_for(played.asks(ConfirmPin, fresh.id, "wrong", played.entry()), 0.1) is None
    assert wait_for(played.asks(ConfirmPin, 999, "i1", played.entry()), 0.1) is None


def test_sessions_that_nobody_uses_end_and_those_that_are_used_do_not(played):
    idle, used = played.logs_in(1), played.logs_in(2)
    played.passes(IDLE_S - 100)
    played.actor.on_receive(SomebodySeen(used.id))
    played.passes(200)
    assert idle.id not in played.view.sessions and used.id in played.view.sessions


def test_being_used_alone_is_not_worth_a_write(played):
    session = played.logs_in()
    played.passes(WITHIN_S)
    answer(played.heard()[2][0], True)
    played.passes(40)
    played.actor.on_receive(SomebodySeen(session.id))
    played.passes(WITHIN_S + 1)
    assert played.heard()[0] == []


def test_a_forgotten_browser_ends_what_began_there(played):
    session = played.logs_in()
    (browser,) = played.view.browsers
    played.asks(ForgetBrowser, browser, BY)
    assert session.id not in played.view.sessions and not played.view.browsers


def test_what_was_not_written_yet_is_written_at_the_end(played):
    played.logs_in()
    played.heard()
    played.actor.on_end()
    assert "session" in {kind for kind, _, _ in played.heard()[0]}
