"""Commands of a gateway: sent once, read back, told as it is."""

import pytest

from actors.bus.bus import Bus
from actors.gateway.gateway import Gateway
from actors.mailbox.reply import new_reply, wait_for
from actors.message.charging import LeaveAlone
from actors.message.device import Command, EventReported
from actors.message.history import ReplaceMeter
from runtime.core.decode.compiled import compile_map
from runtime.core.device.command import DONE, LATE, REFUSED, UNCONFIRMED, CommandRequest
from runtime.core.map.devicemap import parse_map
from runtime.core.site.installation import DeviceSpec, GatewaySpec, Installation
from runtime.core.site.sitezone import zone_of
from runtime.core.view import Trouble
from runtime.errors import BadAnswer, LinkDown, NoAnswer, Refused, WattkeeperError
from tests.actors.played_line import PlayedLine
from tests.actors.stage import ManualClock, Stage, heard

HEAD = {"id": "acme-io", "title": "ACME I/O", "source": "by hand"}
TABLE = {
    "field": [
        {"quantity": "output_1_state", "at": 0, "space": "coil"},
        {"quantity": "limit_a", "at": 100, "type": "u16"},
    ],
    "command": [
        {"command": "output_1", "read_back": "output_1_state", "at": 0, "space": "coil"},
        {"command": "limit", "read_back": "limit_a", "at": 100, "type": "u16", "least": 0, "most": 32},
        {"command": "reset", "quantity": "output_1_state", "at": 9, "space": "coil", "values": {"on": 1}},
    ],
}  # fmt: skip
SILENT = NoAnswer("no_answer", "silent")


class Box:
    """A device with an output and a limit, behind a line. ``obeys`` False: it acknowledges and does nothing."""

    def __init__(self):
        self.output, self.limit_a, self.writes, self.obeys = 0, 10, [], True
        self.fails, self.silent_reads = None, False

    def __call__(self, request):
        if request.function in (5, 6):
            self.writes.append(request)
            if self.fails is not None and not self.obeys:
                return self.fails
            if self.obeys:
                self._take(request)
            return self.fails or b""
        if self.silent_reads:
            return SILENT
        return bytes((self.output,)) if request.function == 1 else self.limit_a.to_bytes(2, "big")

    def _take(self, request):
        if request.function == 5 and request.at == 0:
            self.output = int(request.payload == b"\xff\0")
        elif request.function == 6:
            self.limit_a = int.from_bytes(request.payload, "big")


class Scene:
    """A gateway and its bus on told time; the test is all threads."""

    def __init__(self, *, trust="published", demo=False, **changes):
        self.stage = Stage(ManualClock())
        self.recorder = self.stage.mailbox("recorder")
        self.line, self.box = PlayedLine(self.stage.clock, takes_s=0.02), Box()
        self.line.answers[5] = self.box
        self.gateway_spec = GatewaySpec(1, "cellar", "tcp://10.0.0.1:502")
        self.device = DeviceSpec(7, "Door", 1, 5, "acme-io", **changes)
        self.maps = {"acme-io": compile_map(parse_map({**HEAD, "trust": trust, **TABLE}, file=""))}
        self.demo = demo
        self.gateway = self._start_gateway(1)
        self.bus = Bus(self.stage.incarnation("bus.1"), 1, "tcp://x", lambda url, clock: self.line, jitter=lambda: 0.0)
        self.stage.add(self.bus)
        self.wait(1)

    def _start_gateway(self, number):
        incarnation, zone = self.stage.incarnation("gateway.1", number), zone_of(Installation())
        gateway = Gateway(incarnation, self.gateway_spec, (self.device,), self.maps, 600, zone, demo=self.demo)
        return self.stage.add(gateway)

    def restarts(self):
        """The gateway crashed and lives again."""
        self.stage.actors.remove(self.gateway)
        self.gateway = self._start_gateway(2)
        self.wait(1)

    def wait(self, seconds):
        until = self.stage.clock.monotonic() + seconds
        self.stage.play()
        while self.stage.clock.monotonic() < until:
            self.stage.clock.advance(0.01)
            self.stage.play()

    def ask(self, value="on", command="output_1", request="", within_s=5.0):
        reply = new_reply()
        wish = CommandRequest(7, command, value, "ada", request)
        self.gateway.post_self(Command(wish, self.stage.clock.monotonic() + within_s, reply))
        return reply

    def tell(self, value="on", command="output_1", request="", wait_s=6.0):
        reply = self.ask(value, command, request)
        self.wait(wait_s)
        return wait_for(reply, 0)

    def refusal(self, *told, **more):
        with pytest.raises(WattkeeperError) as refused:
            self.tell(*told, **more)
        return refused.value.code

    def shows(self, quantity="output_1_state"):
        view = self.stage.views.get("device.7")
        return dict(zip(view.quantities, view.values_n, strict=True))[quantity]

    def events(self):
        return [(e.code, e.detail) for e in heard(self.recorder) if isinstance(e, EventReported)]


