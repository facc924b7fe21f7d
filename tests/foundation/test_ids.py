"""Ids rise as they are made, one by one or many at a time."""

from __future__ import annotations

from hutong.foundation import ids


def test_many_at_once_are_ids_like_any_other() -> None:
    made = [ids.new(), *ids.many(5_000), ids.new()]
    assert made == sorted(set(made))
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert ids.many(0) == []
