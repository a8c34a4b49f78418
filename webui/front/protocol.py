"""What is said on one connection: one request after the other, each with its deadline, and the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from webui.front.http.forward import Peer
from webui.front.http.head import END, Head, read_head
from webui.front.http.hosts import client_network
from webui.front.http.refusal import Refused, render_refusal
from webui.front.request import BUSY, ProxiedRequest
from webui.front.shared import Shared

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
UNKNOWN_HOST = (
    "This server is not known by that name. Call it by its address, or add the name to its settings (web.names)."
)
_MOST_AHEAD_BYTES = 64 * 1024  # of what a client says before its last request is answered


class Wire(Protocol):
    """The connection below."""

    def write(self, data: bytes) -> None: ...

    def finish(self) -> None:
        """Send what is waiting, then say that no more comes."""

    def abort(self) -> None: ...

    def listen(self, *, on: bool) -> None: ...

    def may_go_on(self) -> bool:
        """Whether the client's address has processor time left. If not, nothing is read until ``resume`` is called."""

    def may_begin(self, address: str) -> bool:
        """The same of a request from ``address``, which a proxy may have named."""

    def charge_for(self, act: Callable[[], None]) -> None:
        """Do it at the cost of the client's address."""

    def wait_for(self, address: str) -> None:
        """Read nothing until that address has some; then ``resume`` is called."""


