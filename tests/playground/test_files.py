"""A file comes in three steps, each of them once."""

from __future__ import annotations

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import LocalSlack
from tests.playground.conftest import Hands, refused


async def test_a_file_is_uploaded_into_a_thread(
    client: AsyncWebClient, hands: Hands, slack: LocalSlack, session: ClientSession
) -> None:
    """The three steps of an upload leave a message with the file, whose bytes can be read."""
    root = await hands.say("report please")

    await client.files_upload_v2(
        channel="C0FINOPS",
        thread_ts=root,
        filename="report.txt",
        content="day,cost\n1,2\n",
        initial_comment="all of it",
    )

    reply = (await hands.messages(thread_ts=root))[1]
    assert reply["text"] == "all of it"
    [file] = reply["files"]
    assert (file["name"], file["size"]) == ("report.txt", 13)
    async with session.get(slack.url + file["url"]) as response:
        assert await response.text() == "day,cost\n1,2\n"
        assert response.headers["Content-Disposition"].startswith("attachment")


async def test_an_upload_is_as_long_as_announced_and_completed_once(
    client: AsyncWebClient, session: ClientSession
) -> None:
    """Other bytes than announced are refused; bytes come once, and are completed once."""
    begun = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    url, files = str(begun["upload_url"]), [{"id": begun["file_id"]}]

    early = await refused(client.files_completeUploadExternal(files=files))
    statuses = []
    for content in (b"four", b"abc", b"abc"):
        async with session.post(url, data=content) as response:
            statuses.append(response.status)
    away = await refused(client.files_completeUploadExternal(files=files, channel_id="C0RANDOM"))
    await client.files_completeUploadExternal(files=files, channel_id="C0FINOPS")
    again = await refused(client.files_completeUploadExternal(files=files))

    assert statuses == [400, 200, 404]
    assert (early["error"], away["error"]) == ("file_not_found", "not_in_channel")
    assert again["error"] == "file_not_found"
