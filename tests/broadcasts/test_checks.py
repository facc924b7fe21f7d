"""Counting an audience before sending: a small one at once, a large one in a job that shows how far it is and can be stopped."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from hutong.broadcasts import checking, tasks
from hutong.broadcasts.models import Check, Run
from hutong.channels.models import Account
from hutong.communities.models import Community, Group
from hutong.foundation import clock
from hutong.foundation.jobs.models import Job
from hutong.members.models import Membership
from hutong.workspaces.models import Workspace
from tests.broadcasts.making import people, segment, to_segment
from tests.conftest import Api

pytestmark = pytest.mark.django_db
assert tasks


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the audience were so large that a request counts three of it."""
    monkeypatch.setattr(checking, "COUNTED_TOGETHER", 3)
    monkeypatch.setattr(checking, "AT_ONCE_SECONDS", 0.0)


def jobs() -> list[list[str]]:
    return list(Job.objects.filter(dedupe_key__startswith="broadcast.check:", state="ready").values_list("args", flat=True))


def test_a_large_one_goes_on_in_a_job_and_is_sent_only_when_counted(api: Api, workspace: Workspace, account: Account, slow: None) -> None:
    draft = to_segment(workspace, segment(workspace, people(workspace, 10)), [account])
    begun = api.put(f"/broadcasts/{draft.pk}/check").json()
    assert (begun["state"], begun["seen"], begun["total"], begun["recipients"]) == ("running", 0, 10, 0)
    check = Check.objects.in_workspace(workspace).get()
    assert jobs() == [[str(check.pk), str(check.walk)]]
    answer = api.put(f"/broadcasts/{draft.pk}/schedule", {"version": draft.version})
    assert (answer.status_code, answer.json()["code"], Run.objects.in_workspace(workspace).count()) == (409, "audience_uncounted", 0)
    assert jobs() == [[str(check.pk), str(check.walk)]]  # still the one
    checking.walk(check.pk, check.walk)
    done = api.get(f"/broadcasts/{draft.pk}/check").json()
    assert (done["state"], done["seen"], done["recipients"], done["left_seconds"]) == ("done", 10, 10, None)
    assert api.put(f"/broadcasts/{draft.pk}/schedule", {"version": draft.version}).json()["state"] == "sending"


def test_it_goes_on_where_a_job_that_died_left_it(
    workspace: Workspace, account: Account, slow: None, monkeypatch: pytest.MonkeyPatch, api: Api
) -> None:
    draft = to_segment(workspace, segment(workspace, people(workspace, 10)), [account])
    api.put(f"/broadcasts/{draft.pk}/check")
    check = Check.objects.in_workspace(workspace).get()
    steps = iter(range(100))

    def dying() -> None:
        if next(steps) == 1:
            raise RuntimeError("killed")

    monkeypatch.setattr(checking, "checkpoint", dying)
    with pytest.raises(RuntimeError):
        checking.walk(check.pk, check.walk)
    check.refresh_from_db()
    assert (check.state, check.seen, checking.recipients(check)) == ("running", 6, 6)
    assert checking.walk(check.pk, check.walk)
    check.refresh_from_db()
    assert (check.state, check.seen, checking.recipients(check)) == ("done", 10, 10)


def test_stopped_it_counts_no_further(api: Api, workspace: Workspace, account: Account, slow: None) -> None:
    draft = to_segment(workspace, segment(workspace, people(workspace, 10)), [account])
    api.put(f"/broadcasts/{draft.pk}/check")
    check = Check.objects.in_workspace(workspace).get()
    assert api.delete(f"/broadcasts/{draft.pk}/check").status_code == 204
    assert checking.walk(check.pk, check.walk)
    said = api.get(f"/broadcasts/{draft.pk}/check").json()
    assert (said["state"], said["seen"]) == ("cancelled", 0)
    again = api.put(f"/broadcasts/{draft.pk}/check").json()
    assert again["state"] == "running"
    assert checking.walk(check.pk, check.walk)  # the job of the turn before has nothing to say
    assert Check.objects.in_workspace(workspace).get().seen == 0


def test_a_count_stands_for_what_was_counted_and_not_for_long(api: Api, workspace: Workspace, account: Account) -> None:
    of = segment(workspace, people(workspace, 2))
    draft = to_segment(workspace, of, [account])
    with time_machine.travel(dt.datetime(2026, 11, 2, 4, tzinfo=dt.UTC), tick=False) as traveller:
        assert api.get(f"/broadcasts/{draft.pk}/check").status_code == 404
        assert api.put(f"/broadcasts/{draft.pk}/check").json()["recipients"] == 2
        traveller.shift(dt.timedelta(minutes=9))
        assert api.get(f"/broadcasts/{draft.pk}/check").json()["recipients"] == 2
        traveller.shift(dt.timedelta(minutes=2))
        assert api.get(f"/broadcasts/{draft.pk}/check").status_code == 404
        api.put(f"/broadcasts/{draft.pk}/check")
    body = {"version": draft.version, "name": "改", "parts": [{"kind": "text", "text": "改"}], "timing": {"kind": "now"},
            "audience": {"kind": "segment", "segment": str(of.pk), "accounts": [str(account.pk)]}}  # fmt: skip
    api.put(f"/broadcasts/{draft.pk}", body)
    assert api.get(f"/broadcasts/{draft.pk}/check").status_code == 404  # it was of another version


def test_members_of_several_communities_count_once_wherever_pieces_end(
    api: Api, workspace: Workspace, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "COUNTED_TOGETHER", 2)
    here, lost = people(workspace, 6), people(workspace, 2, channel="elsewhere")
    places = []
    for number, some in enumerate(([*here[:4], *lost], here[2:], [here[0], here[5], lost[0]])):
        place = Community.objects.create(workspace=workspace, name=f"社群{number}")
        group = Group.objects.create(workspace=workspace, community=place, name="群", channel="pretend")
        Membership.objects.bulk_create(
            Membership(workspace=workspace, community=place, group=group, member=one, joined_at=clock.now()) for one in some
        )
        places.append(str(place.pk))
    draft = api.post("/broadcasts", {"name": "全体"}).json()
    body = {"version": 1, "name": "全体", "parts": [{"kind": "text", "text": "好"}], "timing": {"kind": "now"},
            "audience": {"kind": "communities", "communities": places, "accounts": [str(account.pk)]}}  # fmt: skip
    api.put(f"/broadcasts/{draft['id']}", body)
    said = api.put(f"/broadcasts/{draft['id']}/check").json()
    assert (said["state"], said["seen"], said["total"], said["recipients"], said["no_identity"]) == ("done", 13, 13, 6, 2)


def test_nobody_elses(api: Api, other_api: Api, workspace: Workspace, account: Account) -> None:
    draft = to_segment(workspace, segment(workspace, people(workspace, 1)), [account])
    api.put(f"/broadcasts/{draft.pk}/check")
    for method in ("GET", "PUT", "DELETE"):
        assert other_api.send(method, f"/broadcasts/{draft.pk}/check").status_code == 404
    assert Check.objects.in_workspace(workspace).get().state == "done"
