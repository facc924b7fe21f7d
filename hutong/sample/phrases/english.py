"""The international group: English with some Chinese."""

from __future__ import annotations

from hutong.sample.phrases.topic import Topic

ENGLISH = Topic(
    key="english",
    ask_share=0.45,
    picture_share=0.3,
    asks=(
        ("Is the Gulou store open on Monday?", "Yes, from 7:30", "Yes, every day"),
        ("Any decaf beans right now?", "There is a Colombian decaf, ask at the bar", "Colombian, medium roast, quite good"),
        ("Which store has the best wifi?", "Gulou second floor, fast and quiet", "Wudaoying is fine too"),
        ("How do I join the Saturday cupping?", "Just reply here with your name", "Sign-up list is at the counter"),
        ("Do you ship beans outside Beijing?", "Yes, about three days by courier", "Got mine in Chengdu in two days"),
        ("Is there an English menu?", "Scan the code on the table, switch to EN", "Yes, and the staff are patient"),
        ("Can I bring my dog to the courtyard?", "Dogs welcome, there is a water bowl", "Yes, on a leash"),
        ("What grind do you use for V60?", "Medium, about 22 clicks on a C40", "A bit finer than sea salt"),
        ("Anyone going to the film night?", "I am going, meet you there", "Depends on the film"),
        ("请问 Wudaoying 店有插座吗？", "有的，靠墙那一排都有", "Yes, along the wall"),
        ("Where can I buy filters?", "At the counter, members get 10% off", "Online is cheaper"),
        ("Does the member card work at every store?", "Yes, all stores", "Yes, all six"),
    ),
    opens=(
        "Flat white at Wudaoying, perfect start of the day",
        "The Yunnan natural is wild, like lychee candy",
        "Loved the cupping today, thanks everyone",
        "Brought a friend from Lisbon, she wants to move here",
        "Courtyard + sun + cold brew = best Sunday",
        "New in town and already a regular here",
        "Finished my first latte art heart, sort of",
        "今天练中文，点单全程没说英文",
        "The osmanthus latte is back",
        "Rainy day, hot chocolate and a book",
    ),
    chats=(
        "+1",
        "Same here",
        "Looks great",
        "Count me in",
        "haha",
        "So good",
        "Thanks",
        "Noted",
        "See you Saturday",
        "太好了",
        "Need this now",
        "Nice shot",
        "I was there this morning too",
        "Enjoy",
        "Agree",
    ),
)
