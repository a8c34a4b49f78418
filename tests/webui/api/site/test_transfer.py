"""The installation as a file over HTTP."""

import pytest

from runtime.store.env import open_store
from tests.webui.api.described import operation, validator
from tests.webui.edited import EditedSite, codes

PATH = "/api/v1/installation"
NEW = """
[[load]]
name = "Ovens"

[[device]]
name = "Kiln"
gateway = 1
unit = 77
model = "eastron-sdm120"
load = "Ovens"
"""


@pytest.fixture
def site(tmp_path):
    store = open_store(tmp_path)
    yield EditedSite(store)
    store.close()


def take_in(site, content, query=""):
    answer = site.post_text(PATH + query, content)
    schema = operation(PATH, "post")["responses"][str(answer.status)]["content"]["application/json"]["schema"]
    validator(schema).validate(answer.json)
    return answer


def test_what_was_given_out_can_be_taken_in_and_changes_nothing(site):
    answer = site.get(PATH)
    assert answer.headers["Content-Type"] == "application/toml"
    assert take_in(site, answer.text, "?replace=1").json == {"dry": False, "changes": []}


def test_a_dry_run_tells_what_would_change_and_changes_nothing(site):
    before = site.installation
    told = take_in(site, NEW, "?dry=1").json
    assert {(each["kind"], each["name"], each["action"]) for each in told["changes"]} == {
        ("load", "Ovens", "added"), ("device", "Kiln", "added"),
    }  # fmt: skip
    assert site.installation is before
    assert take_in(site, NEW).json["changes"] == told["changes"]
    assert site.installation.devices[-1].name == "Kiln"
    assert site.trail.last().source == "file"


def test_replacing_erases_what_the_file_does_not_name_but_for_what_always_stays(site):
    file = '[[gateway]]\nname = "New"\nurl = "tcp://10.1.1.1"\n'
    assert take_in(site, file, "?replace=1").status == 200
    assert [(gateway.name, gateway.local) for gateway in site.installation.gateways] == [
        ("New", False),
        ("Local", True),
    ]
    assert site.installation.devices == ()
    assert len(site.installation.loads) == 6


@pytest.mark.parametrize("query", ["", "?dry=1", "?replace=1"])
def test_a_file_with_mistakes_is_refused_with_all_of_them(site, query):
    before = site.installation
    refusal = take_in(site, '[[load]]\nname = "a\\u0007"\n[[device]]\nunit = 300\n', query)
    assert refusal.status == 422
    assert {code for _, code in codes(refusal)} >= {"name_unprintable", "out_of_range"}
    assert site.installation is before


def test_what_is_no_toml_says_where(site):
    assert "line 1" in take_in(site, "[nonsense\n").json["error"]["message"]


def test_a_change_can_be_taken_back_as_any_other(site):
    before = site.installation
    take_in(site, NEW)
    site.send("POST", "/api/v1/undo", {})
    assert site.installation.devices == before.devices
