"""A fresh canned server and a fresh page for each test of the page."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright

from tests.browser import ARGS, find_chromium
from tests.playground.page.canned import CannedSlack


@pytest.fixture
async def slack() -> AsyncIterator[CannedSlack]:
    """Serve the page with canned data."""
    server = CannedSlack()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """Give a page that fails its test when a script of it fails or its policy is broken."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=ARGS)
        context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
        context.set_default_timeout(5_000)
        page = await context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if "Policy" in line.text else None)
        yield page
        await browser.close()
        assert faults == []
