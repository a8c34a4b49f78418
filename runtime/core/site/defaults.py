"""What an installation has from the start: the Local gateway, the six predefined loads, names for what has none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar

from runtime.core.resource.resource import Resource
from runtime.core.site.grouping import LOAD
from runtime.core.site.hardware import GATEWAY
from runtime.core.site.installation import PREDEFINED_LOADS, DeviceSpec, GatewaySpec, Installation, LoadSpec
from runtime.core.source.scheme import USUAL_PORT, Schemes, location_of, scheme_of, serial_url
from runtime.core.text.naming import free_name

LOCAL_NAME = "Local"
LOCAL_URL = serial_url("rtu", "/dev/ttyUSB0", 19_200, "E", 1)
LOCAL_TIMEOUT_MS = 300
LOCAL_ADDRESS = "127.0.0.1"  # as it is shown, whatever the port
WITHOUT_LOCAL = ("255",)  # editions (SYS-13)

LOAD_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "en": ("Heating", "Cooling", "Domestic hot water", "Lighting", "Sockets", "Ventilation"),
        "de": ("Heizung", "Kühlung", "Warmwasser", "Beleuchtung", "Steckdosen", "Lüftung"),
        "el": ("Θέρμανση", "Ψύξη", "Ζεστό νερό χρήσης", "Φωτισμός", "Πρίζες", "Αερισμός"),
        "es": ("Calefacción", "Refrigeración", "Agua caliente sanitaria", "Iluminación", "Enchufes", "Ventilación"),
        "fr": ("Chauffage", "Refroidissement", "Eau chaude sanitaire", "Éclairage", "Prises", "Ventilation"),
        "hu": ("Fűtés", "Hűtés", "Használati melegvíz", "Világítás", "Dugaszolóaljzatok", "Szellőztetés"),
        "it": ("Riscaldamento", "Raffrescamento", "Acqua calda sanitaria", "Illuminazione", "Prese", "Ventilazione"),
        "nl": ("Verwarming", "Koeling", "Sanitair warm water", "Verlichting", "Stopcontacten", "Ventilatie"),
        "pl": ("Ogrzewanie", "Chłodzenie", "Ciepła woda użytkowa", "Oświetlenie", "Gniazda", "Wentylacja"),
        "pt": ("Aquecimento", "Arrefecimento", "Água quente sanitária", "Iluminação", "Tomadas", "Ventilação"),
        "ru": ("Отопление", "Охлаждение", "Горячее водоснабжение", "Освещение", "Розетки", "Вентиляция"),
        "zh": ("采暖", "制冷", "生活热水", "照明", "插座", "通风"),
    }
)

S = TypeVar("S", GatewaySpec, DeviceSpec)
T = TypeVar("T", GatewaySpec, LoadSpec)


def complete(installation: Installation) -> Installation:
    """With what has to be there and is not: for the first start, and after a load into an empty folder."""
    return with_local(with_loads(installation))


def with_loads(installation: Installation) -> Installation:
    """With the predefined loads, named in the language of the site."""
    loads, used = list(mark_predefined(installation.loads)), dict(installation.used)
    names = load_names(installation.language)
    there = {load.predefined for load in loads}
    for predefined in (each for each in PREDEFINED_LOADS if each not in there):
        used[LOAD.word] = max([used.get(LOAD.word, 0), *(load.id for load in loads)]) + 1
        name = free_name(names[predefined], frozenset(load.name for load in loads), f"{names[predefined]} RT 2012")
        loads.append(LoadSpec(used[LOAD.word], name, predefined=predefined))
    return replace(installation, loads=tuple(loads), used=used)


def load_names(language: str) -> dict[str, str]:
    """Predefined load -> its name; "fr_BE" speaks French, and who speaks none of these gets English."""
    spoken = LOAD_NAMES.get(language) or LOAD_NAMES.get(language.partition("_")[0]) or LOAD_NAMES["en"]
    return dict(zip(PREDEFINED_LOADS, spoken, strict=True))


def translate_loads(installation: Installation, before: str) -> Installation:
    """Predefined loads that still bear the name of the language before get that of the site's language."""
    old, new = load_names(before), load_names(installation.language)
    taken = {load.name for load in installation.loads}
    loads = tuple(
        replace(load, name=new[load.predefined])
        if load.predefined and load.name == old[load.predefined] and new[load.predefined] not in taken
        else load
        for load in installation.loads
    )
    return replace(installation, loads=loads)


