"""Where a language model is asked, and what comes of asking it: values, without any vendor."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlsplit

VENDOR = "https://api.openai.com/v1"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
may_leave_machine = True
"""Whether any address may be asked; tests turn it off, so that none of them calls a real model."""


class Outcome(StrEnum):
    """How a call ended, as it is recorded."""

    OK = "ok"
    TIMEOUT = "timeout"
    BUSY = "busy"
    REFUSED = "refused"
    INVALID = "invalid"
    ERROR = "error"


class ModelFault(Exception):
    """The model did not answer, or not in a way that can be used."""

    def __init__(self, outcome: Outcome, detail: str = "") -> None:
        super().__init__(detail or outcome.value)
        self.outcome = outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A server that speaks OpenAI's chat completions, and the model to ask there."""

    model: str
    base_url: str = VENDOR
    key: str = field(default="", repr=False)

    @property
    def is_loopback(self) -> bool:
        """Whether the server is on this machine."""
        return urlsplit(self.base_url).hostname in _LOOPBACK

    def check(self) -> None:
        """Raise RuntimeError where calls must stay on this machine and this one would not."""
        if not (may_leave_machine or self.is_loopback):
            raise RuntimeError(f"A call to {self.base_url} is not allowed here.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One turn of a conversation with a model."""

    role: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a model said, and what that used."""

    text: str = field(repr=False)
    tokens_in: int = 0
    tokens_out: int = 0


class Model(Protocol):
    """Answers a conversation with JSON."""

    async def complete(self, turns: list[Turn], schema: dict[str, Any]) -> Answer:
        """Answer by the schema; raises ModelFault. The caller sets the time limit and cancels."""
