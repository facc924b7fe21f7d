"""A prepared read gives what the queryset it was built from gives, for any id, in any thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from hutong.communities.models import Community, Group
from hutong.foundation import ids
from hutong.foundation.prepared import Prepared
from hutong.workspaces.models import Workspace


@pytest.mark.django_db
def test_the_same_rows_with_their_relations(workspace: Workspace, other_workspace: Workspace, django_assert_num_queries: object) -> None:
    def build(workspace_id: object, community_id: object) -> object:
        rows = Group.objects.in_workspace(workspace_id).filter(community_id=community_id, channel="irc")
        return rows.select_related("community", "workspace").order_by("-name")[:3]

    prepared: Prepared[Group] = Prepared(build)  # type: ignore[arg-type]
    communities = [Community.objects.create(workspace=owner, name=f"c{n}") for n, owner in enumerate((workspace, workspace, other_workspace))]
    for community in communities:
        for number in range(5):
            Group.objects.create(workspace=community.workspace, community=community, name=f"g{number}", channel="irc" if number else "qq")
    for owner in (workspace, other_workspace):
        for community in communities:
            direct = list(build(owner.pk, community.pk))  # type: ignore[call-overload]
            found = prepared(owner.pk, community.pk)
            with django_assert_num_queries(0):  # type: ignore[operator]
                read = [(one.pk, one.name, one.created_at, one.community.name, one.workspace.name) for one in found]
            assert read == [(one.pk, one.name, one.created_at, one.community.name, one.workspace.name) for one in direct]
    assert len(prepared(workspace.pk, communities[0].pk)) == 3
    assert prepared(workspace.pk, ids.new()) == []


@pytest.mark.django_db
def test_an_id_that_does_not_reach_the_statement_is_refused() -> None:
    careless: Prepared[Group] = Prepared(lambda workspace_id, _: Group.objects.in_workspace(workspace_id))
    with pytest.raises(RuntimeError, match="does not reach"):
        careless(ids.new(), ids.new())


@pytest.mark.django_db(transaction=True)
def test_threads_build_their_own(workspace: Workspace) -> None:
    community = Community.objects.create(workspace=workspace, name="c")
    prepared: Prepared[Community] = Prepared(lambda workspace_id, pk: Community.objects.in_workspace(workspace_id).filter(pk=pk))

    def read(_: int) -> str:
        try:
            return prepared(workspace.pk, community.pk)[0].name
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, range(20))) == ["c"] * 20
