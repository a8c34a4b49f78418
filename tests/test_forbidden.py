"""What no source of ours may do, whatever it is good for elsewhere."""

from __future__ import annotations

import ast
import functools
import re
from configparser import ConfigParser

from tests.sources import PRODUCT, ROOT, nodes, paths, place

FOLDERS = (*PRODUCT, "packaging")
MODULES = {"pickle", "cPickle", "shelve", "marshal", "dill", "yaml", "jsonpickle"}
FLAWED = {  # modules with flaws in releases that the product runs on
    "http.cookies", "http.client", "http.server", "http.cookiejar", "urllib.request", "tarfile", "zipfile", "email",
    "html.parser", "wsgiref", "plistlib", "xml.dom.minidom", "xml.sax", "imaplib", "poplib", "smtplib", "ftplib",
    "asyncore", "cgi", "mailcap",
}  # fmt: skip
SERVING = {"runtime", "drivers", "actors", "webui"}
RUNNING = {"eval", "exec", "compile", "__import__"}
TEMPLATING = {"template", "SimpleTemplate", "Template"}  # of a text: only files are templates
SHELLS = {"system", "popen", "getoutput", "getstatusoutput"}


def of_kind(kind: type[ast.AST]) -> list[tuple[str, ast.AST]]:
    """All nodes of a kind, each with its place."""
    return [
        (place(path, node), node)
        for top in FOLDERS
        for path in paths(top)
        for node in nodes(path)
        if isinstance(node, kind)
    ]


@functools.cache
def calls() -> list[tuple[str, str, str, ast.Call]]:
    """(place, what it is called on, its name, the call)"""
    told = []
    for where, node in of_kind(ast.Call):
        assert isinstance(node, ast.Call)
        if isinstance(node.func, ast.Attribute):
            told.append((where, getattr(node.func.value, "id", "?"), node.func.attr, node))
        else:
            told.append((where, "", getattr(node.func, "id", ""), node))
    return told


WRITING = {("runtime/store/export/datadownload.py", "zipfile")}  # files of ours, nobody else's are opened


def test_no_source_runs_what_it_was_given() -> None:
    """No pickle, no eval, no template made of a text; signed cookies of Bottle are pickles too."""
    plain = [(where, {alias.name.partition(".")[0] for alias in node.names}) for where, node in of_kind(ast.Import)]  # type: ignore[attr-defined]
    given = [(where, {(node.module or "").partition(".")[0]}) for where, node in of_kind(ast.ImportFrom)]  # type: ignore[attr-defined]
    assert len(plain) > 100
    assert not [where for where, modules in (*plain, *given) if modules & MODULES]
    assert not [where for where, on, name, _ in calls() if not on and name in RUNNING | TEMPLATING]
    assert not [where for where, _, name, _ in calls() if name == "from_string"]
    signed = [
        where
        for where, _, name, call in calls()
        if name in ("get_cookie", "set_cookie") and "secret" in {word.arg for word in call.keywords}
    ]
    assert not signed


def test_no_source_uses_what_older_releases_of_python_have_flaws_in() -> None:
    """docs/security.md says so: then what is known against them concerns nobody here."""
    imported = {
        (where, name)
        for where, node in (*of_kind(ast.Import), *of_kind(ast.ImportFrom))
        for name in (
            [alias.name for alias in node.names]  # type: ignore[attr-defined]
            if isinstance(node, ast.Import)
            else [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]  # type: ignore[attr-defined]
        )
    }
    used = [(where, name) for where, name in imported if name in FLAWED and where.split("/")[0] in SERVING]
    assert {(where.partition(":")[0], name) for where, name in used} <= WRITING
    for where, _, name, call in calls():
        if name == "ZipFile" and where.split("/")[0] in SERVING:  # its flaws are in what it reads
            assert [argument.value for argument in call.args[1:2]] == ["w"], where
    assert not [where for where, on, name, _ in calls() if name == "expandvars"]


def test_no_command_goes_through_a_shell() -> None:
    shelled = [
        where
        for where, _, _, call in calls()
        if any(word.arg == "shell" and getattr(word.value, "value", True) is not False for word in call.keywords)
    ]
    assert not shelled
    assert not [where for where, on, name, _ in calls() if on in ("os", "subprocess") and name in SHELLS]


def test_no_pattern_is_made_of_what_users_wrote() -> None:
    """Each regular expression stands in the source, or is made of what does; what is put into one is escaped."""
    made = []
    for where, on, name, call in calls():
        if on == "re" and name != "escape" and call.args:
            escaped = {id(each) for inner in ast.walk(call.args[0]) if _is_escape(inner) for each in ast.walk(inner)}
            loose = {
                each.id for each in ast.walk(call.args[0]) if isinstance(each, ast.Name) and id(each) not in escaped
            }
            made += [where] * any(not word.isupper() for word in loose)
    assert not made


def _is_escape(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "escape"


def test_templates_escape_what_they_show() -> None:
    assert "autoescape=True" in (ROOT / "webui/pages/frame/environment.py").read_text(encoding="utf-8")
    unsafe = [path.name for path in (ROOT / "webui/templates").rglob("*.html") if "| safe" in path.read_text("utf-8")]
    assert not unsafe


def test_every_part_of_a_release_is_pinned() -> None:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    lines = config["options"]["install_requires"].split("\n")
    wanted = {re.split(r"[ ~=<>\[]", line)[0].lower() for line in lines if line}
    pinned = {line.partition("==")[0].lower() for line in (ROOT / "constraints.txt").read_text().split()}
    assert wanted and wanted <= pinned
