"""What can go wrong with rules and journeys."""

from __future__ import annotations

from hutong.foundation.errors import ChangedMeanwhile, Conflict, HutongError


class RuleNameTaken(Conflict):
    """Another rule of the workspace has that name."""

    code = "rule_name_taken"
    title = {"zh": "名称已被使用", "en": "Name in use"}
    message = {"zh": "已有名为「{name}」的规则，请换一个名称。", "en": "There is a rule named “{name}” already. Choose another name."}


class RuleChanged(ChangedMeanwhile):
    """Somebody saved it meanwhile."""

    code = "rule_changed"
    title = {"zh": "规则已被修改", "en": "Rule changed"}
    message = {
        "zh": "{by} 刚刚修改了这条规则。请重新打开，再改一次。",
        "en": "{by} has just changed this rule. Open it again and repeat your change.",
    }


class TooManyRules(HutongError):
    """The workspace has as many rules as it may."""

    code = "too_many_rules"
    status = 422
    title = {"zh": "规则太多", "en": "Too many rules"}
    message = {"zh": "最多 {limit} 条规则，请先删除不用的。", "en": "There can be at most {limit} rules. Delete some first."}


class ActionNotAllowed(HutongError):
    """Whoever puts an action into a rule or a journey may do it themselves; this caller may not."""

    code = "action_not_allowed"
    status = 403
    title = {"zh": "没有这个动作的权限", "en": "Action not allowed"}
    message = {
        "zh": "动作{zh}的权限，请联系工作区所有者，或去掉这个动作。",
        "en": "The action {en}. Ask the workspace owner, or take the action out.",
    }


class RuleBelongs(Conflict):
    """The rule is part of something else, and is changed there."""

    code = "rule_belongs"
    title = {"zh": "在别处修改", "en": "Changed elsewhere"}
    message = {
        "zh": "这些动作属于「{name}」，请在那里修改。",
        "en": "These actions are part of “{name}”. Change them there.",
    }


class JourneyNameTaken(Conflict):
    """Another journey of the workspace has that name."""

    code = "journey_name_taken"
    title = {"zh": "名称已被使用", "en": "Name in use"}
    message = {"zh": "已有名为「{name}」的旅程，请换一个名称。", "en": "There is a journey named “{name}” already. Choose another name."}


class JourneyChanged(ChangedMeanwhile):
    """Somebody saved another drawing meanwhile."""

    code = "journey_changed"
    title = {"zh": "旅程已被修改", "en": "Journey changed"}
    message = {
        "zh": "{by} 刚刚保存了这个旅程的另一份草稿（第 {revision} 次修改）。你画的内容还在这个页面上。",
        "en": "{by} has just saved another draft of this journey (revision {revision}). What you drew is still on this page.",
    }


class JourneyState(Conflict):
    """It cannot be done to a journey in this state."""

    code = "journey_state"
    title = {"zh": "当前状态下不能这样做", "en": "Not in this state"}
    message = {"zh": "{zh}", "en": "{en}"}


class TooManyJourneys(HutongError):
    """The workspace has as many journeys as it may."""

    code = "too_many_journeys"
    status = 422
    title = {"zh": "旅程太多", "en": "Too many journeys"}
    message = {"zh": "最多 {limit} 个旅程，请先删除不用的。", "en": "There can be at most {limit} journeys. Delete some first."}
