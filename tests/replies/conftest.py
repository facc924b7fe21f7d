"""What tests of keyword replies share: a pretend platform, a linked group, rules in a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hutong.communities.models import Community, Group
from hutong.replies.actions import rules
from hutong.replies.matching import kept
from hutong.replies.models import Rule
from hutong.replies.schemas import ReplyRuleIn
from hutong.workspaces.access import SYSTEM
from hutong.workspaces.models import Workspace
from tests.channels.conftest import account, offer, world

__all__ = ["account", "offer", "world"]

Make = Callable[..., Rule]


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    kept.forget()
    yield
    kept.forget()


@pytest.fixture
def linked(workspace: Workspace, community: Community) -> Group:
    return Group.objects.create(workspace=workspace, community=community, name="一群", channel="pretend", external_id="c1")


def rule_in(name: str, *keywords: str, answer: str | None = "好的", way: str = "contains", **more: Any) -> ReplyRuleIn:
    answers = [] if answer is None else [{"parts": [{"kind": "text", "text": answer}]}]
    given = {"name": name, "keywords": [{"text": one, "way": way} for one in keywords], "answers": answers, **more}
    return ReplyRuleIn(**given)


@pytest.fixture
def make(workspace: Workspace) -> Make:
    def made(name: str, *keywords: str, **more: Any) -> Rule:
        return rules.create(workspace, actor=SYSTEM, given=rule_in(name, *keywords, **more))

    return made
