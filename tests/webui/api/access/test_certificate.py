from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from actors.message.device import EventReported
from tests.webui.api.described import operation, validator
from tests.webui.front.authority import DAY_S, Authority, pem_of, text
from tests.webui.stage import NOW_TS, Stage
from tests.webui.stock import STOCK
from webui.app import build
from webui.front.tls.certificate import Certificates

PATH = "/api/v1/certificate"


@pytest.fixture
def secured(site: Stage, tmp_path: Path) -> Iterator[Stage]:
    """The site with HTTPS on."""
    certificates = Certificates(tmp_path, lambda: (["box"], ["192.0.2.7"]), site.clock.now_ts)
    certificates.open()
    site.bridge = replace(site.bridge, certificates=certificates)
    site.app = build(site.bridge, stock=STOCK)
    yield site


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def put(site: Stage, **body: object):
    return site.send("PUT", PATH, body)


def chain_of(authority: Authority, **dates: int) -> str:
    asked = {"from_ts": NOW_TS - DAY_S, "to_ts": NOW_TS + 90 * DAY_S} | dates
    return text(authority.leaf(**asked), authority.middle)


def test_without_https_there_is_none_and_none_can_be_given(site: Stage) -> None:
    assert site.get(PATH).json == {"https": False, "certificate": None}
    answers = [put(site, chain="x", key="y"), site.send("DELETE", PATH, {})]
    assert [(answer.status, answer.json["error"]["code"]) for answer in answers] == [(409, "certificate_off")] * 2


def test_it_tells_what_a_browser_would_show(secured: Stage) -> None:
    answer = secured.get(PATH)
    told = answer.json["certificate"]
    assert told["self_signed"] and told["names"] == ["box", "192.0.2.7"] and told["days_left"] == 825
    assert len(told["fingerprint_sha256"].split(":")) == 32
    schema = operation(PATH)["responses"]["200"]["content"]["application/json"]["schema"]
    validator(schema).validate(answer.json)
    with pytest.raises(jsonschema.ValidationError):
        validator(schema).validate(answer.json | {"more": 1})


def test_another_one_is_taken_and_told_of_with_who_did_it(secured: Stage, authority: Authority) -> None:
    answer = put(secured, chain=chain_of(authority), key=pem_of(authority.key))
    assert answer.status == 200 and answer.json["certificate"]["issuer"] == "CN=Middle"
    assert secured.get(PATH).json == answer.json
    name, event = secured.posted[-1]
    assert name == "recorder" and isinstance(event, EventReported) and event.code == "certificate_replaced"
    assert event.detail.startswith("local: CN=energy.example.org") and "PRIVATE" not in event.detail


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"key": "nonsense"}, "certificate_key_unreadable", "key"),
        ({"chain": "nonsense"}, "certificate_unreadable", "chain"),
        ({"chain": None}, "missing_parameter", "chain"),
        ({"chain": 5}, "body_wrong", "chain"),
        ({"key": "x" * 50_000}, "body_wrong", "key"),
        ({"more": 1}, "field_unknown", "more"),
    ],
)
def test_what_cannot_be_used_is_refused_and_the_old_one_stays(
    secured: Stage, authority: Authority, change: dict[str, object], code: str, field: str
) -> None:
    before = secured.get(PATH).json
    answer = put(secured, **({"chain": chain_of(authority), "key": pem_of(authority.key)} | change))
    assert answer.status == 400
    assert (answer.json["error"]["code"], answer.json["error"]["field"]) == (code, field)
    assert secured.get(PATH).json == before and not secured.posted


def test_one_of_our_own_can_be_had_instead(secured: Stage, authority: Authority) -> None:
    put(secured, chain=chain_of(authority), key=pem_of(authority.key))
    answer = secured.send("DELETE", PATH, {})
    assert answer.status == 200 and answer.json["certificate"]["self_signed"]


def test_the_key_is_told_to_nobody(secured: Stage, tmp_path: Path) -> None:
    key = (tmp_path / "certificate.pem").read_text().split("\n")[1]
    assert len(key) > 40
    assert key not in secured.get(PATH).text and key not in secured.get("/server/security").text
