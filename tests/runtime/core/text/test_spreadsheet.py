import pytest

from runtime.core.text.spreadsheet import spreadsheet_text


@pytest.mark.parametrize("text", ["=1+1", "+x", "-x", "@x", "\tx", "\r=x"])
def test_what_a_spreadsheet_would_compute_is_a_text(text):
    assert spreadsheet_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["7 Oven", "", " =x", "Été"])
def test_whatever_else_stays_as_it_is(text):
    assert spreadsheet_text(text) == text