class HttpProtocol:
    """Between requests it reads a head; while there is an errand it reads that one's body; at last it leaves."""

    def __init__(self, wire: Wire, house: Shared, peer: Peer) -> None:
        self._wire, self._house, self._peer = wire, house, peer
        self._said = bytearray()
        self._searched = 0  # bytes of it in which no head ends
        self._errand: ProxiedRequest | None = None
        self._since = house.now()  # when it last had nothing to do
        self._due = self._since + house.limits.head_s
        self._path = ""  # of the request, as far as it is known
        self._wasted = 0
        self._parsed: tuple[Head, Peer] | None = None  # a request that waits until its client may go on
        self.is_known = False  # the last request came with a login
        self._leaves = self._is_last = self._is_full = self._is_held = False

    @property
    def due(self) -> float:
        """When ``overdue`` wants to be called."""
        return self._due if self._errand is None else self._errand.due

    @property
    def idle_since(self) -> float | None:
        """None while a request is being answered."""
        return None if self._errand is not None and self._errand.is_asked else self._since

    def received(self, data: bytes) -> None:
        if self._leaves:
            self._wasted += len(data)
            if self._wasted > self._house.limits.linger_bytes:
                self._wire.abort()
            return
        if self._errand is None and not self._said:
            self._due = min(self._due, self._house.now() + self._house.limits.head_s)
        self._said += data
        self._read()

    def ended(self) -> bool:
        """The client sends no more. True when it is still owed an answer."""
        self._is_last = True
        return self._errand is not None and self._errand.is_asked

    def lost(self) -> None:
        """The connection is gone."""
        self._leaves = True
        self._drop()

    def full(self) -> None:
        """The client takes its answer slower than it comes."""
        self._is_full = True
        if self._errand is not None:
            self._errand.wait()

    def drained(self) -> None:
        self._is_full = False
        if self._errand is not None:
            self._errand.go_on()

    def overdue(self) -> None:
        errand = self._errand
        if self._leaves or (errand is not None and errand.has_answer):
            self._leave(self._wire.abort)
        elif self._is_held:
            self.refuse(BUSY)
        elif errand is None and not self._said:
            self._leave(self._wire.finish)
        elif errand is not None and errand.is_asked:
            self.refuse(BUSY)
        else:
            self.refuse(Refused(408, "timeout", "The request took too long to arrive."))

    def held(self) -> None:
        """The client waits, and is not to blame for it."""
        if not self._leaves:
            self._due = self._house.now() + self._house.limits.paced_s
            self._is_held = True

    def resume(self) -> None:
        self._is_held = False
        if self._leaves:
            return
        self._due = self._house.now() + (self._house.limits.head_s if self._said else self._house.limits.idle_s)
        try:
            if self._parsed is not None:
                (head, peer), self._parsed = self._parsed, None
                self._admit(head, peer)
        except Refused as refused:
            self.refuse(refused)
        else:
            self._read()

    def refuse(self, refused: Refused) -> None:
        self._wire.write(render_refusal(refused, self._path))
        self._leave(self._wire.finish)

    # ---- what an errand needs

    def write(self, data: bytes) -> None:
        self._wire.write(data)

    def served(self, *, keeps_alive: bool) -> None:
        self._errand = None
        self._since = self._house.now()
        if not keeps_alive or self._is_last:
            self._leave(self._wire.finish)
        elif self._said:
            self._due = self._since + self._house.limits.head_s
            self._house.soon(self._read_next)
        else:
            self._due = self._since + self._house.limits.idle_s

    def failed(self, refused: Refused | None) -> None:
        if refused is None:
            self._leave(self._wire.abort)  # so that the client sees that something is missing
        else:
            self.refuse(refused)

    # ----

    def _read_next(self) -> None:
        if not self._leaves and self._errand is None and self._wire.may_go_on():
            self._wire.charge_for(self._read)

    def _read(self) -> None:
        try:
            if self._errand is None and self._parsed is None and not self._leaves:
                self._read_head()
            if self._errand is not None and not self._errand.is_asked:
                self._read_body(self._errand)
        except Refused as refused:
            self.refuse(refused)
        if not self._leaves:
            self._wire.listen(on=len(self._said) <= _MOST_AHEAD_BYTES)

    def _read_head(self) -> None:
        said, most = self._said, self._house.limits.head_bytes
        if said.startswith(b"\r\n"):
            del said[:2]  # an old habit of clients, after a form
        begin = max(0, self._searched - len(END))
        end = said.find(END, begin) + len(END)
        if end < len(END):
            if said.find(b"\n\n", begin) >= 0:
                raise Refused(400, "bad_request", "The request's lines cannot be told apart.")
            self._searched = len(said)
            end = len(said) if len(said) > most else 0
        if end > most:
            raise Refused(431, "too_large", "The request's head is too large.")
        if end:
            raw = bytes(said[:end])
            del said[:end]
            self._searched = 0
            self._begin(raw)

    def _begin(self, raw: bytes) -> None:
        """Admission: whatever is wrong with a head is said before anything of its body is taken."""
        self._path = ""
        head = read_head(raw, self._house.limits)
        self._path = head.path
        if not self._house.hosts.is_own(head.host, self._peer.local):
            raise Refused(421, "unknown_host", UNKNOWN_HOST)
        peer = self._house.proxies.client(head, self._peer)
        self._house.secure.check(head, peer)
        self.is_known = self._house.is_known(head)
        address = client_network(peer.address)
        if self.is_known or self._wire.may_begin(address):
            self._admit(head, peer)
        else:
            self._parsed = head, peer
            self._wire.wait_for(address)

    def _admit(self, head: Head, peer: Peer) -> None:
        self._errand = ProxiedRequest(head, peer, self._house, self, is_known=self.is_known)
        if head.expects_continue and not self._said:
            self._wire.write(_CONTINUE)

    def _read_body(self, errand: ProxiedRequest) -> None:
        said, self._said = bytes(self._said), bytearray()
        rest = errand.feed(said)
        self._said[:0] = rest

    def _leave(self, how: Callable[[], None]) -> None:
        self._leaves = True
        self._due = self._house.now() + (self._house.limits.drain_s if self._is_full else self._house.limits.linger_s)
        self._said.clear()
        self._parsed = None
        self._drop()
        how()

    def _drop(self) -> None:
        if self._errand is not None:
            self._errand.drop()
            self._errand = None
