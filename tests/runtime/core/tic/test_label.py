"""Labels of both modes."""

import pytest

from runtime.core.tic.label import HISTORIQUE, LABELS, STANDARD


def test_both_modes_have_all_labels_of_their_documents():
    assert (len(LABELS[HISTORIQUE]), len(LABELS[STANDARD])) == (36, 71)


@pytest.mark.parametrize(
    ("mode", "label", "unit"),
    [(HISTORIQUE, "PAPP", "VA"), (HISTORIQUE, "BBRHPJR", "Wh"), (STANDARD, "EASF10", "Wh"), (STANDARD, "PREF", "kVA"),
     (STANDARD, "ERQ4", "varh"), (STANDARD, "CCAIN-1", "W")],
)  # fmt: skip
def test_a_label_knows_the_unit_of_its_number(mode, label, unit):
    assert LABELS[mode][label].unit == unit


@pytest.mark.parametrize(
    ("mode", "label", "right", "wrong"),
    [
        (HISTORIQUE, "BASE", b"00111775", b"0011177p"),
        (HISTORIQUE, "PTEC", b"HPJR", b"HPJX"),
        (HISTORIQUE, "OPTARIF", b"BBR(", b"BBRA"),
        (STANDARD, "STGE", b"003A0001", b"003A000G"),
        (STANDARD, "LTARF", b" HEURE  CREUSE  ", b"HEURE CREUSE"),
        (STANDARD, "DATE", b"", b"0"),
    ],
)
def test_a_datum_of_another_shape_is_none(mode, label, right, wrong):
    shape = LABELS[mode][label].shape
    assert shape.fits(right) and not shape.fits(wrong)
