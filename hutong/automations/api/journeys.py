"""Journeys: drawn, published, watched, tried."""

from __future__ import annotations

import uuid

from ninja import Query, Status

from hutong.automations.actions import enrolments, journeys
from hutong.automations.api import MANAGE, READ, router
from hutong.automations.queries import enrolments as people
from hutong.automations.queries import journeys as queries
from hutong.automations.schemas import journeys as schemas
from hutong.workspaces.access import Request

ENROL = "automations.enrol"
LIST = "/automation/journeys"
ONE = LIST + "/{uuid:journey_id}"


@router.get(LIST, permission=READ, response=schemas.JourneyPage, operation_id="journeys_list", summary="Journeys, the latest made first")
def journeys_list(request: Request, query: Query[schemas.JourneyQuery]) -> object:
    return queries.page(request.workspace, **query.dict())


@router.post(LIST, permission=MANAGE, response={201: schemas.JourneyFull}, operation_id="journeys_create", summary="Add a journey")
def journeys_create(request: Request, body: schemas.JourneyIn) -> Status[object]:
    made = journeys.create(request.workspace, actor=request.actor, **body.dict())
    return Status(201, queries.one(request.workspace, made.pk))


@router.get(LIST + "/presets", permission=READ, response=schemas.JourneyPresetList, operation_id="journeys_presets", summary="Journeys to begin with")
def journeys_presets(request: Request) -> object:
    return {"items": queries.offered(request.workspace)}


@router.get(
    LIST + "/cap",
    permission=READ,
    response=schemas.JourneyCapBody,
    operation_id="journeys_cap",
    summary="How many messages journeys send to one person",
)
def journeys_cap(request: Request) -> object:
    return queries.cap(request.workspace)


@router.put(
    LIST + "/cap",
    permission=MANAGE,
    response=schemas.JourneyCapBody,
    operation_id="journeys_set_cap",
    summary="Set how many messages journeys send to one person",
)
def journeys_set_cap(request: Request, body: schemas.JourneyCapBody) -> object:
    journeys.set_cap(request.workspace, actor=request.actor, messages=body.messages, days=body.days)
    return queries.cap(request.workspace)


@router.get(ONE, permission=READ, response=schemas.JourneyFull, operation_id="journeys_get", summary="One journey, with what is drawn")
def journeys_get(request: Request, journey_id: uuid.UUID) -> object:
    return queries.one(request.workspace, journey_id)


@router.patch(ONE, permission=MANAGE, response=schemas.JourneyFull, operation_id="journeys_change", summary="Change a journey's name or priority")
def journeys_change(request: Request, journey_id: uuid.UUID, body: schemas.JourneyChange) -> object:
    journeys.change(request.workspace, actor=request.actor, journey_id=journey_id, values=body.dict(exclude_unset=True))
    return queries.one(request.workspace, journey_id)


@router.delete(ONE, permission=MANAGE, response={204: None}, operation_id="journeys_delete", summary="Delete a journey that nobody is in")
def journeys_delete(request: Request, journey_id: uuid.UUID) -> Status[None]:
    journeys.delete(request.workspace, actor=request.actor, journey_id=journey_id)
    return Status(204, None)


@router.put(
    ONE + "/draft",
    permission=MANAGE,
    response=schemas.JourneyDraftOut,
    operation_id="journeys_draw",
    summary="Keep what is drawn, whatever is wrong with it",
)
def journeys_draw(request: Request, journey_id: uuid.UUID, body: schemas.JourneyDraftIn) -> object:
    revision, wrong = journeys.draw(request.workspace, actor=request.actor, journey_id=journey_id, drawn=body.graph, revision=body.revision)
    return {"revision": revision, "problems": queries.said(wrong)}


@router.post(
    ONE + "/check",
    permission=READ,
    response=schemas.JourneyCheckOut,
    operation_id="journeys_check",
    summary="What is wrong with a draft, and for how many it is",
)
def journeys_check(request: Request, journey_id: uuid.UUID) -> object:
    return queries.check(request.workspace, journey_id)


@router.post(
    ONE + "/publication", permission=MANAGE, response=schemas.JourneyFull, operation_id="journeys_publish", summary="Make a version of the draft"
)
def journeys_publish(request: Request, journey_id: uuid.UUID, body: schemas.JourneyPublicationIn) -> object:
    journeys.publish(
        request.workspace, actor=request.actor, journey_id=journey_id, revision=body.revision, moves=body.in_flight == "move", starts=body.start
    )  # fmt: skip
    return queries.one(request.workspace, journey_id)


