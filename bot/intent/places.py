"""Requests about the channel itself: the zone that times said in it are in."""

from __future__ import annotations

from bot.intent.intents import Intent, SetZone, Unclear
from bot.intent.message import Message
from bot.intent.names import joined
from bot.intent.numbers import first_words, phrase, skip
from bot.intent.zones import zone_called

_PLACE = ("this channel's", "the channel's", "our team's", "our", "this channel", "the channel",
          "channel")  # fmt: skip
_ZONE = ("time zone", "timezone", "zone", "tz")
_SET = ("set", "change", "make", "switch", "use", "put", "keep")
_ASK = ("what is", "what's", "which is", "show", "tell me", "which", "what")
_OF_PLACE = ("of this channel", "of the channel", "here", "for this channel", "in this channel")

_USE = ("use", "switch to", "speak", "we use", "we are on", "we're on")
_HERE = ("here", "in this channel", "for this channel", "in here")
_OPENS = first_words(_ASK, _SET, _PLACE, _ZONE, _USE, _HERE) | {"the"}


def zone_of_place(message: Message) -> Intent | None:
    """Read "set this channel's zone to Berlin", "use UTC here", "what is our time zone?"."""
    if message.first not in _OPENS:
        return None
    return _asked(message) or _named(message) or _used_here(message)


def _asked(message: Message) -> Intent | None:
    start = message.said(_ASK)
    if start is None:
        return None
    at = phrase(message.tokens, skip(message.tokens, start, "is"), _PLACE)
    end = None if at is None else phrase(message.tokens, at, _ZONE)
    if end is None:
        return None
    left = skip(message.tokens, skip(message.tokens, end, "in"), ("is", "here", "set to", "?"))
    return SetZone() if left == len(message.tokens) else None


def _named(message: Message) -> Intent | None:
    """Read the zone of a channel that is named as such, and set to something."""
    tokens = message.tokens
    start = skip(tokens, 0, _SET)
    at = phrase(tokens, start, _PLACE)
    turned = at is None
    if at is None:
        at = phrase(tokens, skip(tokens, start, "the"), _ZONE)
        at = None if at is None else phrase(tokens, at, _OF_PLACE)
    end = at if turned or at is None else phrase(tokens, at, _ZONE)
    if end is None:
        return None
    value = skip(tokens, end, ("to", "is", "=", ":", "as", "should be", "->"))
    found = zone_called(joined(tokens[value:]))
    if found is None:
        return Unclear(
            question="Which zone should this channel have? Name a city or a zone: Berlin, PST.",
            reason="no_zone",
        )
    return SetZone(zone=found)


def _used_here(message: Message) -> Intent | None:
    """Read "use Berlin time here", "use UTC in this channel", "in this channel use UTC"."""
    led = message.said(_HERE)
    start = phrase(message.tokens, skip(message.tokens, led or 0, (",", ":")), _USE)
    if start is None:
        return None
    if led is not None:
        found = zone_called(joined(message.tokens[start:]))
        return None if found is None else SetZone(zone=found)
    end = message.has(_HERE)
    if end is None or phrase(message.tokens, end, _HERE) != len(message.tokens):
        return None
    found = zone_called(joined(message.tokens[start:end]))
    return None if found is None else SetZone(zone=found)
