"""Panel boards, loads and measure groups as resources: what gateways and devices are grouped by."""

from __future__ import annotations

from typing import TypeVar

from runtime.core.resource.fault import refused
from runtime.core.resource.key import LAST_ID, Key, id_key, name_key, one_of, switch_key, text_key
from runtime.core.resource.resource import Report, Resource, Tree
from runtime.core.site.spec import PREDEFINED_LOADS, BoardSpec, GroupSpec, LoadSpec

MOST_OWN_LOADS = 8
NEVER_A_LOAD = LAST_ID  # 29999 stands for all electrical loads on the Modbus server

T = TypeVar("T", bound=Tree)


def _keep_predefined(tree: T, load: LoadSpec) -> T:
    if load.predefined:
        message = "a predefined load can be disabled, not erased"
        raise refused("load", load.id, "", "load_predefined", message)
    return tree


def _check_loads(tree: Tree, report: Report) -> None:
    """SYS-9: six predefined, eight of the user's."""
    taken: dict[str, int] = {}
    loads = tree.of(LOAD)
    for load in loads:
        if load.id == NEVER_A_LOAD:
            report("load", load.id, "id", "id_reserved", f"{NEVER_A_LOAD} is never given to a load")
        if load.predefined and load.predefined in taken:
            message = f"{load.predefined} is load {taken[load.predefined]} already"
            report("load", load.id, "predefined", "predefined_doubled", message)
        taken.setdefault(load.predefined, load.id)
    for load in [load for load in loads if not load.predefined][MOST_OWN_LOADS:]:
        message = f"{MOST_OWN_LOADS} loads beside the predefined ones are the most"
        report("load", load.id, "name", "loads_too_many", message, "erase one that is not needed")


BOARD = Resource(
    "board",
    "boards",
    BoardSpec,
    {"id": id_key(), "name": name_key(), "description": text_key(), "on": switch_key()},
    see=("panel_board", "system_configuration"),
    unknown="board_unknown",
)
LOAD = Resource(
    "load",
    "loads",
    LoadSpec,
    {
        "id": id_key(),
        "name": name_key(),
        "on": switch_key(),
        "predefined": Key((str,), "", one_of("", *PREDEFINED_LOADS), is_null=True),
    },
    fixed=("predefined",),
    see=("panel_board", "system_configuration", "consumptions"),
    unknown="load_unknown",
    last_id=NEVER_A_LOAD - 1,
    check=_check_loads,
    on_erase=_keep_predefined,
)
GROUP = Resource(
    "group",
    "groups",
    GroupSpec,
    {"id": id_key(), "name": name_key(), "description": text_key(), "on": switch_key()},
    see=("panel_board", "system_configuration", "consumptions"),
    unknown="group_unknown",
)
