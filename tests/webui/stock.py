"""One stock of words and templates for all the applications that the tests build: none of them changes it."""

from __future__ import annotations

import jinja2
from jinja2.bccache import Bucket

from webui.pages.frame.stock import Stock


class CompiledTemplates(jinja2.BytecodeCache):
    """Keeps each template's code as it is; a template that changed has another checksum."""

    def __init__(self) -> None:
        self.compiled: dict[tuple[str, str], Bucket] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        found = self.compiled.get((bucket.key, bucket.checksum))
        if found is not None:
            bucket.code = found.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.compiled[bucket.key, bucket.checksum] = bucket


STOCK = Stock(compiled=CompiledTemplates())
