from __future__ import annotations

from runtime.text.currencies import offered_currencies


def test_the_usual_ones_stand_first_and_the_rest_by_name() -> None:
    offered = offered_currencies("fr")
    assert offered[0] == ("EUR", "euro (EUR)")
    names = [name for _, name in offered[8:]]
    assert len(offered) == len(dict(offered)) > 150
    assert names == sorted(names)


def test_what_a_site_kept_stays_to_be_seen() -> None:
    assert ("<B>", "<B>") in offered_currencies("en", "<B>")
    assert offered_currencies("en", "EUR") == offered_currencies("en")
