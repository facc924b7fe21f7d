"""What a module may contribute, as plain declarations. `hutong.config.features` lists the modules; nothing scans."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hutong.foundation.acting import Action


@dataclass(frozen=True, slots=True)
class Permission:
    """A right named `noun.verb`, with the roles that hold it from the start."""

    name: str
    zh: str
    en: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Property:
    """A typed property of an event: text | number | boolean | time | id | list."""

    name: str
    type: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """An event in the catalogue. `is_activity`: the member did something by will, which counts for DAU. `is_noted`: the system noted
    something of the member, which is no sign of them: they were not seen by it.
    """

    name: str
    zh: str
    en: str
    is_activity: bool = False
    is_noted: bool = False
    properties: tuple[Property, ...] = ()


@dataclass(frozen=True, slots=True)
class StandardAttribute:
    """A fact about members that every workspace has."""

    key: str
    type: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class PeriodicJob:
    """A job that runs every so often; `run` takes nothing and must be safe to run twice."""

    name: str
    every_seconds: int
    run: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Owner:
    """Something that rules can belong to and be changed with; `kind` begins the name by which they follow it. The sentences say what sets
    such a rule off, with the owner's {name}.
    """

    kind: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Contributions:
    """All that one module adds to the product."""

    permissions: tuple[Permission, ...] = ()
    events: tuple[EventDefinition, ...] = ()
    attributes: tuple[StandardAttribute, ...] = ()
    actions: tuple[Action, ...] = ()
    owners: tuple[Owner, ...] = ()
    jobs: tuple[PeriodicJob, ...] = field(default=())
