"""How the API answers: JSON, and nothing that a browser would take for a page."""

from __future__ import annotations

import json
from typing import Any

import bottle

JSON = {"Content-Type": "application/json"}


def json_answer(value: Any, status: int = 200) -> bottle.HTTPResponse:
    return bottle.HTTPResponse(json.dumps(value, ensure_ascii=False, separators=(",", ":")), status, JSON)
