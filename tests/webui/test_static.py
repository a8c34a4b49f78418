"""Styles, scripts and pictures as they are served."""

from __future__ import annotations

import re

import pytest

from webui.http.staticfile import FOLDER

CSS = FOLDER / "css"
AA = 4.5  # WCAG 2.1, 1.4.3: text of usual size
TEXTS = ("ink", "ink-soft", "ink-faint", "accent", "good", "warn", "bad")
GROUNDS = ("ground", "surface", "sunken")
PAIRS = [(text, ground) for text in TEXTS for ground in GROUNDS] + [
    ("accent-ink", "accent"), ("surface", "bad"), ("ground", "ink"), ("ink-soft", "raised"),
    *((name, f"{name}-wash") for name in ("accent", "good", "warn", "bad")),
    *(("ink-soft", f"{name}-wash") for name in ("accent", "good", "warn", "bad")),
]  # fmt: skip


def _tokens(scheme: str) -> dict[str, str]:
    text = (CSS / "token.css").read_text()
    part = text[: text.index("@media")] if scheme == "light" else text[text.rindex(':root[data-theme="dark"]') :]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", part))


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_told_from_its_ground(scheme: str) -> None:
    tokens = _tokens(scheme)
    faint = [(text, ground) for text, ground in PAIRS if _contrast(tokens[text], tokens[ground]) < AA]
    assert not faint


def test_both_ways_to_be_dark_are_the_same() -> None:
    text = (CSS / "token.css").read_text()
    by_system = text[text.index("@media") : text.rindex(':root[data-theme="dark"]')]
    assert dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", by_system)) == _tokens("dark")


def test_every_icon_that_a_template_or_script_names_is_there() -> None:
    there = set(re.findall(r'<symbol id="([\w-]+)"', (FOLDER / "img" / "icons.svg").read_text()))
    sources = [*FOLDER.parent.joinpath("templates").rglob("*.html"), *FOLDER.joinpath("js").rglob("*.js")]
    named = {name for path in sources for name in re.findall(r'\bicon\("([a-z][\w-]*[a-z])"\)', path.read_text())}
    assert len(named) > 30
    assert not named - there


def test_motion_is_left_out_for_those_who_ask() -> None:
    for path in CSS.glob("*.css"):
        moving = [line for line in path.read_text().splitlines() if re.search(r"\b(animation|transition):", line)]
        if moving:
            assert "prefers-reduced-motion: no-preference" in path.read_text(), path.name


def test_scripts_hold_no_sentences() -> None:
    """What people read comes from templates, which are translated."""
    for path in FOLDER.joinpath("js").rglob("*.js"):
        code = re.sub(r"//.*|/\*.*?\*/", "", path.read_text())
        found = re.findall(r'"([A-Z][a-z]+(?: [a-z]+){2,}[.!?]?)"', code)
        assert not found, path.name


def test_every_script_that_another_one_or_a_page_names_is_there() -> None:
    for path in FOLDER.joinpath("js").rglob("*.js"):
        named = [path.parent / name for name in re.findall(r'from "([./]+[\w/.-]+)"', path.read_text())]
        assert not [name for name in named if name.parent.name != "vendor" and not name.exists()], path.name
    pages = "".join(path.read_text() for path in FOLDER.parent.joinpath("templates").rglob("*.html"))
    assert not [name for name in re.findall(r'static\("([^"]+)"\)', pages) if not (FOLDER / name).exists()]


def test_no_rule_of_a_style_stands_twice() -> None:
    for path in CSS.glob("*.css"):
        lines = path.read_text().splitlines()
        rules = [line for line in lines if line.endswith("}") and not line.startswith((" ", "}"))]
        assert len(rules) == len(set(rules)), path.name
