from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from webui.api.request.body import Fields
from webui.http.errors import RequestRefused

UTC = ZoneInfo("UTC")


def refusal(values, take) -> tuple[str, str]:
    with pytest.raises(RequestRefused) as refused:
        take(Fields(values))
    return refused.value.field, refused.value.code


def test_fields_are_taken_as_what_they_are() -> None:
    fields = Fields(
        {"name": " Ada ", "kind": "a", "count": 3, "on": True, "energy": "1.5", "day": "2026-03-29", "at": 9}
    )
    taken = (
        fields.text("name"), fields.one_of("kind", "ab"), fields.integer("count", 0, 5), fields.flag("on"),
        fields.count("energy", -3), fields.day("day").isoformat(), fields.ts("at", UTC), fields.text("none", ""),
    )  # fmt: skip
    assert taken == ("Ada", "a", 3, True, 1500, "2026-03-29", 9, "")
    fields.end()


@pytest.mark.parametrize(
    ("value", "take"),
    [
        (1, lambda f: f.text("x")),
        ("a\nb", lambda f: f.text("x")),
        ("c", lambda f: f.one_of("x", "ab")),
        (True, lambda f: f.integer("x", 0, 9)),
        (10, lambda f: f.integer("x", 0, 9)),
        ("yes", lambda f: f.flag("x")),
        (True, lambda f: f.count("x", -3)),
        ("1e400", lambda f: f.count("x", -3)),
        ("NaN", lambda f: f.count("x", -3)),
        ([1], lambda f: f.count("x", -3)),
        ("2026-13-01", lambda f: f.day("x")),
        ("some day", lambda f: f.ts("x", UTC)),
        (None, lambda f: f.text("x")),
        (1, lambda f: f.end()),
    ],
)
def test_what_does_not_fit_is_blamed_by_name(value: object, take) -> None:
    assert refusal({"x": value}, take)[0] == "x"
