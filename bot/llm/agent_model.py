"""The one importer of `agents`: a model works over an agent's read-only tools, within limits.

Importing it takes seconds; `bot.llm.worded_agent` does so in a thread, when a task first needs it.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

import agents
import structlog
from agents import FunctionTool, ModelSettings, RunConfig, Runner
from agents.exceptions import AgentsException
from agents.items import ModelResponse
from agents.models.openai_chatcompletions import OpenAIChatCompletionsModel
from agents.tool_context import ToolContext

from bot.llm.endpoint import ModelFault, Outcome
from bot.llm.intent_model import OpenAiModel, fault_of
from scheduler.allowance import Allowance, AllowanceSpent
from scheduler.now import Now
from storage.records import ModelCall, RunId

STEPS = 6
MOST_TOKENS = 60_000
"""Of one run, in and out."""
ANSWER_TOKENS = 800

agents.set_tracing_disabled(True)  # it would send what runs here to its vendor

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A tool as the model sees it: `call` gives text, capped, and raises nothing."""

    name: str
    description: str
    parameters: dict[str, Any]
    call: Callable[[dict[str, Any]], Awaitable[str]]


class CountedModel(OpenAIChatCompletionsModel):
    """Takes each call from the allowance, writes down its use, and stops at the run's tokens."""

    def __init__(
        self, model: OpenAiModel, allowance: Allowance, *, run_id: RunId, now: Now
    ) -> None:
        super().__init__(model.endpoint.model, model.client)
        self._allowance = allowance
        self._run_id = run_id
        self._now = now
        self._tokens = 0

    async def get_response(self, *args: Any, **named: Any) -> ModelResponse:
        """Make one call; raises ModelFault or AllowanceSpent."""
        if self._tokens > MOST_TOKENS:
            raise ModelFault(Outcome.INVALID, "it used too many tokens")
        await self._allowance.take()
        began, outcome = monotonic(), Outcome.TIMEOUT
        used = agents.Usage()
        try:
            response = await super().get_response(*args, **named)
            used, outcome = response.usage, Outcome.OK
        except Exception as error:
            outcome = _fault(error).outcome
            raise
        finally:
            self._tokens += used.total_tokens
            await self._write_down(used, outcome, began)  # a call that was given up on, too
        return response

    async def _write_down(self, used: agents.Usage, outcome: Outcome, began: float) -> None:
        call = ModelCall(
            at=self._now(),
            purpose="report",
            model=str(self.model),
            run_id=self._run_id,
            tokens_in=used.input_tokens,
            tokens_out=used.output_tokens,
            took_ms=round((monotonic() - began) * 1000),
            outcome=outcome,
        )
        try:
            await self._allowance.record(call)
        except Exception:
            log.exception("A call to the model was not recorded", action="model_unrecorded")


async def answer(
    model: CountedModel, instructions: str, asked: str, looks: tuple[Look, ...]
) -> str:
    """Let the model work over the tools and give its last words.

    Raises ModelFault or AllowanceSpent; the caller sets the limit of time and cancels.
    """
    worker: agents.Agent[None] = agents.Agent(
        name="reporter",
        instructions=instructions,
        model=model,
        tools=[_tool(look) for look in looks],
        model_settings=ModelSettings(extra_body={"max_completion_tokens": ANSWER_TOKENS}),
    )
    config = RunConfig(tracing_disabled=True, trace_include_sensitive_data=False)
    try:
        result = await Runner.run(worker, asked, max_turns=STEPS, run_config=config)
    except (ModelFault, AllowanceSpent):
        raise
    except Exception as error:
        raise _fault(error) from error
    return str(result.final_output or "")


def _tool(look: Look) -> FunctionTool:
    async def invoke(_: ToolContext[Any], arguments: str) -> str:
        try:
            given = json.loads(arguments or "{}")
        except ValueError:
            given = {}
        return await look.call(given if isinstance(given, dict) else {})

    return FunctionTool(
        name=look.name,
        description=look.description,
        params_json_schema=look.parameters,
        on_invoke_tool=invoke,
        strict_json_schema=False,
    )


def _fault(error: Exception) -> ModelFault:
    """Say how the loop failed, by what stands behind the loop's own error where there is one."""
    if isinstance(error, ModelFault):
        return error
    if isinstance(error, AgentsException):
        return ModelFault(Outcome.INVALID, type(error).__name__)
    return fault_of(error)
