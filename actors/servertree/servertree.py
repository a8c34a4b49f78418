"""The owner of the tree of servers: asks those that are read here for what is below them, and refuses loops."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import assert_never

from actors.mailbox.base import Actor, Incarnation
from actors.mailbox.reply import Forwarded
from actors.message.device import Begin, EventReported, PassThrough
from actors.message.servertree import LoopReported
from runtime.core.map.labels import LINKED
from runtime.core.servertree.judgement import gives_way, loop_of
from runtime.core.servertree.node import AWAY, FOREIGN, LOOP, NEVER_S, SERVER_TREE_VIEW, UNKNOWN, ServerNode
from runtime.core.servertree.reading import TableReading
from runtime.core.servertree.table import NoTable, decode_tree
from runtime.core.site.installation import INSTALLATION_VIEW, GatewaySpec, Installation
from runtime.errors import Refused

log = logging.getLogger("wattkeeper.servers")

LOOK_S = 5.0  # between two looks at all servers
TIMEOUT_S, WITHIN_S = 2.0, 10.0
ASKER = "servertree"  # among the masters that a bus serves in turn


@dataclass(frozen=True, slots=True)
class _Look:
    """Ask all servers. Server tree -> itself."""


@dataclass(frozen=True, slots=True)
class _Answered:
    """A piece of a table. Bus, by its reply -> the server tree."""

    gateway: int
    octets: bytes


@dataclass(frozen=True, slots=True)
class _Failed:
    """There was none. Bus, by its reply -> the server tree."""

    gateway: int
    error: Exception


@dataclass(slots=True)
class _Link:
    """One server that is read here: what it said last, and when (monotonic s)."""

    url: str
    node: ServerNode
    at: float | None = None
    reading: TableReading | None = None
    path: str = ""  # of a loop, "" = it is in none
    is_accepted: bool = False


Inbox = Begin | _Look | _Answered | _Failed


class ServerTree(Actor):
    """Named ``servertree``. Publishes the tree, as a ``ServerNode`` without a gateway.

    id  of this process, among all servers
    """

    def __init__(self, incarnation: Incarnation, id: int) -> None:
        super().__init__(incarnation)
        self._id = id
        self._links: dict[int, _Link] = {}  # by gateway

    def on_receive(self, message: Inbox) -> None:
        match message:
            case _Answered():
                self._take(message)
            case _Failed():
                self._note_failure(message)
            case Begin() | _Look():
                self._look()
                self.post_later(LOOK_S, _Look())
            case _:
                assert_never(message)

    # ---- asking

    def _look(self) -> None:
        site = self.incarnation.views.get(INSTALLATION_VIEW, Installation())
        wanted = {gateway.id: gateway for gateway in linked_gateways(site)}
        self._links = {id: link for id, link in self._links.items() if id in wanted and link.url == wanted[id].url}
        for id, gateway in wanted.items():
            link = self._links.get(id)
            if link is None:
                link = self._links[id] = _Link(gateway.url, ServerNode(0, gateway.name, UNKNOWN, NEVER_S, (), id))
            link.node = replace(link.node, name=gateway.name)
            if link.reading is None:
                link.reading = TableReading("tree")
                self._ask(id, link.reading)
            self.post(f"gateway.{id}", LoopReported(link.path))
        self._show()

    def _ask(self, gateway: int, reading: TableReading) -> None:
        assert reading.request is not None
        box = Forwarded(
            lambda octets: self.post_self(_Answered(gateway, octets)),
            lambda error: self.post_self(_Failed(gateway, error)),
        )
        deadline = self.clock.monotonic() + WITHIN_S
        if not self.post(f"bus.{gateway}", PassThrough(ASKER, reading.request, TIMEOUT_S, deadline, box)):
            self._forget_reading(gateway)

    def _forget_reading(self, gateway: int) -> None:
        if gateway in self._links:
            self._links[gateway].reading = None

    # ---- what they say

    def _take(self, answered: _Answered) -> None:
        link = self._links.get(answered.gateway)
        if link is None or link.reading is None:
            return
        try:
            link.reading.take(answered.octets)
            if link.reading.request is not None:
                self._ask(answered.gateway, link.reading)
                return
            below = decode_tree(link.reading.text)
        except NoTable as error:
            log.debug("gateway %d: %s", answered.gateway, error)
            self._forget_reading(answered.gateway)
            return
        link.reading, link.at = None, self.clock.monotonic()
        self._judge(answered.gateway, link, replace(below, name=link.node.name, gateway=answered.gateway))

    def _judge(self, gateway: int, link: _Link, below: ServerNode) -> None:
        path = loop_of(self._name(), self._id, below)
        if path and (link.path or gives_way(self._id, below, was_accepted=link.is_accepted)):
            if not link.path:
                log.error("gateway %d leads back here: %s", gateway, path)
                self.post("recorder", EventReported(self.clock.now_ms(), f"gateway.{gateway}", "server_loop", path))
            link.path, link.is_accepted = path, False
            link.node = ServerNode(0, link.node.name, LOOP, 0, (), gateway)
        else:
            link.path, link.is_accepted, link.node = "", True, below
        self.post(f"gateway.{gateway}", LoopReported(link.path))
        self._show()

    def _note_failure(self, failed: _Failed) -> None:
        link = self._links.get(failed.gateway)
        if link is None:
            return
        link.reading = None
        if isinstance(failed.error, Refused) and failed.error.exception in (1, 2, 3):
            link.at = self.clock.monotonic()
            link.node = ServerNode(0, link.node.name, FOREIGN, 0, (), failed.gateway)
        elif not link.path:
            link.node = replace(link.node, state=AWAY)
        self._show()

    # ---- what is shown

    def _show(self) -> None:
        parts = tuple(self._aged(link) for _, link in sorted(self._links.items()))
        self.publish(SERVER_TREE_VIEW, ServerNode(self._id, self._name(), parts=parts))

    def _aged(self, link: _Link) -> ServerNode:
        age_s = NEVER_S if link.at is None else round(self.clock.monotonic() - link.at)
        return replace(link.node, age_s=age_s)

    def _name(self) -> str:
        return self.incarnation.views.get(INSTALLATION_VIEW, Installation()).site


def linked_gateways(site: Installation) -> list[GatewaySpec]:
    """Those that lead to other servers: something of the family WSMEASURE is read over them."""
    linked = {device.gateway for device in site.devices if device.model == LINKED and device.on}
    return [gateway for gateway in site.gateways if gateway.on and gateway.id in linked]
