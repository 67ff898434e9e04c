"""The app's front door: signed POSTs to its request URL, in Slack's forms."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.playground.delivery import Kind, NotAcked, Retry
from bot.playground.entities import Json


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Sign a body as Slack does, version 0."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class SignedHttp:
    """Posts each payload to the app and reads its answer as the ack."""

    connected = True

    def __init__(
        self, url: str, *, secret: str, ack_limit_s: float, clock: Callable[[], float]
    ) -> None:
        self._url = url
        self._secret = secret
        self._limit = ack_limit_s
        self._clock = clock
        self._session: ClientSession | None = None

    async def send(self, kind: Kind, payload: Json, *, retry: Retry | None = None) -> Json:
        """Post a payload and give the JSON or text of the answer; raises NotAcked."""
        body, content_type = _body(kind, payload)
        timestamp = str(int(self._clock()))
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }
        if retry:
            headers |= {
                "X-Slack-Retry-Num": str(retry.number),
                "X-Slack-Retry-Reason": retry.reason,
            }
        try:
            return await self._post(body, headers)
        except TimeoutError:
            raise NotAcked("http_timeout") from None
        except ClientError:
            raise NotAcked("connection_failed") from None

    async def verify(self) -> bool:
        """Say whether the request URL answers Slack's challenge, as it must before it is used."""
        asked = {"type": "url_verification", "token": "", "challenge": "local-challenge"}
        answer = await self.send(Kind.EVENT, asked)
        return "local-challenge" in (answer.get("challenge"), answer.get("text"))

    async def stop(self) -> None:
        """Close what is open."""
        if self._session:
            await self._session.close()

    async def _post(self, body: bytes, headers: dict[str, str]) -> Json:
        if self._session is None:
            self._session = ClientSession(timeout=ClientTimeout(total=self._limit))
        async with asyncio.timeout(self._limit):
            async with self._session.post(
                self._url, data=body, headers=headers, max_redirects=2
            ) as response:
                text = await response.text()
                if response.status // 100 != 2:
                    retry = response.headers.get("X-Slack-No-Retry") != "1"
                    raise NotAcked("http_error", retry=retry)
                return _answer(text)


def _body(kind: Kind, payload: Json) -> tuple[bytes, str]:
    if kind is Kind.EVENT:
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind is Kind.COMMAND else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _answer(text: str) -> Json:
    try:
        answer = json.loads(text) if text else {}
    except ValueError:
        return {"text": text}
    return answer if isinstance(answer, dict) else {"text": text}
