"""What administrators may do, and what nobody may."""

from dataclasses import replace

import pytest

from runtime.core.access.access import Access, Browser, Session, first_users, rights_of
from runtime.core.access.change import (
    AddToken,
    AddUser,
    By,
    Codes,
    EditUser,
    RemoveToken,
    RemoveUser,
    SetUp,
    apply_change,
    describe_change,
    set_up_again,
)
from runtime.errors import WattkeeperError

NOW = 1_780_000_000
ADMINISTRATOR = By("administrator", 1, 11)
SEE = rights_of({"consumptions": "see"})


@pytest.fixture
def access():
    """Set up; the administrator and greenUp have codes and a session each."""
    users = {user.id: user for user in first_users()}
    for id in (1, 2):
        users[id] = replace(users[id], index=f"i{id}", code=f"c{id}")
    sessions = {10 + id: Session(10 + id, f"s{id}", id, "", NOW, NOW, NOW, NOW + 9999, "::1") for id in (1, 2)}
    browsers = {20 + id: Browser(20 + id, f"b{id}", id, NOW, NOW, "::1") for id in (1, 2)}
    return Access("done", users, sessions, browsers, used={"user": 4})


def refusal(access, change, by=ADMINISTRATOR):
    with pytest.raises(WattkeeperError) as refused:
        apply_change(access, change, by, NOW)
    return refused.value.code


def test_the_administrator_adds_a_user_with_pages_of_his_own(access):
    after = apply_change(access, AddUser("  Marie ", SEE, Codes("i5", "c5")), ADMINISTRATOR, NOW)
    assert after.users[5].name == "Marie" and after.users[5].rights == SEE and after.users[5].has_codes
    assert describe_change(access, AddUser(" Marie", SEE, None), ADMINISTRATOR) == (
        "user_added",
        "Marie by administrator",
    )


def test_an_id_is_never_used_again(access):
    added = apply_change(access, AddUser("Marie", SEE, None), ADMINISTRATOR, NOW)
    removed = apply_change(added, RemoveUser(5), ADMINISTRATOR, NOW)
    assert 6 in apply_change(removed, AddUser("Paul", SEE, None), ADMINISTRATOR, NOW).users


@pytest.mark.parametrize(("name", "code"), [
    ("", "user_name_form"), ("x" * 41, "user_name_form"), ("a\nb", "user_name_form"), ("a\x1b[2J", "user_name_form"),
    ("GREENUP", "user_name_taken"),
])  # fmt: skip
def test_a_name_must_fit_in_a_line_and_be_free(access, name, code):
    assert refusal(access, AddUser(name, SEE, None)) == code


def test_two_users_cannot_have_the_same_pin(access):
    assert refusal(access, AddUser("Marie", SEE, Codes("i2", "c"))) == "pin_used"
    assert refusal(access, EditUser(1, codes=Codes("i2", "c"))) == "pin_used"


def test_the_last_administrator_can_neither_be_removed_nor_disabled_nor_stripped(access):
    others = {id: user for id, user in access.users.items() if id != 2}
    alone = replace(access, users=others)
    by = By("a token")
    assert refusal(alone, RemoveUser(1), by) == "last_administrator"
    assert refusal(alone, EditUser(1, enabled=False), by) == "last_administrator"
    assert refusal(alone, EditUser(1, rights=SEE), by) == "last_administrator"
    assert apply_change(access, RemoveUser(1), by, NOW).users.keys() == {2, 3, 4}


def test_nobody_changes_his_own_rights_or_removes_himself(access):
    assert refusal(access, EditUser(1, rights=access.users[2].rights)) == "own_rights"
    assert refusal(access, EditUser(1, enabled=False)) == "own_rights"
    assert refusal(access, RemoveUser(1)) == "own_rights"
    assert apply_change(access, EditUser(1, name="Chief"), ADMINISTRATOR, NOW).users[1].name == "Chief"


def test_the_second_of_two_who_edit_the_same_user_is_told(access):
    first = apply_change(access, EditUser(3, version=1, name="Ines"), ADMINISTRATOR, NOW)
    assert refusal(first, EditUser(3, version=1, name="Ida")) == "version_stale"


