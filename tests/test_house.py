"""The house keeps its order: tests stand where their source stands, pages of docs exist, commands are what docs say."""

import re
from pathlib import Path

import pytest

from runtime.__main__ import parser
from runtime.core.access.codes import FACTORY
from tests.conftest import BEGIN_FIRST

ROOT = Path(__file__).parent.parent
SOURCES = ("runtime", "drivers", "actors", "webui", "simulator")
MIRRORED = [path for top in SOURCES for path in sorted((ROOT / "tests" / top).rglob("test_*.py"))]
PAGES = sorted(path for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("drivers/*.md")])
LONGEST = 300  # lines
MOST_IN_A_ROOM = 15


def modules(folder: Path) -> list[str]:
    return [path.stem for path in folder.iterdir()] if folder.is_dir() else []


@pytest.mark.parametrize("test", MIRRORED, ids=lambda path: str(path.relative_to(ROOT / "tests")))
def test_a_test_stands_where_its_source_stands(test):
    folder = ROOT / test.relative_to(ROOT / "tests").parent
    name = test.stem.removeprefix("test_")
    assert any(name == stem or name.startswith(f"{stem}_") for stem in [*modules(folder), *TOPICS]), (
        f"no {name} in {folder}"
    )


TOPICS = ("pykka_contract", "howto", "main", "closed_loop")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page):
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    broken = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not broken


def test_the_readme_names_only_commands_that_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"bin/wattkeeper (\w+)", readme))
    known = set(parser()._subparsers._group_actions[0].choices)
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= known
    assert set(re.findall(r"`?make (\w+)`?", readme)) <= targets | {"sure"}


def test_the_readme_names_the_codes_of_the_demo():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("administrator", "greenUp"):
        pin, puk = FACTORY[name]
        assert f"`{pin}`" in readme and f"`{puk[:5]} {puk[5:9]} {puk[9:]}`" in readme


def test_a_room_has_at_most_fifteen_modules_and_says_what_it_is():
    rooms = {path.parent for top in SOURCES for path in (ROOT / top).rglob("*.py") if "_blueprint" not in path.parts}
    for room in rooms:
        name = str(room.relative_to(ROOT))
        held = [path for path in room.glob("*.py") if path.stem != "__init__"]
        assert len(held) <= MOST_IN_A_ROOM, name
        assert (room / "__init__.py").read_text(encoding="utf-8").startswith('"""'), name


def test_no_file_is_too_long_to_be_read():
    sources = [path for top in SOURCES for path in (ROOT / top).rglob("*.py") if "node_modules" not in path.parts]
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources
        if (lines := len(path.read_bytes().splitlines())) > LONGEST
    }
    assert not long


def test_the_files_that_begin_first_are_there():
    assert not [name for name in BEGIN_FIRST if not (ROOT / "tests" / name).is_file()]
