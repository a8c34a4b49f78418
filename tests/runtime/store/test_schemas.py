"""A schema keeps its number for ever."""

from runtime.store.schemas import Schemas

COLUMNS = (("active_power_w", "mean"), ("active_energy_import_wh", "index"))


def test_the_same_columns_have_the_same_number_also_after_a_restart(store):
    with store.writing() as txn:
        first = Schemas(store).of(txn, COLUMNS)
        assert Schemas(store).of(txn, COLUMNS[:1]).id == first.id + 1
    with store.writing() as txn:
        again = Schemas(store).of(txn, COLUMNS)
    assert (again.id, again.columns, again.types) == (first.id, COLUMNS, "iq")


def test_a_wide_schema_is_another_one(store):
    with store.writing() as txn:
        schemas = Schemas(store)
        narrow, wide = schemas.of(txn, COLUMNS), schemas.of(txn, COLUMNS, wide=True)
    assert wide.id != narrow.id and wide.types == "qq"


def test_what_a_failed_transaction_made_is_forgotten(store):
    schemas = Schemas(store)
    try:
        with store.writing() as txn:
            schemas.of(txn, COLUMNS)
            raise KeyError
    except KeyError:
        schemas.forget()
    with store.writing() as txn:
        other = schemas.of(txn, COLUMNS[:1])
        assert schemas.of(txn, COLUMNS).id != other.id
