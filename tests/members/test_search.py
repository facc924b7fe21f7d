"""Searching by name in any script, and what is kept beside names for it."""

from __future__ import annotations

import importlib
import uuid

import pytest
from django.apps import apps
from django.db import connection, transaction

from hutong.members.actions import identities, profiles
from hutong.members.models import Identity, Member
from hutong.members.names import folded, folded_beside
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.conftest import Api
from tests.members.conftest import Recorded
from tests.members.world import START_MS, see

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Émile", "émi"), ("émile", "ÉMI"), ("E\u0301mile", "émile"), ("Иван", "иВАН"), ("иван", "ИВАН"), ("Ａｎｎ", "ann"), ("ann", "ＡＮ"),
        ("Straße", "STRASSE"), ("ΣΟΦΟΣ", "σοφος"), ("İstanbul", "istanbul"), ("𝓐𝓷𝓷", "ann"), ("ｶﾞｲﾄﾞ", "ガイド"), ("小红Ａ", "红a"), ("Bob", "OB"),
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_written(api: Api, workspace: Workspace, recorded: Recorded, name: str, asked: str) -> None:
    see(workspace, name)
    see(workspace, "somebody else")
    found = api.get("/members", q=asked).json()
    assert ([one["name"] for one in found["items"]], found["count"]) == ([name], 1)
    profiles.create(workspace, actor=SYSTEM, name=name)  # without an identity
    assert api.get("/members", q=asked).json()["count"] == 2
    Member.objects.in_workspace(workspace).update(name="", name_folded=None)
    assert api.get("/members", q=asked).json()["count"] == 1  # by the identity alone


def test_accents_and_marks_of_a_search_still_matter(api: Api, workspace: Workspace, recorded: Recorded) -> None:
    see(workspace, "Émile", "100%", "a_b")
    for asked, count in (("emile", 0), ("%", 1), ("_", 1), ("é%", 0)):
        assert api.get("/members", q=asked).json()["count"] == count, asked


def kept(workspace: Workspace) -> None:
    """What is kept beside every name is what the name says."""
    for name, beside in Member.objects.in_workspace(workspace).values_list("name", "name_folded"):
        assert beside == folded_beside(name)
    for external_id, name, beside in Identity.objects.in_workspace(workspace).values_list("external_id", "name", "names_folded"):
        assert beside == folded_beside(external_id, name)


def test_every_way_to_a_name_keeps_it(api: Api, workspace: Workspace, recorded: Recorded) -> None:
    ann, _ = see(workspace, "Ännchen", "Ödön")
    kept(workspace)
    with transaction.atomic():
        identities.resolve(workspace.pk, [identities.Seen("irc", "Ännchen", "ÄNNE", START_MS + 1)])  # a newer name
        identities.link(workspace.pk, known=("irc", "Ödön"), new=("irc", "ÖDÖN2"), at_ms=START_MS)  # another nick
        identities.resolve(workspace.pk, [identities.Seen("anonymous_id", "x", "", START_MS, is_anonymous=True)])
        identities.link(workspace.pk, known=("user_id", "Ülle"), new=("anonymous_id", "x"), at_ms=START_MS)  # a visitor says who they are
    assert Member.objects.in_workspace(workspace).get(pk=ann).name_folded == "änne"
    assert Member.objects.in_workspace(workspace).filter(name_folded="ülle").exists()
    kept(workspace)
    profiles.change(workspace, actor=SYSTEM, member_id=ann, name="Ärika")
    profiles.create(workspace, actor=SYSTEM, name="Ömer", identities=[("irc", "ÖMER")])
    assert set(Member.objects.in_workspace(workspace).filter(name_folded__isnull=False).values_list("name_folded", flat=True)) == {
        "ärika",
        "ödön",
        "ülle",
        "ömer",
    }
    kept(workspace)
    profiles.change(workspace, actor=SYSTEM, member_id=ann, name="Erika")
    assert Member.objects.in_workspace(workspace).get(pk=ann).name_folded is None
    kept(workspace)


def test_names_of_an_older_version_are_folded(workspace: Workspace, recorded: Recorded) -> None:
    see(workspace, "Ännchen", "ann", "小红")
    Member.objects.in_workspace(workspace).update(name_folded=None)
    Identity.objects.in_workspace(workspace).update(names_folded=None)
    migration = importlib.import_module("hutong.members.migrations.0004_folded_names")
    migration.fold(apps, connection.schema_editor())
    assert set(Member.objects.in_workspace(workspace).values_list("name_folded", flat=True)) == {"ännchen", None}
    kept(workspace)


def test_folding_once_more_changes_nothing() -> None:
    for code in range(0x110000):
        if not 0xD800 <= code < 0xE000:
            letter = chr(code)
            assert folded(folded(letter)) == folded(letter), hex(code)
    assert folded_beside("Ann", str(uuid.UUID(int=1)), "小红") is None
