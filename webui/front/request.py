"""One request on its way through: its body in, its turn, the question to the page server, the answer out."""

from __future__ import annotations

from typing import Protocol

from webui.front.http.body import Body
from webui.front.http.forward import AnswerHead, Peer, to_client, to_server
from webui.front.http.head import END, Head
from webui.front.http.hosts import client_network
from webui.front.http.refusal import Refused
from webui.front.shared import Shared
from webui.front.upstream import UpstreamExchange

_LAST_CHUNK = b"0\r\n\r\n"
_EXCHANGE_S = 0.000_6  # of processor time, what a request takes beside the page itself
_PAGE_S = 0.002  # what the page is thought to take, until it is known
BUSY = Refused(503, "busy", "The server is busy. Try again later.")


class Client(Protocol):
    """Who is served."""

    def write(self, data: bytes) -> None: ...

    def served(self, *, keeps_alive: bool) -> None: ...

    def failed(self, refused: Refused | None) -> None:
        """None: after the answer began, so that it can only be cut off."""


class ProxiedRequest:
    """``due``: when whoever waits loses patience."""

    def __init__(self, head: Head, peer: Peer, house: Shared, client: Client, *, is_known: bool = True) -> None:
        """Raises Refused when the body is declared too large. Who is not ``is_known`` pays for it."""
        self.head, self._is_known = head, is_known
        self._peer, self._house, self._client = peer, house, client
        self._address = client_network(peer.address)
        self._body = Body(head, house.limits.body_limit(head.path))
        self._charge(_EXCHANGE_S + _PAGE_S)
        self._begun = house.now()
        self.due = self._begun + house.limits.body_s
        self.is_asked = False  # the request is whole; its turn may not have come yet
        self._has_turn = False
        self._exchange: UpstreamExchange | None = None
        self._raw = b""  # of an answer whose head is not whole
        self._answer: AnswerHead | None = None
        self._held = b""  # the answer's head, until there is something to go with it
        self._passed = 0
        self._tail = b""

    def feed(self, data: bytes) -> bytes:
        """What arrives; returns what belongs to the next request. Raises Refused."""
        rest = data if self._body.is_whole else self._body.feed(data)
        limits = self._house.limits
        self.due = self._begun + limits.body_s + self._body.length / limits.body_rate
        if self._body.is_whole:
            self.is_asked = True
            self.due = self._house.now() + limits.answer_s
            self._house.turns.ask(self._address, self._ask)
        return rest

    def wait(self) -> None:
        if self._exchange is not None:
            self._exchange.wait()
        self.due = self._house.now() + self._house.limits.drain_s

    def go_on(self) -> None:
        if self._exchange is not None:
            self._exchange.hear()
        self.due = self._house.now() + self._house.limits.answer_s

    def drop(self) -> None:
        """Whatever it holds."""
        if self._exchange is not None:
            self._exchange.close()
        self._body.close()
        if self.is_asked and self._exchange is None:
            self._house.turns.forget(self._address, self._ask)
        self._end_turn()

    @property
    def has_answer(self) -> bool:
        return self._answer is not None

    def _ask(self) -> None:
        self._has_turn = True
        head = to_server(self.head, self._peer, self._body.length)
        self._exchange = self._house.exchange(head, self._body.pieces())
        self._exchange.start(self)

    def answer_comes(self, data: bytes) -> None:
        self.due = self._house.now() + self._house.limits.answer_s
        if self._answer is None:
            self._raw += data
            head, found, data = self._raw.partition(END)
            if not found:
                return
            self._begin(head + found)
        self._pass_on(data)

    def answer_ends(self) -> None:
        answer = self._answer
        if answer is None:
            self._fail(BUSY)
        elif answer.length is not None or (answer.is_chunked and self._tail != _LAST_CHUNK):
            self._fail(None)
        else:
            self._finish()

    def _begin(self, raw: bytes) -> None:
        """The page server has done its work; what follows takes the client's time."""
        self._end_turn()
        self._answer = to_client(
            raw,
            method=self.head.method,
            keeps_alive=self.head.keeps_alive,
            more=self._house.secure.remembered(self._peer),
        )
        self._charge(self._answer.spent_s - _PAGE_S)
        self._held = self._answer.raw

    def _pass_on(self, data: bytes) -> None:
        assert self._answer is not None
        length = self._answer.length
        if length is not None:
            data = data[: length - self._passed]
        self._passed += len(data)
        if self._answer.is_chunked:
            self._tail = (self._tail + data)[-len(_LAST_CHUNK) :]
        if data or not length:  # the head goes with the first piece of what follows
            held, self._held = self._held, b""
            self._client.write(held + data)
        if length is not None and self._passed >= length:
            self._finish()

    def _finish(self) -> None:
        assert self._answer is not None
        self.drop()
        self._client.served(keeps_alive=self._answer.keeps_alive)

    def _fail(self, refused: Refused | None) -> None:
        self.drop()
        self._client.failed(refused)

    def _charge(self, spent_s: float) -> None:
        if not self._is_known:
            self._house.pacer.charge(self._address, spent_s)

    def _end_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self._house.turns.done(self._address)
