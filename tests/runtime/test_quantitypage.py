from pathlib import Path

from runtime.quantitypage import page


def test_the_page_of_quantities_is_that_of_the_catalogue():
    written = Path(__file__).parents[2] / "docs" / "quantities.md"
    assert written.read_text(encoding="utf-8") == page()
