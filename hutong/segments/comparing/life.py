"""How many people of a segment, and of everybody, are at each stage of the life cycle, have each score of RFM, and are in each of its bands.

As of the last counts: what the warehouse mirrors of them. Of a segment of a community its own life cycle is looked at, else every community's.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from hutong.segments.bands import Bands
from hutong.segments.comparing import words
from hutong.segments.comparing.counts import COUNTS, PEOPLE_EACH_MIN, Counted, two
from hutong.segments.comparing.sides import Sides
from hutong.segments.comparing.words import Texts
from hutong.segments.conditions.every import SCORE
from hutong.segments.conditions.vocabulary import Word
from hutong.segments.models import LifeCycle
from hutong.segments.queries import life_cycle
from hutong.segments.queries.life_cycle import SCORES
from hutong.segments.stages import KIND_WORDS, KINDS, STAGES
from hutong.workspaces.models import Workspace

BAND = "rfm.band"


@dataclass(frozen=True, slots=True)
class Lives:
    """The communities whose life cycles are looked at, with the names and the cells of their bands."""

    names: dict[uuid.UUID, str]
    bands: dict[uuid.UUID, Bands]

    @property
    def cells(self) -> tuple[tuple[uuid.UUID, tuple[tuple[str, str], ...]], ...]:
        """What the counts depend on."""
        return tuple((pk, tuple(sorted(self.bands[pk].cells.items()))) for pk in self.names)


def of(workspace: Workspace, sides: Sides) -> Lives:
    """Those a comparison looks at."""
    names = {pk: name for pk, name in life_cycle.communities(workspace) if sides.community_id in (None, pk)}
    kept = dict(LifeCycle.objects.in_workspace(workspace).filter(community_id__in=list(names)).values_list("community_id", "bands"))
    return Lives(names, {pk: Bands.read(kept.get(pk)) for pk in names})


def counted(sides: Sides, lives: Lives) -> list[Counted]:
    """Stages, scores and bands that enough people share."""
    if not lives.names:
        return []
    return [*_stages(sides, lives.names), *_scores(sides, lives.names), *_bands(sides, lives)]


def _stages(sides: Sides, communities: Iterable[uuid.UUID]) -> list[Counted]:
    found = sides.rows(
        f"""
        SELECT key, text, {COUNTS} FROM member_values FINAL
        WHERE workspace_id = {{workspace:UUID}} AND key IN {{keys:Array(String)}} AND text != '' AND member_id IN ([everybody])
        GROUP BY key, text HAVING total >= {PEOPLE_EACH_MIN} ORDER BY key, text
        """,
        keys=[life_cycle.key(kind, pk) for pk in communities for kind in KINDS],
    )
    return [Counted("stage", key, stage, stage, *two(counts)) for key, stage, *counts in found]


def _scores(sides: Sides, communities: Iterable[uuid.UUID]) -> list[Counted]:
    found = sides.rows(
        f"""
        SELECT key, toString(toUInt8(assumeNotNull(number))) AS score, {COUNTS} FROM member_values FINAL
        WHERE workspace_id = {{workspace:UUID}} AND key IN {{keys:Array(String)}} AND isNotNull(number) AND member_id IN ([everybody])
        GROUP BY key, score HAVING total >= {PEOPLE_EACH_MIN} ORDER BY key, score
        """,
        keys=[_score_key(name, pk) for pk in communities for name in SCORES],
    )
    return [Counted("score", key.removeprefix(SCORE), score, score, *two(counts)) for key, score, *counts in found]


def _bands(sides: Sides, lives: Lives) -> list[Counted]:
    """A band is some cells of recency and frequency; everybody is in one cell."""
    order = list(lives.names)
    found = sides.rows(
        f"""
        SELECT at, recency, frequency, {COUNTS} FROM (
            SELECT member_id, if(indexOf({{recencies:Array(String)}}, key) > 0, indexOf({{recencies:Array(String)}}, key), indexOf({{frequencies:Array(String)}}, key)) AS at,
                toUInt8(anyIf(assumeNotNull(number), has({{recencies:Array(String)}}, key))) AS recency,
                toUInt8(anyIf(assumeNotNull(number), has({{frequencies:Array(String)}}, key))) AS frequency
            FROM member_values FINAL
            WHERE workspace_id = {{workspace:UUID}} AND key IN arrayConcat({{recencies:Array(String)}}, {{frequencies:Array(String)}})
                AND isNotNull(number) AND member_id IN ([everybody])
            GROUP BY member_id, at
        ) GROUP BY at, recency, frequency
        """,
        recencies=[_score_key("recency", pk) for pk in order],
        frequencies=[_score_key("frequency", pk) for pk in order],
    )
    sums: dict[tuple[uuid.UUID, str], tuple[int, int]] = {}
    for at, recency, frequency, *counts in found:
        community_id = order[at - 1]
        band = lives.bands[community_id].cells.get(f"{recency}-{frequency}")
        if band is not None:
            inside, everybody = sums.get((community_id, band), (0, 0))
            mine, total = two(counts)
            sums[community_id, band] = (inside + mine, everybody + total)
    return [
        Counted("band", f"{BAND}.{community_id}", band, band, inside, everybody)
        for (community_id, band), (inside, everybody) in sorted(sums.items())
        if everybody >= PEOPLE_EACH_MIN
    ]


def _score_key(name: str, community_id: uuid.UUID) -> str:
    return f"{SCORE}rfm.{name}.{community_id}"


def named(one: Counted, lives: Lives) -> tuple[Texts, Texts] | None:
    """The name of a stage, score or band, with its community's, and of its value; None where the community is gone meanwhile."""
    _, name, community_id = one.key.split(".", 2)
    community = lives.names.get(uuid.UUID(community_id))
    if community is None:
        return None
    if one.kind == "band":
        of_band = lives.bands[uuid.UUID(community_id)].names[one.value]
        return words.of_community(words.BAND, community), {"zh": of_band.zh, "en": of_band.en}
    if one.kind == "score":
        return words.of_community(_texts(SCORES[name]), community), words.score(one.value)
    kind = next(each for each in KINDS if each == name)
    return words.of_community(_texts(KIND_WORDS[kind]), community), _texts(STAGES[kind][one.value])


def _texts(word: Word) -> Texts:
    return {"zh": word.zh, "en": word.en}
