"""The two programs of a journey, each a process of its own: a local Slack, and the bot under test.

Everything between them, and between them and the tests, goes over the wire.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]
START_LIMIT_S = 40.0
STOP_LIMIT_S = 30.0
BOT = ("-m", "bot", "run")
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-local", "SLACK_APP_TOKEN": "xapp-local"}
_FOREIGN = re.compile(r"^(CHATCRON_|SLACK_|OPENAI_|KUBECONFIG$|PYTEST_)|_proxy$", re.IGNORECASE)


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Give this machine's environment with these settings of ours, and with no others.

    A language model that is set must be on loopback, so that no test calls a real one.
    """
    asks_model = any(name.startswith("OPENAI_") for name in settings)
    assert not asks_model or settings["OPENAI_BASE_URL"].startswith("http://127.0.0.1:")
    kept = {name: value for name, value in os.environ.items() if not _FOREIGN.search(name)}
    return {**kept, "PYTHONUNBUFFERED": "1", **settings}


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """A running program; what it writes is kept in `lines`."""

    def __init__(self, *arguments: str, settings: Mapping[str, str], folder: Path = ROOT) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env=environment(settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._ended = False
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Give the number of the process."""
        return self._process.pid

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output:
            for line in output:
                with self._news:
                    self.lines.append(line)
                    self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def line_with(self, words: str, *, within: float = START_LIMIT_S) -> str:
        """Wait for a line that holds these words, and give it."""
        with self._news:
            self._news.wait_for(lambda: self._ended or self._find(words), within)
            found = self._find(words)
        assert found is not None, f"no line with “{words}” in:\n{self.output}"
        return found

    def _find(self, words: str) -> str | None:
        return next((line for line in self.lines if words in line), None)

    @property
    def output(self) -> str:
        """Give everything it wrote so far."""
        return "".join(self.lines)

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send it a signal and give the code it ends with."""
        self._process.send_signal(number)
        return self.wait()

    def wait(self, *, within: float = STOP_LIMIT_S) -> int:
        """Wait for its end; the code is negative where a signal ended it."""
        try:
            code = self._process.wait(within)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise AssertionError(f"it did not end within {within:g} s:\n{self.output}") from None
        self._reader.join(within)
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self.end(signal.SIGKILL)
        self._reader.join(STOP_LIMIT_S)


@dataclass
class House:
    """A local Slack and, once it is started, the bot that is connected to it."""

    slack: Program
    url: str
    settings: dict[str, str]
    bots: list[Program] = field(default_factory=list)

    @classmethod
    def open(cls, folder: Path, *options: str, **settings: str) -> Self:
        """Start the local Slack, and have the bot's own settings ready."""
        quick = ("--retry-delays", "0,0.5,1,2", "--burst", "1000")
        slack = Program("-m", "bot.playground", *quick, *options, settings={})
        try:
            url = slack.line_with("listening").split()[1]
        except AssertionError:
            slack.end(signal.SIGKILL)
            raise
        own = {
            "SLACK_API_URL": f"{url}/api/",
            "CHATCRON_DATABASE_URL": f"sqlite:///{folder / 'chatcron.db'}",
            "CHATCRON_HTTP_PORT": "0",
            "CHATCRON_RETRY_DELAY_S": "0.1",
            "CHATCRON_LOG_FORMAT": "json",
        }
        return cls(slack=slack, url=url, settings=TOKENS | own | settings)

    @property
    def database_url(self) -> str:
        """Give the address of the bot's database."""
        return self.settings["CHATCRON_DATABASE_URL"]

    @property
    def bot(self) -> Program:
        """Give the bot that was started last."""
        return self.bots[-1]

    def run(self, arguments: Sequence[str] = BOT, *, is_up: bool = True) -> Program:
        """Start the bot, or a program in its place; with `is_up`, wait until it is connected."""
        bot = Program(*arguments, settings=self.settings)
        self.bots.append(bot)
        if is_up:
            bot.line_with("Chatcron is up")
        return bot

    @property
    def http_port(self) -> int:
        """Say where the bot listens for HTTP."""
        port: int = json.loads(self.bot.line_with("Chatcron is up"))["http"]
        return port

    def order(self, what: str, **body: Any) -> dict[str, Any]:
        """Order something of the local Slack; `bot/playground/control.py` lists what."""
        request = Request(
            f"{self.url}/control/{what}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urlopen(request, timeout=10) as response:
            answer: dict[str, Any] = json.load(response)
        return answer

    def events(self, message_ts: str | None = None) -> list[dict[str, Any]]:
        """Give what became of the events sent to the bot, or of those about one message."""
        found = self._log("deliveries")
        return [each for each in found if message_ts in (None, each["event"].get("ts"))]

    def calls(self, method: str) -> list[dict[str, Any]]:
        """Give the bot's calls of one of Slack's methods, and how each was answered."""
        return [each for each in self._log("calls") if each["method"] == method]

    def _log(self, name: str) -> list[dict[str, Any]]:
        with urlopen(f"{self.url}/control/{name}", timeout=10) as response:
            entries: list[dict[str, Any]] = json.load(response)[name]
        return entries

    def close(self) -> None:
        """End whatever still runs."""
        for program in (*self.bots, self.slack):
            with program:
                pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
