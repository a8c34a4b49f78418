"""The way back to the page that somebody came from: a path of this server and nothing else."""

from __future__ import annotations

NOWHERE = ("/login", "/logout", "/welcome", "/confirm", "/api/", "/language/")


def return_path(path: str, default: str = "/") -> str:
    """``path`` if it leads to a page of this server, else ``default``."""
    return path if is_local(path) and not path.startswith(NOWHERE) else default


def is_local(path: str) -> bool:
    """Nothing that a browser could read as another host, no control characters."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and path.isascii()
