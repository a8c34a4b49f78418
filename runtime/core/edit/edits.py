"""Edits of an installation: pure functions from the newest tree to the next, made from what a person or program asks.

An edit is made before the newest tree is known and applied to whatever tree is newest then. It refuses with a
ConfigError what it cannot do; what must hold for the whole is looked at afterwards (``installationrules``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from runtime.core.site.defaults import WITHOUT_LOCAL, name_all, next_id, translate_loads, with_local
from runtime.core.site.installation import Installation
from runtime.core.site.schema import BOARD, DEVICE, GATEWAY, GROUP, LOAD, SITE, Row, Table, check_row, missing_keys
from runtime.core.source.scheme import with_scheme
from runtime.core.text.naming import normalise_text
from runtime.errors import ConfigError, Fault

Edit = Callable[[Installation], Installation]

KINDS: Mapping[str, Table] = MappingProxyType({kind.word: kind for kind in (BOARD, GATEWAY, LOAD, GROUP, DEVICE)})
FIXED: Mapping[str, tuple[str, ...]] = MappingProxyType(  # nobody sets these by an edit of one object
    {
        "board": ("id",),
        "gateway": ("id", "local"),
        "load": ("id", "predefined"),
        "group": ("id",),
        "device": ("id", "trial_until_ts"),
    }
)
MOST_ID = 9999
_TEXTS = ("name", "description", "url")


def add(kind: str, values: Mapping[str, Any]) -> Edit:
    """Raises ConfigError at once for values that no tree could take."""
    taken, rules = _values(kind, values, 0), KINDS[kind]
    if kind == "device":
        taken.setdefault("model", "")  # a forgotten one is shown as "configuration error"
    faults = missing_keys(Row(kind, taken), rules, "edit")
    if kind not in ("gateway", "device") and not taken.get("name"):
        faults = [_fault(kind, 0, "name", "name_missing", "needs a name")]
    if faults:
        raise ConfigError(faults)

    def edit(current: Installation) -> Installation:
        id = next_id(kind, current, current.used)
        if id > MOST_ID - (kind == "load"):  # 9999 is never given to a load
            raise ConfigError([_fault(kind, 0, "id", "ids_exhausted", f"all {MOST_ID} numbers were given")])
        spec = rules.build({**taken, "id": id})
        listed = (*getattr(current, rules.plural), spec)
        return name_all(_with(current, kind, listed, used={**current.used, kind: id}))

    return edit


def patch(kind: str, id: int, values: Mapping[str, Any]) -> Edit:
    """Change some fields of an object; None means "as if it had not been told"."""
    taken = _values(kind, values, id)
    plural = KINDS[kind].plural

    def edit(current: Installation) -> Installation:
        spec = find_object(current, kind, id)
        if kind == "gateway" and spec.local and taken.get("url", spec.url) != spec.url:
            message = "the address of the Local gateway is fixed; its serial port is among the Modbus settings"
            raise ConfigError([_fault(kind, id, "url", "local_fixed", message)])
        changed = replace(spec, **taken)
        listed = tuple(changed if each is spec else each for each in getattr(current, plural))
        edited = _with(current, kind, listed)
        return name_all(_without_eq(edited, id, behind=changed.gateway) if kind == "device" else edited)

    return edit


def erase(kind: str, id: int) -> Edit:
    """Away with it for ever; its number is not given again, and what was recorded stays."""

    def edit(current: Installation) -> Installation:
        spec = find_object(current, kind, id)
        _refuse_to_erase(current, kind, spec)
        plural = KINDS[kind].plural
        kept = tuple(each for each in getattr(current, plural) if each is not spec)
        return _forgotten(_with(current, kind, kept), kind, id)

    return edit


def settings(values: Mapping[str, Any]) -> Edit:
    """Change settings of the site; keys as in the [site] table of a file."""
    faults: list[Fault] = []
    tidied = {
        key: normalise_text(value) if key == "name" and isinstance(value, str) else value
        for key, value in values.items()
    }
    taken = check_row("site", _fill_defaults(tidied, SITE), SITE, "edit", faults)
    if taken.get("name") == "":
        faults.append(_fault("site", 0, "name", "name_missing", "needs a name"))
    if faults:
        raise ConfigError(faults)
    fields = {SITE.keys[key].field or key: value for key, value in taken.items()}

    def edit(current: Installation) -> Installation:
        changed = replace(current, **fields)
        if changed.language != current.language:
            changed = translate_loads(changed, current.language)
        return changed if changed.edition == current.edition else _of_edition(changed)

    return edit


def find_object(current: Installation, kind: str, id: int) -> Any:
    """The object, or ConfigError not_found."""
    spec = next((each for each in getattr(current, KINDS[kind].plural) if each.id == id), None)
    if spec is None:
        raise ConfigError([_fault(kind, id, "", "not_found", f"there is no {kind} {id}")])
    return spec


def _with(current: Installation, kind: str, listed: Iterable[Any], **others: Any) -> Installation:
    return replace(current, **{KINDS[kind].plural: tuple(listed), **others})


def _values(kind: str, values: Mapping[str, Any], id: int) -> dict[str, Any]:
    """Checked and put right one by one."""
    rules = KINDS[kind]
    faults = [_fault(kind, id, key, "key_fixed", f"{key} cannot be set here") for key in values if key in FIXED[kind]]
    wanted = {
        key: normalise_text(value) if key in _TEXTS and isinstance(value, str) else value
        for key, value in values.items()
        if key not in FIXED[kind]
    }
    taken = check_row(kind, _fill_defaults(wanted, rules), rules, "edit", faults, id)
    for key in ("gateway", "load", "board"):
        if key in taken and not isinstance(taken[key], int):
            faults.append(_fault(kind, id, key, "type_wrong", f"{taken[key]!r:.80} is not a number"))
    if "groups" in taken:
        taken["groups"] = tuple(dict.fromkeys(taken["groups"]))
        if not all(isinstance(group, int) for group in taken["groups"]):
            faults.append(_fault(kind, id, "groups", "type_wrong", "groups are told by their numbers"))
    if taken.get("url"):
        taken["url"] = with_scheme(taken["url"])
    if faults:
        raise ConfigError(faults)
    return taken


def _fill_defaults(values: Mapping[str, Any], rules: Table) -> dict[str, Any]:
    """None becomes what holds when nothing is told."""
    return {
        key: rules.keys[key].default if value is None and key in rules.keys and _has_default(rules, key) else value
        for key, value in values.items()
    }


def _has_default(rules: Table, key: str) -> bool:
    return isinstance(rules.keys[key].default, bool | int | str | tuple | dict)


def _refuse_to_erase(current: Installation, kind: str, spec: Any) -> None:
    if kind == "gateway" and spec.local:
        raise ConfigError(
            [_fault(kind, spec.id, "", "local_kept", "the Local gateway can be switched off, not erased")]
        )
    if kind == "gateway" and (there := len(current.devices_of(spec.id))):
        message = f"{there} devices are behind it"
        raise ConfigError([_fault(kind, spec.id, "", "gateway_has_devices", message, "erase or move them first")])
    if kind == "load" and spec.predefined:
        message = "a predefined load can be disabled, not erased"
        raise ConfigError([_fault(kind, spec.id, "", "load_predefined", message)])


def _forgotten(current: Installation, kind: str, id: int) -> Installation:
    """Nothing refers to what was erased."""
    if kind == "load":
        devices = tuple(replace(each, load=0) if each.load == id else each for each in current.devices)
        return replace(current, devices=devices)
    if kind == "group":
        devices = tuple(
            replace(each, groups=tuple(group for group in each.groups if group != id)) if id in each.groups else each
            for each in current.devices
        )
        return replace(current, devices=devices)
    if kind == "board":
        gateways = tuple(replace(each, board=0) if each.board == id else each for each in current.gateways)
        return replace(current, gateways=gateways)
    return _without_eq(current, id) if kind == "device" else current


def _without_eq(current: Installation, device: int, *, behind: int = 0) -> Installation:
    """The device is not checked any more, but by the gateway that it is ``behind``."""
    if all(each.eq_device != device or each.id == behind for each in current.gateways):
        return current
    gateways = (
        replace(each, eq_device=0) if each.eq_device == device and each.id != behind else each
        for each in current.gateways
    )
    return replace(current, gateways=tuple(gateways))


def _of_edition(current: Installation) -> Installation:
    """The Local gateway goes with an edition that has none; one with devices stays, and a rule refuses the edition."""
    if current.edition not in WITHOUT_LOCAL:
        return with_local(current)
    kept = tuple(each for each in current.gateways if not each.local or current.devices_of(each.id))
    return replace(current, gateways=kept)


def _fault(kind: str, id: int, field: str, code: str, message: str, hint: str = "") -> Fault:
    place = f"{kind} {id}" if id else kind
    return Fault("edit", f"{place}.{field}" if field else place, message, hint, code, kind, id, field)
