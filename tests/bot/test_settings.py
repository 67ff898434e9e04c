"""A wrong or missing setting stops the start with its name and with what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import SECRETS, Settings
from tests.journeys.driver import BOT, Program

GOOD = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
WRONG = {
    "SLACK_BOT_TOKEN": ("xoxp-1", "xoxb-"),
    "SLACK_APP_TOKEN": ("xoxb-1", "xapp-"),
    "SLACK_API_URL": ("slack.com/api", "http or https"),
    "CHATCRON_DATABASE_URL": ("mysql://host/name", "postgresql://"),
    "CHATCRON_TONY_DATABASE_URL": ("redis://host", "sqlite:///"),
    "CHATCRON_OLIVER_HOSTS": ("ftp://shop.example", "hosts with a port"),
    "CHATCRON_OLIVER_FOLDERS": ("app", "whole paths"),
    "CHATCRON_TIMEZONE": ("Berlin", "Europe/Berlin"),
    "CHATCRON_CONFIRM": ("sometimes", "guessed, always or never"),
    "CHATCRON_HTTP_PORT": ("65536", "0 to 65535"),
    "CHATCRON_WORKERS": ("0", "1 to 64"),
    "CHATCRON_KEEP_RUNS_DAYS": ("-1", "up to 36500; 0 keeps all"),
    "CHATCRON_MIN_INTERVAL_S": ("59", "60 to 86400"),
    "CHATCRON_RUNS_AT_ONCE": ("0", "1 to 1000"),
    "CHATCRON_AGENT_RUNS_AT_ONCE": ("many", "1 to 1000"),
    "CHATCRON_RETRY_DELAY_S": ("soon", "0 to 3600"),
    "CHATCRON_DRAIN_S": ("-1", "0 to 3600"),
    "CHATCRON_LEASE_S": ("1", "3 to 600"),
    "CHATCRON_SAMPLE_DATA": ("perhaps", "1 for labelled sample data"),
    "CHATCRON_LOG_LEVEL": ("loud", "debug, info, warning or error"),
    "CHATCRON_LOG_FORMAT": ("xml", "text or json"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_is_named_with_what_is_allowed(name: str) -> None:
    """One line, with the name and the right form; a secret's value is not in it."""
    value, allowed = WRONG[name]

    with pytest.raises(SettingsError) as raised:
        Settings.read(GOOD | {name: value})

    [line] = str(raised.value).splitlines()
    assert line.startswith(f"{name} is wrong")
    assert allowed in line
    assert (value in line) is (name not in SECRETS)


@pytest.mark.parametrize(
    "value",
    ["http://[", "http://[::1", "http://", "https:///v1", "http://h:99999/v1", "http://h:x/v1",
     "http://a b/v1", "http://x..y/v1", "http://\u202e/v1", "localhost:11434", "ftp://h/v1",
     "http://" + "a" * 70 + "/v1", "http://h:0/v1"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["OPENAI_BASE_URL", "SLACK_API_URL"])
def test_an_address_that_is_none_stops_the_start(name: str, value: str) -> None:
    """However an address is broken, it is a line with its name, and no traceback later on."""
    with pytest.raises(SettingsError, match=f"^{name} is wrong.* http or https address"):
        Settings.read(GOOD | {name: value})


@pytest.mark.parametrize(
    "value",
    ["http://127.0.0.1:11434/v1", "http://[::1]:8000/v1", "https://api.openai.com/v1",
     "http://ollama:11434", "https://bücher.example/v1/", "http://my_model.internal/v1"],
)  # fmt: skip
def test_an_address_of_a_server_is_taken(value: str) -> None:
    """Names, numbers, ports and paths are all right."""
    assert Settings.read(GOOD | {"OPENAI_BASE_URL": value}).openai_base_url == value


def test_every_wrong_setting_has_its_line() -> None:
    """Nobody has to start twice to learn of the second mistake."""
    with pytest.raises(SettingsError) as raised:
        Settings.read({name: value for name, (value, _) in WRONG.items()})

    assert {line.split()[0] for line in str(raised.value).splitlines()} == set(WRONG)


def test_a_setting_that_is_none_is_named_with_its_neighbour() -> None:
    """A slip of the pen in a name does not pass unseen."""
    with pytest.raises(SettingsError, match="Did you mean CHATCRON_TIMEZONE"):
        Settings.read(GOOD | {"CHATCRON_TIME_ZONE": "Europe/Berlin"})


@pytest.mark.parametrize(
    ("missing", "named"),
    [("SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN is missing"),
     ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET to receive events over HTTP")],
)  # fmt: skip
def test_what_a_run_needs_is_named_when_it_is_missing(missing: str, named: str) -> None:
    """An empty value is as good as none."""
    settings = Settings.read(GOOD | {missing: ""})

    with pytest.raises(SettingsError, match=named):
        settings.check_for_run()


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    """NAME_FILE is read, without the line end; both at once are refused, as is a missing file."""
    file = tmp_path / "token"
    file.write_text("xoxb-from-file\n", encoding="utf-8")
    by_file = {"SLACK_BOT_TOKEN_FILE": str(file)}

    token = Settings.read(by_file).slack_bot_token
    assert token is not None
    assert token.get_secret_value() == "xoxb-from-file"
    with pytest.raises(SettingsError, match="both set"):
        Settings.read(GOOD | by_file)
    with pytest.raises(SettingsError, match="SLACK_BOT_TOKEN_FILE is wrong"):
        Settings.read({"SLACK_BOT_TOKEN_FILE": str(tmp_path / "none")})


def test_secrets_are_not_shown() -> None:
    """Printing the settings shows no token and no password."""
    url = "postgresql://me:hidden-word@host/name"
    shown = repr(Settings.read(GOOD | {"CHATCRON_DATABASE_URL": url}))

    assert not [secret for secret in ("hidden-word", "xoxb-1", "xapp-1") if secret in shown]


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "SLACK_BOT_TOKEN is missing"),
        (GOOD | {"CHATCRON_HTTP_PORT": "http"}, "CHATCRON_HTTP_PORT is wrong"),
        (GOOD | {"CHATCRON_DATABASE_URL": "oracle://x"}, "CHATCRON_DATABASE_URL is wrong"),
    ],
)
def test_the_program_ends_with_code_2_and_a_sentence(settings: dict[str, str], named: str) -> None:
    """`chatcron run` with bad settings: no traceback, nothing but the lines that help."""
    with Program(*BOT, settings=settings) as program:
        assert program.wait() == 2

    assert named in program.output
    assert "Traceback" not in program.output


def test_every_secret_is_known_by_its_text() -> None:
    """Tokens and keys are known whole, addresses by their passwords in both spellings."""
    given = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "signed",
        "CHATCRON_DATABASE_URL": "postgresql://bot:pa%2Fss@db/chatcron",
        "CHATCRON_TONY_DATABASE_URL": "sqlite:///data/tony.db",
    }

    assert Settings.read(given).secret_texts == {"xoxb-1", "signed", "pa%2Fss", "pa/ss"}
