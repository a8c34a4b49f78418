"""What must hold for an installation as a whole, whoever edited it (SYS-1, SYS-4, SYS-9, SYS-10, SYS-12, SYS-13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from runtime.core.site.defaults import WITHOUT_LOCAL
from runtime.core.site.installation import (
    EDITIONS,
    BoardSpec,
    DeviceSpec,
    GatewaySpec,
    GroupSpec,
    Installation,
    LoadSpec,
)
from runtime.core.source.scheme import SERIAL, name_of, scheme_of
from runtime.core.tariff.tariffs import FLUIDS, TariffSpec
from runtime.core.validation.billing import Tell, check_billing
from runtime.core.validation.device import Known, check_address, check_device
from runtime.core.validation.label import check_places
from runtime.errors import Fault

MOST_OWN_LOADS = 8
NEVER_A_LOAD = 9999  # 29999 stands for all electrical loads on the Modbus server
WITH_EQ_CHECK = ("32", "unlimited")  # editions (SYS-13)

Places = Mapping[tuple[str, int], str]
Spec = BoardSpec | GatewaySpec | DeviceSpec | LoadSpec | GroupSpec | TariffSpec


def check(whole: Installation, known: Known, file: str, places: Places, faults: list[Fault]) -> None:
    """Append every fault found. ``places`` says where in the file an object stands, for the messages."""

    def tell(kind: str, id: int, key: str, code: str, message: str, hint: str = "") -> None:
        place = places.get((kind, id), f"{kind} {id}" if id else kind)
        faults.append(Fault(file, f"{place}.{key}", message, hint, code, kind, id, key))

    for gateway in whole.gateways:
        _check_gateway(gateway, whole, known, tell)
    _check_local(whole, known, tell)
    _check_loads(whole.loads, tell)
    loads, groups = ({spec.id for spec in listed} for listed in (whole.loads, whole.groups))
    schemes = {gateway.id: scheme_of(gateway.url, known.schemes) for gateway in whole.gateways}
    for device in whole.devices:
        if device.gateway in schemes:
            check_address(device, schemes[device.gateway], known, tell)
        else:
            tell("device", device.id, "gateway", "gateway_unknown", f"there is no gateway {device.gateway}")
        check_device(device, loads, groups, known, tell)
    check_places(whole.devices, known.kinds, tell)
    _check_edition(whole, tell)
    named: list[tuple[str, Sequence[Spec]]] = [
        ("board", whole.boards),
        ("gateway", whole.gateways),
        ("device", whole.devices),
        ("load", whole.loads),
        ("group", whole.groups),
        *(("tariff", [tariff for tariff in whole.tariffs if tariff.fluid == fluid]) for fluid in FLUIDS),
    ]
    for kind, listed in named:
        _check_names(kind, listed, tell)
    check_billing(whole, tell)


def _check_gateway(gateway: GatewaySpec, whole: Installation, known: Known, tell: Tell) -> None:
    if name_of(gateway.url) not in known.schemes:
        hint = "a URL starts with one of: " + ", ".join(f"{each}://" for each in sorted(known.schemes))
        tell("gateway", gateway.id, "url", "scheme_unknown", f"{gateway.url[:80]!r} has no known scheme", hint)
    if gateway.board and all(board.id != gateway.board for board in whole.boards):
        tell("gateway", gateway.id, "board", "board_unknown", f"there is no panel board {gateway.board}")
    if gateway.eq_device:
        _check_eq_device(gateway, whole, known, tell)


def _check_eq_device(gateway: GatewaySpec, whole: Installation, known: Known, tell: Tell) -> None:
    """SYS-6: one of its own devices, with THD, in an edition that has the check."""
    device = whole.device(gateway.eq_device)
    if device is None or device.gateway != gateway.id:
        message = f"device {gateway.eq_device} is not behind this gateway"
        tell("gateway", gateway.id, "eq_device", "eq_device_elsewhere", message)
    elif known.thd is not None and device.model not in known.thd:
        message = f"{device.name!r} does not measure THD"
        tell("gateway", gateway.id, "eq_device", "eq_device_without_thd", message, "choose a device with THD")
    if whole.edition not in WITH_EQ_CHECK:
        message = f"edition {whole.edition} has no check of the energy quality"
        tell("gateway", gateway.id, "eq_device", "edition_without_eq", message)


def _check_local(whole: Installation, known: Known, tell: Tell) -> None:
    """SYS-2, SYS-13: at most one, on a serial port, none in the edition without RS485."""
    local = [gateway for gateway in whole.gateways if gateway.local]
    for gateway in local[1:]:
        tell("gateway", gateway.id, "local", "local_doubled", "there is a Local gateway already")
    for gateway in local:
        if scheme_of(gateway.url, known.schemes).form != SERIAL:
            message = "the Local gateway stands for the machine's own serial port"
            tell("gateway", gateway.id, "url", "local_fixed", message)
        if whole.edition in WITHOUT_LOCAL:
            message = f"edition {whole.edition} has no Local gateway, and this one has devices"
            tell("site", 0, "edition", "edition_without_local", message, "move or erase its devices first")


def _check_loads(loads: Sequence[LoadSpec], tell: Tell) -> None:
    """SYS-9: six predefined, eight of the user's."""
    taken: dict[str, int] = {}
    for load in loads:
        if load.id == NEVER_A_LOAD:
            tell("load", load.id, "id", "id_reserved", f"{NEVER_A_LOAD} is never given to a load")
        if load.predefined and load.predefined in taken:
            message = f"{load.predefined} is load {taken[load.predefined]} already"
            tell("load", load.id, "predefined", "predefined_doubled", message)
        taken.setdefault(load.predefined, load.id)
    for load in [load for load in loads if not load.predefined][MOST_OWN_LOADS:]:
        message = f"{MOST_OWN_LOADS} loads beside the predefined ones are the most"
        tell("load", load.id, "name", "loads_too_many", message, "erase one that is not needed")


def addresses(whole: Installation) -> int:
    """Modbus addresses and pulse counters in use, as editions count them."""
    return len({_count_order(device) for device in whole.devices})


def _count_order(device: DeviceSpec) -> tuple[int, int, int, int]:
    return device.gateway, device.unit, device.interface, device.position


def _check_edition(whole: Installation, tell: Tell) -> None:
    """SYS-13: so many Modbus addresses or pulse counters; each side of a station with two addresses has its own."""
    most = EDITIONS.get(whole.edition, 0)
    if not most:
        return
    seen: set[tuple[int, ...]] = set()
    for device in whole.devices:
        seen.add(_count_order(device))
        if len(seen) > most:
            message = f"edition {whole.edition} takes {most} Modbus addresses or pulse counters"
            tell("device", device.id, "unit", "edition_full", message)
            return


def _check_names(kind: str, listed: Sequence[Spec], tell: Tell) -> None:
    first: dict[str, int] = {}
    for spec in listed:
        if not spec.name:
            tell(kind, spec.id, "name", "name_missing", "has no name")
        elif spec.name in first:
            message = f"{spec.name!r} is taken by {kind} {first[spec.name]}"
            tell(kind, spec.id, "name", "name_taken", message, "names are unique")
        first.setdefault(spec.name, spec.id)