@router.put(
    ONE + "/state",
    permission=MANAGE,
    response=schemas.JourneyFull,
    operation_id="journeys_set_state",
    summary="Set a journey going, pause or stop it",
)
def journeys_set_state(request: Request, journey_id: uuid.UUID, body: schemas.JourneyStateIn) -> object:
    journeys.set_state(request.workspace, actor=request.actor, journey_id=journey_id, state=body.state)
    return queries.one(request.workspace, journey_id)


@router.get(
    ONE + "/versions/{number}",
    permission=READ,
    response=schemas.JourneyVersionFull,
    operation_id="journeys_version",
    summary="A version, with what was drawn",
)
def journeys_version(request: Request, journey_id: uuid.UUID, number: int) -> object:
    return queries.version(request.workspace, journey_id, number)


@router.get(ONE + "/numbers", permission=READ, response=schemas.JourneyNumbers, operation_id="journeys_numbers", summary="Everything that is counted")
def journeys_numbers(request: Request, journey_id: uuid.UUID, query: Query[schemas.JourneyNumbersQuery]) -> object:
    return queries.numbers(request.workspace, journey_id, query.version)


@router.get(ONE + "/people", permission=READ, response=schemas.JourneyPeople, operation_id="journeys_people", summary="People in a journey")
def journeys_people(request: Request, journey_id: uuid.UUID, query: Query[schemas.JourneyPeopleQuery]) -> object:
    return people.people(request.workspace, journey_id, **query.dict())


@router.post(
    ONE + "/enrolments",
    permission=ENROL,
    response={202: schemas.StartOut},
    operation_id="journeys_enrol",
    summary="Let members in, or everybody in a segment",
)
def journeys_enrol(request: Request, journey_id: uuid.UUID, body: schemas.EnrolmentsIn) -> Status[object]:
    return Status(202, enrolments.begin(request.workspace, actor=request.actor, journey_id=journey_id, **body.dict()))


@router.get(
    "/automation/starts/{uuid:start_id}",
    permission=READ,
    response=schemas.StartOut,
    operation_id="journeys_start",
    summary="How far letting people in is",
)
def journeys_start(request: Request, start_id: uuid.UUID) -> object:
    return queries.start(request.workspace, start_id)


@router.post(
    ONE + "/dry-runs",
    permission=MANAGE,
    response={202: schemas.DryRunOut},
    operation_id="journeys_try",
    summary="Try the draft; nothing is written or sent",
)
def journeys_try(request: Request, journey_id: uuid.UUID, body: schemas.DryRunIn) -> Status[object]:
    made = enrolments.try_out(request.workspace, actor=request.actor, journey_id=journey_id, **body.dict())
    return Status(202, queries.dry_run(request.workspace, made.pk))


@router.get(
    "/automation/dry-runs/{uuid:run_id}", permission=READ, response=schemas.DryRunOut, operation_id="journeys_dry_run", summary="What a try found"
)
def journeys_dry_run(request: Request, run_id: uuid.UUID) -> object:
    return queries.dry_run(request.workspace, run_id)


@router.get(
    "/automation/enrolments",
    permission=READ,
    response=schemas.MemberJourneyPage,
    operation_id="enrolments_list",
    summary="The journeys a member is or was in",
)
def enrolments_list(request: Request, query: Query[schemas.MemberJourneyQuery]) -> object:
    return people.of_member(request.workspace, **query.dict())


@router.get(
    "/automation/enrolments/{enrolment_id}",
    permission=READ,
    response=schemas.EnrolmentOut,
    operation_id="enrolments_get",
    summary="One person's way",
)
def enrolments_get(request: Request, enrolment_id: schemas.EnrolmentId) -> object:
    return people.one(request.workspace, int(enrolment_id))


@router.delete(
    "/automation/enrolments/{enrolment_id}",
    permission=ENROL,
    response={204: None},
    operation_id="enrolments_remove",
    summary="Take somebody out of a journey",
)
def enrolments_remove(request: Request, enrolment_id: schemas.EnrolmentId) -> Status[None]:
    enrolments.remove(request.workspace, actor=request.actor, enrolment_id=int(enrolment_id))
    return Status(204, None)
