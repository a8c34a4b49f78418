"""What must hold for an installation as a whole, whoever edited it (SYS-1, SYS-4, SYS-9, SYS-10, SYS-12, SYS-13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.core.resource.resource import Report, Resource
from runtime.core.site.defaults import WITHOUT_LOCAL
from runtime.core.site.installation import EDITIONS, DeviceSpec, GatewaySpec, Installation
from runtime.core.source.scheme import NETWORK, SERIAL, location_of, name_of, scheme_of
from runtime.core.validation.charging import check_charging
from runtime.core.validation.device import Known, check_address, check_device
from runtime.core.validation.label import check_addresses
from runtime.errors import Facts, Fault

WITH_EQ_CHECK = ("32", "unlimited")  # editions (SYS-13)

Places = Mapping[tuple[str, int], str]


def check(whole: Installation, known: Known, file: str, places: Places, faults: list[Fault]) -> None:
    """Append every fault found. ``places`` says where in the file an object stands, for the messages."""

    def report(kind: str, id: int, key: str, code: str, message: str, hint: str = "", facts: Facts = ()) -> None:
        place = places.get((kind, id), f"{kind} {id}" if id else kind)
        faults.append(Fault(file, f"{place}.{key}", message, hint, code, kind, id, key, facts))

    for resource in whole.resources.edited:
        _check_references(resource, whole, report)
    for gateway in whole.gateways:
        _check_gateway(gateway, whole, known, report)
    _check_lines(whole, known, report)
    _check_local(whole, known, report)
    schemes = {gateway.id: scheme_of(gateway.url, known.schemes) for gateway in whole.gateways}
    for device in whole.devices:
        if device.gateway in schemes:
            check_address(device, schemes[device.gateway], known, report)
        check_device(device, known, report)
    check_addresses(whole.devices, known.kinds, report)
    check_charging(whole, known.abilities, report)
    _check_edition(whole, report)
    for resource in whole.resources.edited:
        _check_names(resource, whole, report)
        resource.check(whole, report)


def _check_references(resource: Resource[Any], whole: Installation, report: Report) -> None:
    for reference in (reference for reference in resource.references if not reference.unseen):
        other, none = whole.resources.named(reference.to), () if resource.is_needed(reference) else (0,)
        there = {spec.id for spec in whole.of(other)} | {*none}
        for spec in whole.of(resource):
            numbers = reference.numbers(spec) or (() if reference.many else (0,))
            for number in (number for number in numbers if number not in there):
                report(resource.word, spec.id, reference.key, other.unknown, f"there is no {other.word} {number}")


def _check_gateway(gateway: GatewaySpec, whole: Installation, known: Known, report: Report) -> None:
    if name_of(gateway.url) not in known.schemes:
        hint = "a URL starts with one of: " + ", ".join(f"{each}://" for each in sorted(known.schemes))
        report("gateway", gateway.id, "url", "scheme_unknown", f"{gateway.url[:80]!r} has no known scheme", hint)
    if gateway.eq_device:
        _check_eq_device(gateway, whole, known, report)


def _check_lines(whole: Installation, known: Known, report: Report) -> None:
    """SYS-4: what is asked at one time over two lines answers the one with what the other asked."""
    first: dict[tuple[str, str], GatewaySpec] = {}
    for gateway in whole.gateways:
        scheme = scheme_of(gateway.url, known.schemes)
        if scheme.is_heard or not scheme.form:
            continue
        url = gateway.url.lower() if scheme.form == NETWORK else gateway.url
        where = location_of(url, scheme.default_port)
        other = first.setdefault((scheme.form, where), gateway)
        if other is not gateway:
            message = f"{where} is that of gateway {other.name!r}"
            facts = (("name", other.name),)
            report("gateway", gateway.id, "url", "line_taken", message, "put its devices behind that gateway", facts)


def _check_eq_device(gateway: GatewaySpec, whole: Installation, known: Known, report: Report) -> None:
    """SYS-6: one of its own devices, with THD, in an edition that has the check."""
    device = whole.device(gateway.eq_device)
    if device is None or device.gateway != gateway.id:
        message = f"device {gateway.eq_device} is not behind this gateway"
        report("gateway", gateway.id, "eq_device", "eq_device_elsewhere", message)
    elif known.thd is not None and device.model not in known.thd:
        message = f"{device.name!r} does not measure THD"
        report("gateway", gateway.id, "eq_device", "eq_device_without_thd", message, "choose a device with THD")
    if whole.edition not in WITH_EQ_CHECK:
        message = f"edition {whole.edition} has no check of the energy quality"
        report("gateway", gateway.id, "eq_device", "edition_without_eq", message)


def _check_local(whole: Installation, known: Known, report: Report) -> None:
    """SYS-2, SYS-13: at most one, on a serial port, none in the edition without RS485."""
    local = [gateway for gateway in whole.gateways if gateway.local]
    for gateway in local[1:]:
        report("gateway", gateway.id, "local", "local_doubled", "there is a Local gateway already")
    for gateway in local:
        if scheme_of(gateway.url, known.schemes).form != SERIAL:
            message = "the Local gateway stands for the machine's own serial port"
            report("gateway", gateway.id, "url", "local_fixed", message)
        if whole.edition in WITHOUT_LOCAL:
            message = f"edition {whole.edition} has no Local gateway, and this one has devices"
            report("site", 0, "edition", "edition_without_local", message, "move or erase its devices first")


def addresses(whole: Installation) -> int:
    """Modbus addresses and pulse counters in use, as editions count them."""
    return len({_count_order(device) for device in whole.devices})


def _count_order(device: DeviceSpec) -> tuple[int, int, int, int]:
    return device.gateway, device.unit, device.interface, device.position


def _check_edition(whole: Installation, report: Report) -> None:
    """SYS-13: so many Modbus addresses or pulse counters; each side of a station with two addresses has its own."""
    most = EDITIONS.get(whole.edition, 0)
    if not most:
        return
    seen: set[tuple[int, ...]] = set()
    for device in whole.devices:
        seen.add(_count_order(device))
        if len(seen) > most:
            message = f"edition {whole.edition} takes {most} Modbus addresses or pulse counters"
            report("device", device.id, "unit", "edition_full", message)
            return


def _check_names(resource: Resource[Any], whole: Installation, report: Report) -> None:
    """Of those that have one."""
    if "name" not in resource.keys:
        return
    word, first = resource.word, dict[tuple[object, str], int]()
    for spec in whole.of(resource):
        among = getattr(spec, resource.names_within) if resource.names_within else ""
        taken = first.setdefault((among, spec.name), spec.id)
        if not spec.name:
            report(word, spec.id, "name", "name_missing", "has no name")
        elif taken != spec.id:
            report(word, spec.id, "name", "name_taken", f"{spec.name!r} is taken by {word} {taken}", "names are unique")
