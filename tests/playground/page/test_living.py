"""How the page keeps up: news, lost connections, the reader's place, persons, small screens."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from bot.playground.server import LocalSlack
from tests.browser import needs_chromium
from tests.playground.page.canned import CannedSlack, actions, button, from_alex, message, stamp

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), needs_chromium]


async def ready(page: Page, slack: CannedSlack, *said: dict[str, object]) -> None:
    """Open #finops with some messages and wait until they are there."""
    slack.messages = [*said, message("the last one", at=4000)]
    await page.goto(slack.url)
    await expect(page.get_by_text("the last one")).to_be_visible()


async def test_news_of_a_message_changes_the_page(page: Page, slack: CannedSlack) -> None:
    """What is posted, changed, answered and deleted is seen without asking."""
    await ready(page, slack)
    said = from_alex("Running", at=5000)
    row = page.locator(f"[data-ts='{said['ts']}']")

    await slack.post(said)
    await expect(row).to_contain_text("Running")
    await slack.push(type="changed", message=said | {"text": "Done", "edited": True})
    await expect(row).to_contain_text("Done (edited)")
    counts = {"reply_count": 2, "latest_reply": stamp(5100), "reply_users": ["U0BOT"]}
    await slack.push(type="thread", channel="C0FINOPS", thread_ts=said["ts"], **counts)
    await expect(row.get_by_role("button", name="2 replies")).to_be_visible()
    await slack.push(type="deleted", channel="C0FINOPS", ts=said["ts"])

    await expect(row).to_have_count(0)


async def test_a_reply_shows_in_the_thread_alone(page: Page, slack: CannedSlack) -> None:
    """The channel keeps to its own messages; a broadcast reply stands in both."""
    parent = message("the report?", reply_count=1)
    await ready(page, slack, parent)
    await page.get_by_role("button", name="1 reply").click()
    log = page.get_by_role("log", name="Messages")
    thread = page.get_by_role("log", name="Thread")

    reply = message("soon", at=5000, thread_ts=parent["ts"])
    await slack.post(reply)
    await slack.post(message("now", at=5001, thread_ts=parent["ts"], reply_broadcast=True))

    await expect(thread).to_contain_text("soon")
    await expect(thread).to_contain_text("now")
    await expect(log).to_contain_text("now")
    await expect(log).not_to_contain_text("soon")


async def test_an_answer_only_for_me_opens_its_thread(page: Page, slack: CannedSlack) -> None:
    """An ephemeral answer in a thread is not left where nobody looks."""
    parent = message("the report?")
    await ready(page, slack, parent)

    note = from_alex("That one is paused.", at=5000, ephemeral=True, thread_ts=parent["ts"])
    await slack.push(type="ephemeral", message=note)

    pane = page.get_by_test_id("thread-pane")
    await expect(pane).to_contain_text("Only visible to you")
    await expect(pane).to_contain_text("That one is paused.")


async def test_a_card_keeps_its_focus_while_others_talk(page: Page, slack: CannedSlack) -> None:
    """A message elsewhere does not take the button from under a person's finger."""
    await ready(page, slack, from_alex(blocks=[actions(button("Run now", "run"))]))
    run = page.get_by_role("button", name="Run now")
    await run.focus()

    await slack.post(message("meanwhile", at=5000, user="U0RAVI"))
    await expect(page.get_by_text("meanwhile")).to_be_visible()

    await expect(run).to_be_focused()


async def test_another_channel_counts_what_was_not_read(page: Page, slack: CannedSlack) -> None:
    """News of another channel is a number beside it, gone once it is opened."""
    await ready(page, slack)
    entry = page.get_by_test_id("channel-general")

    await slack.post(message("psst", at=5000, channel="C0GENERAL", user="U0RAVI"))
    await expect(entry.get_by_label("1 unread")).to_be_visible()
    await entry.click()

    await expect(page.get_by_text("psst")).to_be_visible()
    await expect(entry.get_by_label("1 unread")).to_have_count(0)


