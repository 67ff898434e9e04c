"""The form: what is filled into one that is open, or was closed before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pytest
from slack_sdk.errors import SlackApiError

from bot.blocks import forms
from bot.services import Services
from bot.slack.modals import fill
from bot.speaker import Speaker


@dataclass
class Bundle:
    """The part of the services that filling a form uses."""

    speaker: Speaker


async def test_a_form_that_was_closed_is_left_alone(speaker: Speaker) -> None:
    """Whoever closes a form before it is filled in causes no fault."""
    services = cast("Services", Bundle(speaker))

    await fill("V0CLOSED", forms.only_saying("One moment"), services)

    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await fill("V0CLOSED", {"type": "modal"}, services)
