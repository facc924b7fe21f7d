"""What people in the sample say: sentences with slots, by topic. `{bean}` and its like are chosen once a conversation."""

from __future__ import annotations

from hutong.sample.phrases.campaigns import GIVEAWAY, MAP
from hutong.sample.phrases.coffee import BEANS, BREWING, DRINKS, GEAR
from hutong.sample.phrases.english import ENGLISH
from hutong.sample.phrases.events import ACTIVITIES, BOOKS, IDEAS
from hutong.sample.phrases.life import EVENING, LUNCH, MORNING, NEIGHBOURS, SERVICE, WEEKEND
from hutong.sample.phrases.topic import SLOTS, Topic

TOPICS: dict[str, Topic] = {
    topic.key: topic
    for topic in (
        ACTIVITIES,
        BEANS,
        BOOKS,
        BREWING,
        DRINKS,
        ENGLISH,
        EVENING,
        GEAR,
        GIVEAWAY,
        IDEAS,
        LUNCH,
        MAP,
        MORNING,
        NEIGHBOURS,
        SERVICE,
        WEEKEND,
    )
}

__all__ = ["SLOTS", "TOPICS", "Topic"]
