"""Anna in the local Slack: she sums up what ran, and keeps what is private where it is."""

from __future__ import annotations

from tests.journeys.persona import FINOPS, GENERAL, Persona, number_in, saying, words_of


async def run_once(person: Persona, request: str, channel: str) -> dict[str, object]:
    """Ask for work, press Run now on its card, and give the result's message."""
    asked = await person.say(request, channel=channel)
    card = await person.see(saying("is on"), channel=channel, thread_ts=asked)
    task_id = number_in(card, "T")
    assert (await person.click(card, "Run now"))["ok"]
    return await person.see(saying(f"T-{task_id} · R-"), channel=channel)


async def test_anna_sums_up_what_her_readers_may_know(maya: Persona) -> None:
    """A public run is told with its result; one of a direct message is not even counted."""
    await run_once(maya, "@Chatcron alex schedule daily cost report at 8 AM", FINOPS)
    await run_once(maya, "tony check the database every Monday at 9:00", maya.dm)

    request = "@Chatcron anna schedule infrastructure summary every Monday at 9:00"
    posted = await run_once(maya, request, GENERAL)

    assert "1 of 1 run fine" in words_of(posted)
    assert "1 of 4 agents reported" in words_of(posted)
    details = await maya.see(
        saying("What they said last"), channel=GENERAL, thread_ts=str(posted["ts"])
    )
    assert "Yesterday: " in words_of(details)
    assert "database" not in words_of(posted).lower() + words_of(details).lower()
