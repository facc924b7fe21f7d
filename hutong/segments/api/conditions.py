"""Conditions: what they may speak of, in words, counted."""

from __future__ import annotations

from typing import Any

from ninja import Query

from hutong.segments.api import router
from hutong.segments.queries import preview, words
from hutong.segments.schemas import conditions as schemas
from hutong.workspaces.access import Request


@router.get(
    "/conditions/vocabulary",
    permission="segments.read",
    response=schemas.VocabularyOut,
    operation_id="conditions_vocabulary",
    summary="Everything a condition may speak of",
)
def conditions_vocabulary(request: Request) -> object:
    return words.everything(request.workspace)


@router.get(
    "/conditions/schema",
    permission="segments.read",
    response=dict[str, Any],
    operation_id="conditions_schema",
    summary="The language of conditions as JSON Schema",
)
def conditions_schema(request: Request) -> object:
    return words.schema()


@router.get(
    "/conditions/values",
    permission="segments.read",
    response=schemas.ValueList,
    operation_id="conditions_values",
    summary="The values there really are",
)
def conditions_values(request: Request, query: Query[schemas.ValuesQuery]) -> object:
    words.check_asked(query.attribute, query.event, query.property)
    if query.attribute is not None:
        return {"items": words.values_of_attribute(request.workspace, query.attribute, query.q)}
    return {"items": words.values_of_property(request.workspace, query.event or "", query.property or "", query.q)}


@router.post(
    "/conditions/sentence", permission="segments.read", response=schemas.Sentence, operation_id="conditions_sentence", summary="A condition in words"
)
def conditions_sentence(request: Request, body: schemas.ConditionBody) -> object:
    return preview.sentence(request.workspace, body.condition)


@router.post(
    "/conditions/preview",
    permission="segments.read",
    response=schemas.ConditionPreviewOut,
    operation_id="conditions_preview",
    summary="How many a condition holds for now",
)
def conditions_preview(request: Request, body: schemas.PreviewBody) -> object:
    found = preview.preview(request.workspace, body.condition, community_id=body.community_id, own_segment=body.segment_id, is_exact=body.exact)
    return {
        "count": found.count,
        "of": found.of,
        "share": round(found.count / found.of, 6) if found.of else 0.0,
        "is_exact": found.is_exact,
        "examples": [{"id": pk, "name": name} for pk, name in found.examples],
        "seconds": round(found.seconds, 3),
    }
