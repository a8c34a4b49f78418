from pathlib import Path

from drivers.tool.quantitypage import page


def test_the_page_of_quantities_is_that_of_the_catalogue():
    written = Path(__file__).parents[3] / "docs" / "quantities.md"
    assert written.read_text(encoding="utf-8") == page()