def with_local(installation: Installation) -> Installation:
    """With the Local gateway, where the edition has one."""
    if installation.edition in WITHOUT_LOCAL or any(gateway.local for gateway in installation.gateways):
        return installation
    id = next_id(GATEWAY, installation)
    taken = frozenset(gateway.name for gateway in installation.gateways)
    name = free_name(LOCAL_NAME, taken, f"{LOCAL_NAME} RS485")
    local = GatewaySpec(id, name, LOCAL_URL, timeout_ms=LOCAL_TIMEOUT_MS, local=True)
    return installation.having(GATEWAY, (*installation.gateways, local), {GATEWAY.word: id})


def with_lasting(before: Installation, after: Installation) -> Installation:
    """What is never erased stays when all else is replaced: the Local gateway and the predefined loads."""
    used, gateways, loads = dict(after.used), list(after.gateways), list(after.loads)
    if after.edition not in WITHOUT_LOCAL and not any(gateway.local for gateway in gateways):
        local = [replace(gateway, board=0, eq_device=0) for gateway in before.gateways if gateway.local]
        gateways += [_fit(GATEWAY.word, each, gateways, used) for each in local]
    there = {load.predefined for load in loads}
    for load in before.loads:
        if load.predefined and load.predefined not in there:
            loads.append(_fit(LOAD.word, load, loads, used))
    return replace(after, gateways=tuple(gateways), loads=tuple(loads), used=used)


def _fit(word: str, spec: T, others: Sequence[T], used: dict[str, int]) -> T:
    """With a number and a name that none of the others has."""
    if any(other.id == spec.id for other in others):
        used[word] = max([used.get(word, 0), *(other.id for other in others)]) + 1
        spec = replace(spec, id=used[word])
    taken = frozenset(other.name for other in others)
    return replace(spec, name=free_name(spec.name, taken, f"{spec.name} {spec.id}"))


def mark_predefined(loads: Iterable[LoadSpec]) -> tuple[LoadSpec, ...]:
    """Loads that bear the name of a predefined one are that one, unless there is one already."""
    keys = {name: key for names in LOAD_NAMES.values() for name, key in zip(names, PREDEFINED_LOADS, strict=True)}
    listed = list(loads)
    there = {load.predefined for load in listed}
    for index, load in enumerate(listed):
        key = keys.get(load.name, "")
        if key and not load.predefined and key not in there:
            listed[index] = replace(load, predefined=key)
            there.add(key)
    return tuple(listed)


def next_id(resource: Resource[Any], installation: Installation) -> int:
    """One that was never given."""
    ids: list[int] = [spec.id for spec in installation.of(resource)]
    return max([installation.used.get(resource.word, 0), *ids]) + 1


def name_all(installation: Installation) -> Installation:
    """An empty name takes the address (SYS-1, SYS-4), longer where somebody has that."""
    gateways = _name_each(installation.gateways, _location, lambda spec: spec.url[:80])
    where = {gateway.id: gateway.name for gateway in gateways}
    devices = _name_each(
        installation.devices,
        lambda spec: spec.address,
        lambda spec: f"{where.get(spec.gateway, spec.gateway)} {spec.address}",
    )
    return replace(installation, gateways=gateways, devices=devices)


def _name_each(specs: Iterable[S], short: Callable[[S], str], long: Callable[[S], str]) -> tuple[S, ...]:
    listed = list(specs)
    taken = {spec.name for spec in listed if spec.name}
    for index, spec in enumerate(listed):
        if not spec.name:
            listed[index] = replace(spec, name=free_name(short(spec), frozenset(taken), long(spec)))
            taken.add(listed[index].name)
    return tuple(listed)


def _location(gateway: GatewaySpec) -> str:
    return LOCAL_ADDRESS if gateway.local else location_of(gateway.url, USUAL_PORT)


def shown_address(gateway: GatewaySpec, schemes: Schemes) -> str:
    """What a card shows: the host, with its port where it is not the usual one of the scheme; the path of a port."""
    return LOCAL_ADDRESS if gateway.local else scheme_of(gateway.url, schemes).shown(gateway.url)
