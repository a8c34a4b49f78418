"""The installation as TOML: read and checked as a whole, merged into what is there, written back.

A load matches by id, then by name, adds the rest and deletes only when told to; an id is never given twice.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from runtime.core.edit.billingfile import merge_billing, rule_table, tariff_table
from runtime.core.site.billingschema import RULE, TARIFF
from runtime.core.site.defaults import mark_predefined, name_all, with_lasting
from runtime.core.site.installation import BoardSpec, DeviceSpec, GatewaySpec, GroupSpec, Installation, LoadSpec
from runtime.core.site.schema import (
    BOARD,
    DEVICE,
    GATEWAY,
    GROUP,
    KINDS,
    LOAD,
    SITE,
    Row,
    missing_keys,
    read_rows,
    read_site,
)
from runtime.core.validation.device import Known
from runtime.core.validation.installation import check
from runtime.errors import ConfigError, Fault

__all__ = ["Known", "dump", "load", "parse_toml"]


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """raises  ConfigError with the line that is not TOML"""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([Fault(file, "", f"not valid TOML: {error}", "see toml.io for the format")]) from None


def load(text: str, file: str, current: Installation, known: Known, *, replace_all: bool = False) -> Installation:
    """The installation that results from loading ``text`` into ``current``; nothing is changed in place.

    raises  ConfigError with every fault at once
    """
    table = parse_toml(text, file)
    faults: list[Fault] = []
    site = read_site(table, file, faults)
    rows = {kind.word: read_rows(table, kind, file, faults) for kind in KINDS}
    tariffs, rules = (read_rows(table, kind, file, faults) for kind in (TARIFF, RULE))
    if faults:
        raise ConfigError(faults)
    numbered, used = _number(rows, current)
    billing = merge_billing(current, tariffs, rules, file, faults, replace_all=replace_all)
    merged = _merge(current, site, numbered, used | billing.used, file, faults, replace_all=replace_all)
    merged = replace(merged, tariffs=billing.tariffs, former_tariffs=billing.former_tariffs, rules=billing.rules)
    check(merged, known, file, _positions(numbered), faults)
    if faults:
        raise ConfigError(faults)
    return merged


def _number(rows: Mapping[str, list[Row]], current: Installation) -> tuple[dict[str, list[Row]], dict[str, int]]:
    """Give every row its id: the one it states, else that of the same name, else the next never used."""
    used = dict(current.used)
    numbered: dict[str, list[Row]] = {}
    for kind in KINDS:
        present = {spec.name: spec.id for spec in getattr(current, kind.plural)}
        stated = [row.values["id"] for row in rows[kind.word] if "id" in row.values]
        highest = max([used.get(kind.word, 0), *present.values(), *stated], default=0)
        numbered[kind.word] = []
        for row in rows[kind.word]:
            id = row.values.get("id") or present.get(row.values.get("name", ""))
            if id is None:
                highest += 1
                id = highest
            numbered[kind.word].append(Row(row.place, {**row.values, "id": id}))
        used[kind.word] = highest
    return numbered, used


def _merge(
    current: Installation,
    site: Mapping[str, Any],
    rows: Mapping[str, list[Row]],
    used: dict[str, int],
    file: str,
    faults: list[Fault],
    *,
    replace_all: bool,
) -> Installation:
    ids = _ids_by_name(current, rows, replace_all=replace_all)
    specs: dict[str, dict[int, Any]] = {}
    for kind in KINDS:
        kept = {} if replace_all else {spec.id: spec for spec in getattr(current, kind.plural)}
        for row in rows[kind.word]:
            values = _resolve_names(row, ids, file, faults)
            before = kept.get(values["id"])
            missing = [] if before else missing_keys(row, kind, file)
            faults += missing
            if not missing:
                kept[values["id"]] = replace(before, **values) if before else kind.build(values)
        specs[kind.plural] = kept
    whole = replace(
        current,
        version=current.version + 1,
        **site,
        gateways=tuple(specs["gateways"].values()),
        devices=tuple(specs["devices"].values()),
        loads=tuple(specs["loads"].values()),
        groups=tuple(specs["groups"].values()),
        boards=tuple(specs["boards"].values()),
        used=used,
    )
    whole = replace(whole, loads=mark_predefined(whole.loads))
    return name_all(with_lasting(current, whole) if replace_all else whole)


def _ids_by_name(
    current: Installation, rows: Mapping[str, list[Row]], *, replace_all: bool
) -> dict[str, dict[str, int]]:
    names: dict[str, dict[str, int]] = {}
    for kind in KINDS:
        known = {} if replace_all else {spec.name: spec.id for spec in getattr(current, kind.plural)}
        known.update({row.values["name"]: row.values["id"] for row in rows[kind.word] if row.values.get("name")})
        names[kind.word] = known
    return names


def _resolve_names(row: Row, ids: Mapping[str, Mapping[str, int]], file: str, faults: list[Fault]) -> dict[str, Any]:
    """Names of gateways, loads and groups turned into ids."""
    values = dict(row.values)

    def number(kind: str, key: str, given: object) -> int:
        if isinstance(given, int):
            return given
        if given not in ids[kind]:
            hint = "the names in use: " + (", ".join(sorted(ids[kind])) or "none")
            faults.append(Fault(file, f"{row.place}.{key}", f"there is no {kind} named {given!r}", hint))
        return ids[kind].get(str(given), 0)

    for key in ("board", "gateway", "load"):
        if key in values:
            values[key] = number(key, key, values[key])
    if "groups" in values:
        values["groups"] = tuple(number("group", "groups", given) for given in values["groups"])
    return values


def _positions(rows: Mapping[str, list[Row]]) -> dict[tuple[str, int], str]:
    return {(kind, row.values["id"]): row.place for kind, listed in rows.items() for row in listed}


def dump(installation: Installation) -> str:
    """The installation as TOML; a load of it gives the same installation."""
    blocks = [_table("[site]", SITE, installation)]
    for kind, specs in (
        (BOARD, installation.boards),
        (GATEWAY, installation.gateways),
        (DEVICE, installation.devices),
        (LOAD, installation.loads),
        (GROUP, installation.groups),
    ):
        blocks += [_table(f"[[{kind.word}]]", kind, spec) for spec in specs]
    blocks += [_written("[[tariff]]", tariff_table(tariff)) for tariff in installation.tariffs]
    blocks += [_written("[[rule]]", rule_table(rule)) for rule in installation.rules]
    return "\n\n".join(blocks) + "\n"


def _table(
    head: str, kind: Any, spec: Installation | BoardSpec | GatewaySpec | DeviceSpec | LoadSpec | GroupSpec
) -> str:
    lines = [head]
    for key, rule in kind.keys.items():
        value = getattr(spec, rule.field or key)
        if value != rule.default:
            lines.append(f"{key} = {_toml(value)}")
    return "\n".join(lines)


def _written(head: str, table: Mapping[str, object]) -> str:
    return "\n".join([head, *(f"{key} = {_toml(value)}" for key, value in table.items())])


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_toml(str(key))} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return '"' + "".join(_ESCAPES.get(char) or _visible(char) for char in str(value)) + '"'


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _visible(char: str) -> str:
    return char if char >= " " and char != "\x7f" else f"\\u{ord(char):04x}"
