"""What a reader sees of a message: marks, references, blocks, and never a message's own markup."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser import needs_chromium
from tests.playground.page.canned import (
    CannedSlack,
    actions,
    from_alex,
    message,
    mrkdwn,
    plain,
    stamp,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module"), needs_chromium]


async def shown(page: Page, slack: CannedSlack, *said: dict[str, object]) -> Locator:
    """Open #finops with these messages and give their rows."""
    slack.messages = list(said)
    await page.goto(slack.url)
    rows = page.get_by_role("log", name="Messages").get_by_test_id("message")
    await expect(rows).to_have_count(len(said))
    return rows


@pytest.mark.parametrize(
    "block",
    [
        None,
        {"type": "section", "block_id": "b", "text": {"type": "mrkdwn"}},
        {"type": "section", "block_id": "b", "text": {"type": "plain_text"}},
        {"type": "header", "block_id": "b", "text": {"type": "plain_text"}},
        {"type": "markdown", "block_id": "b"},
    ],
    ids=["text", "mrkdwn", "plain", "header", "markdown"],
)
async def test_markup_in_a_message_stays_text(
    page: Page, slack: CannedSlack, block: dict[str, object] | None
) -> None:
    """An image with a handler and a script are shown as they were typed."""
    evil = "<img src=x onerror=window.hit=1><script>window.hit=1</script>"
    wire = evil.replace("<", "&lt;").replace(">", "&gt;")
    blocks: list[dict[str, object]] = []
    if block is not None:
        text = block.get("text")
        field = {"text": {**text, "text": evil}} if isinstance(text, dict) else {"text": evil}
        blocks = [block | field]
    rows = await shown(page, slack, message(wire, blocks=blocks))

    await expect(rows.first).to_contain_text(evil)

    assert await rows.locator("img, script").count() == 0
    assert await page.evaluate("window.hit") is None


@pytest.mark.parametrize(
    ("text", "selector", "inside"),
    [
        ("say *bold* now", "strong", "bold"),
        ("say _slanted_ now", "em", "slanted"),
        ("say ~gone~ now", "s", "gone"),
        ("run `a *b* c` now", "code", "a *b* c"),
        ("```SELECT 1 &lt; 2```", "pre", "SELECT 1 < 2"),
        ("&gt; quoted\nrest", "blockquote", "quoted"),
        (
            "<https://x.test/?a=1&amp;b=2|the report>",
            "a[href='https://x.test/?a=1&b=2']",
            "the report",
        ),
        ("ask <@U0RAVI>", ".mention", "@Ravi"),
        ("in <#C0GENERAL|general>", "button.mention", "#general"),
        ("<!channel> look", ".mention-me", "@channel"),
        ("*all _nested_ here*", "strong em", "nested"),
    ],
)
async def test_mrkdwn_is_drawn(
    page: Page, slack: CannedSlack, text: str, selector: str, inside: str
) -> None:
    """Each mark of mrkdwn becomes the element that means it."""
    rows = await shown(page, slack, message(text))

    await expect(rows.locator(selector)).to_have_text(inside)


@pytest.mark.parametrize(
    "text",
    ["2*3*4", "snake_case_name", "a ~ b ~ c", "* not bold *", "**", ":no_such_emoji:", "5 &lt; 6"],
)
async def test_what_only_looks_like_a_mark_stays(page: Page, slack: CannedSlack, text: str) -> None:
    """Stars in sums, underscores in names and unknown emoji are left as typed."""
    rows = await shown(page, slack, message(text))

    await expect(rows.locator(".body")).to_have_text(text.replace("&lt;", "<"))


async def test_a_link_to_a_script_is_no_link(page: Page, slack: CannedSlack) -> None:
    """Only web and mail addresses can be followed."""
    rows = await shown(page, slack, message("<javascript:alert(1)|click>"))

    await expect(rows.locator(".body")).to_contain_text("javascript:alert(1)")

    assert await rows.locator("a").count() == 0


async def test_times_and_dates_are_in_the_readers_zone(page: Page, slack: CannedSlack) -> None:
    """The same moment is 08:00 for Maya in Berlin and 02:00 for Ravi in Chicago."""
    moment = stamp().split(".")[0]
    said = message(f"at <!date^{moment}^{{date_num}} {{time}}|some time>")
    rows = await shown(page, slack, said)
    await expect(rows.locator(".body")).to_have_text("at 2026-03-10 08:00")
    await expect(rows.locator(".head time")).to_have_text("08:00")

    await page.get_by_test_id("person-switch").select_option("U0RAVI")

    await expect(rows.locator(".body")).to_have_text("at 2026-03-10 02:00")
    await expect(rows.locator(".head time")).to_have_text("02:00")


async def test_a_date_nobody_can_fill_shows_its_fallback(page: Page, slack: CannedSlack) -> None:
    """An unknown date token leaves the sender's own words."""
    rows = await shown(page, slack, message("<!date^1773126000^{moon_phase}|Tuesday at eight>"))

    await expect(rows.locator(".body")).to_have_text("Tuesday at eight")


async def test_consecutive_messages_share_one_head(page: Page, slack: CannedSlack) -> None:
    """The same author within minutes is named once; somebody else, or later, is named again."""
    rows = await shown(
        page,
        slack,
        message("one"),
        message("two", at=60),
        message("mine", at=90, user="U0RAVI"),
        message("later", at=9000),
    )

    await expect(rows.locator(".author")).to_have_text(["Maya", "Ravi", "Maya"])


