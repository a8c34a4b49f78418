"""Texts in a CSV file, which a spreadsheet opens."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def spreadsheet_text(text: str) -> str:
    """A cell that a spreadsheet would compute stays a text."""
    return f"'{text}" if text[:1] in _FORMULA else text
