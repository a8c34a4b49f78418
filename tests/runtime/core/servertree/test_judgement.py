"""A server that reads itself over others is found with the path, and one link of a loop gives way."""

from runtime.core.servertree.judgement import gives_way, loop_of
from runtime.core.servertree.node import ServerNode

DEEP = ServerNode(2, "North", parts=(ServerNode(7, "Yard", parts=(ServerNode(5, "Top"),)), ServerNode(8, "Hall")))


def test_the_path_of_a_loop_begins_and_ends_here():
    assert loop_of("Head office", 5, DEEP) == "Head office → North → Yard → Head office"
    assert loop_of("Head office", 2, DEEP) == "Head office → Head office"
    assert loop_of("Head office", 99, DEEP) == ""


def test_a_new_link_gives_way():
    assert gives_way(5, DEEP, was_accepted=False)


def test_of_old_links_that_of_the_greatest_number_gives_way_and_no_other():
    assert not gives_way(5, DEEP, was_accepted=True)
    assert gives_way(
        7, ServerNode(5, "Top", parts=(ServerNode(2, "N", parts=(ServerNode(7, "Y"),)),)), was_accepted=True
    )
