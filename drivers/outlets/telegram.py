"""Telegram: a bot that people enlist with by sending it the password; messages to each who did.

source  https://core.telegram.org/bots/api: getUpdates (long polling, offset = last update + 1), sendMessage,
        ResponseParameters (retry_after, migrate_to_chat_id); texts of at most 4096 characters
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from drivers.outlets.deadline import DELIVERY_S, Deadline
from drivers.outlets.web import post, url_problem
from runtime.code.code import N_
from runtime.core.alert.letter import Letter
from runtime.core.alert.outletkind import CHATS, Enlisting, OutletKey, OutletKind, Settings
from runtime.errors import DeliveryFailed

SERVER = "https://api.telegram.org"
MOST_TEXT = 4096
_CODES: Mapping[int, tuple[str, bool]] = {  # error_code -> (code, is final)
    400: ("outlet_refused", True),
    401: ("outlet_login", False),
    403: ("outlet_recipient", True),
    404: ("outlet_login", False),
    409: ("outlet_later", False),
    429: ("outlet_later", False),
}


class TelegramOutlet:
    """``server``, and the token of the bot. The password is the enlister's business."""

    def __init__(self, settings: Settings, secrets: Mapping[str, str], monotonic: Callable[[], float]) -> None:
        self._server, self._monotonic = str(settings["server"]).rstrip("/"), monotonic
        self._token = secrets.get("token", "")

    def send(self, letter: Letter, recipient: str) -> None:
        """Raises DeliveryFailed. A long one is cut: its end is on the page that it links to."""
        text = f"{letter.subject}\n\n{letter.text}"
        self.reply(recipient, text if _length(text) <= MOST_TEXT else _cut(text))

    def reply(self, recipient: str, text: str) -> None:
        """Raises DeliveryFailed."""
        self._call("sendMessage", {"chat_id": int(recipient), "text": text, "disable_web_page_preview": True})

    def receive(self, after: int, wait_s: float) -> tuple[Enlisting, ...]:
        """Raises DeliveryFailed."""
        asked = {"offset": after + 1, "timeout": int(wait_s), "allowed_updates": ["message"]}
        updates = self._call("getUpdates", asked, wait_s)
        if not isinstance(updates, list):
            raise DeliveryFailed("outlet_answer", "getUpdates answers no list")
        return tuple(_enlisting(update) for update in updates if isinstance(update, dict) and "update_id" in update)

    def _call(self, method: str, asked: Mapping[str, Any], wait_s: float = 0.0) -> Any:
        body = json.dumps(asked, ensure_ascii=False).encode("utf-8", "replace")
        headers = {"Content-Type": "application/json"}
        deadline = Deadline(self._monotonic, DELIVERY_S + wait_s)
        answer = post(f"{self._server}/bot{self._token}/{method}", body, headers, deadline)
        try:
            given = json.loads(answer.body)
        except ValueError:
            given = None
        if not isinstance(given, dict) or "ok" not in given:
            code = "outlet_later" if answer.status >= 500 else "outlet_answer"
            raise DeliveryFailed(code, f"{method} answers {answer.status}")
        if given["ok"]:
            return given.get("result")
        raise self._refusal(given)

    def _refusal(self, given: Mapping[str, Any]) -> DeliveryFailed:
        number, parameters = int(given.get("error_code", 500)), given.get("parameters") or {}
        code, is_final = _CODES.get(number, ("outlet_later", False))
        detail = f"{number} {given.get('description', '')}".replace(self._token or "\0", "***")[:300]
        return DeliveryFailed(code, detail, is_final=is_final, wait_s=float(parameters.get("retry_after", 0)))


def _enlisting(update: Mapping[str, Any]) -> Enlisting:
    """What is no text in a private chat is an empty one: it enlists nobody and is read past."""
    message = update.get("message")
    message = message if isinstance(message, dict) else {}
    chat, sender = message.get("chat") or {}, message.get("from") or {}
    names = (
        sender.get("first_name"),
        sender.get("last_name"),
        f"@{sender['username']}" if sender.get("username") else "",
    )
    name = " ".join(str(part) for part in names if part)
    text = message.get("text") if chat.get("type") == "private" else ""
    return Enlisting(int(update["update_id"]), str(chat.get("id", "")), name, text if isinstance(text, str) else "")


def _length(text: str) -> int:
    """Telegram counts as UTF-16 does."""
    return len(text.encode("utf-16-le", "replace")) // 2


def _cut(text: str) -> str:
    coded = text.encode("utf-16-le", "replace")[: (MOST_TEXT - 2) * 2]
    return coded.decode("utf-16-le", "ignore") + "…"


TELEGRAM = OutletKind(
    "telegram",
    "Telegram",
    CHATS,
    TelegramOutlet,
    {"server": OutletKey(N_("Server"), SERVER, problem=lambda value: url_problem(str(value)))},
    {"token": N_("Token"), "password": N_("Password")},
)
