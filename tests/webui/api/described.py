"""Answers held against the description of the API."""

from __future__ import annotations

import re
from typing import Any

import jsonschema

from runtime.core.site.resources import RESOURCES
from tests.webui.stage import Answer
from webui.api.openapi import describe_api

DOCUMENT = describe_api(RESOURCES)


def validator(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({**schema, "components": DOCUMENT["components"]})


def operation(path: str, method: str = "get") -> dict[str, Any]:
    wanted = path.partition("?")[0]
    matching = [
        operations[method]
        for known, operations in DOCUMENT["paths"].items()
        if method in operations and re.fullmatch(re.sub(r"\{\w+\}", r"[0-9]+", known), wanted)
    ]
    assert len(matching) == 1, f"{method} {wanted} is described {len(matching)} times"
    found: dict[str, Any] = matching[0]
    return found


def checked(answer: Answer, path: str, method: str = "get") -> Answer:
    """The same answer, when its status and its JSON are as described."""
    responses = operation(path, method.lower())["responses"]
    assert str(answer.status) in responses, f"{method} {path} answered {answer.status}: {answer.text}"
    content = responses[str(answer.status)].get("content")
    if content is not None:
        validator(content["application/json"]["schema"]).validate(answer.json)
    return answer