async def test_personas_of_one_bot_are_told_apart(page: Page, slack: CannedSlack) -> None:
    """Alex and Anna each have their name, their face and the badge of an app."""
    rows = await shown(
        page,
        slack,
        from_alex("numbers"),
        from_alex("plans", at=10, username="Anna", icon_emoji=":compass:"),
    )

    await expect(rows.locator(".author")).to_have_text(["Alex", "Anna"])
    await expect(rows.locator(".badge")).to_have_text(["APP", "APP"])


async def test_a_persona_has_initials_where_fonts_have_no_emoji(
    page: Page, slack: CannedSlack
) -> None:
    """A machine that draws no colour emoji shows letters and names, not boxes."""
    await page.add_init_script(
        "CanvasRenderingContext2D.prototype.getImageData = () => ({ data: [9, 9, 9, 255] })"
    )
    rows = await shown(page, slack, from_alex("done :tada:"))

    await expect(rows.locator(".avatar")).to_have_text("A")
    await expect(rows.locator(".body")).to_have_text("done :tada:")


async def test_days_are_divided(page: Page, slack: CannedSlack) -> None:
    """A message of another local day stands under that day's name."""
    await shown(page, slack, message("before", at=-86400), message("after"))

    days = page.get_by_role("separator")

    await expect(days).to_have_text(["Monday 9 March", "Tuesday 10 March"])


async def test_a_message_carries_its_marks(page: Page, slack: CannedSlack) -> None:
    """Edited, ephemeral, failed, reactions and files are all to be seen."""
    file = {"id": "F1", "name": "cost.csv", "mimetype": "text/csv", "size": 48213}
    rows = await shown(
        page,
        slack,
        message(
            "all at once",
            edited=True,
            ephemeral=True,
            failed="Chatcron did not get this.",
            reactions=[{"name": "eyes", "users": ["U0MAYA", "U0RAVI"]}],
            files=[file | {"url": "/ui/file/F1"}],
        ),
    )

    await expect(rows).to_contain_text("(edited)")
    await expect(rows).to_contain_text("Only visible to you")
    await expect(rows.get_by_role("alert")).to_have_text("Chatcron did not get this.")
    await expect(rows.get_by_label("eyes, 2: Maya, Ravi")).to_be_visible()
    link = rows.get_by_role("link", name="Open cost.csv")
    await expect(link).to_contain_text("48.2 kB")
    await expect(link).to_have_attribute("href", "/ui/file/F1")


async def test_blocks_are_drawn_in_place_of_the_text(page: Page, slack: CannedSlack) -> None:
    """Header, fields, context, table, rich text and Markdown each show what they hold."""
    row = [{"type": "raw_text", "text": "EC2"}, {"type": "raw_text", "text": "$2,310"}]
    head = [{"type": "raw_text", "text": "Service"}, {"type": "raw_text", "text": "Cost"}]
    quote = {"type": "rich_text_quote", "elements": [{"type": "text", "text": "as said"}]}
    rows = await shown(
        page,
        slack,
        from_alex(
            "the fallback",
            blocks=[
                {"type": "header", "block_id": "1", "text": plain("Yesterday")},
                {
                    "type": "section",
                    "block_id": "2",
                    "fields": [mrkdwn("*Account*"), plain("prod")],
                },
                {"type": "context", "block_id": "3", "elements": [mrkdwn("SAMPLE")]},
                {"type": "table", "block_id": "4", "rows": [head, row]},
                {"type": "rich_text", "block_id": "5", "elements": [quote]},
                {"type": "markdown", "block_id": "6", "text": "# Top\n- **first**\n- second"},
            ],
        ),
    )

    await expect(rows.get_by_role("heading", name="Yesterday")).to_be_visible()
    await expect(rows.locator(".block-fields > div")).to_have_text(["Account", "prod"])
    await expect(rows.locator(".block-context")).to_have_text("SAMPLE")
    await expect(rows.get_by_role("columnheader")).to_have_text(["Service", "Cost"])
    await expect(rows.get_by_role("cell")).to_have_text(["EC2", "$2,310"])
    await expect(rows.locator("blockquote")).to_have_text("as said")
    await expect(rows.locator("li")).to_have_text(["first", "second"])
    await expect(rows).not_to_contain_text("the fallback")


async def test_a_picture_from_elsewhere_is_not_fetched(page: Page, slack: CannedSlack) -> None:
    """An image of another host is named by its alt text."""
    image = {
        "type": "image",
        "block_id": "1",
        "image_url": "https://x.test/a.png",
        "alt_text": "A graph",
    }
    rows = await shown(page, slack, from_alex(blocks=[image]))

    await expect(rows).to_contain_text("A graph")

    assert await rows.locator("img").count() == 0


async def test_an_unknown_block_is_named(page: Page, slack: CannedSlack) -> None:
    """A kind of block or element the page cannot draw leaves the rest of the message standing."""
    rows = await shown(
        page,
        slack,
        from_alex(
            blocks=[
                {"type": "hologram", "block_id": "1"},
                actions({"type": "dial", "action_id": "d"}),
                {"type": "header", "block_id": "2", "text": plain("Still here")},
            ]
        ),
    )

    await expect(rows).to_contain_text("cannot show a block of type hologram")
    await expect(rows.get_by_role("heading", name="Still here")).to_be_visible()
