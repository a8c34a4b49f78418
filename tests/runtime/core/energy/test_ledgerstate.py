from runtime.core.energy.ledgerstate import LedgerState


def test_total_and_index_differ_by_what_was_before_the_ledger_began():
    assert LedgerState(0, 5_000, 70, 0, 0).offset_n == -4_930
