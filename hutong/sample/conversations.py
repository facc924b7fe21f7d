"""One group's day: people come and go, topics are opened, answered or left alone, bots say their lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import msgspec

from hutong.sample import seasons
from hutong.sample.crowds import Crowd
from hutong.sample.dice import Dice
from hutong.sample.groups import ANSWERS_BY_QUOTE, EMOJI, GIVEAWAY_TOPIC_WEIGHT, MAP_TOPIC_WEIGHT, REACTIONS, GroupPlan
from hutong.sample.happenings import Happening
from hutong.sample.people import Person
from hutong.sample.phrases import SLOTS, TOPICS, Topic, everyday

DAY_SECONDS = 86_400
_TAILS = ("", "", "～", "😂", "😄", "", "", "[捂脸]", "")
_ALONE_SHARE = 0.17  # of questions that nobody takes up


class Words(dict[str, str]):
    """The slots of one conversation, chosen when first needed and then kept."""

    def __init__(self, dice: Dice, **given: str) -> None:
        super().__init__(given)
        self.dice = dice

    def __missing__(self, slot: str) -> str:
        word = self[slot] = self.dice.pick(SLOTS[slot])
        return word


class Talk(msgspec.Struct):
    """One conversation as it goes on."""

    topic: Topic
    words: Words
    first: Happening
    answers: list[str]  # not given yet
    circle: list[int]
    is_answered: bool = False
    is_thanked: bool = False
    said: set[str] = msgspec.field(default_factory=set)


class Group:
    """One group as the story goes on."""

    def __init__(self, seed: str, number: int, plan: GroupPlan, people: list[Person]) -> None:
        self.dice = Dice(seed, "talk", number)
        self.number, self.plan, self.people = number, plan, people
        self.serial = 0
        self.found: list[Happening] = []
        self.comings = sorted((stay.joined, person.number) for person in people for stay in person.stays if stay.group == number)
        self.goings = sorted(
            (stay.left, person.number) for person in people for stay in person.stays if stay.group == number and stay.left is not None
        )
        self.renamings = sorted((p.renamed_at, p.number) for p in people if p.renamed and p.stays and p.stays[0].group == number)
        mine = [person for person in people if any(stay.group == number for stay in person.stays)]
        self.staff = [person.number for person in mine if person.kind == "staff"]
        self.bot = next(person.number for person in mine if person.kind == "bot")
        self.joined_at: dict[int, int] = {}
        self.is_english = plan.channel == "telegram"
        self.names = [person.name for person in people]

    def live(self, number: int, day: dt.date, crowd: Crowd) -> list[Happening]:
        """Everything that happens on day `number`."""
        self.found = []
        self.day_start, self.day_end, self.crowd = number * DAY_SECONDS, (number + 1) * DAY_SECONDS, crowd
        self._renamings(number)
        spoken = self._comings(number) + self._daily(number, day)
        self._goings(number)
        rhythm = "office" if self.plan.rhythm == "office" and not seasons.is_free(day) else "free" if seasons.is_free(day) else "workday"
        hours = seasons.HOUR_SUMS[rhythm]
        topics, sums = self._topics(number)
        while crowd.speakers and spoken < crowd.messages:
            at = self.day_start + self.dice.weighted(hours) * 3600 + self.dice.below(3600)
            spoken += self._conversation(at, topics[self.dice.weighted(sums)])
        return self.found

    def _topics(self, number: int) -> tuple[list[Topic], list[float]]:
        weights = dict(self.plan.topics)
        since = number - seasons.MAP_FIRST_DAY
        if 0 <= since < 18 and self.plan.map_share >= 0.1 and self.plan.channel == "wechat":
            weights["map"] = MAP_TOPIC_WEIGHT * (1.0 if since < 8 else 0.35)
        since = number - seasons.GIVEAWAY_FIRST_DAY
        if 0 <= since < 9 and self.plan.giveaway_share >= 0.03:
            weights["giveaway"] = GIVEAWAY_TOPIC_WEIGHT * self.plan.giveaway_share * (1.0 if since < 5 else 0.3)
        return [TOPICS[key] for key in weights], list(accumulate(weights.values()))

    def _add(self, at: int, name: str, person: int, text: str = "", **more: Any) -> Happening:
        self.serial += 1
        made = Happening(at, self.number, self.serial, name, person, text, **more)
        self.found.append(made)
        return made

    def _someone(self, at: int) -> int:
        """A speaker who has already joined by then, or -1."""
        for _ in range(4):
            person = self.crowd.speakers[self.dice.weighted(self.crowd.sums)]
            if self.joined_at.get(person, 0) < at:
                return person
        return -1

    def _conversation(self, at: int, topic: Topic) -> int:
        dice = self.dice
        opener = self._someone(at)
        if opener < 0:
            return 1
        words = Words(dice)
        asked = dice.roll() < topic.ask_share and self.people[opener].kind != "staff"  # they know the answers
        if not asked:
            if topic.key == "activities" and dice.chance(0.5):
                opener = dice.pick(self.staff)
            first = self._say(at, opener, dice.pick(topic.opens), words)
            if dice.roll() < topic.picture_share:
                first.attachment = "image"
            return 1 + self._exchange(at, topic, words, first, ())
        question, *answers = dice.pick(topic.asks)
        first = self._say(at, opener, question, words, is_question=True)
        return 1 if dice.roll() < _ALONE_SHARE else 1 + self._exchange(at, topic, words, first, answers)

    def _exchange(self, at: int, topic: Topic, words: Words, first: Happening, answers: Sequence[str]) -> int:
        """What follows the first message, said by a few people in turn."""
        dice = self.dice
        circle = [person for person in (self._someone(at) for _ in range(1 + dice.below(4))) if person >= 0 and person != first.person]
        if answers and topic.key in ("service", "activities") and dice.chance(0.5):
            circle.insert(0, dice.pick(self.staff))
        if not circle:
            return 0
        talk = Talk(topic, words, first, list(answers), [first.person, *circle])
        last = first
        length = 1 + int(dice.wait(4.6))
        for turn in range(length):
            at += 6 + int(dice.wait(38 if turn else 75))
            if at >= self.day_end:
                return turn
            speaker = dice.pick(circle) if turn == 0 else dice.pick(talk.circle)
            if speaker == last.person:
                if dice.chance(0.6):
                    return turn
                speaker = next(person for person in talk.circle if person != last.person)
            last = self._reply(at, speaker, talk, last)
        return length

    def _reply(self, at: int, speaker: int, talk: Talk, last: Happening) -> Happening:
        dice = self.dice
        target = last
        if talk.answers and speaker != talk.first.person and dice.chance(0.85):
            line, target = talk.answers.pop(0), talk.first
            talk.is_answered = True
        elif speaker == talk.first.person and talk.is_answered and not talk.is_thanked:
            talk.is_thanked = True
            talk.words["who"] = self.names[last.person]
            line = dice.pick(everyday.ENGLISH_THANKS if self.is_english else everyday.THANKS)
        elif dice.roll() < 0.05 and not self.is_english:
            made = self._say(at, speaker, "", talk.words)
            made.attachment = "sticker" if dice.chance(0.7) else "image"
            return made
        else:
            line = self._remark(talk)
        made = self._say(at, speaker, line, talk.words)
        if target.person != speaker:
            quote = dice.roll()
            if quote < ANSWERS_BY_QUOTE[self.plan.channel]:
                made.message, made.addressed = target.serial, target.person
            elif quote > 0.94 and not self.is_english:
                made.text, made.addressed = f"@{self.names[target.person]} {made.text}", target.person
        return made

    def _remark(self, talk: Talk) -> str:
        """Something that fits the topic or anything, not said in this talk before."""
        line = ""
        for _ in range(3):
            line = self.dice.pick(talk.topic.chats if self.is_english or self.dice.roll() < 0.62 else everyday.REMARKS)
            if line not in talk.said:
                break
        talk.said.add(line)
        return line

    def _say(self, at: int, speaker: int, line: str, words: Words, *, is_question: bool = False) -> Happening:
        dice = self.dice
        text = line.format_map(words)
        tail = _TAILS[self.people[speaker].style]
        if tail and text and not is_question and dice.roll() < 0.3:
            text += tail
        made = self._add(at, "message_sent", speaker, text, is_question=is_question)
        share = REACTIONS[self.plan.channel]
        while share and dice.roll() < share:
            self._react(at, made)
            share *= 0.8
        if self.plan.channel in ("wechat", "qq") and dice.roll() < 0.004 and at + 130 < self.day_end:
            made.is_recalled = True
            self._add(at + 8 + dice.below(110), "message_recalled", speaker, message=made.serial)
        return made

    def _react(self, at: int, message: Happening) -> None:
        dice = self.dice
        person = dice.pick(self.crowd.present) if dice.chance(0.35) else self._someone(at)
        at += 5 + int(dice.wait(400))
        if person >= 0 and person not in (message.person, self.bot) and self.joined_at.get(person, 0) < at < self.day_end:
            self._add(at, "reaction_added", person, message=message.serial, addressed=message.person, emoji=dice.pick(EMOJI[self.plan.channel]))

    def _comings(self, number: int) -> int:
        """People join; a bot greets some, some say hello, others greet back."""
        dice = self.dice
        said = 0
        is_crush = seasons.GIVEAWAY_FIRST_DAY <= number < seasons.GIVEAWAY_FIRST_DAY + seasons.GIVEAWAY_DAYS
        today: list[tuple[int, int]] = []
        while self.comings and self.comings[0][0] < number + 1:
            moment, newcomer = self.comings.pop(0)
            today.append((int(moment * DAY_SECONDS), newcomer))
        self.joined_at.update((newcomer, at) for at, newcomer in today)  # known before anybody speaks
        for at, newcomer in today:
            self._add(at, "member_joined", newcomer)
            person = self.people[newcomer]
            if person.kind in ("staff", "bot"):
                continue
            if (
                self.plan.channel in ("wechat", "telegram")
                and not self.is_english
                and dice.chance(0.1 if is_crush else 0.45)
                and at + 60 < self.day_end
            ):
                self._say(at + 2 + dice.below(20), self.bot, dice.pick(everyday.BOT_WELCOMES), Words(dice, who=self.names[newcomer]))
                said += 1
            if person.appetite and person.stays[0].group == self.number and dice.chance(0.3 if person.kind == "giveaway" else 0.42):
                said += self._hello(at, person)
        return said

    def _hello(self, at: int, person: Person) -> int:
        dice = self.dice
        at += 30 + int(dice.wait(900))
        leaves = [stay.left for stay in person.stays if stay.left is not None and stay.left * DAY_SECONDS > self.joined_at[person.number]]
        if at >= min([self.day_end - 600, *(left * DAY_SECONDS - 1 for left in leaves)]):
            return 0
        lines = {"map": everyday.MAP_HELLOS, "giveaway": everyday.GIVEAWAY_HELLOS}.get(person.kind, everyday.HELLOS)
        words = Words(dice, me=self.names[person.number].rstrip("☕🌙🌿🐱🍋🌊🌻✨🐰🍀🎧🚲📚🐶🌸🍑🧋🎈🦊🌈"))
        hello = self._say(at, person.number, dice.pick(everyday.ENGLISH_HELLOS if self.is_english else lines), words)
        said = 1
        for _ in range(dice.below(3 if person.kind != "giveaway" else 1)):
            at += 10 + int(dice.wait(60))
            greeter = self._someone(at) if self.crowd.speakers else -1
            if greeter in (-1, person.number) or at >= self.day_end:
                continue
            welcome = self._say(at, greeter, dice.pick(everyday.ENGLISH_WELCOMES if self.is_english else everyday.WELCOMES), words)
            if dice.chance(ANSWERS_BY_QUOTE[self.plan.channel]):
                welcome.message, welcome.addressed = hello.serial, person.number
            said += 1
        return said

    def _goings(self, number: int) -> None:
        while self.goings and self.goings[0][0] < number + 1:
            moment, person = self.goings.pop(0)
            self._add(int(moment * DAY_SECONDS), "member_left", person)

    def _renamings(self, number: int) -> None:
        while self.renamings and self.renamings[0][0] < number + 1:
            moment, number_of = self.renamings.pop(0)
            person = self.people[number_of]
            self._add(int(moment * DAY_SECONDS), "member_renamed", number_of, person.renamed, before=person.name)
            self.names[number_of] = person.renamed

    def _daily(self, number: int, day: dt.date) -> int:
        """The bot's line of the day, and now and then a notice."""
        dice = self.dice
        said = 0
        if number and (self.plan.channel != "discord" or day.weekday() in (0, 3)):
            hour = {"wechat": 9, "qq": 19, "telegram": 9, "discord": 11}[self.plan.channel]
            self._say(
                self.day_start + hour * 3600 + self.number * 60 + dice.below(50),
                self.bot,
                dice.pick(everyday.BOT_DAILY[self.plan.channel]),
                Words(dice),
            )
            said += 1
        if number and day.weekday() == 3 and self.staff:
            who = dice.pick(self.staff)
            at = self.day_start + 15 * 3600 + dice.below(7200)
            self._add(at, "group_notice", who, dice.pick(everyday.NOTICES).format(who=self.names[who]))
        return said