def test_a_command_is_done_when_it_was_read_back():
    scene = Scene()
    assert scene.shows() == 0
    outcome = scene.tell("on")
    assert (outcome.state, outcome.told_n, outcome.read_n) == (DONE, 1, 1)
    assert scene.shows() == 1
    assert scene.tell(16, "limit").read_n == 16_000


def test_it_takes_two_transactions_of_an_idle_bus():
    scene = Scene()
    asked = len(scene.line.asked)
    scene.ask("on")
    scene.stage.play()
    assert [request.function for request in scene.line.asked[asked:]] == [5, 1]


def test_each_command_is_written_down_with_who_and_what_and_how_it_went():
    scene = Scene()
    scene.tell("on")
    assert scene.events() == [("command_done", "ada: output_1 = on, read back: on")]


def test_a_routine_command_is_neither_an_event_nor_remembered():
    scene, reply = Scene(), new_reply()
    wish = CommandRequest(7, "limit", 16, "charging", "again")
    scene.gateway.post_self(Command(wish, scene.stage.clock.monotonic() + 5, reply, routine=True))
    scene.wait(1)
    assert wait_for(reply, 0).state == DONE
    assert scene.events() == []
    assert scene.tell(16, "limit", "again").replayed is False


def test_a_device_that_is_left_alone_is_neither_read_nor_forgotten():
    scene = Scene()
    scene.gateway.post_self(LeaveAlone(7, 10.0))
    scene.wait(1)
    read = len(scene.line.asked)
    scene.wait(8)
    assert len(scene.line.asked) == read
    scene.wait(5)
    assert len(scene.line.asked) > read


def test_a_device_that_shows_something_else_is_told_and_shown_as_it_is():
    scene = Scene()
    scene.box.obeys = False
    outcome = scene.tell("on")
    assert (outcome.state, outcome.code, outcome.read_n) == (UNCONFIRMED, "command_not_taken", 0)
    assert scene.shows() == 0
    assert len(scene.box.writes) == 1
    assert scene.events() == [("command_unconfirmed", "ada: output_1 = on, read back: off (command_not_taken)")]


def test_a_device_that_takes_its_time_is_read_again():
    scene = Scene()
    scene.box.obeys = False
    reply = scene.ask("on")
    scene.wait(1)
    scene.box.output = 1
    scene.wait(1)
    assert wait_for(reply, 0).state == DONE


def test_a_device_that_refuses_says_so():
    scene = Scene()
    scene.box.obeys, scene.box.fails = False, Refused(4, "jammed")
    outcome = scene.tell("on")
    assert (outcome.state, outcome.code, outcome.detail) == ("refused", "exception_4", "jammed")


@pytest.mark.parametrize("error", [SILENT, BadAnswer("bad_count", "another value"), LinkDown("link_lost", "gone")])
def test_a_write_without_a_proper_answer_is_done_if_the_device_shows_it(error):
    scene = Scene()
    scene.box.fails = error
    assert scene.tell("on").state == DONE
    assert len(scene.box.writes) == 1


@pytest.mark.parametrize("error", [SILENT, BadAnswer("bad_count", "another value"), LinkDown("link_lost", "gone")])
def test_and_unconfirmed_if_it_does_not(error):
    scene = Scene()
    scene.box.obeys, scene.box.fails = False, error
    outcome = scene.tell("on")
    assert (outcome.state, outcome.code) == (UNCONFIRMED, error.code)
    assert len(scene.box.writes) == 1


def test_what_cannot_be_read_back_is_unconfirmed():
    scene = Scene()
    scene.box.silent_reads = True
    assert scene.tell("on").state == UNCONFIRMED


def test_a_device_that_shows_nothing_of_a_command_leaves_it_unconfirmed():
    outcome = Scene().tell("on", "reset")
    assert (outcome.state, outcome.code) == (UNCONFIRMED, "command_not_shown")


def test_without_a_link_nothing_happened():
    scene = Scene()
    scene.line.down = LinkDown("link_refused", "refused")
    scene.line.is_open = False
    assert scene.tell("on").code == "link_refused"
    assert scene.box.writes == []


def test_a_command_that_the_line_does_not_get_to_in_time_never_reaches_the_wire():
    scene = Scene()
    scene.line.late[5] = scene.stage.clock.monotonic() + 60
    outcome = scene.tell("on", wait_s=61)
    assert (outcome.state, outcome.code) == (LATE, "command_late")
    assert scene.box.writes == []


def test_a_bus_that_never_answers_does_not_keep_anybody_waiting():
    scene = Scene()
    scene.stage.actors.remove(scene.bus)
    outcome = scene.tell("on")
    assert (outcome.state, outcome.code) == (UNCONFIRMED, "no_reply")


