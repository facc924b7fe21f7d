"""The HTTP operations of reports: the dashboard and single questions, each as JSON or as a CSV file."""

from __future__ import annotations

from typing import Any

from ninja import Query

from hutong.foundation.errors import Invalid, NotFound
from hutong.members import queries as members
from hutong.reports import days, files, schemas
from hutong.reports.definitions import BY_KEY, DEFINITIONS, SERIES, VALUES, change
from hutong.reports.queries import behind, hours, overview, people, questions, retention, series, table
from hutong.reports.queries.scope import Scope, extent, group_names, resolve
from hutong.workspaces.access import Request, Router

router = Router(tags=["reports"])

CSV: dict[str, Any] = {"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}}
READ: dict[str, Any] = {"permission": "reports.read", "openapi_extra": CSV, "by_alias": True}


@router.get("/reports/definitions", operation_id="reports_definitions", summary="What every number means", response=schemas.DefinitionsOut, **READ)
def definitions(request: Request, format: str | None = None) -> Any:  # noqa: A002 (the parameter's public name)
    if files.is_wanted(request, format):
        name, formula = ("zh", "formula_zh") if request.language == "zh" else ("en", "formula_en")
        return files.file(
            request, "definitions", ("metric", "formula", "unit"), ((getattr(d, name), getattr(d, formula), d.unit) for d in DEFINITIONS)
        )
    return {
        "items": [
            {
                "key": d.key,
                "name": {"zh": d.zh, "en": d.en},
                "formula": {"zh": d.formula_zh, "en": d.formula_en},
                "unit": d.unit,
                "format": d.format,
                "better": d.better,
                "change": d.change,
                "kind": d.kind,
                "has_series": d.has_series,
            }
            for d in DEFINITIONS
        ]
    }


@router.get("/reports/extent", operation_id="reports_extent", summary="The days with data", response=schemas.ExtentOut, **READ)
def data_extent(request: Request, asked: Query[schemas.ScopeFilters]) -> Any:
    scope = _scope(request, asked)
    found = extent(scope)
    if files.is_wanted(request, asked.format):
        return files.file(request, "extent", ("from", "to"), [(found.first, found.last)] if found else [])
    return {"scope": _scope_out(scope), "extent": _days_out(found)}


@router.get(
    "/reports/overview", operation_id="reports_overview", summary="The dashboard: cards and main series", response=schemas.OverviewOut, **READ
)
def dashboard(request: Request, asked: Query[schemas.OverviewFilters]) -> Any:
    scope, chosen, previous = _asked_with_comparison(request, asked)
    found = overview.overview(scope, chosen, previous, asked.unit)
    if files.is_wanted(request, asked.format):
        lines = [(_name(card["key"], request), card["value"], card["previous"], card["change"]) for card in found.cards()]
        return files.file(request, "overview", ("metric", "value", "previous", "change"), lines)
    return {
        "scope": _scope_out(scope),
        "range": _days_out(chosen),
        "compare": asked.compare,
        "previous": _days_out(previous),
        "extent": _days_out(found.extent),
        "cards": found.cards(),
        "series": _lines(chosen, found.unit, {key: found.lines[key] for key in overview.SERIES_KEYS}),
        "previous_series": _lines(previous, found.unit, {key: found.lines_before[key] for key in overview.SERIES_KEYS})
        if previous and found.lines_before
        else None,
    }


@router.get("/reports/series", operation_id="reports_series", summary="Metrics by day, week or month", response=schemas.SeriesOut, **READ)
def metric_series(request: Request, asked: Query[schemas.SeriesFilters]) -> Any:
    for key in asked.metric:
        if key not in BY_KEY:
            raise NotFound("metric")
        if key not in SERIES:
            raise Invalid.field("metric", f"“{BY_KEY[key].zh}”没有按时间的序列。", f"“{BY_KEY[key].en}” has no series over time.")
    scope, chosen, previous = _asked_with_comparison(request, asked)
    unit = asked.unit or days.fitting_unit(chosen.days)
    found = series.shared(scope, (chosen,) if previous is None else (chosen, previous), unit, tuple(dict.fromkeys(asked.metric)))
    if files.is_wanted(request, asked.format):
        columns = found[0]
        lines = ((part.first, part.last, *(columns[key][at] for key in columns)) for at, part in enumerate(chosen.split(unit)))
        return files.file(request, "series", ("from", "to", *columns), lines)
    return {
        "scope": _scope_out(scope),
        "range": _days_out(chosen),
        "previous": _days_out(previous),
        "series": _lines(chosen, unit, found[0]),
        "previous_series": _lines(previous, unit, found[1]) if previous else None,
    }


@router.get("/reports/metrics", operation_id="reports_metrics", summary="Every metric's value by key", response=schemas.MetricsOut, **READ)
def metric_values(request: Request, asked: Query[schemas.MetricsFilters]) -> Any:
    scope, chosen, previous = _asked_with_comparison(request, asked)
    now, before = overview.numbers(scope, chosen, previous)
    if files.is_wanted(request, asked.format):
        lines = ((_name(key, request), now[key], before and before[key], change(key, now[key], before[key] if before else None)) for key in VALUES)
        return files.file(request, "metrics", ("metric", "value", "previous", "change"), lines)
    return {"scope": _scope_out(scope), "range": _days_out(chosen), "previous": _days_out(previous), "values": now, "previous_values": before}


@router.get("/reports/retention", operation_id="reports_retention", summary="The cohort triangle", response=schemas.RetentionOut, **READ)
def retention_triangle(request: Request, asked: Query[schemas.RetentionFilters]) -> Any:
    scope, chosen = _asked(request, asked)
    found = retention.triangle(scope, chosen, unit=asked.unit, by=asked.cohort, periods=asked.periods)
    if files.is_wanted(request, asked.format):
        heads = ("cohort", "size", *(str(n) for n in range(len(found.averages))))
        return files.file(request, "retention", heads, ((one.start, one.size, *one.retained) for one in found.cohorts))
    return {
        "scope": _scope_out(scope),
        "range": _days_out(chosen),
        "unit": found.unit,
        "cohort": found.by,
        "periods": len(found.averages) - 1,
        "cohorts": [{"start": one.start, "size": one.size, "retained": one.retained, "shares": one.shares()} for one in found.cohorts],
        "averages": [{"n": n, "size": one.size, "retained": one.retained, "share": one.share} for n, one in enumerate(found.averages)],
    }


@router.get("/reports/heatmap", operation_id="reports_heatmap", summary="Messages by weekday and local hour", response=schemas.HeatmapOut, **READ)
def heat_map(request: Request, asked: Query[schemas.RangeFilters]) -> Any:
    scope, chosen = _asked(request, asked)
    cells = hours.heatmap(scope, chosen)
    if files.is_wanted(request, asked.format):
        lines = ((one.weekday, one.hour, one.messages, one.average) for one in cells)
        return files.file(request, "heatmap", ("weekday", "hour", "messages", "average"), lines)
    return {"scope": _scope_out(scope), "range": _days_out(chosen), "cells": cells}


@router.get("/reports/speakers", operation_id="reports_speakers", summary="Who talks most", response=schemas.SpeakersOut, **READ)
def top_speakers(request: Request, asked: Query[schemas.ListFilters]) -> Any:
    scope, chosen = _asked(request, asked)
    found = people.speakers(scope, chosen, cursor=asked.cursor, limit=asked.limit)
    _name_members(request, found.items)
    if files.is_wanted(request, asked.format):
        keys = ("messages", "replies", "characters", "active_days", "share")
        return files.file(request, "speakers", ("member_id", "member", *keys), _member_lines(found.items, keys))
    return {"scope": _scope_out(scope), "range": _days_out(chosen), **_page(found)}


@router.get("/reports/silent", operation_id="reports_silent", summary="Members present without activity", response=schemas.SilentOut, **READ)
def silent_members(request: Request, asked: Query[schemas.SilentFilters]) -> Any:
    scope = _scope(request, asked)
    last = days.chosen(asked.to, asked.to, today=scope.today).last
    found = people.silent(scope, last, silent_days=asked.days, cursor=asked.cursor, limit=asked.limit)
    _name_members(request, found.items)
    if files.is_wanted(request, asked.format):
        keys = ("joined_day", "last_active_day", "silent_days")
        return files.file(request, "silent", ("member_id", "member", *keys), _member_lines(found.items, keys))
    return {"scope": _scope_out(scope), "to": last, "days": asked.days, **_page(found)}


@router.get("/reports/newcomers", operation_id="reports_newcomers", summary="New members who never spoke", response=schemas.NewcomersOut, **READ)
def silent_newcomers(request: Request, asked: Query[schemas.ListFilters]) -> Any:
    scope, chosen = _asked(request, asked)
    found = people.newcomers(scope, chosen, cursor=asked.cursor, limit=asked.limit)
    _name_members(request, found.items)
    if files.is_wanted(request, asked.format):
        keys = ("joined_day", "is_present")
        return files.file(request, "newcomers", ("member_id", "member", *keys), _member_lines(found.items, keys))
    return {"scope": _scope_out(scope), "range": _days_out(chosen), **_page(found)}


@router.get("/reports/members", operation_id="reports_members", summary="The members behind one figure", response=schemas.MembersBehindOut, **READ)
def members_behind(request: Request, asked: Query[schemas.MembersFilters]) -> Any:
    scope, chosen = _asked(request, asked)
    point = behind.Point(kind=asked.kind, unit=asked.unit, by=asked.cohort, start=asked.start, n=asked.n, weekday=asked.weekday, hour=asked.hour)
    found = behind.members(scope, chosen, point, cursor=asked.cursor, limit=asked.limit)
    _name_members(request, found.items)
    if files.is_wanted(request, asked.format):
        return files.file(request, "members", ("member_id", "member", "day", "count"), _member_lines(found.items, ("day", "count")))
    return {"scope": _scope_out(scope), "range": _days_out(chosen), "kind": asked.kind, **_page(found)}


@router.get("/reports/questions", operation_id="reports_questions", summary="Questions without answer", response=schemas.QuestionsOut, **READ)
def open_questions(request: Request, asked: Query[schemas.ListFilters]) -> Any:
    scope, chosen = _asked(request, asked)
    found, count = questions.unanswered(scope, chosen, cursor=asked.cursor, limit=asked.limit)
    _name_members(request, found.items)
    groups = group_names(scope, (one["group_id"] for one in found.items))
    for one in found.items:
        one["group"] = {"id": one["group_id"], "name": groups[one["group_id"]]} if one["group_id"] in groups else None
        one["community_id"] = one["community_id"] if one["community_id"].int else None
    if files.is_wanted(request, asked.format):
        lines = ((one["asked_at"].isoformat(), one["group"] and one["group"]["name"], one["member"]["name"], one["text"]) for one in found.items)
        return files.file(request, "questions", ("asked_at", "group", "member", "text"), lines)
    return {"scope": _scope_out(scope), "range": _days_out(chosen), "asked": count, **_page(found)}


@router.get(
    "/reports/communities",
    operation_id="reports_communities",
    summary="Main numbers of communities and groups",
    response=schemas.CommunitiesOut,
    **READ,
)
def community_table(request: Request, asked: Query[schemas.RangeFilters]) -> Any:
    scope, chosen = _asked(request, asked)
    found = table.communities(request.workspace, scope, chosen)
    if files.is_wanted(request, asked.format):
        lines: list[list[Any]] = []
        for one in found:
            lines.append([one.name, "", "", *(one.numbers[key] for key in table.TABLE_KEYS)])
            lines += [[one.name, group.name, group.channel, *(group.numbers[key] for key in table.TABLE_KEYS)] for group in one.groups]
        return files.file(request, "communities", ("community", "group", "channel", *table.TABLE_KEYS), lines)
    return {
        "scope": _scope_out(scope),
        "range": _days_out(chosen),
        "items": [
            {
                "id": one.id,
                "name": one.name,
                "time_zone": one.time_zone,
                "values": one.numbers,
                "groups": [{"id": g.id, "name": g.name, "channel": g.channel, "values": g.numbers} for g in one.groups],
            }
            for one in found
        ],
    }


@router.get("/reports/active-days", operation_id="reports_active_days", summary="Exact daily active members", response=schemas.ActiveDaysOut, **READ)
def exact_active_days(request: Request, asked: Query[schemas.RangeFilters]) -> Any:
    scope, chosen = _asked(request, asked)
    found = hours.active_days(scope, chosen)
    if files.is_wanted(request, asked.format):
        return files.file(request, "active-days", ("day", "active"), found)
    return {"scope": _scope_out(scope), "range": _days_out(chosen), "items": [{"day": day, "active": count} for day, count in found]}


def _scope(request: Request, asked: schemas.ScopeFilters) -> Scope:
    return resolve(request.workspace, community=asked.community, groups=asked.group, channel=asked.channel)


def _asked(request: Request, asked: schemas.RangeFilters) -> tuple[Scope, days.DayRange]:
    scope = _scope(request, asked)
    return scope, days.chosen(asked.from_, asked.to, today=scope.today)


def _asked_with_comparison(request: Request, asked: schemas.CompareFilters) -> tuple[Scope, days.DayRange, days.DayRange | None]:
    scope, chosen = _asked(request, asked)
    return scope, chosen, days.compared(chosen, asked.compare, asked.compare_from, asked.compare_to)


def _scope_out(scope: Scope) -> dict[str, Any]:
    return {
        "community": {"id": scope.community[0], "name": scope.community[1]} if scope.community else None,
        "groups": [{"id": one, "name": name} for one, name in zip(scope.groups, scope.group_names, strict=True)],
        "channel": scope.channel,
        "time_zone": scope.zone,
        "today": scope.today,
    }


def _days_out(found: days.DayRange | None) -> dict[str, Any] | None:
    return {"from": found.first, "to": found.last, "days": found.days} if found else None


def _lines(chosen: days.DayRange, unit: days.Unit, values: series.Values) -> dict[str, Any]:
    parts = chosen.split(unit)
    return {"unit": unit, "starts": [one.first for one in parts], "ends": [one.last for one in parts], "values": values}


def _page(found: people.Found) -> dict[str, Any]:
    return {"total": found.total, "items": found.items, "next_cursor": found.next_cursor}


def _name(key: str, request: Request) -> str:
    return BY_KEY[key].zh if request.language == "zh" else BY_KEY[key].en


def _name_members(request: Request, items: list[people.Row]) -> None:
    names = members.names(request.workspace.pk, (one["member_id"] for one in items))
    for one in items:
        one["member"] = {"id": one["member_id"], "name": names.get(one["member_id"], "")}


def _member_lines(items: list[people.Row], keys: tuple[str, ...]) -> Any:
    return ((one["member_id"], one["member"]["name"], *(one[key] for key in keys)) for one in items)
