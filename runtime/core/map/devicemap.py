"""A device map: what one kind of device tells and where. Data, read from a TOML table and checked as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from runtime.core.map.check import check_derived, check_rows
from runtime.core.map.commandrow import CommandRow, check_commands, read_commands
from runtime.core.map.devicemodel import DeviceModel
from runtime.core.map.markers import Marker, read_markers
from runtime.core.map.row import read_band, read_rows
from runtime.core.modbus.identification import IdentificationProbe
from runtime.core.modbus.registers import (
    BIT_SPACES,
    MAX_BITS,
    MAX_WORDS,
    SPACES,
    TEXT,
    TYPES,
    Derived,
    Field,
    Probe,
    RegisterType,
    ScaleBand,
)
from runtime.core.modbus.request import MODBUS
from runtime.core.quantity.catalogue import QUANTITIES
from runtime.core.text.tomltable import Table, nearest
from runtime.errors import ConfigError, Fault

__all__ = ["TYPES", "Derived", "DeviceMap", "Field", "Probe", "RegisterType", "ScaleBand", "parse_map"]

KEYS = (
    "id", "title", "maker", "models", "source", "agreement", "trust", "note", "extends", "drop", "aliases", "space",
    "word_order", "byte_order", "max_words", "gap_words", "breaks", "invalid", "bands", "identify", "field", "derive",
    "command", "interface_stride", "side_stride", "beside",
)  # fmt: skip
TRUSTS = ("published", "field", "provisional")
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DERIVATIONS = ("sum", "mean", "ratio")


@dataclass(frozen=True, slots=True)
class DeviceMap:
    """One kind of device.

    source      document the rows were taken from, with revision and page where known
    agreement   how several sources agree, or where they differ
    trust       "published" by the maker, proven in the "field" by others, or "provisional"
    space       where rows stand that do not say so themselves: holding, input, coil, discrete
    word_order  "big" = most significant word first; byte_order the same for the bytes of a word
    max_words   most registers in one read
    gap_words   most undeclared registers that a read may pass over; None = any
    breaks      addresses that no read crosses: a new read starts there
    identify    reads that tell this kind of device from others
    identifications  what of its identification by function 43/14 does the same, one of them is enough; a variant
                has its own
    commands    what may be written to it
    interface_stride  behind an EMS interface that is addressed remotely, the address on the wire is that of the device
                + (interface - 1) x stride; 0 = it cannot stand there
    side_stride  how far the registers of the right side of a two-sided device lie behind those of the left; 0 = each
                side is a device with an address of its own
    beside      maps of what it may share an address with: a meter that is read through an inverter
    """

    id: str
    title: str
    maker: str
    source: str
    trust: str
    fields: tuple[Field, ...]
    derived: tuple[Derived, ...] = ()
    models: tuple[str, ...] = ()
    note: str = ""
    agreement: str = ""
    space: str = "holding"
    word_order: str = "big"
    byte_order: str = "big"
    max_words: int = MAX_WORDS
    gap_words: int | None = None
    breaks: tuple[int, ...] = ()
    identify: tuple[Probe, ...] = ()
    identifications: tuple[IdentificationProbe, ...] = ()
    aliases: tuple[str, ...] = ()
    bands: tuple[tuple[str, ScaleBand], ...] = ()
    commands: tuple[CommandRow, ...] = ()
    interface_stride: int = 0
    side_stride: int = 0
    beside: tuple[str, ...] = ()

    @property
    def protocol(self) -> str:
        return MODBUS

    @property
    def measured(self) -> tuple[str, ...]:
        """Quantities that it tells, in order."""
        return tuple(field.quantity for field in self.fields if field.role == "value")


def register_maps(models: Mapping[str, DeviceModel]) -> dict[str, DeviceMap]:
    """Those that are read from registers, by id."""
    return {id: found for id, found in models.items() if isinstance(found, DeviceMap)}


def parse_map(table: Mapping[str, Any], *, file: str, parent: Callable[[str], DeviceMap] | None = None) -> DeviceMap:
    """The map that a TOML table tells. Decimals stay exact when it was parsed with ``parse_float=Decimal``.

    file    name for messages
    parent  gives the map named by ``extends``; KeyError(id, hint) when there is none
    raises  ConfigError with every fault at once, keys like ``field[3].at``, rows numbered from 1
    """
    faults: list[Fault] = []
    head = Table(table, "", file, faults)
    head.refuse_unknown(KEYS)
    head.require("id", "title", "source", "trust")
    base = _base(head, parent)
    plain = replace(_apply_head(head, base), fields=(), derived=(), commands=())
    rows = _rows(head, base, plain)
    derived = _derivations(head, base, tuple(field.quantity for field, _ in rows))
    check_rows(rows, plain.breaks, plain.max_words)
    commands = _commands(head, base, plain, {field.quantity: field for field, _ in rows})
    if not rows and "field" not in head and "extends" not in head:
        head.fault("field", "is missing", "a map has at least one row")
    if faults:
        raise ConfigError(faults)
    return replace(plain, fields=tuple(field for field, _ in rows), derived=derived, commands=commands)


def _base(head: Table, parent: Callable[[str], DeviceMap] | None) -> DeviceMap:
    """What the map starts from: its parent, else an empty map."""
    empty = DeviceMap("", "", "", "", "", ())
    if "extends" not in head:
        if "drop" in head:
            head.fault("drop", "there is nothing to drop without extends")
        return empty
    id = head.text("extends")
    if parent is None:
        head.fault("extends", "there is nothing to extend here")
        return empty
    try:
        found = parent(id)
    except KeyError as missing:
        hint = missing.args[1] if len(missing.args) > 1 else ""
        head.fault("extends", f"there is no map {id!r}", hint or "the parent is built in or stands in the same folder")
        return empty
    dropped = head.listed("drop", str)
    present = [field.quantity for field in found.fields] + [row.quantity for row in found.derived]
    for quantity in dropped:
        if quantity not in present:
            head.fault("drop", f"{id} has no {quantity!r}", nearest(quantity, present))
    return replace(
        found,
        fields=tuple(field for field in found.fields if field.quantity not in dropped),
        derived=tuple(row for row in found.derived if row.quantity not in dropped),
        aliases=(),
        models=(),
        note="",
        identify=() if "identify" in head else tuple(probe for probe in found.identify if not probe.optional),
        identifications=(),
    )


def is_id(text: str) -> bool:
    return len(text) <= 48 and ID.fullmatch(text) is not None


def _apply_head(head: Table, base: DeviceMap) -> DeviceMap:
    aliases = head.listed("aliases", str)
    for key, id in [("id", head.text("id")), *(("aliases", alias) for alias in aliases)]:
        if id and not is_id(id):
            head.fault(key, f"{id!r} is no id", "small letters, digits and single dashes, at most 48")
    space = head.word("space", SPACES, base.space)
    most = MAX_BITS if space in BIT_SPACES else MAX_WORDS
    breaks = head.listed("breaks", int)
    return replace(
        base,
        id=head.text("id"),
        title=head.text("title"),
        maker=head.text("maker", base.maker),
        models=head.listed("models", str),
        source=head.text("source"),
        agreement=head.text("agreement"),
        trust=head.word("trust", TRUSTS),
        note=head.text("note"),
        space=space,
        word_order=head.word("word_order", ("big", "little"), base.word_order),
        byte_order=head.word("byte_order", ("big", "little"), base.byte_order),
        max_words=head.integer("max_words", 1, most, base.max_words) or most,
        gap_words=head.integer("gap_words", 0, most, base.gap_words),
        breaks=tuple(sorted(breaks)) if "breaks" in head else base.breaks,
        identify=tuple(_probes(head, space)) or base.identify,
        identifications=tuple(_identifications(head)),
        aliases=aliases,
        bands=(*base.bands, *_bands(head)),
        interface_stride=head.integer("interface_stride", 0, 247, base.interface_stride) or 0,
        side_stride=head.integer("side_stride", 0, 0xFFFF, base.side_stride) or 0,
        beside=head.listed("beside", str) or base.beside,
    )


def _bands(head: Table) -> list[tuple[str, ScaleBand]]:
    named = head.table("bands")
    read = [(name, read_band(named.table(name))) for name in named.rows]
    return [(name, band) for name, band in read if band is not None]


def _identifications(head: Table) -> list[IdentificationProbe]:
    """The rows of ``identify`` that name a vendor."""
    probes = []
    for row in head.tables("identify"):
        if "vendor" not in row:
            continue
        row.refuse_unknown(("vendor", "product"))
        products = row.listed("product", str) if row.require("product") else ()
        if not products or not all(text.strip() for text in products):
            row.fault("product", "names nothing", "what the product code, name or model name begins with")
        probes.append(IdentificationProbe(row.text("vendor"), products))
    return probes


def _probes(head: Table, space: str) -> list[Probe]:
    """The rows of ``identify`` that name a register."""
    probes = []
    for row in head.tables("identify"):
        if "vendor" in row:
            continue
        row.refuse_unknown(("space", "at", "type", "words", "equals", "optional"))
        if not row.require("at", "type", "equals"):
            continue
        type_name = row.word("type", (*[name for name, kind in TYPES.items() if not kind.real], TEXT))
        words = TYPES[type_name].words if type_name in TYPES else row.integer("words", 1, MAX_WORDS)
        if words is None:
            row.fault("words", "is missing", "a text takes two characters a word")
        equals = row.listed("equals", str if type_name == TEXT else int)
        at = row.integer("at", 0, 0xFFFF)
        if at is not None and words is not None and type_name:
            optional = row.flag("optional", False)
            probes.append(Probe(row.word("space", SPACES, space), at, type_name, words, equals, optional))
    return probes


def _rows(head: Table, base: DeviceMap, plain: DeviceMap) -> list[tuple[Field, Table | None]]:
    """The map's fields with the rows they came from; an own row replaces the inherited one of its quantity."""
    markers: dict[str, Sequence[Marker]] = {}
    table = head.table("invalid")
    for name, given in table.rows.items():
        if name not in TYPES:
            table.fault(name, "is no type of number", nearest(name, TYPES))
        else:
            markers[name] = read_markers(table, name, given if isinstance(given, list) else [given], TYPES[name])
    own: list[tuple[Field, Table | None]] = []
    bands = dict(plain.bands)
    for row in head.tables("field"):
        own += [(field, row) for field in read_rows(row, plain.space, markers, bands)]
    replaced = {field.quantity for field, _ in own}
    return [(field, None) for field in base.fields if field.quantity not in replaced] + own


