import pytest

from runtime.core.site.audit import AuditEntry
from runtime.core.site.installation import Installation
from runtime.errors import StoreError
from runtime.store.env import open_store
from runtime.store.object.audit import AuditTrail
from runtime.store.object.site import installation_of, load_or_create, save_edit, save_installation


@pytest.fixture
def store(tmp_path):
    made = open_store(tmp_path)
    yield made
    made.close()


def test_a_new_folder_gets_what_each_installation_begins_with_and_keeps_it(store):
    site = load_or_create(store, 1_780_000_000)
    assert [gateway.local for gateway in site.gateways] == [True]
    assert len(site.loads) == 6
    assert load_or_create(store, 1_790_000_000) == site == installation_of(store)
    assert (AuditTrail(store).last().source, AuditTrail(store).last().ts_ms) == ("start", 1_780_000_000_000)


def test_an_installation_that_is_there_stays_as_it_is(store):
    save_installation(store, Installation())
    assert load_or_create(store, 0) == Installation()


def test_an_edit_without_a_server_is_in_the_trail(store):
    save_edit(store, Installation(version=7), AuditEntry(7, 5, "root", (), "file"))
    assert (installation_of(store).version, AuditTrail(store).last().author) == (7, "root")


def test_a_damaged_installation_is_not_taken_for_a_new_folder(store):
    save_installation(store, Installation())
    with store.writing() as txn:
        txn.put(b"installation\0now", b"nonsense of some length", db=store.tree("records"))
    with pytest.raises(StoreError) as error:
        load_or_create(store, 0)
    assert error.value.code == "store_damaged"


def test_an_installation_with_things_that_only_a_newer_program_knows_is_not_read_halfway(store):
    save_installation(store, Installation(site="Here"))
    record = store.records.get("installation", "now")
    for more in ({"outlooks": []}, {"loads": [{"id": 1, "name": "Ovens", "color": "red"}]}):
        with store.writing() as txn:
            store.records.put(txn, "installation", "now", {**record, **more})
        with pytest.raises(StoreError, match="holds what this program does not know.*(outlooks|color)") as refused:
            installation_of(store)
        assert refused.value.code == "store_newer"
