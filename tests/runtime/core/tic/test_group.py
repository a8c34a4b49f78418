"""Groups: what is read, what is damaged."""

import pytest

from runtime.core.tic.checksum import sum_of
from runtime.core.tic.group import Group, read_group
from runtime.core.tic.label import HISTORIQUE, STANDARD


def checked(counted: bytes, separator: bytes = b" ") -> bytes:
    """A group with the right check, whatever stands in it."""
    return counted + separator + bytes([sum_of(counted if separator == b" " else counted + separator)])


def test_a_check_that_is_a_blank_is_none_the_less_one():
    assert read_group(b"PTEC HP..  ", HISTORIQUE) == Group("PTEC", b"HP..")


def test_blanks_belong_to_a_text():
    assert read_group(b"LTARF\t HEURE  CREUSE  \tK", STANDARD).datum == b" HEURE  CREUSE  "


def test_a_dated_group_has_its_moment():
    assert read_group(b"SMAXSN\tH191203032158\t05706\tB", STANDARD) == Group("SMAXSN", b"05706", b"H191203032158")


def test_a_moment_may_stand_alone():
    assert read_group(b"DATE\tE200426181830\t\tA", STANDARD) == Group("DATE", b"", b"E200426181830")


def test_a_label_that_nobody_knows_is_kept_and_not_known():
    assert read_group(checked(b"NEWONE 12 34"), HISTORIQUE) == Group("NEWONE", b"12 34", is_known=False)


@pytest.mark.parametrize(
    ("body", "mode"),
    [
        (b"PAPP 00481 -", HISTORIQUE),  # the check
        (b"PAPP 00480 ", HISTORIQUE),
        (b"", HISTORIQUE),
        (checked(b"PAPP 0048p"), HISTORIQUE),  # a digit with the bit that the check does not see
        (checked(b"PAPP 0480"), HISTORIQUE),
        (checked(b"papp 00480"), HISTORIQUE),
        (checked(b"PAPP"), HISTORIQUE),
        (checked(b"NEW\x01 12"), HISTORIQUE),
        (checked(b"NEWONE 1\x012"), HISTORIQUE),
        (checked(b"PAPP 00480"), STANDARD),
        (checked(b"SMAXSN\t05706", b"\t"), STANDARD),  # without its moment
        (checked(b"SMAXSN\tH191303032158\t05706", b"\t"), STANDARD),  # of a thirteenth month
    ],
)
def test_what_is_damaged_is_refused(body, mode):
    with pytest.raises(ValueError):
        read_group(body, mode)
