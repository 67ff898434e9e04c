"""Where a model may be asked, in tests and otherwise."""

from __future__ import annotations

import pytest

from bot.llm import endpoint
from bot.llm.connection import Connection
from bot.llm.endpoint import VENDOR, Endpoint
from bot.model_settings import endpoint_of
from bot.settings import Settings


@pytest.mark.parametrize("address", [VENDOR, "http://10.0.0.1/v1", "http://127.0.0.1.evil.example"])
def test_no_test_can_call_a_real_model(address: str) -> None:
    """While tests run, a client for any address but this machine's can't be made."""
    with pytest.raises(RuntimeError):
        Connection(Endpoint(model="m", base_url=address))


def test_outside_of_tests_any_address_may_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule is the tests' own."""
    monkeypatch.setattr(endpoint, "may_leave_machine", True)

    Endpoint(model="m", base_url=VENDOR).check()


@pytest.mark.parametrize(
    ("given", "asks"),
    [
        ({}, False),
        ({"OPENAI_API_KEY": "sk-1"}, True),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"}, True),
        ({"OPENAI_API_KEY": "sk-1", "CHATCRON_MODEL_CALLS_PER_DAY": "0"}, False),
        ({"CHATCRON_MODEL": "qwen2.5:7b"}, False),
    ],
)
def test_a_model_is_asked_where_one_is_set(given: dict[str, str], asks: bool) -> None:
    """A key or an address sets a model; a cap of 0 calls turns it off."""
    assert Settings.read(given).asks_model is asks


def test_the_key_is_not_shown() -> None:
    """Neither the settings nor the endpoint show the key in their own words."""
    settings = Settings.read({"OPENAI_API_KEY": "sk-very-secret"})

    assert endpoint_of(settings).key == "sk-very-secret"
    assert "very-secret" not in f"{settings!r} {endpoint_of(settings)!r}"
