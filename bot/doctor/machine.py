"""What the doctor finds around the bot: its own address, the language model."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import socket
from collections.abc import Sequence

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.doctor.check import Check, ok, problem, warning
from bot.model_settings import endpoint_of
from bot.settings import Settings
from scheduler.agents.tools.own_setup import is_loopback

LIMIT_S = 10
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  looked for, not bound
_WITHOUT = "Until then the grammar and the agents' tools answer alone."
_EXTRA = "pip install 'chatcron[agents]', or in a checkout: make install EXTRAS=agents"


async def look_at_address(settings: Settings) -> list[Check]:
    """Ask whoever listens where we would; where nobody does, see whether we could."""
    host, port = settings.http_host, settings.http_port
    shown = f"{host}:{port}"
    checks = [] if is_loopback(host) else [_exposed(shown)]
    if port == 0:
        text = "Any free port is taken; whoever watches /readyz needs a fixed one."
        return [*checks, ok("http", text)]
    reached = _EVERYWHERE.get(host, host)
    asked = f"[{reached}]" if ":" in reached else reached
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=LIMIT_S)) as session,
            session.get(f"http://{asked}:{port}/readyz") as response,
        ):
            return [*checks, _running(shown, await response.text())]
    except (ClientError, OSError, TimeoutError):
        return [*checks, await asyncio.to_thread(_free, host, port)]


def _running(shown: str, answer: str) -> Check:
    try:
        checks = {
            name: (it["ok"], it["reason"]) for name, it in json.loads(answer)["checks"].items()
        }
    except (ValueError, AttributeError, KeyError, TypeError):
        text = f"Something that is not Chatcron answers at {shown}."
        return problem("http", text, "Set CHATCRON_HTTP_PORT to a free port.")
    broken = [f"{name} ({reason})" for name, (works, reason) in checks.items() if not works]
    if broken:
        text = f"Chatcron runs, and these parts of it do not work: {', '.join(broken)}"
        return problem("http", text, "Look into its log.")
    told = " ".join(f"{name}: {reason}" for name, (_, reason) in checks.items())
    return ok("http", f"Chatcron runs, and all its parts work. {told}")


def _free(host: str, port: int) -> Check:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            text = f"Nothing can listen on {host}:{port} ({error.strerror})."
            return problem("http", text, "Set CHATCRON_HTTP_HOST and CHATCRON_HTTP_PORT.")
    return ok("http", f"{host}:{port} is free; Chatcron does not run there now.")


def _exposed(shown: str) -> Check:
    return warning(
        "http address",
        f"{shown} can be reached from other machines, in plain HTTP.",
        "Keep 127.0.0.1 and a TLS proxy before it, unless this is a container's own network.",
    )


async def look_at_model(settings: Settings) -> list[Check]:
    """Ask the language model's server which models it has, where one is set."""
    if not settings.asks_model:
        return [ok("model", "None is set: the grammar and the agents' tools work alone.")]
    endpoint = endpoint_of(settings)
    endpoint.check()
    where = endpoint.base_url.rstrip("/")
    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=LIMIT_S), trust_env=True) as session,
            session.get(f"{where}/models", headers=headers) as response,
        ):
            answered = _answered(where, endpoint.model, response.status, await response.text())
    except TimeoutError:
        text = f"{where} did not answer within {LIMIT_S} s."
        answered = warning("model", text, f"Check the server. {_WITHOUT}")
    except (ClientError, OSError):
        text = f"{where} can't be reached."
        answered = warning("model", text, f"Check OPENAI_BASE_URL and the network. {_WITHOUT}")
    return [answered, *_loop()]


def _answered(where: str, model: str, status: int, body: str) -> Check:
    if status in (401, 403):
        text = f"{where} refused the key ({status})."
        return warning("model", text, f"Check OPENAI_API_KEY. {_WITHOUT}")
    names = _names(body) if status == 200 else None
    if names is None:
        text = f"{where} answers ({status}), and does not list its models."
        return warning("model", text, 'Try `chatcron parse "…"` to see whether it is asked.')
    if model not in names:
        text = f"{where} has no {model} among its {len(names)} models."
        return warning("model", text, f"Set CHATCRON_MODEL to one it has. {_WITHOUT}")
    return ok("model", f"{where} answers and has {model}.")


def _names(body: str) -> Sequence[str] | None:
    try:
        return [str(each["id"]) for each in json.loads(body)["data"]]
    except (ValueError, KeyError, TypeError):
        return None


def _loop() -> list[Check]:
    if importlib.util.find_spec("agents") is not None:
        return [ok("model reports", "The agent loop is installed.")]
    text = "The agent loop is not installed: reports stay in the tools' own words."
    return [warning("model reports", text, _EXTRA)]