async def test_the_page_stays_where_the_reader_is(page: Page, slack: CannedSlack) -> None:
    """New messages scroll along only at the end; further up they are announced."""
    many = [message(f"line {at}\n\n\n", at=at * 400, user="U0RAVI") for at in range(9)]
    await ready(page, slack, *many)
    await expect(page.get_by_text("the last one")).to_be_in_viewport()
    log = page.get_by_role("log", name="Messages")

    await log.evaluate("log => { log.scrollTop = 0 }")
    await slack.post(message("one more", at=5000, user="U0RAVI"))
    jump = page.get_by_role("button", name="New messages")
    await expect(jump).to_be_visible()
    assert await log.evaluate("log => log.scrollTop") == 0
    await jump.click()
    await expect(page.get_by_text("one more")).to_be_in_viewport()
    await slack.post(message("and more\n\n\n", at=5001, user="U0RAVI"))

    await expect(page.get_by_text("and more")).to_be_in_viewport()
    await expect(jump).to_be_hidden()


async def test_a_lost_connection_is_said_and_made_up_for(page: Page, slack: CannedSlack) -> None:
    """After a break the page connects again and shows what it missed."""
    await ready(page, slack)

    slack.messages.append(message("said in the dark", at=5000))
    await slack.drop_sockets()

    await expect(page.get_by_text("said in the dark")).to_be_visible()
    await expect(page.get_by_text("Connection lost")).to_be_hidden()


async def test_the_bots_connection_is_shown(page: Page, slack: CannedSlack) -> None:
    """Whether the bot is there is always to be read."""
    await ready(page, slack)
    await expect(page.get_by_text("Chatcron is connected")).to_be_visible()

    await slack.push(type="app", connected=False)

    await expect(page.get_by_text("Chatcron is not connected")).to_be_visible()


async def test_another_person_sees_and_hears_as_themselves(page: Page, slack: CannedSlack) -> None:
    """Switching closes the one view and opens the other; a reload keeps who and where one is."""
    await ready(page, slack)

    await page.get_by_test_id("person-switch").select_option("U0SAM")
    await expect(page.get_by_text("the last one")).to_be_visible()
    await page.get_by_test_id("channel-chatcron").click()
    await expect(page).to_have_title("Chatcron · Acme")
    await page.reload()

    await expect(page.get_by_test_id("person-switch")).to_have_value("U0SAM")
    await expect(page).to_have_title("Chatcron · Acme")
    await page.get_by_test_id("composer").fill("list")
    await page.get_by_test_id("send").click()
    await slack.heard.wait()
    assert slack.asks("/ui/say") == [{"as": "U0SAM", "channel": "D0DM", "text": "list"}]


async def test_a_phone_has_a_drawer_and_a_covering_thread(page: Page, slack: CannedSlack) -> None:
    """On 390 points the side bar comes when called and the thread takes the whole width."""
    await page.set_viewport_size({"width": 390, "height": 844})
    await ready(page, slack, message("the report?", reply_count=1))
    await expect(page.get_by_test_id("channel-general")).to_be_hidden()

    await page.get_by_role("button", name="Open the side bar").click()
    await page.get_by_test_id("channel-finops").click()
    await expect(page.get_by_test_id("channel-general")).to_be_hidden()
    await page.get_by_role("button", name="1 reply").click()

    box = await page.get_by_test_id("thread-pane").bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
    assert await page.evaluate("document.documentElement.scrollWidth") == 390


async def test_the_page_and_the_local_slack_agree(page: Page) -> None:
    """Against the real server a message goes out, comes back live, and a mention is linked."""
    local = LocalSlack()
    await local.start()
    try:
        await page.goto(local.url)
        await page.get_by_test_id("channel-finops").click()
        await page.get_by_test_id("composer").fill("hello @ravi, see #general")
        await page.get_by_test_id("composer").press("Enter")

        row = page.get_by_test_id("message")
        await expect(row.locator(".mention")).to_have_text(["@Ravi", "#general"])
        await page.get_by_test_id("person-switch").select_option("U0RAVI")
        await expect(page.locator(".mention-me")).to_have_text("@Ravi")
    finally:
        await page.close()
        await local.stop()
