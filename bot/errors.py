"""Errors of the edges: what stops a start, with a sentence that says what to do."""

from __future__ import annotations


class StartError(Exception):
    """Chatcron can't start."""


class SettingsError(Exception):
    """A setting is wrong or missing; each line of the message names one and what is allowed."""
