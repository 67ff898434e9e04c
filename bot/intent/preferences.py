"""What is set for a person or a channel, and what help is asked for.

"My time zone is Berlin", "post results of new tasks in #reports by default", "help with times".
"""

from __future__ import annotations

from bot.intent.intents import AskHelp, Intent, SetChannel, SetZone, Topic
from bot.intent.message import Message
from bot.intent.names import joined
from bot.intent.numbers import first_words, phrase, skip
from bot.intent.tokens import Kind
from bot.intent.zones import zone_called

_TOPICS: dict[Topic, tuple[str, ...]] = {
    "times": ("time", "times", "schedule", "schedules", "scheduling", "cron", "dates",
              "recurrence"),
    "agents": ("agent", "agents", "who is there", "bots"),
    "edit": ("edit", "edits", "editing", "change", "changing", "rename"),
    "pause": ("pause", "pausing", "pauses", "resume", "resuming", "stop", "snooze"),
    "notify": ("notify", "notification", "notifications", "notice", "notices", "alerts"),
    "templates": ("template", "templates", "variables"),
    "workflows": ("workflow", "workflows", "pipeline", "pipelines", "chains"),
    "zones": ("zone", "zones", "timezone", "timezones", "time zone", "time zones"),
    "lists": ("list", "lists", "listing", "filter", "filters", "search"),
}  # fmt: skip
_HELP = ("help me with", "help with", "help on", "help about", "help", "how do i", "how can i",
         "how to", "how does", "how do", "explain", "what can i say about")  # fmt: skip
_NEW_TASKS = ("results of new tasks", "new tasks", "results of new ones", "new results",
              "all new results", "everything new", "results", "all results")  # fmt: skip


_MY_ZONE = ("my time zone is", "my timezone is", "my zone is", "set my time zone to",
            "set my timezone to", "set my zone to", "change my time zone to",
            "change my timezone to", "i'm in the time zone")  # fmt: skip
_OUR_ZONE = ("our time zone here is", "our timezone here is", "our time zone is", "our timezone is",
             "the time zone here is", "time zone here is", "this channel is on",
             "this channel runs on", "we are all on")  # fmt: skip
_NO_ZONE = ("zone off", "forget the channel zone", "forget the channel's zone",
            "forget this channel's zone", "remove the channel zone", "no channel zone",
            "remove this channel's zone", "clear the channel zone", "unset the zone",
            "clear this channel's zone", "forget the zone of this channel")  # fmt: skip
_POST_HERE = ("back to posting here", "post here again", "post results here again",
              "post new tasks here again", "post results of new tasks here")  # fmt: skip
_WHICH_MINE = ("what's my time zone", "what is my time zone", "what time zone am i in",
               "what's my timezone", "what is my timezone", "which time zone am i in",
               "what zone am i in")  # fmt: skip
_WHICH_OURS = ("what time zone are we in", "what zone are we in", "which zone are we in",
               "which time zone are we in", "what time zone is this channel in",
               "what timezone are we in", "which zone is this channel in")  # fmt: skip
_ZONE = ("zone", "time zone", "timezone", "use zone", "tz")
_POST = ("post", "send", "put", "deliver", "publish")
_SET_CHANNEL = ("set the default channel to", "the default channel is", "default channel is",
                "set default channel to")  # fmt: skip
_OPENS = first_words(_MY_ZONE, _OUR_ZONE, _NO_ZONE, _POST_HERE, _WHICH_MINE, _WHICH_OURS, _ZONE,
                     _POST, _SET_CHANNEL)  # fmt: skip


def settings(message: Message) -> Intent | None:
    """Read what is set for a person or a channel: a zone, or where results go."""
    if message.first not in _OPENS:
        return None
    tokens = message.tokens
    mine = message.said(_MY_ZONE)
    if mine is not None and (found := zone_called(joined(tokens[mine:]))):
        return SetZone(zone=found, mine=True)
    ours = message.said(_OUR_ZONE)
    if ours is not None and (found := zone_called(joined(tokens[ours:]))):
        return SetZone(zone=found)
    off = message.said(_NO_ZONE)
    if off is not None and off == len(tokens):
        return SetZone(off=True)
    back = message.said(_POST_HERE)
    if back is not None and back == len(tokens):
        return SetChannel()
    asked = message.said(_WHICH_MINE)
    if asked is not None and _ends(message, asked):
        return SetZone(mine=True)
    ours = message.said(_WHICH_OURS)
    if ours is not None and _ends(message, ours):
        return SetZone()
    lead = message.said(_ZONE)
    if lead is not None and (found := zone_called(joined(tokens[lead:]))):
        return SetZone(zone=found)
    return _default_channel(message)


def _ends(message: Message, at: int) -> bool:
    return skip(message.tokens, at, "?") == len(message.tokens)


def _default_channel(message: Message) -> SetChannel | None:
    """Read "post results of new tasks in #reports by default"."""
    tokens = message.tokens
    led = message.said(_POST)
    default = message.has(("by default", "as a default", "as the default", "from now on",
                          "going forward", "in future", "from here on")) is not None  # fmt: skip
    named = None if led is None else phrase(tokens, skip(tokens, led, "the"), _NEW_TASKS)
    set_to = message.said(_SET_CHANNEL)
    channel = next((token for token in tokens if token.kind is Kind.CHANNEL), None)
    named = None if named is None else skip(tokens, named, ("from this channel", "of this channel",
                                            "from here", "made here"))  # fmt: skip
    plainly = named is not None and phrase(tokens, named, ("to", "in", "into", "here", "over to"))
    default = default or message.has("new") is not None
    if channel is None or not (set_to is not None or (plainly and default)):
        return None
    return SetChannel(channel=channel.text)


_AGENTS = ("which agents are there", "what agents are there", "who are the agents",
           "which agents do you have", "what agents do you have", "list the agents", "list agents",
           "who can i ask", "what can alex do", "what can oliver do", "what can tony do",
           "what can kai do", "what can anna do", "what do the agents do")  # fmt: skip
_ASKS = first_words(_HELP, _AGENTS)


def topic(message: Message) -> Intent | None:
    """Read what help is asked for: "how do I pause a task?", "which agents are there?"."""
    if message.first not in _ASKS:
        return None
    after = message.said(_HELP)
    agents = message.said(_AGENTS)
    if agents is not None:
        return AskHelp(topic="agents")
    if after is None or after == len(message.tokens):
        return None
    rest = message.tokens[after:]
    for topic, said in _TOPICS.items():
        at = skip(rest, 0, ("the", "a", "an", "your", "about", "with", "i", "you", "set", "use"))
        if phrase(rest, at, said) is not None:
            return AskHelp(topic=topic)
    return None
