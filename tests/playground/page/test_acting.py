"""What a person does with buttons, menus, fields and dialogs, and what the server is told."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser import needs_chromium
from tests.playground.page.canned import (
    CannedSlack,
    actions,
    button,
    from_alex,
    mrkdwn,
    plain,
    stamp,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), needs_chromium]

CONFIRM = {
    "title": plain("Delete it?"),
    "text": mrkdwn("*Daily cost report* stops."),
    "confirm": plain("Delete"),
    "deny": plain("Keep"),
}


def option(text: str) -> dict[str, Any]:
    """Make an option whose value is its text."""
    return {"text": plain(text), "value": text}


async def card(page: Page, slack: CannedSlack, *elements: dict[str, Any]) -> Locator:
    """Open #finops with one card that has these elements, and give its row."""
    slack.messages = [from_alex(blocks=[actions(*elements)])]
    await page.goto(slack.url)
    row = page.get_by_test_id("message")
    await expect(row).to_have_count(1)
    return row


async def told(slack: CannedSlack) -> dict[str, Any]:
    """Wait for the one click the server is told of, and give what it says beyond where it was."""
    await slack.heard.wait()
    (body,) = slack.asks("/ui/click")
    where = {"as": "U0MAYA", "channel": "C0FINOPS", "message_ts": stamp(), "block_id": "acts"}
    assert where.items() <= body.items()
    return {name: value for name, value in body.items() if name not in where}


async def test_a_button_tells_its_value(page: Page, slack: CannedSlack) -> None:
    """One press is one click, with the ids and the value of the button."""
    row = await card(page, slack, button("Run now", "run", style="primary"))

    await row.get_by_role("button", name="Run now").click()

    said = await told(slack)
    assert said == {"action_id": "run", "type": "button", "value": "T-12", "state": {}}


async def test_a_waiting_button_is_busy_and_pressed_once(page: Page, slack: CannedSlack) -> None:
    """Until the bot has answered, the button shows that it waits and takes no second press."""
    row = await card(page, slack, button("Run now", "run"))
    run = row.get_by_role("button", name="Run now")
    slack.may_answer.clear()

    await run.click()
    await expect(run).to_have_attribute("aria-busy", "true")
    await run.click()
    slack.may_answer.set()

    await expect(run).not_to_have_attribute("aria-busy", "true")
    assert len(slack.asks("/ui/click")) == 1


async def test_a_click_that_timed_out_says_so(page: Page, slack: CannedSlack) -> None:
    """A bot that does not answer in time leaves a warning on the message, until the next try."""
    slack.answers["/ui/click"] = {"ok": False, "error": "timeout"}
    row = await card(page, slack, button("Run now", "run"))
    await row.get_by_role("button", name="Run now").click()
    await expect(row.get_by_role("alert")).to_contain_text("did not respond in time")

    slack.answers.clear()
    await row.get_by_role("button", name="Run now").click()

    await expect(row.get_by_role("alert")).to_have_count(0)


async def test_a_dangerous_button_asks_first(page: Page, slack: CannedSlack) -> None:
    """Keep sends nothing; Delete sends the click."""
    row = await card(page, slack, button("Delete", "delete", confirm=CONFIRM))
    dialog = page.get_by_role("dialog", name="Delete it?")

    await row.get_by_role("button", name="Delete").click()
    await expect(dialog).to_contain_text("Daily cost report stops.")
    await dialog.get_by_role("button", name="Keep").click()
    await expect(dialog).to_have_count(0)
    assert slack.asked == []

    await row.get_by_role("button", name="Delete").click()
    await dialog.get_by_role("button", name="Delete").click()

    assert (await told(slack))["action_id"] == "delete"


