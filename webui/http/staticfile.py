"""Styles, scripts and pictures: read once, compressed once, cached by browsers until they change."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import bottle

from webui.http.errors import not_found
from webui.http.permission import PUBLIC, Route, needs

FOLDER = Path(__file__).parents[1] / "static"
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
_FOR_EVER = "public, max-age=31536000, immutable"


class StaticFiles:
    """Serves ``folder`` at /static/REVISION/…; the revision names the files' state, so links change when they do."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        found = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
        self._files = {str(path.relative_to(folder)): path for path in found}
        self.revision = _revision(self._files.items())
        self._read = lru_cache(maxsize=128)(_read)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._files)

    def url(self, name: str) -> str:
        return f"/static/{self.revision}/{name}"

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/static/<revision>/<name:path>", self.serve)
        yield Route("GET", "/favicon.ico", self.icon)

    @needs(PUBLIC)
    def serve(self, revision: str, name: str) -> bottle.HTTPResponse:
        path = self._files.get(name)  # only names found at start: no path ever reaches the disk
        if path is None:
            raise not_found("file")
        plain, packed = self._read(path)
        headers = {
            "Content-Type": _TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream",
            "Cache-Control": _FOR_EVER if revision == self.revision else "no-cache",
            "Vary": "Accept-Encoding",
        }
        if packed and "gzip" in bottle.request.get_header("Accept-Encoding", ""):
            return bottle.HTTPResponse(packed, headers={**headers, "Content-Encoding": "gzip"})
        return bottle.HTTPResponse(plain, headers=headers)

    @needs(PUBLIC)
    def icon(self) -> bottle.HTTPResponse:
        return self.serve(self.revision, "img/mark.svg")


def _revision(files: Iterable[tuple[str, Path]]) -> str:
    stamps = "".join(f"{name}\0{path.stat().st_size}\0{path.stat().st_mtime_ns}\n" for name, path in files)
    return hashlib.blake2s(stamps.encode(), digest_size=5).hexdigest()


def _read(path: Path) -> tuple[bytes, bytes]:
    """(plain, gzip); gzip is empty where it does not pay."""
    plain = path.read_bytes()
    packed = gzip.compress(plain, mtime=0) if path.suffix in _TYPES else b""
    return plain, packed if len(packed) < len(plain) else b""
