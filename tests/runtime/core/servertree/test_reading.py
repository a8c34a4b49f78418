"""A table is read in pieces as long as a read may be, and once more where it changed meanwhile."""

import pytest

from runtime.core.modbusserver.remoteid import RemoteObject
from runtime.core.servertree.reading import TableReading
from runtime.core.servertree.table import TABLE_AT, NoTable, decode_objects, decode_tree, encode_table
from tests.runtime.core.servertree.trees import HEAD

OBJECTS = tuple(RemoteObject(10_001 + n, "device", n, f"Meter {n}") for n in range(90))


def read(reading, image):
    requests = 0
    while (request := reading.request) is not None:
        assert (request.unit, request.function) == (247, 3) and 1 <= request.count <= 125
        reading.take(image.read(request.at - TABLE_AT, request.count))
        requests += 1
    return requests


def test_each_text_is_read_by_itself():
    image = encode_table(HEAD, OBJECTS)
    tree, objects = TableReading("tree"), TableReading("objects")
    assert read(tree, image) == 2 and read(objects, image) > 5
    assert decode_tree(tree.text) == HEAD and decode_objects(objects.text) == OBJECTS


def test_a_table_that_changes_in_between_is_no_table():
    reading, image = TableReading("objects"), encode_table(HEAD, OBJECTS)
    for _ in range(2):
        reading.take(image.read(reading.request.at - TABLE_AT, reading.request.count))
    read(reading, encode_table(HEAD, OBJECTS[::-1]))
    with pytest.raises(NoTable):
        _ = reading.text
