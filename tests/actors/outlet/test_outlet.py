"""An outlet delivers what it is given, says what kept it from that, and hears who enlists."""

from __future__ import annotations

import pytest

from actors.mailbox.reply import new_reply, wait_for
from actors.message.device import KeepRecords
from actors.message.outlet import OUTLET_VIEWS, Deliver, DeliveryEnded, SwitchChat, TryOutlet
from actors.outlet.outlet import FIRST_PAUSE_S, OutletActor
from runtime.core.alert.message import RAISED, Entry, Message
from runtime.core.alert.outlet import OutletSpec
from runtime.core.alert.outletkind import ADDRESSES, CHATS, Enlisting, OutletKind
from runtime.core.site.installation import INSTALLATION_VIEW, Installation
from runtime.errors import DeliveryFailed, WattkeeperError
from runtime.store.object.chats import Chat, Chats
from runtime.text.language import Catalogues
from runtime.text.letter import LetterWriter
from tests.actors.stage import ManualClock, Stage, heard

MESSAGE = Message(
    7, 1, "anna@example.org", "", 1, (Entry("alarm.1", RAISED, 1_780_000_000_000, kind="tripped", name="Oven"),)
)


class Outside:
    """What the outlet of a test reaches: ``fails`` is raised, ``written`` is what people wrote."""

    def __init__(self) -> None:
        self.sent, self.replies, self.asked = [], [], []
        self.fails: Exception | None = None
        self.written: list[Enlisting] = []

    def __call__(self, settings, secrets, monotonic):
        self.settings, self.secrets = settings, secrets
        return self

    def send(self, letter, recipient):
        if self.fails is not None:
            raise self.fails
        self.sent.append((recipient, letter))

    def receive(self, after, wait_s):
        self.asked.append(after)
        if self.fails is not None:
            raise self.fails
        return tuple(each for each in self.written if each.number > after)

    def reply(self, recipient, text):
        self.replies.append((recipient, text))


class Scene:
    def __init__(self, addressing=ADDRESSES, secrets=("password",), chats=None, on=True):
        self.outside = Outside()
        self.stage = Stage(ManualClock())
        self.stage.views.publish(INSTALLATION_VIEW, Installation(site="Works", language="fr"))
        self.alarms, self.recorder = self.stage.mailbox("alarms"), self.stage.mailbox("recorder")
        kind = OutletKind(
            "x", "X", addressing, self.outside, {}, {"password": "Password"},
            own_address=lambda settings: "box@example.org",
        )  # fmt: skip
        self.actor = self.stage.add(
            OutletActor(
                self.stage.incarnation("outlet.1"),
                OutletSpec(1, "Mail", "x", on),
                kind,
                lambda: dict.fromkeys(secrets, "open sesame"),
                lambda: chats or Chats(),
                LetterWriter(Catalogues(), self.stage.clock.now_ts),
            )  # fmt: skip
        )

    def turn(self, times=1):
        for _ in range(times):
            message = self.actor.actor_inbox.poll()
            if message is not None:
                self.actor.on_receive(message)

    def give(self, message):
        self.stage.directory.post("outlet.1", message)
        self.turn(2)

    @property
    def view(self):
        return self.stage.views.get(OUTLET_VIEWS.of(1))

    def ask(self, make):
        reply = new_reply()
        self.give(make(reply))
        return reply


def test_a_message_is_delivered_in_the_language_of_the_site_and_reported():
    scene = Scene()
    scene.give(Deliver(MESSAGE))
    assert heard(scene.alarms) == [DeliveryEnded(MESSAGE)]
    ((recipient, letter),) = scene.outside.sent
    assert recipient == "anna@example.org" and letter.subject.startswith("Works: Alarme") and "Oven" in letter.text
    assert (scene.view.delivered, scene.view.last_ms) == (1, scene.stage.clock.now_ms())


def test_each_try_of_a_message_has_the_same_id():
    scene = Scene()
    scene.give(Deliver(MESSAGE))
    scene.stage.clock.advance(60)
    scene.give(Deliver(MESSAGE))
    assert len({letter.id for _, letter in scene.outside.sent}) == 1


def test_a_failure_is_reported_as_it_is():
    scene = Scene()
    scene.outside.fails = DeliveryFailed("outlet_later", "451", wait_s=9.0)
    scene.give(Deliver(MESSAGE))
    (ended,) = heard(scene.alarms)
    assert ended == DeliveryEnded(MESSAGE, scene.outside.fails) and scene.view.delivered == 0


