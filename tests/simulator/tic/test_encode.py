"""The encoder makes the telegrams that others published."""

from simulator.tic.encode import historique, standard, with_parity
from tests.tic import HOURS, LINKY, TEMPO, sent
from tests.tic import with_parity as expected


def split(typed, separator):
    """Label, moment and datum of each group, without its check."""
    return [tuple(line[:-2].split(separator)) for line in typed.split("\n")]


def test_telegrams_are_those_of_real_meters():
    assert historique(split(HOURS, " ")) == sent(HOURS)
    assert historique(split(TEMPO, " ")) == sent(TEMPO)
    assert standard(split(LINKY, "~")) == sent(LINKY)


def test_parity_is_even():
    assert with_parity(sent(TEMPO)) == expected(sent(TEMPO))
