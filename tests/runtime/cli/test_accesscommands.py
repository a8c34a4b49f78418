"""`wattkeeper access`: the way back in, and tokens for programs."""

import re

import pytest

from runtime.__main__ import main
from runtime.core.access.access import acted_pages, seen_pages
from runtime.secret.vault import Vault, key_hash, pepper_of
from runtime.store.env import open_store
from runtime.store.object.access import load_access
from runtime.store.object.events import list_events


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def access_of(data):
    store = open_store(data)
    try:
        return load_access(store), list_events(store)
    finally:
        store.close()


def test_reset_tells_new_codes_that_open_the_server(data, capsys):
    assert main(["access", "reset", "--data", str(data)]) == 0
    name, pin, puk = re.match(r"(\w+): PIN (\d{5}), PUK ([\d ]{16})\n", capsys.readouterr().out).groups()
    access, events = access_of(data)
    user = access.user_of(Vault(pepper_of(data)).index(pin), demo=False)
    assert user.name == name == "administrator" and user.administers
    assert Vault(pepper_of(data)).is_right(pin, puk.replace(" ", ""), user.code)
    assert [event.code for event in events] == ["access_reset"] and pin not in str(events)


def test_while_a_server_runs_nothing_is_reset(data, capsys):
    store = open_store(data)
    assert main(["access", "reset", "--data", str(data)]) == 1
    store.close()
    assert "in use by another server" in capsys.readouterr().err
    assert not access_of(data)[0].users


def test_a_token_may_see_and_change_only_what_is_said(data, capsys):
    assert main(["access", "token", "Grafana", "--data", str(data)]) == 0
    assert main(["access", "token", "Robot", "--act", "panel_board", "--data", str(data)]) == 0
    keys = capsys.readouterr().out.split()
    first, second = access_of(data)[0].tokens.values()
    assert [first.key, second.key] == [key_hash(key) for key in keys]
    assert seen_pages(first.rights) and not acted_pages(first.rights)
    assert acted_pages(second.rights) == ("panel_board",)


def test_a_page_that_there_is_not_is_refused_in_one_line(data, capsys):
    assert main(["access", "token", "x", "--act", "kitchen", "--data", str(data)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
