"""Requests to see which tasks there are, or to have them as a file."""

from __future__ import annotations

from collections.abc import Sequence

from bot.intent.intents import Export, Intent, ListTasks, Selection, Unclear
from bot.intent.message import Message
from bot.intent.names import joined, reference
from bot.intent.numbers import first_words, phrase, skip
from bot.intent.selections import Selected, selected
from bot.intent.spelling import words
from bot.intent.steering import timed
from bot.intent.tokens import Kind, Token

_LIST = (
    "list", "ls", "show me", "show", "display", "give me", "see", "view", "which", "what is",
    "what are",
    "what's on for", "what is on for", "what's on", "what is on", "what's", "whats", "what",
    "is anything", "is there anything", "are there any", "are there", "is there a", "is there any",
    "anything", "something", "is any", "an overview of", "give me an overview of", "overview of",
    "show me an overview of", "is", "do we have any", "do i have any", "do we have a", "do we have",
    "do i have", "have we got", "any", "when are", "print", "get me", "find", "find me", "search",
    "search for", "look for", "look up", "filter", "how many", "tell me which", "tell me what",
    "tell me about all", "tell me what's", "tell me which are", "who has", "whose", "count",
    "give me a list of", "a list of",
    "show me a list of", "get a list of", "let me see", "pull up", "what all", "which ones",
    "is there anything that", "anything that", "everything", "who's got",
)  # fmt: skip
_ALONE = ("ls", "overview", "an overview", "give me an overview", "show me an overview", "list",
          "list everything", "list all", "the list", "show the list", "task list",
          "the task list", "show everything", "tasks", "task", "my tasks", "my task",
          "all tasks", "all task", "the tasks", "our tasks", "our task")  # fmt: skip
_NARROW = ("list", "find", "search", "search for", "look for", "filter", "filter by")
_DAYS_ONLY = ("see", "is", "view", "display", "get me", "give me", "print", "show me", "show",
              "any", "find", "search", "everything", "something")  # fmt: skip
"""Words after which a day alone asks for no tasks: "show me tomorrow"."""
_RUNS = words("run runs running scheduled due planned going happening happens happen coming fires "
              "ran fire on")  # fmt: skip
_SHORT = 7
"""Tokens; a longer message does more than name some tasks."""
_PLURAL = words("tasks jobs schedules reminders automations ones drafts task")
_AS_NEXT = words("next now upcoming up the is what what's ? runs run due coming")
_WHO_MAKES = words("make create add build write")
_EXPORT = (
    "export", "download", "dump", "give me an export of", "give me a copy of", "save out",
    "give me a yaml of", "give me a file of", "get me a yaml of", "get a yaml of", "a yaml of",
    "give me a dump of", "backup", "back up",
)  # fmt: skip
_FETCH = ("get", "give me", "send me", "save", "have", "the yaml of", "yaml of", "get me")
"""Words that ask for a file only where its kind is said, too."""
_AS_FILE = ("as yaml", "as json", "as csv", "as a file", "as a yaml file", "as a json file",
            "to yaml", "to json", "to a file", "in yaml", "into a file", "to csv", "as yml",
            "as a yaml", "in a file", "as an export", "as a yml file", "to a yaml file",
            "as a csv", "as text")  # fmt: skip

_LISTS = first_words(_LIST, _ALONE)
_EXPORTS = first_words(_EXPORT, _FETCH)


def listing(message: Message, agents: frozenset[str] | None) -> Intent | None:
    """Read "list kai's failing tasks", "what runs on Mondays?", "anything scheduled tonight?"."""
    if message.first not in _LISTS and len(message.tokens) > _SHORT:
        return None
    alone = message.said(_ALONE)
    if alone is not None and skip(message.tokens, alone, ("?", "please")) == len(message.tokens):
        return ListTasks(mine=message.tokens[0].word == "my")
    after = message.said(_LIST)
    rest = message.tokens[after or 0 :]
    if after is None and (len(rest) > _SHORT or not any(_is_plural(token) for token in rest[:4])):
        return None
    if not rest or any(token.kind in (Kind.CODE, Kind.LINK) for token in rest):
        return None
    found = selected(rest, message.today, agents)
    asks = _names_tasks(rest, found) if after is None else _asks(message, rest, found)
    return ListTasks(**found.which.said()) if asks else None


def _asks(message: Message, rest: Sequence[Token], found: Selected) -> bool:
    """Whether what follows "show me" or "which" narrows the tasks, and nothing else."""
    which = found.which
    said = {token.word for token in rest}
    if not found.is_whole or said <= _AS_NEXT or said & _WHO_MAKES:
        return False
    if message.said(_NARROW) is not None and which != Selection():
        return which.words is None or found.names_tasks or message.said("search for") is not None
    if which.words is not None:
        return (
            found.names_tasks or message.said(("anything", "everything", "something")) is not None
        )
    dated = which.first is not None or which.weekday is not None
    if dated and not found.names_tasks and message.said(_DAYS_ONLY) is not None:
        return bool(said & _RUNS)
    narrowed = dated or which.state is not None
    return narrowed or found.names_tasks or bool(said & _RUNS)


def _is_plural(token: Token) -> bool:
    return token.word in _PLURAL or token.word == "mine"


def _names_tasks(rest: Sequence[Token], found: Selected) -> bool:
    """Whether a message is only the name of some tasks: "mine", "tasks of kai"."""
    which = found.which
    if not found.is_whole:
        return False
    if rest[0].word == "mine" or (len(rest) == 1 and which.mine):
        return which.words is None
    return any((which.state, which.mine, which.agent, which.words, which.channel, which.here))


def export(message: Message, agents: frozenset[str] | None) -> Intent | None:
    """Read "export all my tasks as yaml"."""
    if message.first not in _EXPORTS:
        return None
    plainly = message.said(_EXPORT)
    after = plainly if plainly is not None else message.said(_FETCH)
    if after is None:
        return None
    rest = message.tokens[after:]
    if timed(message, after):
        return None
    cut = next((at for at in range(len(rest)) if phrase(rest, at, _AS_FILE)), None)
    if cut is None and plainly is None:
        return None
    rest = rest if cut is None else rest[:cut]
    found = selected(tuple(rest), message.today, agents)
    if found.is_whole and (found.names_tasks or not rest):
        return Export(which=found.which)
    ref = reference(rest)
    if ref is None or (plainly is None and ref.number is None):
        return None
    if message.said(("export", "download")) is None:
        return None
    if ref.number is None and not ref.it:
        return Export(which=Selection(words=joined(rest)))
    return Unclear(
        question="I export tasks by name, agent or channel: “export tasks about cost”, "
        "“export kai's tasks”. Which ones?",
        understood="export",
        reason="no_tasks",
    )
