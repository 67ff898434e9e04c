"""The main job as a visitor does it: in Chromium, on the page, with the mouse and the keyboard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.browser import ARGS, find_chromium, needs_chromium
from tests.journeys.driver import House

ARTEFACTS = Path(__file__).parents[1] / "artefacts"
PATIENCE_MS = 20_000

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture
async def page(house: House) -> AsyncIterator[Page]:
    """Open the local Slack's page as Maya; a script that fails there fails the test."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGS))
        page = await browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
        page.set_default_timeout(PATIENCE_MS)
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.goto(house.url)
        yield page
        await browser.close()
        assert faults == []


async def test_a_visitor_schedules_runs_and_reads_a_report(page: Page) -> None:
    """The suggested message makes a task; Run now posts a report; its details are a click away."""
    await page.get_by_test_id("channel-finops").click()
    await page.get_by_test_id("suggestion").click()
    await page.get_by_test_id("composer").press("Enter")

    await page.get_by_text("1 reply").first.click()
    thread = page.get_by_test_id("thread-pane")
    await expect(thread.get_by_text("is on · T-1")).to_be_visible(timeout=PATIENCE_MS)
    await thread.get_by_role("button", name="Run now").click()
    await expect(thread.get_by_text("The result comes")).to_be_visible(timeout=PATIENCE_MS)

    result = page.get_by_test_id("message").filter(has_text="Daily cost report · T-1 · R-1")
    await expect(result).to_be_visible(timeout=PATIENCE_MS)
    await result.get_by_text("1 reply").click()
    await expect(thread.get_by_text("By service")).to_be_visible(timeout=PATIENCE_MS)
    ARTEFACTS.mkdir(exist_ok=True)
    await page.screenshot(path=ARTEFACTS / "main-job.png")


async def test_a_form_says_what_is_wrong_and_takes_what_is_right(page: Page) -> None:
    """The form with nonsense stays open with a sentence; with a time it changes the task."""
    await page.get_by_test_id("channel-platform").click()
    composer = page.get_by_test_id("composer")
    await composer.fill("@tony check the database every day at 8:00")
    await composer.press("Enter")
    await page.get_by_text("1 reply").last.click()
    thread = page.get_by_test_id("thread-pane")
    await thread.get_by_role("button", name="Edit").click()

    modal = page.get_by_test_id("modal")
    words = modal.get_by_label("When", exact=True)
    await words.fill("25:00")
    await modal.get_by_role("button", name="Save").click()
    await expect(modal.get_by_text("25:00 is not a time of day")).to_be_visible()
    await words.fill("9:30")
    await modal.get_by_role("button", name="Save").click()

    await expect(modal).to_be_hidden()
    await expect(thread.get_by_text("every day at 08:00 → every day at 09:30")).to_be_visible()
    await expect(thread.get_by_text("Every day at 09:30, Berlin time")).to_be_visible()
    await page.screenshot(path=ARTEFACTS / "edited.png")


async def test_commands_are_offered_and_answered_to_the_asker_alone(page: Page) -> None:
    """A slash in the composer offers /tasks; its list is marked as only visible to the asker."""
    await page.get_by_test_id("channel-general").click()
    composer = page.get_by_test_id("composer")
    await composer.press_sequentially("/ta")
    await expect(page.get_by_role("option", name="/tasks")).to_be_visible()
    await composer.fill("/tasks list")
    await composer.press("Enter")

    listed = page.get_by_test_id("message").filter(has_text="T-1")
    await expect(listed).to_be_visible(timeout=PATIENCE_MS)
    await expect(listed.get_by_text("Only visible to you")).to_be_visible()
