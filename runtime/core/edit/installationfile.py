"""The installation as TOML: read and checked as a whole, merged into what is there, written back.

A load matches by id, then by name, adds the rest and deletes only when told to; an id is never given twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from runtime.core.edit.filemerge import File, merge_rows, number_rows, positions
from runtime.core.resource.schema import read_rows, read_table, refuse_unknown_tables
from runtime.core.site.defaults import mark_predefined, name_all, with_lasting
from runtime.core.site.installation import Installation
from runtime.core.site.settings import SITE
from runtime.core.text.tomlfile import Faults, parse_toml
from runtime.core.text.tomlvalue import toml_value
from runtime.core.validation.device import Known
from runtime.core.validation.installation import check
from runtime.errors import ConfigError

__all__ = ["Known", "dump", "load", "load_table"]


def load(text: str, file: str, current: Installation, known: Known, *, replace_all: bool = False) -> Installation:
    """The installation that results from loading ``text`` into ``current``; nothing is changed in place.

    raises  ConfigError with every fault at once, up to a hundred
    """
    return load_table(parse_toml(text, file), file, current, known, replace_all=replace_all)


def load_table(
    table: Mapping[str, Any], file: str, current: Installation, known: Known, *, replace_all: bool = False
) -> Installation:
    """The same of a text that was parsed: what takes long is done before the owner of the installation is asked."""
    faults = Faults()
    resources = current.resources.edited
    refuse_unknown_tables(table, [SITE.word, *(resource.word for resource in resources)], file, faults)
    site = read_table(table, SITE, file, faults)
    rows = {resource.word: read_rows(table, resource, file, faults, resource.unique) for resource in resources}
    if faults:
        raise ConfigError(faults)
    numbered, used = number_rows(rows, current)
    merged = merge_rows(replace(current, used=used), numbered, File(file, replace_all, faults))
    merged = replace(merged, version=current.version + 1, loads=mark_predefined(merged.loads), **site)
    merged = name_all(with_lasting(current, merged) if replace_all else merged)
    check(merged, known, file, positions(numbered, merged), faults)
    if faults:
        raise ConfigError(faults)
    return merged


def dump(installation: Installation) -> str:
    """The installation as TOML; a load of it gives the same installation."""
    settings = {key: getattr(installation, rule.field or key) for key, rule in SITE.keys.items()}
    blocks = [_block("[site]", {key: value for key, value in settings.items() if value != SITE.keys[key].default})]
    for resource in installation.resources.edited:
        blocks += [_block(f"[[{resource.word}]]", resource.describe(spec)) for spec in installation.of(resource)]
    return "\n\n".join(blocks) + "\n"


def _block(head: str, table: Mapping[str, object]) -> str:
    return "\n".join([head, *(f"{key} = {toml_value(value)}" for key, value in table.items())])
