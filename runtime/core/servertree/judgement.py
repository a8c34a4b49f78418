"""Whether a server reads itself over others, and who has to give way."""

from __future__ import annotations

from runtime.core.servertree.node import ARROW, ServerNode


def loop_of(root_name: str, own_id: int, below: ServerNode) -> str:
    """The path from a server over one that it reads back to itself, by names; "" = there is none."""
    path = below.path_to(own_id)
    return ARROW.join((root_name, *(node.name for node in path[:-1]), root_name)) if path else ""


def gives_way(own_id: int, below: ServerNode, *, was_accepted: bool) -> bool:
    """Whether it is this link that is refused.

    A new one always is. Where all links of a loop were there before they were seen, one of its servers gives way: that
    with the greatest number.
    """
    return not was_accepted or own_id == max(node.id for node in below.path_to(own_id))
