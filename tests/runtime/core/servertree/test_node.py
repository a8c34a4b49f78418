"""A tree is walked from above, and leads to each of its servers."""

from tests.runtime.core.servertree.trees import HEAD, LEAF, NORTH


def test_parents_come_before_what_is_below_them():
    assert [(depth, node.name) for depth, node in HEAD.walk()] == [
        (0, "Head office"), (1, "North"), (2, "Shed"), (2, "Old one"), (1, "Süd"),
    ]  # fmt: skip


def test_a_path_leads_down_to_a_server():
    assert HEAD.path_to(4) == (HEAD, NORTH, LEAF)
    assert HEAD.path_to(1) == (HEAD,)
    assert HEAD.path_to(9) == ()


def test_servers_that_nobody_knows_are_no_server_twice():
    assert HEAD.path_to(0) == ()
