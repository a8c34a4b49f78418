"""Hears a serial wire: the frame that answers a request, and what else comes, until the line is silent."""

from __future__ import annotations

from collections.abc import Callable

from drivers.adapters.frames import Transaction, is_sound
from drivers.adapters.refusal import explain_refusal
from drivers.adapters.rtuhearing import answer_size, explain_noise, find_frame
from drivers.steps import READ, REST, Steps, Wire
from runtime.clock import Clock
from runtime.core.modbus.request import Request
from runtime.errors import BadAnswer, LinkDown, NoAnswer

BABBLE_S = 1.0  # a line that does not fall silent within this is useless
QUIET_S = 0.02  # silence after which a garbled answer is known to be over
LARGEST = 256
_BABBLE_BYTES = 16 * LARGEST


class RtuListener:
    """What comes over ``wire``; ``pass_over`` is given what no request waits for.

    echo         the adapter hears what it sends itself
    quiet_since  monotonic time of the last byte
    """

    def __init__(self, wire: Wire, clock: Clock, pass_over: Callable[[bytes], None], *, echo: bool) -> None:
        self._wire = wire
        self._clock = clock
        self._pass_over = pass_over
        self._echo = echo
        self.quiet_since = 0.0

    def drain(self, heard: bytes = b"") -> Steps[None]:
        """Wait until the line is silent; what it said is for nobody. Raises LinkDown where it never is."""
        silence_s = max(3 * self._wire.silence_s, QUIET_S)
        until = self._clock.monotonic() + BABBLE_S
        while more := (yield READ, self._clock.monotonic() + silence_s, 4096):
            heard = (heard + more)[-_BABBLE_BYTES:]
            if self._clock.monotonic() > until:
                self._wire.hang_up()
                raise LinkDown(
                    "link_babbles", f"{self._wire.name} never falls silent: check wiring, termination, baud rate"
                )
        self._pass_over(heard)
        self.quiet_since = self._clock.monotonic()

    def listen(self, request: Request, exchange: Transaction, until: float) -> Steps[bytes]:
        """The whole frame that answers. What is not part of it (noise, late answers of others) is passed over.

        Raises Refused, BadAnswer, NoAnswer.
        """
        heard = (yield from self._hear_echo(exchange, until)) if self._echo else b""
        while len(heard) <= LARGEST * 4:
            heard += yield from self._more(request, exchange, heard, until)
            if heard.startswith(exchange.head):
                if len(heard) < exchange.size:
                    continue
                if len(heard) == exchange.size and is_sound(heard):
                    return heard
            answer = find_frame(heard, exchange.head, exchange.size)
            if answer:
                self._pass_over(heard.replace(answer, b"", 1))
                return answer
            refusal = find_frame(heard, bytes([request.unit, request.function | 0x80]), 5)
            if refusal:
                self._pass_over(heard.replace(refusal, b"", 1))
                raise explain_refusal(request, refusal[2])
        raise BadAnswer("bad_frame", f"unit {request.unit}: {len(heard)} bytes without an answer among them")

    def _more(self, request: Request, exchange: Transaction, heard: bytes, until: float) -> Steps[bytes]:
        missing = answer_size(exchange, heard) - len(heard)
        garbled = missing <= 0 and heard.startswith(exchange.head)
        if heard and missing > 0:
            yield from self._doze(missing if len(heard) > 1 and heard[1] == request.function else 5 - len(heard))
        waited = min(until, self._clock.monotonic() + QUIET_S) if garbled else until
        more = yield READ, waited, missing if missing > 0 else LARGEST
        self.quiet_since = self._clock.monotonic()
        if more:
            return more
        if heard:
            self._pass_over(heard)
            raise explain_noise(request, exchange, heard)
        raise NoAnswer("no_answer", f"unit {request.unit} did not answer in time: check its power, wiring and address")

    def _doze(self, missing: int) -> Steps[None]:
        """Sleep while bytes are known to be on the wire: one wake-up instead of one for every few of them."""
        if missing > 2:
            yield REST, self._clock.monotonic() + min((missing - 1) * self._wire.character_s, 0.1), 0

    def _hear_echo(self, exchange: Transaction, until: float) -> Steps[bytes]:
        echo = b""
        while len(echo) < len(exchange.frame):
            more = yield READ, until, len(exchange.frame) - len(echo)
            if not more:
                raise BadAnswer(
                    "bad_frame", f"{self._wire.name} does not echo what is sent: remove echo=1 from its address"
                )
            echo += more
        if echo != exchange.frame:
            raise BadAnswer(
                "bad_frame", f"{self._wire.name} echoes other bytes than were sent: two masters on one bus?"
            )
        return b""
