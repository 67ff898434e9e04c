"""`python -m bot.playground`: the local Slack as a process of its own, for journeys."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from bot.playground.manifest import OF_THE_BOT
from bot.playground.server import LocalSlack


def main() -> None:
    """Serve until interrupted; the address is the first line on the standard output."""
    arguments = _arguments()
    delays = tuple(float(each) for each in arguments.retry_delays.split(","))
    slack = LocalSlack(
        port=arguments.port,
        state_file=arguments.state,
        request_url=arguments.request_url,
        signing_secret=arguments.signing_secret,
        ack_limit_s=arguments.ack_limit,
        retry_delays_s=delays,
        burst=arguments.burst,
        manifest=arguments.manifest,
    )
    asyncio.run(_serve(slack))


async def _serve(slack: LocalSlack) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopping.set)
    await slack.start()
    sys.stdout.write(f"listening {slack.url}\n")
    sys.stdout.flush()
    await stopping.wait()
    await slack.stop()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.playground", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--state", type=Path, help="a JSON file that keeps the workspace")
    parser.add_argument("--request-url", help="send signed HTTP here instead of Socket Mode")
    parser.add_argument("--signing-secret", default="local-signing-secret")
    parser.add_argument("--ack-limit", type=float, default=3.0, help="seconds")
    parser.add_argument("--retry-delays", default="0,60,300", help="seconds, with commas")
    parser.add_argument("--burst", type=int, default=10, help="messages a channel takes at once")
    parser.add_argument("--manifest", type=Path, default=OF_THE_BOT, help="what the app asks for")
    return parser.parse_args()


if __name__ == "__main__":
    main()
