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


# As electricians write: a maker, a trade name, an order code, a number in any writing.
WANTED = {
    "4-120-45": "4 120 45", "412045": "4 120 45", " 4 120  45": "4 120 45", "eco 2.0": "wallbe-eco",
    "ECO2.0": "wallbe-eco", "em24": "gavazzi-em24", "carlo gavazzi em24": "gavazzi-em24", "SDM 630": "eastron-sdm630",
    "sdm-630": "eastron-sdm630", "Heidelberg": "heidelberg-energy-control", "keba p30": "keba-p30",
    "wallbe": "wallbe-eco", "em 24": "gavazzi-em24", "EM24-DIN": "gavazzi-em24", "EM24DINAV93XISX": "gavazzi-em24",
    "carlo gavazzi em 340 din av2": "gavazzi-em340", "EM111DINAV81XS1X": "gavazzi-em112", "ET112": "gavazzi-em112",
    "et 340": "gavazzi-et340", "IEM3155": "schneider-iem3155", "iem 3255": "schneider-iem3155",
    "A9MEM3155": "schneider-iem3155", "METSEPM5110": "schneider-pm5000", "pm 5320": "schneider-pm5000",
    "METSEPM3255": "schneider-pm3250", "4.120.51": "legrand-412051", "f4 n200": "legrand-412051",
    "412052": "legrand-412052", "sdm630 modbus v2": "eastron-sdm630", "SDM72D-M": "eastron-sdm72dm",
    "sdm120m": "eastron-sdm120", "goe charger": "go-e-charger", "go-e charger": "go-e-charger",
    "go e gemini": "go-e-charger", "kecontact": "keba-p40", "bmw wallbox": "keba-p30",
    "heidelberg wallbox": "heidelberg-energy-control", "fronius symo": "fronius-inverter",
    "primo gen24": "fronius-inverter", "fronius smart meter": "fronius-meter", "sma tripower": "sma-inverter",
    "solaredge se10k": "solaredge-inverter", "sun2000-10ktl-m1": "huawei-sun2000", "luna2000": "huawei-sun2000",
    "sungrow sh10rt": "sungrow-sh", "sg10rt": "sungrow-sg", "goodwe et": "goodwe-et", "growatt min": "growatt-tl",
    "plenticore plus 10": "kostal-plenticore", "victron multiplus": "victron-vebus", "alfen single pro": "alfen-eve",
    "abl emh1": "abl-emh1", "webasto unite": "vestel-evc04", "amtron compact 2.0s": "mennekes-amtron-compact",
    "charx sec-3100": "phoenix-charx", "evlink pro ac": "schneider-evlink-pro-ac", "terra ac": "abb-terra-ac",
    "b24 112-100": "abb-b23", "umg96 rm": "janitza-umg96rm", "umg604 pro": "janitza-umg604",
    "sentron pac3200": "siemens-pac3200", "7KM2112-0BA00-3AA0": "siemens-pac3200", "7km2200": "siemens-pac2200",
    "countis e24": "socomec-c702", "diris a20": "socomec-c650", "hager ecr 380": "hager-ecr380d",
    "or-we-517": "orno-we516", "pro 380 mod": "inepro-pro380", "finder 7E.78": "finder-7e",
    "dmg 610": "lovato-dmg610", "dsz15dzmod": "eltako-dsz15", "ksem": "sunspec-20x", "dtsu 666": "chint-dtsu666",
    "Wechselrichter SH10RT": "sungrow-sh",
}  # fmt: skip


def test_the_likeliest_stands_first(found: Any) -> None:
    assert len(WANTED) >= 60
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
    assert found("zzyzx 9000", "--", "", "SB240 em2") == [[], [], [], []]
