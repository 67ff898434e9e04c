"""The gate of the Web API: token, planned faults, pace and scope, then the method itself.

Every call is kept in a log that tests read.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping

from aiohttp import web

from bot.playground.calls import Arguments, Method, SlackError, read_arguments
from bot.playground.entities import Json
from bot.playground.faults import Fault, FaultKind, Faults
from bot.playground.grants import Grants
from bot.playground.pace import Pace
from bot.playground.workspace import Workspace

KEPT_CALLS = 20_000


class WebApi:
    """Answers `/api/<method>` as Slack does."""

    def __init__(
        self,
        workspace: Workspace,
        methods: Mapping[str, Method],
        *,
        tokens: Mapping[str, str],
        pace: Pace,
        faults: Faults,
        grants: Grants,
    ) -> None:
        self.calls: deque[Json] = deque(maxlen=KEPT_CALLS)
        self._workspace = workspace
        self._methods = methods
        self._tokens = tokens
        self._pace = pace
        self._faults = faults
        self._grants = grants

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call and keep it in the log."""
        name = request.match_info["method"]
        fault = self._faults.take(name)
        try:
            arguments = await read_arguments(request)
        except SlackError as failure:
            return self._answer(name, Arguments({}), _failed(failure))
        early = await self._fail_early(request, name, arguments, fault)
        if early is not None:
            return early
        try:
            answer = self._run(request, name, arguments)
        except SlackError as failure:
            answer = _failed(failure)
        response = self._answer(name, arguments, answer)
        if fault and fault.kind is FaultKind.LOST:
            _drop(request)
        return response

    async def _fail_early(
        self, request: web.Request, name: str, arguments: Arguments, fault: Fault | None
    ) -> web.Response | None:
        kind = fault.kind if fault else None
        if fault and kind is FaultKind.DELAY:
            await asyncio.sleep(fault.seconds)
        if kind is FaultKind.DROP:
            self._keep(name, arguments, {"ok": False, "error": "dropped"})
            _drop(request)
            return web.Response()
        if kind is FaultKind.SERVER:
            return self._answer(name, arguments, _failed(SlackError("internal_error")), status=500)
        if fault and kind is FaultKind.RATE:
            return self._slow_down(name, arguments, fault.retry_after)
        wait_s = self._pace.wait_s(name, arguments.text("channel") or "")
        return self._slow_down(name, arguments, wait_s) if wait_s else None

    def _run(self, request: web.Request, name: str, arguments: Arguments) -> Json:
        method = self._methods.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        self._check_token(request, arguments, method)
        if method.scopes:
            self._grants.require(*method.scopes)
        return {"ok": True} | method.run(arguments)

    def _check_token(self, request: web.Request, arguments: Arguments, method: Method) -> None:
        if method.token is None:
            return
        header = request.headers.get("Authorization", "")
        token = header.removeprefix("Bearer").strip() or arguments.text("token") or ""
        if not token:
            raise SlackError("not_authed")
        if token not in self._tokens.values():
            raise SlackError("invalid_auth")
        if self._tokens[method.token] != token:
            raise SlackError("not_allowed_token_type")

    def _slow_down(self, name: str, arguments: Arguments, wait_s: int) -> web.Response:
        answer = {"ok": False, "error": "ratelimited"}
        response = self._answer(name, arguments, answer, status=429)
        response.headers["Retry-After"] = str(wait_s)
        return response

    def _answer(
        self, name: str, arguments: Arguments, answer: Json, *, status: int = 200
    ) -> web.Response:
        self._keep(name, arguments, answer)
        headers = {"X-OAuth-Scopes": self._grants.listed()}
        return web.json_response(answer, status=status, headers=headers)

    def _keep(self, name: str, arguments: Arguments, answer: Json) -> None:
        shown = {key: value for key, value in arguments.values.items() if key != "token"}
        self.calls.append(
            {
                "method": name,
                "args": shown,
                "ok": answer["ok"],
                "error": answer.get("error"),
                "answer": answer,
                "at": self._workspace.clock(),
            }
        )


def _failed(failure: SlackError) -> Json:
    return {"ok": False, "error": failure.error} | failure.extra


def _drop(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
