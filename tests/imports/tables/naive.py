"""What a list means, told the slow way: every row looks at every member. Shares nothing with the product."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Person:
    """A member: names on channels, and facts."""

    name: str
    ids: dict[str, list[str]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass
class Outcome:
    """What became of the rows."""

    made: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    rejected: int = 0
    values: int = 0


def digits(phone: str) -> str:
    found = re.sub(r"[^0-9+]", "", phone)
    return re.sub(r"^(?:\+86|0086|86)(?=1\d{10}$)", "", found)


def is_found(person: Person, key: str, told: str) -> bool:
    if key == "phone":
        return digits(person.facts.get("phone", "")) == digits(told)
    if key == "email":
        return person.facts.get("email", "").strip().lower() == told.strip().lower()
    return told in person.ids.get(key, ())


def follow(people: list[Person], rows: list[dict[str, str]], *, keys: list[str], when_found: str, when_missing: str) -> Outcome:
    """Change the people as the rows say. Columns: name, user_id, qq, phone, email, city."""
    done = Outcome()
    for row in rows:
        told = [(key, row[key]) for key in keys if row[key]]
        if not told:
            done.rejected += 1
            continue
        candidates: list[Person] | None = None
        wrong = False
        for key, value in told:
            found = [person for person in people if is_found(person, key, value)]
            if not found:
                continue
            candidates = found if candidates is None else [person for person in candidates if any(person is one for one in found)]
            wrong = wrong or not candidates
        if wrong or (candidates is not None and len(candidates) > 1):
            done.rejected += 1
            continue
        person = candidates[0] if candidates else None
        if person is None and when_missing == "skip":
            done.skipped += 1
            continue
        ids = {channel: row[channel] for channel in ("user_id", "qq") if row[channel]}
        if any(other is not person and value in other.ids.get(channel, ()) for channel, value in ids.items() for other in people):
            done.rejected += 1
            continue
        facts = {key: value for key, value in (("phone", digits(row["phone"])), ("email", row["email"].lower()), ("city", row["city"])) if value}
        if person is None:
            name = row["name"] or next(iter(ids.values()), "") or next(iter(facts.values()), "")
            people.append(Person(name, {channel: [value] for channel, value in ids.items()}, facts))
            done.made += 1
            continue
        if when_found == "skip":
            done.skipped += 1
            continue
        changes = 0
        for key, value in facts.items():
            had = person.facts.get(key)
            same = had is not None and (digits(had) == value if key == "phone" else had.lower() == value if key == "email" else had == value)
            if had is None or (when_found == "overwrite" and not same):
                person.facts[key] = value
                changes += 1
        if row["name"] and row["name"] != person.name and (when_found == "overwrite" or person.name in {*ids.values(), *facts.values()}):
            person.name = row["name"]
            changes += 1
        for channel, value in ids.items():
            if value not in person.ids.get(channel, ()):
                person.ids.setdefault(channel, []).append(value)
                changes += 1
        done.updated += bool(changes)
        done.unchanged += not changes
        done.values += changes
    return done
