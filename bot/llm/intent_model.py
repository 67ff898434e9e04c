"""The one importer of `openai`: asks any server that speaks its chat completions for JSON.

Importing it takes a second or more; `bot.llm.connection` does so in a thread, where it is needed.
"""

from __future__ import annotations

import json
from typing import Any

import openai
from openai import AsyncOpenAI, DefaultAsyncHttpxClient
from openai.types.chat import ChatCompletion, ChatCompletionMessageParam
from pydantic import ValidationError

from bot.llm.endpoint import Answer, Endpoint, ModelFault, Outcome, Turn

MOST_BYTES = 256 * 1024
MOST_TOKENS = 1_500
CALL_LIMIT_S = 60.0
"""A last resort only: every caller sets a shorter limit of its own."""
_SCHEMA_UNKNOWN = (400, 404, 415, 422, 501)
"""How servers that can't hold a model to a schema answer."""


class OpenAiModel:
    """A client of one server. It repeats nothing by itself: who waits decides."""

    def __init__(self, endpoint: Endpoint) -> None:
        endpoint.check()
        self.endpoint = endpoint
        self.client = AsyncOpenAI(
            api_key=endpoint.key or "none",
            base_url=endpoint.base_url,
            max_retries=0,
            timeout=CALL_LIMIT_S,
            # a proxy of the environment is not for this machine
            http_client=DefaultAsyncHttpxClient(trust_env=not endpoint.is_loopback),
        )
        self._knows_schemas = True

    async def complete(self, turns: list[Turn], schema: dict[str, Any]) -> Answer:
        """Answer by the schema; raises ModelFault.

        A server that refuses schemas is asked for plain JSON, now and from then on.
        """
        if self._knows_schemas:
            try:
                return await self._ask(turns, schema)
            except openai.APIStatusError as error:
                if error.status_code not in _SCHEMA_UNKNOWN or not _is_about_schema(error):
                    raise fault_of(error) from None
                self._knows_schemas = False
            except openai.APIError as error:
                raise fault_of(error) from None
        try:
            return await self._ask(turns, None)
        except openai.APIError as error:
            raise fault_of(error) from None

    async def close(self) -> None:
        """Close its connections."""
        await self.client.close()

    async def _ask(self, turns: list[Turn], schema: dict[str, Any] | None) -> Answer:
        extra: dict[str, Any] = {}
        if schema is not None:
            form = {"name": "form", "strict": True, "schema": schema}
            extra["response_format"] = {"type": "json_schema", "json_schema": form}
        asked = self.client.chat.completions.with_streaming_response.create(
            model=self.endpoint.model,
            messages=[_message(turn) for turn in turns],
            max_completion_tokens=MOST_TOKENS,
            **extra,
        )
        body = bytearray()
        async with asked as response:
            async for piece in response.iter_bytes():
                body += piece
                if len(body) > MOST_BYTES:
                    raise ModelFault(Outcome.INVALID, "the answer is far too long")
        return _answer(bytes(body))


def _message(turn: Turn) -> ChatCompletionMessageParam:
    match turn.role:
        case "system":
            return {"role": "system", "content": turn.text}
        case "assistant":
            return {"role": "assistant", "content": turn.text}
        case _:
            return {"role": "user", "content": turn.text}


def _answer(body: bytes) -> Answer:
    try:
        completion = ChatCompletion.model_validate(json.loads(body))
    except (ValueError, ValidationError, RecursionError):
        raise ModelFault(Outcome.INVALID, "the server's answer is no completion") from None
    if not completion.choices:
        raise ModelFault(Outcome.INVALID, "the server's answer has no choices")
    choice = completion.choices[0]
    said = choice.message
    if said.refusal:
        raise ModelFault(Outcome.REFUSED, "the model refused")
    if choice.finish_reason == "length":
        raise ModelFault(Outcome.INVALID, "the answer was cut short")
    if not (said.content or "").strip():
        raise ModelFault(Outcome.INVALID, "the answer is empty")
    used = completion.usage
    return Answer(
        text=said.content or "",
        tokens_in=used.prompt_tokens if used else 0,
        tokens_out=used.completion_tokens if used else 0,
    )


def _is_about_schema(error: openai.APIStatusError) -> bool:
    """Whether a refusal may be of the schema: servers word it in every way."""
    told = str(error.body or error.message).casefold()
    return any(word in told for word in ("response_format", "json_schema", "schema", "format"))


def fault_of(error: Exception) -> ModelFault:
    """Say how a call failed; the vendor's own words stay here, for they may hold what was sent."""
    match error:
        case openai.APITimeoutError():
            return ModelFault(Outcome.TIMEOUT)
        case openai.RateLimitError():
            return ModelFault(Outcome.BUSY, "the server asked to wait")
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return ModelFault(Outcome.REFUSED, "the server refused the key")
        case openai.APIStatusError():
            return ModelFault(Outcome.ERROR, f"the server answered {error.status_code}")
        case _:
            return ModelFault(Outcome.ERROR, type(error).__name__)