def test_a_gateway_without_a_bus_refuses():
    scene = Scene()
    scene.stage.directory.unregister("bus.1", scene.bus.actor_inbox)
    assert scene.tell("on").code == "gateway_off"


def test_a_repeated_request_does_not_switch_twice():
    scene = Scene()
    first = scene.tell("on", request="r1")
    scene.tell("off", request="r2")
    again = scene.tell("on", request="r1")
    assert (again.state, again.replayed, first.replayed) == (DONE, True, False)
    assert scene.box.output == 0 and len(scene.box.writes) == 2


def test_a_request_repeated_while_it_is_under_way_is_answered_too():
    scene = Scene()
    first, second = scene.ask("on", request="r1"), scene.ask("on", request="r1")
    scene.wait(1)
    assert wait_for(first, 0).state == wait_for(second, 0).state == DONE
    assert len(scene.box.writes) == 1


def test_a_request_id_is_for_one_command():
    scene = Scene()
    scene.tell("on", request="r1")
    assert scene.refusal("off", request="r1") == "request_reused"


def test_a_request_repeated_after_the_gateway_was_restarted_does_not_switch_twice():
    scene = Scene()
    scene.tell("on", request="r1")
    scene.restarts()
    assert scene.tell("on", request="r1").replayed
    assert len(scene.box.writes) == 1


def test_nor_does_one_that_was_under_way():
    scene = Scene()
    scene.box.obeys = False
    scene.ask("on", request="r1")
    scene.wait(0.1)
    scene.restarts()
    outcome = scene.tell("on", request="r1")
    assert (outcome.state, outcome.code) == (UNCONFIRMED, "owner_restarted")
    assert len(scene.box.writes) == 1


def test_what_was_refused_may_be_asked_for_again():
    scene = Scene()
    scene.box.obeys, scene.box.fails = False, Refused(6, "busy")
    assert scene.tell("on", request="r1").state == "refused"
    scene.box.obeys, scene.box.fails = True, None
    assert scene.tell("on", request="r1").state == DONE


@pytest.mark.parametrize(
    ("command", "value", "code"),
    [("nonsense", 1, "command_unknown"), ("limit", 33, "command_value"), ("output_1", "half", "command_value")],
)
def test_what_makes_no_sense_never_reaches_the_wire(command, value, code):
    scene = Scene()
    assert scene.refusal(value, command) == code
    assert scene.box.writes == []
    assert scene.events()[0][0] == "command_refused"


def test_a_device_that_is_off_is_not_told_anything():
    assert Scene(on=False).refusal() == "device_off"


def test_a_device_that_seems_to_be_another_one_is_not_told_anything():
    scene = Scene()
    scene.gateway._devices[7].suspect(Trouble("model_other", "it says it is another one", 0), 0)
    assert scene.refusal() == "model_other"


def test_a_provisional_map_does_not_write():
    scene = Scene(trust="provisional")
    assert scene.refusal() == "map_provisional"
    assert scene.box.writes == []


def test_it_does_in_the_demo_and_while_a_trial_runs():
    assert Scene(trust="provisional", demo=True).tell("on").state == DONE
    trial = Scene(trust="provisional", trial_until_ts=ManualClock().now_ts() + 120)
    assert trial.tell("on").state == DONE
    trial.wait(120)
    assert trial.refusal("off") == "map_provisional"
    assert len(trial.box.writes) == 1


class Counter(Box):
    """A device with one index of pulses that may be set."""

    def __init__(self):
        super().__init__()
        self.index = 700

    def __call__(self, request):
        if request.function == 16:
            self.writes.append(request)
            self.index = int.from_bytes(request.payload, "big")
            return b""
        return SILENT if self.silent_reads else self.index.to_bytes(4, "big")


def counting(monkeypatch):
    table = {
        "field": [{"quantity": "pulses_1", "at": 0, "type": "u32"}],
        "command": [
            {"command": "pulses_1", "read_back": "pulses_1", "at": 0, "type": "u32", "least": 0, "most": 99_999}
        ],
    }
    monkeypatch.setitem(globals(), "TABLE", table)
    monkeypatch.setitem(globals(), "Box", Counter)
    return Scene()


def test_an_index_that_is_preset_is_booked_as_an_exchange(monkeypatch):
    scene = counting(monkeypatch)
    assert scene.tell(5, "pulses_1").state == DONE
    (told,) = [each for each in heard(scene.recorder) if isinstance(each, ReplaceMeter)]
    assert (told.device, told.quantity, told.closing_n, told.opening_n, told.author) == (7, "pulses_1", 700, 5, "ada")


def test_an_index_that_cannot_be_read_first_is_left_as_it_is(monkeypatch):
    scene = counting(monkeypatch)
    scene.box.silent_reads = True
    outcome = scene.tell(5, "pulses_1")
    assert (outcome.state, outcome.code, scene.box.writes) == (REFUSED, "no_answer", [])
