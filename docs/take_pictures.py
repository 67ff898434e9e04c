"""Takes the README's picture again, from a fresh demo; run it where an emoji font is installed.

First `chatcron demo --fresh --port 8484`, then, at the top of the checkout:
`.venv/bin/python -m docs.take_pictures http://127.0.0.1:8484`
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import ARGS, find_chromium

PICTURE = Path(__file__).parent / "card.png"
SIZE = {"width": 1320, "height": 560}


def take(page: Page, address: str) -> None:
    """Ask for a report, run it, open the card's thread, and keep what is seen."""
    page.goto(address)
    page.get_by_test_id("channel-finops").click()
    page.get_by_test_id("composer").fill("@alex schedule daily cost report at 8 AM")
    page.get_by_test_id("send").click()
    page.get_by_test_id("message").first.locator(".thread-summary").click()
    thread = page.get_by_test_id("thread-pane")
    thread.get_by_role("button", name="Run now").click()
    page.get_by_text("SAMPLE").first.wait_for()
    page.get_by_test_id("message").filter(has_text="Running").first.wait_for()
    page.mouse.move(0, 0)
    page.locator("#panes").screenshot(path=PICTURE, animations="disabled")


def main(address: str) -> None:
    """Start a browser for one picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGS)
        page = browser.new_page(viewport=SIZE, device_scale_factor=2, locale="en-US")
        page.set_default_timeout(15_000)
        take(page, address)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
