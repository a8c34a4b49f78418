from __future__ import annotations

import pytest

from actors.mailbox.directory import Directory
from actors.mailbox.mailbox import Mailbox
from actors.message.device import Minute
from tests.actors.stage import ManualClock, heard


@pytest.fixture
def directory() -> Directory:
    return Directory()


def mailbox() -> Mailbox:
    return Mailbox(ManualClock())


def test_a_message_reaches_the_one_who_has_the_name(directory):
    box = mailbox()
    directory.register("recorder", box)
    assert directory.post("recorder", Minute(60))
    assert heard(box) == [Minute(60)]


def test_posting_to_nobody_says_so(directory):
    assert not directory.post("nobody", Minute(60))
    assert directory.depth("nobody") == 0


def test_a_name_means_the_newest_life(directory):
    old, new = mailbox(), mailbox()
    directory.register("bus.1", old)
    directory.register("bus.1", new)
    directory.post("bus.1", Minute(60))
    assert (old.depth(), directory.depth("bus.1")) == (0, 1)


def test_an_old_life_cannot_take_the_name_from_the_new(directory):
    old, new = mailbox(), mailbox()
    directory.register("bus.1", old)
    directory.register("bus.1", new)
    directory.unregister("bus.1", old)
    assert directory.post("bus.1", Minute(60))


def test_posting_to_a_life_that_has_just_ended_says_so(directory):
    box = mailbox()
    directory.register("bus.1", box)
    box.close()
    assert not directory.post("bus.1", Minute(60))
