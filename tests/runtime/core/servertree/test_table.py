"""What is laid into registers is what another server reads out of them, and nothing else is."""

import random
import struct
from zlib import crc32

import pytest

from runtime.core.modbusserver.remoteid import RemoteObject
from runtime.core.servertree.node import ServerNode
from runtime.core.servertree.table import (
    HEAD_WORDS,
    MOST_SERVERS,
    MOST_WORDS,
    NoTable,
    TableHead,
    decode_objects,
    decode_tree,
    encode_table,
)
from tests.runtime.core.servertree.trees import HEAD

OBJECTS = (RemoteObject(29_999, "all", 0, ""), RemoteObject(10_007, "device", 7, "Säge 1"))


def octets(image, at=0, words=None):
    read = [image.read(n, 1) for n in range(at, len(image) if words is None else at + words)]
    return b"".join(each for each in read if isinstance(each, bytes))


def parts(image):
    head, whole = TableHead(octets(image, 0, HEAD_WORDS)), octets(image)
    return [whole[2 * (at - 50_000) :][: 2 * words] for at, words, _ in (head.tree, head.objects)]


def test_both_texts_come_back_as_they_were():
    tree, objects = parts(encode_table(HEAD, OBJECTS))
    assert decode_tree(tree) == HEAD
    assert decode_objects(objects) == OBJECTS


def test_each_text_has_its_check_sum():
    image = encode_table(HEAD, OBJECTS)
    head = TableHead(octets(image, 0, HEAD_WORDS))
    assert [crc32(part) for part in parts(image)] == [head.tree[2], head.objects[2]]


def test_what_finds_no_room_is_left_out():
    many = ServerNode(
        1, "Top", parts=tuple(ServerNode(n, f"Server {n}", parts=(ServerNode(0, "x"),)) for n in range(2, 202))
    )
    image = encode_table(many, [RemoteObject(10_001 + n, "device", n, "n" * 60) for n in range(9_000)])
    assert len(image) <= MOST_WORDS
    tree, objects = parts(image)
    assert sum(1 for _ in decode_tree(tree).walk()) == 201 <= MOST_SERVERS
    assert 100 < len(decode_objects(objects)) < 9_000


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{}", b"[]", b"[[0,1,2]]", b"[" * 20_000, b'[[1,"1","on",0,"x"]]',
        b'[[0,"1","on",0,"x"],[0,"2","on",0,"y"]]',
        b'[[0,"1","on",0,"x"],[2,"2","on",0,"y"]]', b'[[0,"z","on",0,"x"]]', b'[[0,"1","on",-2,"x"]]',
        b'[[0,"1","dancing",0,"x"]]', b'[[true,"1","on",0,"x"]', b'\xff\xff',
    ],
)  # fmt: skip
def test_what_is_no_tree_is_refused(text):
    with pytest.raises(NoTable):
        decode_tree(text)


@pytest.mark.parametrize("text", [b'[[9999,"all",0,""]]', b'[[29999,"any",0,""]]', b"[5]", b"7"])
def test_what_is_no_list_of_objects_is_refused(text):
    with pytest.raises(NoTable):
        decode_objects(text)


def test_another_head_is_refused():
    good = octets(encode_table(HEAD, OBJECTS), 0, HEAD_WORDS)
    TableHead(good)
    for wrong in (good[:-1], b"\0" + good[1:], struct.pack(">HHI", 0x574C, 1, 1 << 30) + good[8:]):
        with pytest.raises(NoTable):
            TableHead(wrong)


def test_whatever_stands_there_is_a_tree_or_refused():
    rng = random.Random(5)
    tree, _ = parts(encode_table(HEAD, OBJECTS))
    for _ in range(2_000):
        at = rng.randrange(len(tree))
        try:
            decode_tree(tree[:at] + rng.randbytes(rng.randint(0, 3)) + tree[at + rng.randint(0, 3) :])
        except NoTable:
            continue
