"""The actions of automations themselves: letting members into journeys, and taking them out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from hutong.automations import occasions
from hutong.automations.journeys import circling, entering, keeping, work
from hutong.automations.journeys.entering import Coming
from hutong.automations.models import Enrolment, Journey, JourneyVersion
from hutong.channels.actions import withdrawing
from hutong.foundation import clock
from hutong.foundation.acting import DONE, Action, Cause, Doer, Field, Outcome, Person, Plan, Said, Settings
from hutong.foundation.errors import Invalid
from hutong.members import bulk

REFUSED: Mapping[str, Said] = {
    entering.IN_FLIGHT: ("已在这个旅程中。", "They are in this journey already."),
    entering.BEFORE: ("以前进过这个旅程，按设置不再进入。", "They were in this journey before, and it takes nobody in again."),
    entering.CONDITION: ("不满足旅程的进入条件。", "The condition of coming into the journey does not hold."),
    entering.NO_PERSON: ("不是真实成员。", "They are no member."),
    entering.ELSEWHERE: ("不在旅程所属的社群。", "They are not in the journey's community."),
    entering.CHAIN: ("自动化一环接一环，已经太多次。", "Automations have set one another off too many times."),
}
OFF = Outcome("refused", "旅程没有在运行。", "The journey is not on.", "journey_off")


def _check(workspace_id: uuid.UUID, settings: Settings) -> dict[str, Any]:
    said = settings.get("journey_id")
    try:
        pk = str(uuid.UUID(str(said)))
    except ValueError:
        pk = ""
    if not pk or not Journey.objects.in_workspace(workspace_id).filter(pk=pk, deleted_at=None).exists():
        raise Invalid.field("journey_id", "请选择旅程。", "Choose a journey.")
    return {"journey_id": pk}


def _name(workspace_id: uuid.UUID, settings: Settings) -> Said:
    name = Journey.objects.in_workspace(workspace_id).filter(pk=settings["journey_id"], deleted_at=None).values_list("name", flat=True).first()
    return (f"“{name}”", f"“{name}”") if name else ("（已删除）", "(deleted)")


def _say_start(workspace_id: uuid.UUID, settings: Settings) -> Said:
    zh, en = _name(workspace_id, settings)
    return f"让其进入旅程{zh}", f"Let them into the journey {en}"


def _say_stop(workspace_id: uuid.UUID, settings: Settings) -> Said:
    zh, en = _name(workspace_id, settings)
    return f"让其离开旅程{zh}", f"Take them out of the journey {en}"


def _plan_start(doer: Doer, settings: Settings, people: Sequence[Person]) -> Plan:
    rows = Journey.objects.in_workspace(doer.workspace_id).filter(pk=settings["journey_id"], state="on", deleted_at=None)
    published = rows.values_list("published_id", flat=True).first()
    versions = JourneyVersion.objects.in_workspace(doer.workspace_id).select_related("journey", "workspace")
    version = None if published is None else versions.filter(pk=published).first()
    if version is None:
        return Plan([OFF] * len(people))
    way, now = work.way_of(version), clock.now()
    coming = [Coming(one.member_id, occasions.named(one.key), now, occasions.deeper(one.occasion)) for one in people]
    admitted = entering.admit(way, coming, now=now)
    let_in = {one.entry for one in admitted.people}
    outcomes = []
    for one, each in zip(people, coming, strict=True):
        if each.entry in let_in:
            outcomes.append(DONE)
        else:
            reason = admitted.why.get(one.member_id, entering.NO_PERSON)
            outcomes.append(Outcome("unchanged" if reason == entering.IN_FLIGHT else "refused", *REFUSED[reason], reason))
    return Plan(outcomes, lambda: _ignored(entering.keep(admitted.people)))


def _plan_stop(doer: Doer, settings: Settings, people: Sequence[Person]) -> Plan:
    wanted = [one.member_id for one in people]
    inside: set[uuid.UUID] = set()
    for some in bulk.chunks(wanted):
        rows = Enrolment.objects.in_workspace(doer.workspace_id).filter(journey_id=settings["journey_id"], member_id__in=some, state="waiting")
        inside.update(rows.values_list("member_id", flat=True))
    outcomes = [DONE if one in inside else Outcome("unchanged", "不在这个旅程中。", "They are not in this journey.") for one in wanted]

    def write() -> None:
        now = clock.now()
        for some in bulk.chunks(inside):
            rows = Enrolment.objects.in_workspace(doer.workspace_id).filter(journey_id=settings["journey_id"], member_id__in=some, state="waiting")
            found = list(rows.values_list("version_id", *keeping.LOADED))
            versions = JourneyVersion.objects.in_workspace(doer.workspace_id).filter(pk__in={pk for pk, *_ in found})
            ways = {one.pk: work.way_of(one) for one in versions.select_related("journey", "workspace")}
            leaving = [keeping.load(row, ways[pk], now) for pk, *row in found]
            for one in leaving:
                one.end("removed", reason="removed", zh=f"由“{doer.name}”移出。", en=f"Taken out by “{doer.name}”.")
            keeping.save(leaving)
            for one in leaving:
                withdrawing.withdraw(doer.workspace_id, key_prefix=f"journey/{one.id}/")

    return Plan(outcomes, write)


def _ignored(_: object) -> None: ...


def _causes(settings: Settings) -> list[Cause]:
    return [Cause(event=circling.STARTED, properties={"journey_id": settings["journey_id"]})]


_JOURNEY = Field(name="journey_id", kind="journey", zh="旅程", en="Journey")
ACTIONS = (
    Action(
        name="journey.start",
        zh="进入旅程",
        en="Let into a journey",
        kind="automation",
        permission="automations.enrol",
        fields=(_JOURNEY,),
        check=_check,
        say=_say_start,
        plan=_plan_start,
        causes=_causes,
    ),
    Action(
        name="journey.stop",
        zh="离开旅程",
        en="Take out of a journey",
        kind="automation",
        permission="automations.enrol",
        fields=(_JOURNEY,),
        check=_check,
        say=_say_stop,
        plan=_plan_stop,
    ),
)
