"""A Bot API as its public documentation has it (core.telegram.org/bots/api): updates, messages, refusals."""

from __future__ import annotations

import json
import threading
from collections import deque
from typing import Any

TOKEN = "123456:AAE-secret"


class BotApi:
    """``write`` plays somebody who writes to the bot; ``refuses`` are answers that the next calls of a method get."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, str]] = []
        self.offsets: list[int] = []
        self.refuses: dict[str, deque[tuple[int, dict[str, Any] | bytes]]] = {}
        self._updates: list[dict[str, Any]] = []
        self._something = threading.Condition()

    def write(self, chat: int, text: str | None, name: str = "Ada", kind: str = "private") -> None:
        with self._something:
            message: dict[str, Any] = {
                "message_id": len(self._updates) + 1, "date": 1, "chat": {"id": chat, "type": kind},
                "from": {"id": chat, "is_bot": False, "first_name": name, "username": name.lower()},
            }  # fmt: skip
            if text is not None:
                message["text"] = text
            self._updates.append({"update_id": 1000 + len(self._updates), "message": message})
            self._something.notify_all()

    def refuse(self, method: str, number: int, description: str, **parameters: Any) -> None:
        answer: dict[str, Any] = {"ok": False, "error_code": number, "description": description}
        if parameters:
            answer["parameters"] = parameters
        self.refuses.setdefault(method, deque()).append((number, answer))

    def __call__(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        _, bot, method = path.split("/")
        asked = json.loads(body) if body else {}
        if bot != f"bot{TOKEN}":
            return self._answer(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
        if self.refuses.get(method):
            return self._answer(*self.refuses[method].popleft())
        return self._answer(200, {"ok": True, "result": getattr(self, f"_{method}")(asked)})

    @staticmethod
    def _answer(status: int, content: dict[str, Any] | bytes) -> tuple[int, dict[str, str], bytes]:
        given = content if isinstance(content, bytes) else json.dumps(content).encode()
        return status, {"Content-Type": "application/json"}, given

    def _getUpdates(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        offset = asked["offset"]
        with self._something:
            self.offsets.append(offset)
            self._something.wait_for(lambda: self._from(offset), timeout=asked.get("timeout", 0))
            return self._from(offset)

    def _from(self, offset: int) -> list[dict[str, Any]]:
        return [update for update in self._updates if update["update_id"] >= offset]

    def _sendMessage(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert isinstance(asked["chat_id"], int) and 1 <= len(asked["text"].encode("utf-16-le")) // 2 <= 4096
        self.sent.append((asked["chat_id"], asked["text"]))
        return {"message_id": len(self.sent)}
