"""What a person does with the composer, and what goes out from it."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser import needs_chromium
from tests.playground.page.canned import CannedSlack, message

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), needs_chromium]

HERE = {"as": "U0MAYA", "channel": "C0FINOPS"}


async def test_enter_sends_and_shift_enter_breaks_the_line(page: Page, slack: CannedSlack) -> None:
    """A message of two lines goes out whole at the second kind of Enter, and the box is empty."""
    await page.goto(slack.url)
    box = page.get_by_test_id("composer")

    await box.press_sequentially("one")
    await box.press("Shift+Enter")
    await box.press_sequentially("two")
    await box.press("Enter")

    await expect(box).to_have_value("")
    assert slack.asks("/ui/say") == [{**HERE, "text": "one\ntwo"}]


async def test_blanks_are_not_sent(page: Page, slack: CannedSlack) -> None:
    """Enter on nothing but blanks asks nothing of the server."""
    await page.goto(slack.url)
    box = page.get_by_test_id("composer")

    await box.fill("   ")
    await box.press("Enter")
    await box.fill("something")
    await page.get_by_test_id("send").click()

    await expect(box).to_have_value("")
    assert [body["text"] for body in slack.asks("/ui/say")] == ["something"]


@pytest.mark.parametrize(
    ("typed", "offered", "taken"),
    [
        ("hi @ch", "@chatcron", "hi @chatcron "),
        ("@al", "@alex", "@alex "),
        ("ask @ra", "@ravi", "ask @ravi "),
        ("see #gen", "#general", "see #general "),
        ("/ta", "/tasks [list|show]", "/tasks "),
        ("/inv", "/invite @name", "/invite "),
    ],
)
async def test_marks_are_completed(
    page: Page, slack: CannedSlack, typed: str, offered: str, taken: str
) -> None:
    """People, agents, channels and commands are offered, and Enter takes the first offer."""
    await page.goto(slack.url)
    box = page.get_by_test_id("composer")

    await box.press_sequentially(typed)
    offers = page.get_by_role("listbox", name="Suggestions")
    await expect(offers.get_by_role("option").first).to_contain_text(offered)
    await box.press("Enter")

    await expect(box).to_have_value(taken)
    await expect(offers).to_be_hidden()
    assert slack.asked == []


async def test_a_name_typed_in_full_is_sent(page: Page, slack: CannedSlack) -> None:
    """Enter after a whole name sends; nobody has to close the offers first."""
    await page.goto(slack.url)
    box = page.get_by_test_id("composer")

    await box.press_sequentially("thanks @alex")
    await box.press("Enter")

    await expect(box).to_have_value("")
    assert [body["text"] for body in slack.asks("/ui/say")] == ["thanks @alex"]


async def test_offers_are_walked_by_arrows_and_left_by_escape(
    page: Page, slack: CannedSlack
) -> None:
    """The chosen offer is announced to screen readers, and Escape leaves the text alone."""
    await page.goto(slack.url)
    box = page.get_by_test_id("composer")
    await box.press_sequentially("@")
    first = await box.get_attribute("aria-activedescendant")

    await box.press("ArrowDown")
    second = await box.get_attribute("aria-activedescendant")
    await box.press("Escape")

    assert first != second
    await expect(box).to_have_value("@")
    await expect(box).to_have_attribute("aria-expanded", "false")


async def test_a_command_goes_its_own_way(page: Page, slack: CannedSlack) -> None:
    """A text that begins with a known command runs it."""
    await page.goto(slack.url)
    box = page.get_by_test_id("composer")

    await box.fill("/tasks show T-12")
    await box.press("Enter")

    await expect(box).to_have_value("")
    assert slack.asks("/ui/slash") == [{**HERE, "command": "/tasks", "text": "show T-12"}]


async def test_an_unknown_command_is_kept_and_explained(page: Page, slack: CannedSlack) -> None:
    """What looks like a command but is none is not posted for all to see."""
    await page.goto(slack.url)
    box = page.get_by_test_id("composer")

    await box.fill("/taks list")
    await box.press("Enter")

    await expect(page.get_by_role("alert")).to_contain_text("/taks is not a command here")
    await expect(box).to_have_value("/taks list")
    assert slack.asked == []


async def test_a_message_that_was_not_taken_comes_back(page: Page, slack: CannedSlack) -> None:
    """A refused message stands in the composer again, with a sentence."""
    slack.answers["/ui/say"] = {"ok": False, "error": "is_archived"}
    await page.goto(slack.url)
    box = page.get_by_test_id("composer")

    await box.fill("precious words")
    await box.press("Enter")

    await expect(page.get_by_role("alert")).to_contain_text("was not sent")
    await expect(box).to_have_value("precious words")


async def test_an_unfinished_text_waits_in_its_channel(page: Page, slack: CannedSlack) -> None:
    """A draft is not carried to another channel, and is there on return."""
    await page.goto(slack.url)
    box = page.get_by_test_id("composer")
    await box.fill("half a thou")

    await page.get_by_test_id("channel-general").click()
    await expect(box).to_have_value("")
    await page.get_by_test_id("channel-finops").click()

    await expect(box).to_have_value("half a thou")


async def test_an_empty_channel_hands_over_a_first_message(page: Page, slack: CannedSlack) -> None:
    """One click puts the suggestion into the composer, ready for Enter."""
    await page.goto(slack.url)

    await page.get_by_test_id("suggestion").click()
    box = page.get_by_test_id("composer")
    await expect(box).to_be_focused()
    await box.press("Enter")

    await expect(box).to_have_value("")
    text = "@Chatcron alex schedule daily cost report at 8 AM"
    assert slack.asks("/ui/say") == [{**HERE, "text": text}]


async def test_a_channel_without_the_bot_says_how_to_bring_it(
    page: Page, slack: CannedSlack
) -> None:
    """Where nobody would answer, the first thing to say is the invitation."""
    await page.goto(slack.url)

    await page.get_by_test_id("channel-random").click()

    await expect(page.get_by_test_id("hint")).to_contain_text("Chatcron is not in this channel")
    await expect(page.get_by_test_id("suggestion")).to_have_text("/invite @chatcron")


async def test_a_reply_goes_to_its_thread(page: Page, slack: CannedSlack) -> None:
    """The pane's own composer answers in the thread; Escape closes the pane."""
    parent = message("the report?", reply_count=1, reply_users=["U0RAVI"])
    slack.messages = [parent, message("soon", at=5, user="U0RAVI", thread_ts=parent["ts"])]
    await page.goto(slack.url)
    await page.get_by_role("button", name="1 reply").click()
    pane = page.get_by_test_id("thread-pane")
    await expect(pane.get_by_test_id("message")).to_have_count(2)

    box = page.get_by_test_id("thread-composer")
    await box.fill("weekdays only")
    await box.press("Enter")

    await expect(box).to_have_value("")
    reply = {**HERE, "text": "weekdays only", "thread_ts": parent["ts"]}
    assert slack.asks("/ui/say") == [reply]
    await box.press("Escape")
    await expect(pane).to_be_hidden()
