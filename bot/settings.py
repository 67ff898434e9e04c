"""Settings: the only reader of the environment. A wrong one stops the start, with what is right."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ConfigDict, Field, PrivateAttr, SecretStr, ValidationError, field_validator

from bot.errors import SettingsError
from bot.roles import Role
from bot.source_settings import SourceSettings
from bot.work_settings import WorkSettings
from scheduler.wishes import Confirm
from storage.errors import BadUrl

PREFIX = "CHATCRON_"
SECRETS = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "CHATCRON_DATABASE_URL",
    "CHATCRON_TONY_DATABASE_URL",
    "OPENAI_API_KEY",
    "CHATCRON_PING_URL",
)
"""Each may also be given as NAME_FILE, the path of a file that holds it."""


class LogFormat(StrEnum):
    """How log lines look."""

    TEXT = "text"
    JSON = "json"


class Settings(WorkSettings, SourceSettings):
    """Every setting, with what is allowed as its description."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    slack_bot_token: SecretStr | None = Field(
        None, alias="SLACK_BOT_TOKEN", description="a bot token, which starts with xoxb-"
    )
    slack_app_token: SecretStr | None = Field(
        None, alias="SLACK_APP_TOKEN", description="an app-level token, which starts with xapp-"
    )
    slack_signing_secret: SecretStr | None = Field(
        None, alias="SLACK_SIGNING_SECRET", description="the app's signing secret"
    )
    slack_api_url: str = Field(
        "https://slack.com/api/", alias="SLACK_API_URL", description="an http or https address"
    )
    database_url: SecretStr = Field(
        SecretStr("sqlite:///data/chatcron.db"),
        alias="CHATCRON_DATABASE_URL",
        description="sqlite:///path/to/file.db or postgresql://user:password@host/name",
    )
    timezone: str = Field(
        "UTC", alias="CHATCRON_TIMEZONE", description="an IANA zone such as Europe/Berlin"
    )
    confirm: Confirm = Field(
        Confirm.GUESSED, alias="CHATCRON_CONFIRM", description="guessed, always or never"
    )
    http_host: str = Field(
        "127.0.0.1", alias="CHATCRON_HTTP_HOST", description="an address to listen on"
    )
    http_port: int = Field(
        8080,
        alias="CHATCRON_HTTP_PORT",
        ge=0,
        le=65535,
        description="a port from 0 to 65535; 0 takes any free one",
    )
    ping_url: SecretStr | None = Field(
        None,
        alias="CHATCRON_PING_URL",
        description="an http or https address that is asked for while all is well",
    )
    ping_every_s: float = Field(
        60,
        alias="CHATCRON_PING_EVERY_S",
        ge=10,
        le=86_400,
        description="seconds between pings, from 10 to 86400",
    )
    log_level: str = Field(
        "info",
        alias="CHATCRON_LOG_LEVEL",
        pattern="^(debug|info|warning|error)$",
        description="debug, info, warning or error",
    )
    log_format: LogFormat = Field(
        LogFormat.TEXT, alias="CHATCRON_LOG_FORMAT", description="text or json"
    )
    openai_api_key: SecretStr | None = Field(
        None, alias="OPENAI_API_KEY", description="the key of a language model's server"
    )
    openai_base_url: str | None = Field(
        None, alias="OPENAI_BASE_URL", description="an http or https address, most often …/v1"
    )
    model: str = Field(
        "gpt-4.1-mini",
        alias="CHATCRON_MODEL",
        pattern=r"^\S{1,200}$",
        description="a model's name, as its server knows it",
    )
    model_calls_per_day: int = Field(
        500,
        alias="CHATCRON_MODEL_CALLS_PER_DAY",
        ge=0,
        le=1_000_000,
        description="calls a day, from 0 (no model at all) to 1000000",
    )
    model_limit_s: float = Field(
        10,
        alias="CHATCRON_MODEL_LIMIT_S",
        gt=0,
        le=10,
        description="seconds a message waits for the model, up to 10",
    )
    _bare_secrets: tuple[str, ...] = PrivateAttr(())
    _secret_files: tuple[str, ...] = PrivateAttr(())

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _has_its_prefix(cls, value: SecretStr | None, info: Any) -> SecretStr | None:
        prefix = "xoxb-" if info.field_name == "slack_bot_token" else "xapp-"
        if value is not None and not value.get_secret_value().startswith(prefix):
            raise ValueError("prefix")
        return value

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("zone") from None
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not _is_address(value):
            raise ValueError("address")
        return value if value.endswith("/") else value + "/"

    @field_validator("openai_base_url")
    @classmethod
    def _is_a_server(cls, value: str | None) -> str | None:
        if value is not None and not _is_address(value):
            raise ValueError("address")
        return value

    @field_validator("ping_url")
    @classmethod
    def _can_be_asked_for(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _is_address(value.get_secret_value()):
            raise ValueError("address")
        return value

    @field_validator("database_url", "tony_database_url")
    @classmethod
    def _is_a_database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            from storage.database import parse_url  # loads a library that most commands do without

            try:
                parse_url(value.get_secret_value())
            except BadUrl:
                raise ValueError("database") from None
        return value

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the settings; raises SettingsError with one line for each that is wrong.

        An empty value counts as not given.
        """
        source = os.environ if environment is None else environment  # noqa: TID251  the one reader
        given = {name: value for name, value in source.items() if value}
        problems = _unknown(given)
        values = given | _from_files(given, problems)
        try:
            settings = cls.model_validate(values)
        except ValidationError as error:
            problems += [_sentence(item["loc"], given) for item in error.errors()]
        if problems:
            raise SettingsError("\n".join(problems))
        return settings.noting(given)

    def noting(self, given: Mapping[str, str]) -> Self:
        """Note where the secrets came from, and give the settings back."""
        self._bare_secrets = tuple(it for it in SECRETS if _is_secret(it, given.get(it, "")))
        files = [f"{name}_FILE" for name in SECRETS]
        self._secret_files = tuple(given[it] for it in files if it in given)
        return self

    @property
    def bare_secrets(self) -> tuple[str, ...]:
        """Name the secrets whose values stand in the environment."""
        return self._bare_secrets

    @property
    def secret_files(self) -> tuple[str, ...]:
        """Give the paths of the files that hold secrets."""
        return self._secret_files

    @property
    def secret_texts(self) -> frozenset[str]:
        """Give every text that must be seen nowhere: tokens, keys, and passwords in addresses."""
        values = [getattr(self, name) for name in type(self).model_fields]
        given = [it.get_secret_value() for it in values if isinstance(it, SecretStr)]
        shut = {it for it in given if "://" not in it}
        passwords = {urlsplit(it).password or "" for it in given if "://" in it}
        return frozenset(it for it in shut | passwords | set(map(unquote, passwords)) if it)

    @property
    def is_on_file(self) -> bool:
        """Whether the database is an SQLite file."""
        return self.database_url.get_secret_value().startswith("sqlite")

    @property
    def asks_model(self) -> bool:
        """Whether a language model is set and may be asked."""
        is_set = self.openai_api_key is not None or self.openai_base_url is not None
        return is_set and self.model_calls_per_day > 0

    def check_for_run(self, role: Role = Role.ALL) -> None:
        """Raise SettingsError unless what `chatcron run` needs in this role is there."""
        problems = []
        if role is not Role.ALL and self.is_on_file:
            problems.append(
                f"--role {role} shares a Postgres with other processes, and CHATCRON_DATABASE_URL"
                " is a file: set it to postgresql://user:password@host/name, or run without --role."
            )
        if self.slack_bot_token is None:
            problems.append(_missing("SLACK_BOT_TOKEN"))
        if role.talks and self.slack_app_token is None and self.slack_signing_secret is None:
            problems.append(
                "SLACK_APP_TOKEN is missing: give an app-level token (xapp-…) for Socket Mode, or"
                " SLACK_SIGNING_SECRET to receive events over HTTP."
            )
        if problems:
            raise SettingsError("\n".join(problems))


def own_settings() -> dict[str, str]:
    """Give what the environment sets for Chatcron itself, none of it for Slack."""
    return {
        name: value
        for name, value in os.environ.items()  # noqa: TID251  the one reader
        if name.startswith((PREFIX, "OPENAI_", "KUBERNETES_SERVICE_")) or name == "KUBECONFIG"
    }


def model_settings() -> Settings:
    """Read what the environment sets for the language model and for where its use is counted."""
    prefixes = ("OPENAI_", f"{PREFIX}MODEL", f"{PREFIX}DATABASE_URL", f"{PREFIX}TIMEZONE")
    given = os.environ.items()  # noqa: TID251  the one reader
    return Settings.read({name: value for name, value in given if name.startswith(prefixes)})


def _is_address(value: str) -> bool:
    """Whether this is a whole http or https address that a client can be made for."""
    try:
        parts = urlsplit(value)
        known = parts.scheme in ("http", "https") and parts.port != 0
        (parts.hostname or "").encode("idna")
    except ValueError:
        return False
    return known and bool(parts.hostname) and value.isprintable() and not set(value) & set(" \\<>")


def _missing(name: str) -> str:
    return f"{name} is missing: it takes {_allowed(name)}."


def _allowed(name: str) -> str:
    for field in Settings.model_fields.values():
        if field.alias == name:
            return field.description or ""
    return ""


def _sentence(where: tuple[Any, ...], given: Mapping[str, str]) -> str:
    name = str(where[0])
    value = given.get(name, "")
    shown = "" if name in SECRETS or "@" in value else f" (it is “{value[:60]}”)"
    return f"{name} is wrong{shown}: it takes {_allowed(name)}."


def _is_secret(name: str, value: str) -> bool:
    """Say whether a value has to be kept; the address of a database only with a password in it."""
    return bool(value) and (not name.endswith("_URL") or "@" in value)


def _unknown(given: Mapping[str, str]) -> list[str]:
    known = {str(field.alias) for field in Settings.model_fields.values()}
    known |= {f"{name}_FILE" for name in SECRETS}
    problems = []
    for name in sorted(given):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else " The README lists those there are."
            problems.append(f"{name} is not a setting.{hint}")
    return problems


def _from_files(given: Mapping[str, str], problems: list[str]) -> dict[str, str]:
    found = {}
    for name in SECRETS:
        path = given.get(f"{name}_FILE")
        if path is None:
            continue
        if name in given:
            problems.append(f"{name} and {name}_FILE are both set: keep one of them.")
            continue
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except OSError:
            problems.append(f"{name}_FILE is wrong: “{path}” can't be read.")
    return found
