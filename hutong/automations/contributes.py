"""What automations add: rights over rules and journeys, and the events of people who go through journeys."""

from __future__ import annotations

from hutong.automations import minding
from hutong.automations.acting import ACTIONS
from hutong.foundation.contributions import Contributions, EventDefinition, PeriodicJob, Permission, Property

JOURNEY = (
    Property("journey_id", "id", "旅程", "Journey"),
    Property("journey", "text", "旅程名称", "Journey's name"),
    Property("version", "number", "版本", "Version"),
)
READERS = frozenset({"manager", "creator", "moderator", "analyst", "viewer"})

CONTRIBUTES = Contributions(
    actions=ACTIONS,
    jobs=(
        PeriodicJob("automations.fire", minding.FIRED_EVERY_SECONDS, minding.fire),
        PeriodicJob("automations.wait", minding.WAITED_EVERY_SECONDS, minding.wait),
        PeriodicJob("automations.prune", minding.PRUNED_EVERY_SECONDS, minding.prune),
    ),
    permissions=(
        Permission("automations.read", "查看规则和旅程", "See rules and journeys", READERS),
        Permission("automations.manage", "管理规则和旅程", "Manage rules and journeys", frozenset({"manager", "creator"})),
        Permission("automations.enrol", "让成员加入或离开旅程", "Put members into journeys and take them out", frozenset({"manager", "creator"})),
    ),
    events=(
        EventDefinition("journey_entered", "进入旅程", "Entered a journey", is_noted=True, properties=JOURNEY),
        EventDefinition(
            "journey_ended", "旅程结束", "Journey ended", is_noted=True, properties=(*JOURNEY, Property("as", "text", "怎样结束", "How it ended"))
        ),
        EventDefinition(
            "journey_goal_reached",
            "达成旅程目标",
            "Journey goal reached",
            is_noted=True,
            properties=(*JOURNEY, Property("goal", "text", "目标", "Goal")),
        ),
    ),
)
