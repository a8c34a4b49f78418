"""Names as an attacker would choose them, taken and shown harmlessly, or refused."""

import csv
import io
import json

import pytest

from runtime.store.env import open_store
from tests.webui.edited import EditedSite

HARMLESS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><svg/onload=alert(1)>",
    "{{ 7 * 7 }}",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "'; DROP TABLE devices; --",
    "%s%n ${jndi:ldap://x}",
    "../../etc/passwd",
)
PAGES = (
    "/", "/devices", "/devices/1", "/gateways", "/consumptions", "/system", "/setup/gateways", "/setup/devices/1",
    "/setup/loads",
)  # fmt: skip
REFUSED = ("a\u202eb", "a\u200fb", "a\u2067b", "a\nb", "a\x00b", "a\x1b[31mb", "x" * 10_240)


@pytest.fixture
def site(tmp_path):
    store = open_store(tmp_path)
    yield EditedSite(store)
    store.close()


@pytest.mark.parametrize("name", HARMLESS)
def test_markup_and_formulas_are_names_and_stay_text_in_every_page(site, name):
    for path in ("/api/v1/devices/1", "/api/v1/gateways/1", "/api/v1/loads/1", "/api/v1/groups/1", "/api/v1/boards/1"):
        assert site.patch(path, {"name": name}).status == 200
    assert site.patch("/api/v1/settings", {"name": name}).status == 200
    assert site.get("/api/v1/devices/1").json["name"] == name
    for page in PAGES:
        answer = site.get(page)
        assert answer.status == 200, page
        assert not any(evil in answer.text for evil in ("<script>alert", "<img src=x", "<svg/onload")), page


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("path", ["/api/v1/devices/1", "/api/v1/gateways/1", "/api/v1/loads/1", "/api/v1/boards/1"])
def test_what_nobody_sees_is_refused_with_the_field(site, path, name):
    refusal = site.patch(path, {"name": name})
    at_the_edge = "\0" in name  # no text at all, whatever the field
    assert (refusal.status, refusal.json["error"]["field"]) == (400 if at_the_edge else 422, "name")
    assert len(refusal.body) < 1000
    assert name[:20] not in refusal.text or name.startswith("xx")


@pytest.mark.parametrize("label", REFUSED)
def test_labels_and_descriptions_are_looked_at_as_well(site, label):
    status = 400 if "\0" in label else 422
    assert site.patch("/api/v1/devices/1", {"labels": {"input_1": label}}).status == status
    assert site.patch("/api/v1/groups/1", {"description": label}).status == status
    assert site.patch("/api/v1/devices/1", {"parameters": {"note": label}}).status == status


def test_a_name_is_one_cell_of_a_table_whatever_it_holds(site):
    for name in HARMLESS:
        site.patch("/api/v1/devices/1", {"name": name})
        line = io.StringIO()
        csv.writer(line).writerow([site.get("/api/v1/devices/1").json["name"], "x"])
        assert next(csv.reader([line.getvalue()])) == [name, "x"]


def test_who_was_refused_is_not_written_down(site):
    site.patch("/api/v1/devices/1", {"name": "a\u202eb"})
    assert site.trail.last() is None


@pytest.mark.parametrize("sent", ['"{}"', 'W/"{}"', "{}", "*", ""])
def test_etags_are_taken_as_http_writes_them(site, sent):
    etag = site.get("/api/v1/loads/1").json["etag"]
    headers = {"if_match": sent.format(etag)} if sent else {}
    assert site.send("PATCH", "/api/v1/loads/1", {"on": False}, **headers).status == 200
    assert site.send("PATCH", "/api/v1/loads/1", {"on": True}, if_match='"0000"').status == 409


def test_a_huge_body_is_refused_before_it_is_read(site):
    refusal = site.post_text("/api/v1/loads", json.dumps({"name": "x" * 100_000}))
    assert (refusal.status, refusal.json["error"]["code"]) == (400, "body_wrong")


@pytest.mark.parametrize("content", ["[" * 100_000, '{"a": NaN}', "{'a': 1}", '{"name": "\\ud800"}'])
def test_what_is_hardly_json_is_refused(site, content):
    assert site.post_text("/api/v1/loads", content).status in (400, 422)