async def test_the_menu_works_by_keyboard(page: Page, slack: CannedSlack) -> None:
    """⋯ opens with Enter, arrows walk it, Enter chooses, and the choice is told."""
    options = [option("Pause"), option("History")]
    row = await card(page, slack, {"type": "overflow", "action_id": "more", "options": options})

    await row.get_by_role("button", name="More actions").press("Enter")
    await expect(page.get_by_role("menuitem", name="Pause")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")

    assert (await told(slack))["selected_option"] == option("History")
    await expect(page.get_by_role("menu")).to_have_count(0)


async def test_a_select_tells_the_chosen_option(page: Page, slack: CannedSlack) -> None:
    """The whole option is sent, as Slack does."""
    select = {"type": "static_select", "action_id": "day", "placeholder": plain("Which day?")}
    row = await card(page, slack, select | {"options": [option("Monday"), option("Tuesday")]})

    await row.get_by_role("combobox", name="Which day?").select_option("Tuesday")

    assert (await told(slack))["selected_option"] == option("Tuesday")


async def test_a_time_is_told_once_it_is_whole(page: Page, slack: CannedSlack) -> None:
    """Half-typed times stay here; Enter sends the whole one."""
    picker = {"type": "timepicker", "action_id": "at", "placeholder": plain("Time")}
    row = await card(page, slack, picker | {"initial_time": "08:00"})
    field = row.get_by_label("Time")

    await field.fill("09:30")
    assert slack.asked == []
    await field.press("Enter")

    assert (await told(slack))["selected_time"] == "09:30"


async def test_boxes_tell_all_that_is_ticked(page: Page, slack: CannedSlack) -> None:
    """A tick sends every ticked option, those from the start included."""
    days = [option("Monday"), option("Tuesday")]
    boxes = {"type": "checkboxes", "action_id": "days", "options": days}
    row = await card(page, slack, boxes | {"initial_options": days[:1]})

    await row.get_by_label("Tuesday").check()

    assert (await told(slack))["selected_options"] == days


async def test_a_click_carries_what_else_was_filled_in(page: Page, slack: CannedSlack) -> None:
    """The other fields of the message are its state, as the bot expects them."""
    words = {"type": "plain_text_input", "action_id": "why"}
    row = await card(page, slack, words, button("Send", "send"))
    await row.get_by_label("why").fill("too late")

    await row.get_by_role("button", name="Send").click()

    filled = {"why": {"type": "plain_text_input", "value": "too late"}}
    assert (await told(slack))["state"] == {"acts": filled}


VIEW = {
    "id": "V1",
    "type": "modal",
    "title": plain("Edit time"),
    "submit": plain("Save"),
    "close": plain("Leave it"),
    "blocks": [
        {
            "type": "input",
            "block_id": "when",
            "label": plain("When?"),
            "element": {"type": "plain_text_input", "action_id": "words"},
        }
    ],
}


async def opened(page: Page, slack: CannedSlack) -> Locator:
    """Open the page, have the bot open a view, and give its dialog."""
    slack.messages = [from_alex("ready")]
    await page.goto(slack.url)
    await expect(page.get_by_text("ready")).to_be_visible()
    await slack.push(type="view", action="open", view=VIEW)
    dialog = page.get_by_role("dialog", name="Edit time")
    await expect(dialog).to_be_visible()
    return dialog


async def test_a_view_is_submitted_and_closes(page: Page, slack: CannedSlack) -> None:
    """The answers go out in Slack's shape, and the accepted view is gone."""
    dialog = await opened(page, slack)

    await dialog.get_by_label("When?").fill("8:30")
    await dialog.get_by_role("button", name="Save").click()

    await expect(dialog).to_have_count(0)
    values = {"when": {"words": {"type": "plain_text_input", "value": "8:30"}}}
    submit = {"as": "U0MAYA", "view_id": "V1", "values": values, "action": "submit"}
    assert slack.asks("/ui/view") == [submit]


async def test_the_bots_objection_stands_at_its_field(page: Page, slack: CannedSlack) -> None:
    """A refused answer keeps the view, the text, and says why beside the field."""
    slack.answers["/ui/view"] = {"ok": False, "errors": {"when": "25:00 is no time."}}
    dialog = await opened(page, slack)

    await dialog.get_by_label("When?").fill("25:00")
    await dialog.get_by_role("button", name="Save").click()

    await expect(dialog.get_by_role("alert")).to_have_text("25:00 is no time.")
    await expect(dialog.get_by_label("When?")).to_be_focused()
    await expect(dialog.get_by_label("When?")).to_have_value("25:00")


async def test_an_empty_field_is_caught_before_it_is_sent(page: Page, slack: CannedSlack) -> None:
    """A required field asks for itself without a round trip."""
    dialog = await opened(page, slack)

    await dialog.get_by_role("button", name="Save").click()

    await expect(dialog.get_by_role("alert")).to_have_text("Please fill in this field.")
    assert slack.asked == []


async def test_a_view_that_timed_out_keeps_what_was_typed(page: Page, slack: CannedSlack) -> None:
    """Silence from the bot is said, and nothing typed is lost."""
    slack.answers["/ui/view"] = {"ok": False, "error": "timeout"}
    dialog = await opened(page, slack)

    await dialog.get_by_label("When?").fill("8:30")
    await dialog.get_by_role("button", name="Save").click()

    await expect(dialog.get_by_role("alert")).to_contain_text("did not respond in time")
    await expect(dialog.get_by_label("When?")).to_have_value("8:30")


async def test_a_view_can_be_replaced_and_taken_away(page: Page, slack: CannedSlack) -> None:
    """The bot's update changes the open dialog; its close ends it."""
    dialog = await opened(page, slack)

    await slack.push(type="view", action="update", view=VIEW | {"title": plain("Saved")})
    await expect(page.get_by_role("dialog", name="Saved")).to_be_visible()
    await expect(dialog).to_have_count(0)
    await slack.push(type="view", action="close", view=VIEW)

    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_escape_leaves_a_view_and_tells(page: Page, slack: CannedSlack) -> None:
    """Leaving by key is a close like any other."""
    dialog = await opened(page, slack)

    await page.keyboard.press("Escape")

    await expect(dialog).to_have_count(0)
    await slack.heard.wait()
    assert [body["action"] for body in slack.asks("/ui/view")] == ["close"]
