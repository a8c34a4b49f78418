from dataclasses import dataclass

import pytest

from runtime.core.resource.key import id_key, reference_key, references_key
from runtime.core.resource.reference import IN_USE, Reference
from runtime.core.resource.registry import Resources
from runtime.core.resource.resource import Resource


@dataclass(frozen=True, slots=True)
class ShelfSpec:
    id: int


@dataclass(frozen=True, slots=True)
class BookSpec:
    id: int
    shelf: int = 0
    sequels: tuple[int, ...] = ()


SHELF = Resource("shelf", "shelves", ShelfSpec, {"id": id_key()})
HELD, MANY = Reference("shelf", "shelf", held=IN_USE), Reference("sequels", "book", many=True)
BOOK = Resource(
    "book",
    "books",
    BookSpec,
    {"id": id_key(), "shelf": reference_key(), "sequels": references_key()},
    references=(HELD, MANY),
)
LIBRARY = Resources((SHELF, BOOK))


def test_rows_are_found_by_word_and_by_who_refers_to_them():
    assert LIBRARY.named("book") is BOOK and list(LIBRARY) == [SHELF, BOOK]
    assert list(LIBRARY.referring(SHELF)) == [(BOOK, HELD)] and list(LIBRARY.referring(BOOK)) == [(BOOK, MANY)]
    with pytest.raises(KeyError):
        LIBRARY.named("shelves")


def test_a_longer_registry_leaves_the_shorter_one_as_it_is():
    former = Resource("former_book", "former_books", BookSpec, BOOK.keys, is_edited=False)
    longer = LIBRARY.extended(former)
    assert [row.word for row in longer] == ["shelf", "book", "former_book"]
    assert longer.edited == (SHELF, BOOK) and list(LIBRARY) == [SHELF, BOOK]


@pytest.mark.parametrize(
    "rows",
    [
        (SHELF, SHELF),
        (SHELF, Resource("shelf", "others", ShelfSpec, {"id": id_key()})),
        (SHELF, Resource("other", "shelves", ShelfSpec, {"id": id_key()})),
        (BOOK,),
    ],
)
def test_rows_that_do_not_fit_each_other_make_no_registry(rows):
    with pytest.raises(ValueError, match="resource"):
        Resources(rows)


def test_a_reference_names_whom_it_means_and_lets_go_of_one():
    book = BookSpec(7, 3, (8, 9))
    assert (HELD.numbers(book), MANY.numbers(book)) == ((3,), (8, 9))
    assert (HELD.numbers(BookSpec(7)), HELD.without(book, 3), MANY.without(book, 8)) == ((), 0, (9,))
