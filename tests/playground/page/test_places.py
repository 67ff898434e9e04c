"""The page of a real local Slack: the app's Home, who may be where, and what one alone sees."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import LocalSlack
from tests.browser import needs_chromium
from tests.playground.conftest import Hands, Link
from tests.playground.page.canned import actions, button, mrkdwn

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), needs_chromium]

PHONE = {"width": 390, "height": 844}


@pytest_asyncio.fixture(loop_scope="module")
async def local() -> AsyncIterator[LocalSlack]:
    """Serve the page with a workspace behind it."""
    server = LocalSlack(ack_limit_s=30)
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def hands(local: LocalSlack) -> AsyncIterator[Hands]:
    """Give the hands of everybody who is not at the page."""
    async with ClientSession() as session:
        yield Hands(session, local.url)


@pytest_asyncio.fixture(loop_scope="module")
async def bot(local: LocalSlack) -> AsyncWebClient:
    """Give the app's client."""
    return AsyncWebClient(token="xoxb-local", base_url=local.api_url)


def home(text: str) -> dict[str, Any]:
    """Make a Home with a sentence and a button."""
    section = {"type": "section", "text": mrkdwn(text)}
    return {"type": "home", "blocks": [section, actions(button("Run now", "run"))]}


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 800}], ids=["phone", "desk"])
async def test_the_home_tab_shows_what_the_app_published_and_takes_clicks(
    page: Page, local: LocalSlack, bot: AsyncWebClient, size: Any
) -> None:
    """Home and Messages stand side by side; a press reaches the app, its answer the open page."""
    await page.set_viewport_size(size)
    async with Link.open(local) as link:
        await page.goto(f"{local.url}/#U0MAYA/D0MAYA")
        await page.get_by_role("tab", name="Home").click()
        panel = page.get_by_test_id("home")
        await expect(panel).to_contain_text("Nothing here yet")
        opened = [event["tab"] for event in await link.events(2)]
        await bot.views_publish(user_id="U0MAYA", view=home("*Two tasks* are on"))

        await panel.get_by_role("button", name="Run now").click()
        clicked = (await link.envelope())["payload"]
        await bot.views_publish(user_id="U0MAYA", view=home("Running…"))

    assert sorted(opened) == ["home", "messages"]
    assert (clicked["container"]["type"], clicked["actions"][0]["value"]) == ("view", "T-12")
    await expect(panel).to_contain_text("Running…")
    await expect(page.get_by_test_id("composer")).to_be_hidden()
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= size["width"]
    await page.get_by_role("tab", name="Messages").click()
    await expect(page.get_by_test_id("composer")).to_be_visible()


async def test_a_private_channel_comes_with_an_invitation_and_goes_with_its_end(
    page: Page, local: LocalSlack, hands: Hands
) -> None:
    """Who is invited sees it at once, marked as private, and who is taken out sees it no more."""
    await page.goto(f"{local.url}/#U0SAM/C0GENERAL")
    entry = page.get_by_test_id("channel-secops")
    await expect(page.get_by_test_id("channel-general")).to_be_visible()
    await expect(entry).to_have_count(0)

    await hands.post("/control/invite", channel="C0SECOPS", user="U0SAM", by="U0RAVI")
    await entry.click()
    await expect(page.locator("#channel-title")).to_contain_text("private")
    await expect(page.get_by_text("has joined the channel")).to_be_visible()
    await hands.post("/control/remove", channel="C0SECOPS", user="U0SAM")

    await expect(entry).to_have_count(0)
    await expect(page.locator("#channel-title")).to_have_text("#general")


async def test_a_shared_channel_says_with_whom(page: Page, local: LocalSlack, hands: Hands) -> None:
    """The title names the other company, and so does each message from there."""
    await hands.say("Morning!", channel="C0GLOBEX", person="U0STAN")

    await page.goto(f"{local.url}/#U0MAYA/C0GLOBEX")

    await expect(page.locator("#channel-title")).to_contain_text("Globex")
    await expect(page.get_by_test_id("message")).to_contain_text("Globex")
    guests = page.get_by_test_id("person-switch").locator("option")
    await expect(guests.filter(has_text="Gita")).to_contain_text("guest")


async def test_an_archived_channel_is_closed_and_can_be_brought_back(
    page: Page, local: LocalSlack
) -> None:
    """/archive takes the composer away, and one press returns it."""
    await page.goto(f"{local.url}/#U0MAYA/C0FINOPS")
    box = page.get_by_test_id("composer")
    await box.fill("/archive")
    await box.press("Enter")

    bar = page.get_by_test_id("archived")
    await expect(bar).to_contain_text("#finops is archived")
    await expect(box).to_be_hidden()
    await bar.get_by_role("button", name="Bring it back").click()

    await expect(box).to_be_visible()
    await expect(bar).to_have_count(0)


async def test_what_slack_refuses_is_said_at_the_composer(page: Page, local: LocalSlack) -> None:
    """A guest who would need a second channel is not invited, and the reason stands there."""
    await page.goto(f"{local.url}/#U0MAYA/C0FINOPS")
    box = page.get_by_test_id("composer")
    await box.fill("/invite @gita")
    await box.press("Enter")

    await expect(page.get_by_role("alert")).to_contain_text("single-channel guest")
    await expect(box).to_have_value("/invite @gita")


async def test_what_is_for_one_person_is_on_no_other_screen(
    page: Page, local: LocalSlack, bot: AsyncWebClient
) -> None:
    """The same page shows it as Ravi, and not as Maya."""
    await bot.chat_postEphemeral(channel="C0FINOPS", user="U0RAVI", text="for Ravi alone")
    await bot.chat_postMessage(channel="C0FINOPS", text="for all")

    await page.goto(f"{local.url}/#U0MAYA/C0FINOPS")
    await expect(page.get_by_text("for all")).to_be_visible()
    await expect(page.get_by_text("for Ravi alone")).to_have_count(0)
    await page.get_by_test_id("person-switch").select_option("U0RAVI")

    await expect(page.get_by_text("for Ravi alone")).to_be_visible()
    await expect(page.get_by_text("Only visible to you")).to_be_visible()