def _commands(head: Table, base: DeviceMap, plain: DeviceMap, fields: Mapping[str, Field]) -> tuple[CommandRow, ...]:
    """An own row replaces the inherited one of its name; what can no longer be read back is not inherited."""
    place = plain.space, plain.word_order, plain.byte_order
    own = [(read, row) for row in head.tables("command") for read in read_commands(row, place, fields)]
    check_commands(own)
    replaced = {command.name for command, _ in own}
    kept = (row for row in base.commands if row.name not in replaced and (not row.read_back or row.read_back in fields))
    return (*kept, *(command for command, _ in own))


def _derivations(head: Table, base: DeviceMap, measured: tuple[str, ...]) -> tuple[Derived, ...]:
    own = []
    for row in head.tables("derive"):
        row.refuse_unknown(("quantity", *_DERIVATIONS))
        how = [key for key in _DERIVATIONS if key in row]
        if len(how) != 1:
            row.fault("", "wants one of sum, mean or ratio")
            continue
        id = row.text("quantity") if row.require("quantity") else ""
        parts = row.listed(how[0], str)
        if id and id not in QUANTITIES:
            row.fault("quantity", f"{id!r} is no quantity", nearest(id, QUANTITIES))
        elif id and check_derived(row, Derived(id, how[0], parts), measured):
            own.append(Derived(id, how[0], parts))
    replaced = {row.quantity for row in own}
    kept = [row for row in base.derived if row.quantity not in replaced and set(row.parts) <= set(measured)]
    return (*kept, *own)
