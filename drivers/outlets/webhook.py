"""Web hook: each message as JSON to an address, signed so that the receiver knows from whom it is and when it was made.

``X-Wattkeeper-Signature: t=UTC seconds,v1=HEX`` where HEX is the HMAC-SHA256 of ``t.body`` by the key that both know.
``X-Wattkeeper-Message`` is the same for each try of one message.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping

from drivers.outlets.deadline import Deadline
from drivers.outlets.web import post, url_problem, wait_of
from runtime.code.code import N_
from runtime.core.alert.letter import Letter
from runtime.core.alert.outletkind import ITSELF, OutletKey, OutletKind, Settings
from runtime.errors import DeliveryFailed

SIGNATURE, MESSAGE = "X-Wattkeeper-Signature", "X-Wattkeeper-Message"
LATER = (408, 423, 425, 429)  # of 4xx those that say nothing of the message


class WebHookOutlet:
    """``address``, and the key of the signature."""

    def __init__(self, settings: Settings, secrets: Mapping[str, str], monotonic: Callable[[], float]) -> None:
        self._address, self._monotonic = str(settings["address"]), monotonic
        self._key = secrets.get("key", "")

    def send(self, letter: Letter, recipient: str) -> None:
        """Raises DeliveryFailed."""
        body = json.dumps(letter.facts, ensure_ascii=False).encode("utf-8", "replace")
        headers = {"Content-Type": "application/json; charset=utf-8", MESSAGE: letter.id}
        headers[SIGNATURE] = sign(body, self._key, letter.ts)
        answer = post(self._address, body, headers, Deadline(self._monotonic))
        if 200 <= answer.status < 300:
            return
        detail = f"{answer.status} {answer.body[:200].decode(errors='replace')}"
        if answer.status in (401, 403):
            raise DeliveryFailed("outlet_login", detail)
        if answer.status in LATER or answer.status >= 500:
            raise DeliveryFailed("outlet_later", detail, wait_s=wait_of(answer.headers))
        is_elsewhere = answer.status in (404, 410) or answer.status < 400
        raise DeliveryFailed("outlet_refused", detail, is_final=not is_elsewhere)


def sign(body: bytes, key: str, ts: int) -> str:
    """The value of the header."""
    return f"t={ts},v1={hmac.new(key.encode(), f'{ts}.'.encode() + body, hashlib.sha256).hexdigest()}"


WEBHOOK = OutletKind(
    "webhook",
    "Web hook",
    ITSELF,
    WebHookOutlet,
    {"address": OutletKey(N_("Address"), is_needed=True, problem=lambda value: url_problem(str(value)))},
    {"key": N_("Key of the signature")},
)
