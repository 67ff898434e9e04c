"""What can't be done gets one helpful sentence, for the asker alone, and nothing happens."""

from __future__ import annotations

import pytest

from tests.journeys.books import tasks_in
from tests.journeys.driver import House
from tests.journeys.persona import (
    FINOPS,
    GENERAL,
    PLATFORM,
    Persona,
    labels_of,
    number_in,
    saying,
    words_of,
)

BAD = {
    "@Chatcron alex cost report every 0 minutes": "The shortest interval is one minute.",
    "@Chatcron alex schedule cost report at 25:00": "25:00 is not a time of day.",
    "@Chatcron alex schedule cost report on Feb 30 at 9 AM": "There is no 30 February.",
    "@Chatcron alex schedule cost report on 2020-01-01 at 9:00": "has passed.",
    "@Chatcron": "Tell me what to do and when",
    "@Chatcron 🎉🎉🎉": "I read no request in that. Try one of these:",
    "@Chatcron pause the flux capacitor": "I know no task called “flux capacitor”.",
    "@Chatcron pause T-999": "There is no task T-999.",
    "@Chatcron @zorg schedule cost report every day at 9 AM": "no agent called",
    "@Chatcron alex schedule " + "very " * 7_990 + "long report": "",
}


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[10:40] or "nothing")
async def test_a_bad_request_gets_one_sentence_for_the_asker_alone(
    house: House, ravi: Persona, sam: Persona, text: str
) -> None:
    """Nothing is created, nobody else sees anything, and nobody is pinged."""
    before = await tasks_in(house.database_url)
    known = {each["ts"] for each in await ravi.read(FINOPS)}

    asked = await ravi.say(text, FINOPS)
    answer = await ravi.see(
        lambda each: each["bot"] and each["ts"] not in known and BAD[text] in words_of(each)
    )

    assert answer["ephemeral"]
    assert await tasks_in(house.database_url) == before
    assert [each["ts"] for each in await ravi.read(FINOPS) if each["ts"] not in known] == [
        asked,
        answer["ts"],
    ]
    assert await ravi.read(FINOPS, asked) == [each for each in await sam.read(FINOPS)
                                              if each["ts"] == asked]  # fmt: skip
    assert not [ping for ping in ("<!", "<@") if ping in words_of(answer)]


async def test_a_name_full_of_markup_pings_nobody(ravi: Persona) -> None:
    """A broadcast, a mention and stars in a name are shown as text wherever the name is shown."""
    text = "@Chatcron tony schedule *loud* @channel <!here> @sam report every day at 9 AM"
    asked = await ravi.say(text, PLATFORM)
    card = await ravi.see(saying("oud report", "is on"), PLATFORM, asked)
    await ravi.click(card, "Run now")
    await ravi.see(saying("oud report", "Running"), PLATFORM, asked)
    await ravi.see(saying("oud report", " · R-"), PLATFORM)
    await ravi.slash("list", PLATFORM)
    await ravi.see(saying("oud report", " task"), PLATFORM)

    said = [*await ravi.find(saying(), PLATFORM, asked), *await ravi.find(saying(), PLATFORM)]
    shown = "\n".join(words_of(each) for each in said)
    assert [mark for mark in ("<!channel", "<!here", "<@U0SAM") if mark in shown] == []


async def test_a_name_that_fits_two_tasks_is_asked_about_and_the_button_acts(
    ravi: Persona,
) -> None:
    """“cost report” fits two: both are offered, and only the chosen one is paused."""
    numbers = []
    for text in ("daily EC2 cost report at 8 AM", "daily S3 cost report at 9 AM"):
        asked = await ravi.say(f"@Chatcron alex schedule {text}", GENERAL)
        card = await ravi.see(saying("is on"), GENERAL, asked)
        numbers.append(number_in(card, "T"))

    await ravi.say("@Chatcron pause the cost report", GENERAL)
    question = await ravi.see(saying("Which one should I"), GENERAL)
    assert question["ephemeral"]
    offered = labels_of(question)
    assert [f"T-{number}" in label for number, label in zip(numbers, offered, strict=True)] == [
        True,
        True,
    ]

    assert (await ravi.click(question, offered[1]))["ok"]
    await ravi.see(saying(f"T-{numbers[1]}", "is paused"), GENERAL)
    await ravi.slash(f"show T-{numbers[0]}", GENERAL)
    await ravi.see(saying(f"T-{numbers[0]}", "is on"), GENERAL)


async def test_talk_that_is_not_for_the_bot_is_left_alone(house: House, sam: Persona) -> None:
    """`@alex lgtm` asks for nothing: no answer, and no task."""
    before = await tasks_in(house.database_url)

    asked = await sam.say("@alex lgtm, thanks!", GENERAL)
    await sam.slash("help", GENERAL)
    await sam.see(saying("Tell me what to do"), GENERAL)

    async def handled() -> bool | None:
        told = house.events(asked)
        return True if told and all(each["acked"] for each in told) else None

    await sam.until(handled)
    assert await sam.read(GENERAL, asked) == [
        each for each in await sam.read(GENERAL) if each["ts"] == asked
    ]
    assert await tasks_in(house.database_url) == before
