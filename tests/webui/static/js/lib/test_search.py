"""A device is found by what people write: run in Node.js, over all that is offered."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from runtime.plugin.plugins import load_plugins
from runtime.settings import default_plugins

SCRIPT = Path(__file__).parents[5] / "webui/static/js/lib/search.js"
MAPS = load_plugins(default_plugins()).maps
NUMBERS = [{"names": ["4 120 45", "Legrand 4 120 45"], "text": "4 120 45 Legrand", "id": "4 120 45"}]


def offered() -> list[dict[str, Any]]:
    """As ``device-model.js`` has them."""
    kinds = []
    for found in MAPS.values():
        listed = [found.title, *found.models]
        names = [found.id, *listed, *(f"{found.maker} {name}" for name in listed)]
        text = " ".join([found.id, found.maker, *listed])
        kinds.append({"names": names, "text": text, "trust": found.trust, "id": found.id})
    return NUMBERS + kinds


@pytest.fixture(scope="module")
def found() -> Any:
    """Wanted -> ids of those that fit, the likeliest first."""

    def search(*wanted: str) -> list[list[str]]:
        code = (
            f"import {{ search }} from {json.dumps(SCRIPT.as_uri())};"
            "let said = ''; for await (const part of process.stdin) said += part;"
            "const [kinds, wanted] = JSON.parse(said);"
            "console.log(JSON.stringify(wanted.map((each) => search(kinds, each).map((kind) => kind.id))));"
        )
        told = subprocess.run(
            ["node", "--input-type=module", "-e", code], input=json.dumps([offered(), wanted]), capture_output=True,
            text=True, check=True, timeout=60,
        )  # fmt: skip
        return list(json.loads(told.stdout))

    return search


WANTED = {
    "4-120-45": "4 120 45", "412045": "4 120 45", " 4 120  45": "4 120 45", "eco 2.0": "wallbe-eco",
    "ECO2.0": "wallbe-eco", "em24": "gavazzi-em24", "carlo gavazzi em24": "gavazzi-em24",
    "SDM 630": "eastron-sdm630", "sdm-630": "eastron-sdm630",
    "Heidelberg": "heidelberg-energy-control", "keba p30": "keba-p30", "wallbe": "wallbe-eco",
}  # fmt: skip


def test_the_likeliest_stands_first(found: Any) -> None:
    firsts = {wanted: ids[:1] for wanted, ids in zip(WANTED, found(*WANTED), strict=True)}
    assert firsts == {wanted: [id] for wanted, id in WANTED.items()}


def test_every_model_is_found_by_each_of_its_names_among_the_first(found: Any) -> None:
    asked = [(name, each.id) for each in MAPS.values() for name in each.models]
    late = [
        (name, id)
        for (name, id), ids in zip(asked, found(*[name for name, _ in asked]), strict=True)
        if id not in ids[:8]
    ]
    assert not late


def test_what_nobody_offers_is_not_found(found: Any) -> None:
    assert found("zzyzx 9000", "--", "") == [[], [], []]