def test_new_rights_end_the_sessions_of_a_user_and_new_codes_his_known_browsers_too(access):
    after = apply_change(access, EditUser(2, rights=SEE), ADMINISTRATOR, NOW)
    assert after.sessions.keys() == {11} and after.browsers.keys() == {21, 22}
    after = apply_change(access, EditUser(2, codes=Codes("i9", "c9")), ADMINISTRATOR, NOW)
    assert after.sessions.keys() == {11} and after.browsers.keys() == {21}
    after = apply_change(access, EditUser(2, enabled=False), ADMINISTRATOR, NOW)
    assert after.sessions.keys() == {11} and after.browsers.keys() == {21}


def test_who_changes_his_own_codes_stays_logged_in_here_and_nowhere_else(access):
    elsewhere = replace(access.sessions[11], id=12, key="elsewhere")
    access = replace(access, sessions={**access.sessions, 12: elsewhere})
    after = apply_change(access, EditUser(1, codes=Codes("i9", "c9")), ADMINISTRATOR, NOW)
    assert after.sessions.keys() == {11, 12 + 0} - {12}
    assert after.browsers.keys() == {22}


def test_a_removed_user_is_logged_out(access):
    after = apply_change(access, RemoveUser(2), ADMINISTRATOR, NOW)
    assert after.sessions.keys() == {11} and after.browsers.keys() == {21}
    assert refusal(after, RemoveUser(2)) == "user_unknown"


def test_the_first_set_up_is_taken_once(access):
    new = apply_change(Access(), SetUp(Codes("i", "c")), By("set-up"), NOW)
    assert [user.name for user in new.users.values()] == ["administrator", "greenUp", "installer", "user"]
    assert [user.name for user in new.users.values() if user.has_codes] == ["administrator"]
    assert new.set_up == "done" and new.users[1].administers
    assert refusal(new, SetUp(Codes("j", "d"))) == "set_up_already"


def test_the_first_set_up_after_a_demo_leaves_no_factory_codes():
    users = {user.id: replace(user, index=f"i{user.id}", code="c", factory=True) for user in first_users()}
    after = apply_change(Access("demo", users), SetUp(Codes("i", "c")), By("set-up"), NOW)
    assert [user.id for user in after.users.values() if user.has_codes] == [1]
    assert not any(user.factory for user in after.users.values())


def test_the_way_back_in_gives_the_administrator_his_rights_and_ends_all_sessions(access):
    users = {**access.users, 1: replace(access.users[1], name="Chief", rights=SEE, enabled=False)}
    after = set_up_again(replace(access, users=users), Codes("new", "code"))
    assert after.users[1].administers and after.users[1].name == "Chief" and after.users[1].index == "new"
    assert after.users[2].has_codes
    assert not after.sessions and not after.browsers


def test_a_removed_administrator_comes_back_under_a_free_name(access):
    users = {id: replace(user, name="administrator") if id == 2 else user for id, user in access.users.items()}
    del users[1]
    assert set_up_again(replace(access, users=users), Codes("new", "code")).users[1].name == "administrator 2"


def test_tokens_come_with_explicit_rights_and_go_again(access):
    after = apply_change(access, AddToken("Grafana", "hash", SEE), ADMINISTRATOR, NOW)
    token = after.tokens[1]
    assert (token.name, token.rights, token.by, token.made_ts) == ("Grafana", SEE, "administrator", NOW)
    assert describe_change(after, RemoveToken(1), ADMINISTRATOR) == ("token_removed", "Grafana by administrator")
    gone = apply_change(after, RemoveToken(1), ADMINISTRATOR, NOW)
    assert not gone.tokens
    assert refusal(gone, RemoveToken(1)) == "token_unknown"
    assert refusal(access, AddToken(" ", "hash", SEE)) == "token_name_form"
    assert 2 in apply_change(gone, AddToken("Next", "hash", SEE), ADMINISTRATOR, NOW).tokens
