"""A new configured thing is one row of the registry: everything that deals with what is configured walks it."""

from dataclasses import dataclass, replace
from pathlib import Path

import jsonschema
import pytest

from runtime.core.edit import edits
from runtime.core.edit.installationfile import dump, load
from runtime.core.resource.key import Key, id_key, name_key, reference_key
from runtime.core.resource.reference import IN_USE, Reference
from runtime.core.resource.resource import Resource
from runtime.core.site.defaults import complete
from runtime.core.site.diff import changes_between, undo_changes
from runtime.core.site.grouping import GROUP
from runtime.core.site.installation import as_record, from_record
from runtime.core.site.resources import RESOURCES
from runtime.core.text.naming import a_name
from runtime.errors import ConfigError, StoreError
from runtime.store.env import open_store
from runtime.store.object.site import installation_of
from tests.webui.edited import CHECKER, EditedSite, codes
from tests.webui.stage import installation as usual
from webui.api.openapi import describe_api


@dataclass(frozen=True, slots=True)
class RecipientSpec:
    """Who is told of a group's alarms."""

    id: int
    name: str
    mail: str
    group: int = 0


RECIPIENT = Resource(
    "recipient",
    "recipients",
    RecipientSpec,
    {"id": id_key(), "name": name_key(), "mail": Key((str,), problem=a_name), "group": reference_key()},
    references=(Reference("group", "group", held=IN_USE),),
)
# everything below is what the row gets for nothing

WIDER = RESOURCES.extended(RECIPIENT)
SITE = complete(replace(usual(), resources=WIDER))
DOCUMENT = describe_api(WIDER)
ALICE = {"name": "Alice", "mail": "alice@example.org", "group": 1}


@pytest.fixture
def site(tmp_path):
    store = open_store(tmp_path)
    yield EditedSite(store, SITE)
    store.close()


def as_described(answer, path, method):
    responses = DOCUMENT["paths"][path][method]["responses"]
    schema = responses[str(answer.status)]["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(answer.json)
    return answer


def test_it_is_added_changed_erased_and_each_change_is_told_field_by_field():
    added = edits.add(RECIPIENT, ALICE)(SITE)
    assert added.of(RECIPIENT) == (RecipientSpec(1, "Alice", "alice@example.org", 1),)
    changed = edits.patch(RECIPIENT, 1, {"group": None})(added)
    (change,) = changes_between(added, changed)
    assert (change.kind, change.action, change.fields) == ("recipient", "changed", {"group": (1, 0)})
    erased = edits.erase(RECIPIENT, 1)(changed)
    assert not erased.of(RECIPIENT) and edits.add(RECIPIENT, ALICE)(erased).of(RECIPIENT)[0].id == 2
    assert changes_between(SITE, undo_changes(added, changes_between(SITE, added))) == ()


def test_it_is_kept_as_a_record_and_a_program_without_the_row_says_so():
    added = edits.add(RECIPIENT, ALICE)(SITE)
    assert from_record(as_record(added), WIDER) == added
    with pytest.raises(ValueError, match="recipients"):
        from_record(as_record(added))


def test_it_is_dumped_and_loaded_with_names_for_numbers():
    known = CHECKER.known
    told = '[[recipient]]\nname = "Alice"\nmail = "alice@example.org"\ngroup = "North"\n'
    loaded = load(told, "site.toml", SITE, known)
    assert loaded.of(RECIPIENT) == (RecipientSpec(1, "Alice", "alice@example.org", 1),)
    assert load(dump(loaded), "site.toml", SITE, known, replace_all=True).of(RECIPIENT) == loaded.of(RECIPIENT)
    with pytest.raises(ConfigError, match="there is no group named 'South'"):
        load(told.replace("North", "South"), "site.toml", SITE, known)


def test_it_is_served_with_list_etag_and_refusals_that_name_the_field(site):
    many, one = "/api/v1/recipients", "/api/v1/recipients/{id}"
    made = as_described(site.send("POST", many, ALICE), many, "post")
    assert (made.status, made.json["id"], made.json["group"]) == (201, 1, 1)
    assert as_described(site.get(many), many, "get").json == [made.json]
    read = as_described(site.get(f"{many}/1"), one, "get")
    assert read.headers["Etag"] == f'"{made.json["etag"]}"'
    changed = as_described(site.patch(f"{many}/1", {"mail": "al@example.org"}, made.json["etag"]), one, "patch")
    assert (changed.status, changed.json["mail"]) == (200, "al@example.org")
    assert as_described(site.patch(f"{many}/1", {"mail": "x"}, made.json["etag"]), one, "patch").status == 409
    refusal = as_described(site.send("POST", many, {"name": "", "group": 7, "page": 1, "id": 3}), many, "post")
    assert (refusal.status, codes(refusal)) == (422, [("id", "key_fixed"), ("page", "key_unknown")])
    assert codes(site.send("POST", many, {"name": ""})) == [("mail", "missing"), ("name", "name_missing")]
    assert codes(site.send("POST", many, {**ALICE, "name": "Bob", "group": 7})) == [("group", "group_unknown")]
    assert codes(site.send("POST", many, ALICE)) == [("name", "name_taken")]
    assert as_described(site.get(f"{many}/1", "DELETE"), one, "delete").status == 200
    assert as_described(site.get(f"{many}/1"), one, "get").status == 404


def test_what_it_refers_to_stays_while_it_does_or_lets_go_of_it(site):
    site.send("POST", "/api/v1/recipients", ALICE)
    refusal = site.get("/api/v1/groups/1", "DELETE")
    assert (refusal.status, codes(refusal)) == (422, [("", "in_use")])
    site.patch("/api/v1/recipients/1", {"group": None})
    assert site.get("/api/v1/groups/1", "DELETE").status == 200
    loose = replace(RECIPIENT, references=(Reference("group", "group"),))
    tree = edits.add(loose, ALICE)(replace(SITE, resources=RESOURCES.extended(loose)))
    assert edits.erase(GROUP, 1)(tree).of(loose)[0].group == 0


def test_it_is_audited_undone_and_there_after_a_restart(site):
    site.send("POST", "/api/v1/recipients", ALICE)
    (change,) = site.get("/api/v1/audit").json[0]["changes"]
    assert (change["kind"], change["name"], change["fields"]["group"]) == (
        "recipient",
        "Alice",
        {"before": None, "after": 1},
    )
    assert installation_of(site.store, WIDER).of(RECIPIENT)[0].name == "Alice"
    with pytest.raises(StoreError) as refused:
        installation_of(site.store)
    assert refused.value.code == "store_newer"
    assert site.send("POST", "/api/v1/undo", {}).status == 200
    assert site.get("/api/v1/recipients").json == []


def test_the_page_of_the_file_counts_it(site):
    assert "<dt>recipients</dt><dd>0</dd>" in site.get("/setup/transfer").text


def test_its_row_is_short():
    written = Path(__file__).read_text(encoding="utf-8")
    row = written[written.index("@dataclass(frozen=True") : written.index("# everything below")]
    assert len(row.splitlines()) <= 40
