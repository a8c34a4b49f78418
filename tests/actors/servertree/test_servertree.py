"""The tree is put together of what each server says; a loop is refused with its path; one that is away stays known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actors.mailbox.reply import answer, refuse
from actors.message.device import EventReported, PassThrough
from actors.message.servertree import LoopReported
from actors.servertree.servertree import LOOK_S, ServerTree
from runtime.core.servertree.node import SERVER_TREE_VIEW, ServerNode
from runtime.core.servertree.table import TABLE_AT, encode_table
from runtime.core.site.installation import INSTALLATION_VIEW, DeviceSpec, GatewaySpec, Installation
from runtime.errors import NoAnswer, Refused
from tests.actors.stage import Stage, heard

OWN = 5
SITE = Installation(
    site="Head office",
    gateways=(GatewaySpec(1, "North", "slave://10.0.0.1"), GatewaySpec(2, "Meters", "tcp://10.0.0.2")),
    devices=(
        DeviceSpec(1, "All", 1, 247, "wsmeasure", parameters={"remote_id": "all"}),
        DeviceSpec(2, "Saws", 2, 1, "m"),
    ),
)
NORTH = ServerNode(2, "Works", parts=(ServerNode(3, "Yard"),))
LOOP = ServerNode(2, "Works", parts=(ServerNode(3, "Yard", parts=(ServerNode(OWN, "Head"),)),))


class Scene:
    def __init__(self):
        self.stage = Stage()
        self.bus, self.gateway = self.stage.mailbox("bus.1"), self.stage.mailbox("gateway.1")
        self.recorder = self.stage.mailbox("recorder")
        self.stage.views.publish(INSTALLATION_VIEW, SITE)
        self.tree = self.stage.add(ServerTree(self.stage.incarnation("servertree"), OWN))
        self.stage.play()

    def answers(self, root):
        """All that is asked now, out of the table of a server."""
        image = encode_table(root, ())
        while asked := [each for each in heard(self.bus) if isinstance(each, PassThrough)]:
            for each in asked:
                answer(each.reply, image.read(each.request.at - TABLE_AT, each.request.count))
            self.stage.play()

    def fails(self, error):
        for each in heard(self.bus):
            refuse(each.reply, error)
        self.stage.play()

    def passes(self, seconds=LOOK_S):
        self.stage.clock.advance(seconds)
        self.stage.play()

    @property
    def part(self):
        (part,) = self.stage.views.get(SERVER_TREE_VIEW).parts
        return part

    @property
    def judged(self):
        return [each.path for each in heard(self.gateway) if isinstance(each, LoopReported)]

    def events(self):
        return [
            (each.subject, each.code, each.detail) for each in heard(self.recorder) if isinstance(each, EventReported)
        ]


@pytest.fixture
def scene():
    return Scene()


def test_what_is_below_is_shown_under_the_gateway_that_leads_there(scene):
    assert (scene.part.state, scene.part.age_s) == ("unknown", -1)
    scene.answers(NORTH)
    assert scene.part == replace(NORTH, name="North", gateway=1)
    scene.passes()
    assert scene.part.age_s == LOOK_S


def test_a_server_that_is_away_keeps_what_is_below_it_and_grows_old(scene):
    scene.answers(NORTH)
    scene.passes()
    scene.fails(NoAnswer("no_answer", "silent"))
    assert (scene.part.state, scene.part.age_s, scene.part.parts) == ("away", LOOK_S, NORTH.parts)
    scene.passes()
    scene.answers(NORTH)
    assert (scene.part.state, scene.part.age_s) == ("on", 0)


def test_one_of_another_make_is_a_leaf(scene):
    scene.fails(Refused(2, "no such address"))
    assert (scene.part.state, scene.part.id, scene.part.parts) == ("foreign", 0, ())


def test_a_loop_is_refused_with_its_path_until_it_is_none(scene):
    scene.judged.clear()
    scene.answers(LOOP)
    path = "Head office → North → Yard → Head office"
    assert scene.judged[-1] == path
    assert scene.events() == [("gateway.1", "server_loop", path)]
    assert (scene.part.state, scene.part.parts) == ("loop", ())
    scene.passes()
    scene.answers(LOOP)
    assert scene.judged[-1] == path and scene.events() == []
    scene.passes()
    scene.answers(NORTH)
    assert scene.judged[-1] == "" and scene.part.state == "on"


def test_of_two_old_links_one_gives_way(scene):
    scene.answers(NORTH)
    scene.passes()
    scene.answers(LOOP)
    assert scene.judged[-1], "it has the greatest number"
    other = Scene()
    greater = replace(LOOP, id=9)
    other.answers(replace(greater, parts=()))
    other.passes()
    other.answers(greater)
    assert other.judged[-1] == "" and other.part.state == "on"


def test_a_table_that_nobody_understands_changes_nothing(scene):
    scene.answers(NORTH)
    scene.passes()
    for each in heard(scene.bus):
        answer(each.reply, bytes(32))
    scene.stage.play()
    assert scene.part.state == "on" and scene.part.parts == NORTH.parts