def test_a_bug_of_a_plugin_is_a_failed_delivery_and_nothing_more():
    scene = Scene()
    scene.outside.fails = ZeroDivisionError("oops")
    scene.give(Deliver(MESSAGE))
    (ended,) = heard(scene.alarms)
    assert ended.error.code == "message_failed"
    scene.outside.fails = None
    scene.give(Deliver(MESSAGE))
    assert heard(scene.alarms) == [DeliveryEnded(MESSAGE)]


def test_without_its_password_nothing_is_tried():
    scene = Scene(secrets=())
    scene.give(Deliver(MESSAGE))
    (ended,) = heard(scene.alarms)
    assert ended.error.code == "outlet_secret_missing" and scene.outside.sent == []


def test_a_test_goes_to_the_sender_itself_and_says_how_it_went():
    scene = Scene()
    assert wait_for(scene.ask(lambda reply: TryOutlet("Ada", reply)), 0.1) == ("box@example.org",)
    ((_, letter),) = scene.outside.sent
    assert "Ada" in letter.text
    scene.outside.fails = DeliveryFailed("outlet_login", "535 no")
    with pytest.raises(WattkeeperError, match="535 no"):
        wait_for(scene.ask(lambda reply: TryOutlet("Ada", reply)), 0.1)


def test_who_sends_the_password_enlists_once_it_is_kept_and_is_welcomed():
    scene = Scene(CHATS)
    scene.outside.written = [Enlisting(5, "42", "Ada", "/start"), Enlisting(6, "42", "Ada", "/start open sesame")]
    scene.turn()
    (kept,) = [message for message in heard(scene.recorder) if isinstance(message, KeepRecords)]
    ((kind, key, record),) = kept.records
    assert (kind, key, record["after"], [chat["recipient"] for chat in record["chats"]]) == ("chats", 1, 6, ["42"])
    assert [event.code for event in kept.events] == ["chat_enlisted"]
    ((recipient, text),) = scene.outside.replies
    assert recipient == "42" and "Works" in text
    scene.turn()
    assert scene.outside.asked == [0, 6]


def test_wrong_passwords_are_reported_and_slowed_down():
    scene = Scene(CHATS)
    scene.outside.written = [Enlisting(number, "66", "Eve\n", f"guess {number}") for number in range(1, 200)]
    scene.outside.written.append(Enlisting(200, "66", "Eve", "open sesame"))
    scene.turn()
    (kept,) = heard(scene.recorder)
    assert [event.code for event in kept.events] == ["chat_guessed"]
    assert scene.view.chats == () and scene.outside.replies == []


def test_who_is_switched_off_gets_nothing_and_who_is_forgotten_enlists_anew():
    chats = Chats(9, {"42": Chat("42", "Ada", 1), "43": Chat("43", "Bob", 1)})
    scene = Scene(CHATS, chats=chats)
    assert [chat.on for chat in scene.view.chats] == [True, True]
    scene.ask(lambda reply: SwitchChat("43", False, reply))
    scene.ask(lambda reply: TryOutlet("Ada", reply))
    assert [recipient for recipient, _ in scene.outside.sent] == ["42"]
    scene.give(Deliver(Message(8, 1, "43", "", 1, MESSAGE.entries)))
    (ended,) = heard(scene.alarms)
    assert ended.error.is_final
    scene.ask(lambda reply: SwitchChat("42", None, reply))
    assert [chat.recipient for chat in scene.view.chats] == ["43"]
    with pytest.raises(WattkeeperError, match="enlisted"):
        wait_for(scene.ask(lambda reply: SwitchChat("42", True, reply)), 0.1)
    with pytest.raises(WattkeeperError, match="nobody has enlisted"):
        wait_for(scene.ask(lambda reply: TryOutlet("Ada", reply)), 0.1)


def test_an_outlet_that_is_off_listens_to_nobody():
    scene = Scene(CHATS, on=False)
    scene.turn(3)
    assert scene.outside.asked == []


def test_listening_that_fails_pauses_longer_each_time_and_says_why():
    scene = Scene(CHATS)
    scene.outside.fails = DeliveryFailed("outlet_login", "401 Unauthorized")
    scene.turn()
    assert (scene.view.code, len(scene.outside.asked)) == ("outlet_login", 1)
    scene.turn()
    assert len(scene.outside.asked) == 1
    scene.stage.clock.advance(FIRST_PAUSE_S)
    scene.turn()
    scene.stage.clock.advance(FIRST_PAUSE_S)
    scene.turn()
    assert len(scene.outside.asked) == 2
    scene.outside.fails = None
    scene.stage.clock.advance(FIRST_PAUSE_S)
    scene.turn()
    assert (scene.view.code, len(scene.outside.asked)) == ("", 3)
