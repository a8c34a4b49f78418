"""The check characters of groups that others published."""

import pytest

from runtime.core.tic.checksum import counted_of, is_right, sum_of
from tests.tic import BURST, HOURS, LINKY, SINGLE, TEMPO, THREE, bodies

GROUPS = [body for typed in (HOURS, TEMPO, BURST, THREE, LINKY, *SINGLE) for body in bodies(typed)]


@pytest.mark.parametrize("body", GROUPS, ids=lambda body: body[:8].decode())
def test_every_published_group_has_the_check_that_its_mode_wants(body):
    historique = b"\t" not in body
    assert is_right(body, historique=historique)
    assert not is_right(body, historique=not historique)


def test_the_last_separator_counts_in_the_mode_standard_alone():
    assert counted_of(b"PEJP 30 R", historique=True) == b"PEJP 30"
    assert counted_of(b"RELAIS\t001\tC", historique=False) == b"RELAIS\t001\t"


def test_a_sum_is_a_printable_character():
    assert sum_of(b"\x40") == 0x20 and sum_of(b"\x3f") == 0x5F


@pytest.mark.parametrize("body", [b"", b" ", b"A "])
def test_what_is_too_short_is_never_right(body):
    assert not is_right(body, historique=True)
