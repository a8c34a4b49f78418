"""What no site changes: styles, catalogues, templates. Several applications of one process may share it."""

from __future__ import annotations

from dataclasses import dataclass, field

import jinja2

from runtime.text.language import Catalogues
from webui.http.staticfile import StaticFiles


@dataclass(frozen=True, slots=True)
class Stock:
    """``compiled``: keeps the code of templates; None = each application compiles those that it shows."""

    files: StaticFiles = field(default_factory=StaticFiles)
    catalogues: Catalogues = field(default_factory=Catalogues)
    compiled: jinja2.BytecodeCache | None = None
