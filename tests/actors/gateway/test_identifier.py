from actors.gateway.identifier import AGAIN_S, DOUBTED_S
from actors.mailbox.reply import answer, refuse
from actors.message.device import EventReported, Perform
from runtime.core.identity.modelcheck import KnownModels
from runtime.core.map.devicemap import parse_map
from runtime.errors import LinkDown, NoAnswer, Refused
from tests.actors.gateway.test_gateway import Scene, meter
from tests.actors.stage import heard


def kind(id, code):
    """A model that names itself by two registers."""
    head = {"id": id, "title": id.upper(), "source": "by hand", "trust": "published", "maker": "ACME"}
    rows = [{"quantity": "voltage_l1_v", "at": 0x20, "type": "u16"}]
    return parse_map({**head, "field": rows, "identify": [{"at": 9, "type": "u32", "equals": [code]}]}, file="")


RIGHT, OTHER = kind("right", 1), kind("other", 2)
REFUSED, SILENT = Refused(2, "no such register"), NoAnswer("no_answer", "silent")


class Meeting:
    """A gateway whose device is asked what it is; the test answers in its place."""

    def __init__(self, *devices, configured=RIGHT):
        devices = devices or (meter(1),)
        self.scene = Scene(*devices, kinds=KnownModels({device.id: configured for device in devices}, (RIGHT, OTHER)))
        heard(self.scene.bus)

    def asked(self):
        return [message for message in heard(self.scene.bus) if isinstance(message, Perform)]

    def greets(self, *said):
        """The device answers a poll, and then each question with the next of these."""
        self.scene.live()
        return self.says(*said)

    def says(self, *said):
        for each in said:
            (question,) = self.asked()
            if isinstance(each, Exception):
                refuse(question.reply, each)
            else:
                answer(question.reply, each.to_bytes(4, "big"))
            self.scene.stage.play()
        return self.scene.device()

    def events(self):
        return [(event.code, event.detail) for event in self.scene.recorded(EventReported)]


def test_a_device_that_is_what_was_configured_is_asked_once():
    meeting = Meeting()
    assert meeting.greets(1).state == "on"
    meeting.scene.live()
    assert meeting.asked() == [] and meeting.events() == []


def test_one_that_answers_like_another_model_is_told():
    meeting = Meeting()
    view = meeting.greets(2)
    assert (view.state, view.trouble.code) == ("configuration_error", "model_other")
    assert meeting.events() == [("model_other", "answers like OTHER")]


def test_it_is_asked_again_and_all_is_well_once_it_was_exchanged():
    meeting = Meeting()
    meeting.greets(2)
    meeting.scene.wait(DOUBTED_S + 61)
    assert meeting.says(1).state == "on"
    assert [code for code, _ in meeting.events()] == ["model_other", "model_right"]


def test_a_device_that_comes_back_is_asked_again_for_it_may_be_another():
    meeting = Meeting()
    meeting.greets(1)
    meeting.scene.wait(AGAIN_S)
    meeting.scene.fail()
    meeting.scene.fail()
    meeting.asked()
    assert meeting.greets(2).trouble.code == "model_other"


def test_a_refusal_says_nothing():
    assert Meeting().greets(REFUSED).state == "on"


def test_a_device_that_falls_silent_is_left_alone_and_a_doubt_stays():
    meeting = Meeting()
    meeting.greets(2)
    meeting.scene.wait(DOUBTED_S + 61)
    assert meeting.says(SILENT).trouble.code == "model_other"
    assert meeting.asked() == []


def test_a_device_that_refuses_what_it_was_asked_is_asked_what_it_is():
    meeting = Meeting()
    meeting.scene.fail(code="exception_1")
    assert meeting.says(2).trouble.code == "model_other"


def test_a_link_that_breaks_meanwhile_lets_it_be_asked_once_more_when_it_is_back():
    meeting = Meeting()
    meeting.greets(LinkDown("link_lost", "gone"))
    meeting.scene.live()
    assert meeting.asked() == []
    meeting.scene.fail()
    meeting.scene.fail()
    assert meeting.greets(2).trouble.code == "model_other"


def test_one_that_hangs_up_on_what_it_does_not_know_is_asked_once():
    meeting, asked = Meeting(), 0
    for _ in range(10):
        meeting.scene.live()
        for question in meeting.asked():
            refuse(question.reply, LinkDown("link_lost", "gone"))
            asked += 1
        meeting.scene.stage.play()
    assert asked == 1


def test_one_that_an_installer_confirmed_is_taken_as_it_is():
    meeting = Meeting(meter(1, confirmed=True))
    meeting.scene.live()
    assert meeting.asked() == []


def test_devices_are_asked_one_after_the_other():
    meeting = Meeting(meter(1), meter(2))
    meeting.scene.live(1)
    meeting.scene.live(2)
    assert meeting.says(1).state == "on"
    meeting.says(2)
    assert meeting.scene.device(2).trouble.code == "model_other"
