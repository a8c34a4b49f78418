"""Panel boards, loads and measure groups: lists to add to, edit, disable or erase, and who belongs to each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from runtime.core.site.diff import etag_of
from runtime.core.site.grouping import MOST_OWN_LOADS
from runtime.core.site.installation import BoardSpec, GroupSpec, Installation, LoadSpec
from runtime.core.validation.device import MOST_GROUPS
from runtime.text.wording import N_
from webui.http.errors import not_found
from webui.http.permission import Route, needs
from webui.model.bridge import Bridge
from webui.pages.frame.shell import Shell

Spec = BoardSpec | LoadSpec | GroupSpec


@dataclass(frozen=True, slots=True)
class Words:
    """What a page says about its resource; all msgids."""

    title: str
    add: str
    one: str
    lead: str
    nothing: str


LISTS: Mapping[str, Words] = MappingProxyType(
    {
        "loads": Words(
            N_("Loads"),
            N_("Add a load"),
            N_("Load"),
            N_("What the energy is used for. Each device has one load; what has none counts as Others."),
            N_("No load yet"),
        ),
        "groups": Words(
            N_("Measure groups"),
            N_("Add a measure group"),
            N_("Measure group"),
            N_("Measuring points that belong together: a floor, a tenant, a line. A device can be in five of them."),
            N_("No measure group yet"),
        ),
        "boards": Words(
            N_("Panel boards"),
            N_("Add a panel board"),
            N_("Panel board"),
            N_("Where things stand. A gateway belongs to one panel board at most; best is one gateway for each."),
            N_("No panel board yet"),
        ),
    }
)


class GroupSetup:
    def __init__(self, bridge: Bridge, shell: Shell) -> None:
        self._bridge = bridge
        self._shell = shell

    def routes(self) -> Iterable[Route]:
        yield Route("GET", "/setup/loads", self.loads)
        yield Route("GET", "/setup/groups", self.groups)
        yield Route("GET", "/setup/boards", self.boards)
        yield Route("GET", "/setup/loads/<id:int>", self.devices_of_load)
        yield Route("GET", "/setup/groups/<id:int>", self.devices_of_group)

    @needs(("system_configuration", "see"))
    def loads(self) -> str:
        counts = Counter(device.load for device in self._site.devices)
        own = sum(not load.predefined for load in self._site.loads)
        full = MOST_OWN_LOADS if own >= MOST_OWN_LOADS else 0
        return self._list("loads", self._site.loads, counts, full=full)

    @needs(("system_configuration", "see"))
    def groups(self) -> str:
        counts = Counter(group for device in self._site.devices for group in device.groups)
        return self._list("groups", self._site.groups, counts)

    @needs(("system_configuration", "see"))
    def boards(self) -> str:
        return self._list("boards", self._site.boards, Counter(gateway.board for gateway in self._site.gateways))

    @needs(("system_configuration", "see"))
    def devices_of_load(self, id: int) -> str:
        members = {device.id for device in self._site.devices if device.load == id}
        return self._members("loads", _find(self._site.loads, id, "load"), members)

    @needs(("system_configuration", "see"))
    def devices_of_group(self, id: int) -> str:
        members = {device.id for device in self._site.devices if id in device.groups}
        return self._members("groups", _find(self._site.groups, id, "group"), members)

    @property
    def _site(self) -> Installation:
        return self._bridge.installation()

    def _list(self, kind: str, specs: Iterable[Spec], counts: Mapping[int, int], full: int = 0) -> str:
        """``full``: how many there may be, when there are that many."""
        rows = [(spec, etag_of(spec), counts.get(spec.id, 0), getattr(spec, "predefined", "")) for spec in specs]
        return self._shell.page("setup/groups.html", kind=kind, kinds=LISTS, rows=rows, full=full)

    def _members(self, kind: str, spec: Any, members: set[int]) -> str:
        site = self._site
        loads = {load.id: load.name for load in site.loads}
        gateways = {gateway.id: gateway.name for gateway in site.gateways}
        return self._shell.page(
            "setup/members.html",
            kind=kind,
            words=LISTS[kind],
            spec=spec,
            members=members,
            rows=[(device, gateways.get(device.gateway, ""), loads.get(device.load, "")) for device in site.devices],
            most=MOST_GROUPS,
        )


def _find(specs: Iterable[Any], id: int, what: str) -> Any:
    spec = next((spec for spec in specs if spec.id == id), None)
    if spec is None:
        raise not_found(what)
    return spec
