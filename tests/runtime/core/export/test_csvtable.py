import pytest

from runtime.core.export.csvtable import cost_text, energy_text, remark


@pytest.mark.parametrize(
    ("n", "text"), [(0, "0"), (1234, "1,234"), (-1_500, "-1,5"), (2000, "2"), (5, "0,005"), (-5, "-0,005")]
)
def test_energy_is_exact_in_the_sign_of_the_format(n, text):
    assert energy_text(n, ",") == text
    assert energy_text(n, ".") == text.replace(",", ".")


def test_costs_are_exact_too():
    assert cost_text(250_000_000_001, ".") == "0.250000000001"


def test_a_remark_names_what_is_estimated_and_what_is_missing():
    assert remark([3, 7], [9]) == "estimated: 3 7; missing: 9"
    assert remark([], []) == ""
