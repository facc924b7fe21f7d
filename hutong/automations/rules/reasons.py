"""Why a rule did nothing for somebody, in words a manager understands."""

from __future__ import annotations

from hutong.foundation.acting import Said

UNKNOWN: Said = ("没有执行。", "It was not done.")
REASONS: dict[str, Said] = {
    "chain": ("自动化一环接一环触发了太多次，到此为止。", "Automations had set off one another too many times: here it ends."),
    "storm": (
        "这位成员一分钟内触发这条规则超过 60 次，之后的不再记录。",
        "This member met the rule more than 60 times within a minute; what follows is not written down.",
    ),
    "last": ("前面一条规则已经处理，并设为不再继续。", "A rule before it acted, after which no other does."),
    "hours": ("不在规则的生效时段内。", "It was outside the hours of the rule."),
    "cooldown": ("对这位成员还在冷却时间内。", "The cooldown for this member was not over."),
    "cap": ("对这位成员已达到次数上限。", "The cap for this member was reached."),
    "condition": ("条件不成立。", "The condition did not hold."),
    "off": ("等待期间规则被停用。", "The rule was switched off while this waited."),
    "gone": ("成员已不存在，或者是机器人。", "The member is gone, or is a bot."),
    "refused": ("动作都不适用于这位成员，原因见每个动作。", "No action could be done for this member; each says why."),
    "given_up": (
        "到了时间却一再出错，不再重试：还没轮到的成员，这一次都没有处理。",
        "It was time, but it failed again and again and is not tried any more: members whose turn had not come were left out this time.",
    ),
    "error": ("动作出错，没有做成。", "An action went wrong and was not done."),
}
