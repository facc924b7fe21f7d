"""From the acknowledgement of an event to the numbers a manager reads, through a real server; and a stop that loses nothing."""

from __future__ import annotations

import threading
import time

import httpx
import pytest

from tests.config.installation import Installation

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

SECONDS_TO_THE_NUMBERS = 2.0
SEED = """
from hutong.communities.models import Community, Group
from hutong.events import sources
from hutong.workspaces import access
from hutong.workspaces.models import APIKey, Workspace
workspace = Workspace.objects.get()
community = Community.objects.create(workspace=workspace, name="官网社群")
group = Group.objects.create(workspace=workspace, community=community, name="网站", channel="web")
_, write_key = sources.create(workspace, actor=access.SYSTEM, name="site", community_id=None, group_id=group.pk)
key = "htk_live-story"
APIKey.objects.create(workspace=workspace, name="t", prefix=key[:12], key_hash=access.hash_secret(key), scopes=["reports.read", "members.read"])
print(json.dumps({"workspace": str(workspace.pk), "community": str(community.pk), "write_key": write_key, "key": key}))
"""
COUNT = """
from hutong.events import subscribers
from hutong.events.queries import rows
subscribers.drain()
print(json.dumps(rows("SELECT count(), uniqExact(id) FROM events WHERE name = 'probe'")[0]))
"""


def test_an_event_is_in_the_numbers_within_two_seconds(installed: Installation) -> None:
    made = installed.script(SEED)
    with installed.served(), httpx.Client(base_url=installed.url, headers={"Authorization": f"Bearer {made['key']}"}, timeout=20) as client:
        today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
        asked = f"/api/workspaces/{made['workspace']}/reports/metrics?community={made['community']}&from={today}&to={today}"

        def numbers() -> tuple[int, int, int]:
            values = client.get(asked).raise_for_status().json()["values"]
            return values["messages"], values["speakers"], values["members"]

        assert numbers() == (0, 0, 0)
        taken = []
        for number in range(1, 6):
            event = {"userId": f"u{number}", "event": "message_sent", "properties": {"text": "早上好"}}
            sent = client.post("/v1/track", json=event, headers={"Authorization": f"Bearer {made['write_key']}"})
            assert (sent.status_code, sent.json()["accepted"]) == (200, 1)
            acknowledged = time.monotonic()
            while numbers() != (number, number, number):
                assert time.monotonic() < acknowledged + 30
                time.sleep(0.05)
            taken.append(time.monotonic() - acknowledged)
        # The median is the promise; one slow turn of a busy machine is not the product's.
        assert sorted(taken)[2] <= SECONDS_TO_THE_NUMBERS, taken
        (member,) = client.get(f"/api/workspaces/{made['workspace']}/members?q=u5").raise_for_status().json()["items"]
        assert member["messages"] == 1


def test_sigterm_answers_what_was_taken_and_loses_nothing(installed: Installation) -> None:
    made = installed.script(SEED)
    acknowledged: list[str] = []
    lock = threading.Lock()

    def write(number: int) -> None:
        with httpx.Client(timeout=10) as client:
            for at in range(100_000):
                batch = [{"type": "track", "userId": f"u{number}", "event": "probe", "messageId": f"{number}-{at}-{n}"} for n in range(20)]
                try:
                    answer = client.post(f"{installed.url}/v1/batch", json={"batch": batch}, headers={"Authorization": f"Bearer {made['write_key']}"})
                except httpx.TransportError:
                    return
                if answer.status_code != 200:
                    return
                with lock:
                    acknowledged.extend(one["messageId"] for one in batch)

    with installed.served() as process:
        threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(1.5)
        started = time.monotonic()
        process.terminate()
        assert process.wait(25) == 0
        assert time.monotonic() - started < 20
        for thread in threads:
            thread.join(15)
    assert len(acknowledged) >= 20
    total, distinct = installed.script(COUNT)
    assert total == distinct >= len(set(acknowledged))
