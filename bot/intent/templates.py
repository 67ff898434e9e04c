"""Requests about templates: keep a task's work as one, make a task from one, list them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.intent import options
from bot.intent.facts import scan
from bot.intent.intents import (
    Intent,
    ListTemplates,
    SaveTemplate,
    TaskRef,
    Unclear,
    UseTemplate,
)
from bot.intent.message import Message
from bot.intent.names import name_words, reference
from bot.intent.numbers import Tokens, phrase, says_any, skip, word_at
from bot.intent.rules import only
from bot.intent.schedules import plan
from bot.intent.spelling import words
from bot.intent.tokens import Kind, Token

_WORDS = words("template templates")
_LIST = ("list", "show me", "show", "what", "which", "what are", "see", "any", "are there any",
         "do we have any", "do you have any", "display", "what kind of", "are there",
         "do you have", "do we have", "give me", "view", "browse")  # fmt: skip
_LIST_SKIP = ("all of the", "all the", "all", "the", "my", "our", "your", "available", "saved",
              "a list of", "a list of the", "other", "of the", "me all the", "list of")  # fmt: skip
_LIST_END = ("are there", "do we have", "do you have", "do you know", "exist", "can i use",
             "are available", "have we got", "there are", "available", "is there", "can we use",
             "you have", "we have", "have you got", "do i have", "please", "list", "?", ".",
             "!")  # fmt: skip
_SAVE = ("save", "keep", "store", "turn", "make", "convert", "use", "copy", "create", "add",
         "remember", "set")  # fmt: skip
_AS = ("as a template", "as template", "as a new template", "into a template", "a template",
       "to a template", "as our template", "as the template", "into a new template",
       "as a team template", "to the templates", "to my templates", "to templates",
       "as one of our templates")  # fmt: skip
_CALLED = ("called", "named", "with the name", "under the name", "under", "with name", ":",
           "by the name")  # fmt: skip
_CALLED_OR_AS = (*_CALLED, "as", "and call it")
_USE = ("use", "apply", "run", "instantiate", "start", "launch", "create", "schedule", "add",
        "set up", "make", "new", "deploy", "do", "build")  # fmt: skip
_FROM = ("from the template", "from template", "from a template called", "from a template",
         "using the template", "using template", "with the template", "with template",
         "based on the template", "based on template", "based on a template", "off the template",
         "by template", "via template", "out of the template", "from our template",
         "from my template", "use the template", "use template", "template")  # fmt: skip
_FROM_NAMED = ("from the", "from our", "from my", "from", "using the", "using", "with the",
               "based on the", "based on", "off the", "use the", "use our", "use my", "use",
               "apply the", "apply", "instantiate the", "instantiate", "run the", "start the",
               "by the", "via the")  # fmt: skip
_ENDS = ("with", "for", "where", "and", ",", ";", ":", "(", "on demand", "now", "to", "in", "as",
         "every", "on", "at", "please", "?", "!", ".", "right now", "set", "having")  # fmt: skip


def template(message: Message, now: datetime, zone: str) -> Intent | None:
    """Read a request about templates; None where the message is about something else."""
    if not says_any(message.tokens, _WORDS):
        return None
    return _listed(message) or _saved(message) or _used(message, now, zone)


def _listed(message: Message) -> ListTemplates | None:
    tokens = message.tokens
    led = phrase(tokens, 0, _LIST)
    start = 0 if led is None else led
    while (after := skip(tokens, start, _LIST_SKIP)) != start:
        start = after
    end = phrase(tokens, start, "templates") or (
        phrase(tokens, start, "template") if word_at(tokens, start + 1) in ("", "?") else None
    )
    if end is None:
        return None
    while (after := skip(tokens, end, _LIST_END)) != end:
        end = after
    return ListTemplates() if end == len(tokens) else None


def _saved(message: Message) -> Intent | None:
    """Read "save the cost report as a template called eu-costs", "make this a template"."""
    tokens = message.tokens
    start = message.said(_SAVE)
    if start is None:
        return None
    if (
        titled := phrase(tokens, start, ("a template", "the template", "template", "as a template"))
    ) is not None:
        return _saved_from(message, titled)
    at = next((at for at in range(start + 1, len(tokens))
               if phrase(tokens, at, _AS) is not None), None)  # fmt: skip
    if at is None:
        return None
    end = phrase(tokens, at, _AS) or at
    if word_at(tokens, 0) in ("use", "create", "add", "set") and word_at(tokens, at) == "a":
        return None
    return _keep(message, tokens[start:at], tokens[skip(tokens, end, _CALLED) :])


def _saved_from(message: Message, at: int) -> Intent | None:
    """Read "create a template from T-12 called eu-costs", "save as a template …"."""
    tokens = message.tokens
    if word_at(tokens, 0) == "use":
        return None
    title: Tokens = ()
    called = phrase(tokens, at, _CALLED)
    led = next((place for place in range(at, len(tokens))
                if phrase(tokens, place, ("from", "of", "out of", "based on")) is not None),
               None)  # fmt: skip
    if called is not None:
        title = tokens[called : led or len(tokens)]
    if led is None:
        if word_at(tokens, 0) not in ("save", "keep", "store") and not title:
            return None
        return _keep(message, (), title)
    task = phrase(tokens, led, ("from", "of", "out of", "based on")) or led
    end = next((place for place in range(task, len(tokens))
                if phrase(tokens, place, _CALLED_OR_AS) is not None),
               len(tokens))  # fmt: skip
    if not title and end < len(tokens):
        title = tokens[skip(tokens, end, _CALLED_OR_AS) :]
    return _keep(message, tokens[task:end], title)


_VARIABLES = frozenset(("variable", "variables", "parameter", "parameters", "placeholder"))


def _keep(message: Message, task: Tokens, title: Tokens) -> Intent | None:
    ref = reference(task) or (TaskRef(it=True) if message.in_thread or not task else None)
    if ref is None or (ref.it and not message.in_thread):
        return Unclear(
            question="Which task should I keep as a template? Say its name, or its number: "
            "“save T-12 as a template called eu-costs”.",
            reason="no_task",
        )
    if says_any(title, _VARIABLES):
        return Unclear(
            question="The variables of a template are what stands in {{…}} in its work. Write "
            "them there first: “change what T-12 does to report the cost of {{region}}”.",
            understood="save as a template",
            reason="variables",
        )
    name = _name(title)
    if not name and ref.text is None:
        return Unclear(
            question="What should the template be called? “save it as a template called eu-costs”.",
            reason="no_name",
        )
    return SaveTemplate(ref=ref, name=name or ref.text or "")


def _used(message: Message, now: datetime, zone: str) -> Intent | None:
    tokens = message.tokens
    found = scan(tokens, message.today)
    timed = {at for piece in found.pieces for at in range(piece.start, piece.end)}
    cut = _template_at(tokens)
    if cut is None and message.said(("use", "apply")) is not None and len(tokens) < 4:
        return _which_template()
    if cut is None:
        return None
    start, end = cut
    if start is not None:
        end = next((at for at in range(start, len(tokens)) if at in timed
                    or _is_value(tokens, at) or (at > start and phrase(tokens, at, _ENDS))),
                   len(tokens))  # fmt: skip
        named = tokens[start:end]
    else:
        named = tokens[phrase(tokens, 0, _FROM_NAMED) or _after_from(tokens, end) : end]
    name = _name(named)
    if not name:
        return _which_template()
    unnamed = scan([token for token in tokens if token not in named], message.today)
    planned = plan(unnamed.facts, now, zone)
    if isinstance(planned, Unclear):
        return planned
    at_once = only(unnamed.facts, options.Now) is not None and planned.schedule is None
    return UseTemplate(
        template=name, variables=variables(tokens), schedule=planned.schedule,
        zone_in_text=planned.zone_in_text, assumed=planned.assumed, choices=planned.choices,
        run_now=at_once or (word_at(tokens, 0) == "run" and planned.schedule is None),
    )  # fmt: skip


def _which_template() -> Unclear:
    return Unclear(question="Which template? “which templates are there?” lists them.",
                   reason="no_template")  # fmt: skip


def _template_at(tokens: Tokens) -> tuple[int | None, int] | None:
    """Find the name: after "from template", or between "the" and "template"."""
    asked = phrase(tokens, 0, _USE) is not None
    for at in range(len(tokens)):
        after = phrase(tokens, at, _FROM)
        if after is None or (word_at(tokens, at) == "template" and not (asked and at)):
            continue
        bare = word_at(tokens, at) == "template"
        named_before = bare and _after_from(tokens, at) < at
        after = skip(tokens, after, ("called", "named", ":"))
        if named_before:
            return None, at
        if after < len(tokens) and phrase(tokens, after, ("for", "with", ",", "?")) is None:
            return after, at
    return None


def _after_from(tokens: Tokens, end: int) -> int:
    """Give the place after the "from the" that stands before the name, or the end itself."""
    for at in range(end - 1, -1, -1):
        after = phrase(tokens, at, _FROM_NAMED)
        if after is not None and after < end:
            return after
    return end


def variables(tokens: Tokens) -> tuple[tuple[str, str], ...]:
    """Read every "env=prod" and "env = prod", in their order."""
    found: list[tuple[str, str]] = []
    for at in range(1, len(tokens) - 1):
        if not _is_value(tokens, at - 1):
            continue
        end = at + 2
        while (
            end < len(tokens)
            and tokens[end].start == tokens[end - 1].end
            and not _closes(tokens[end])
        ):
            end += 1
        said = "".join(token.text for token in tokens[at + 1 : end]).strip("“”\"'`")
        found.append((tokens[at - 1].text, said))
    return tuple(found)


def _is_value(tokens: Tokens, at: int) -> bool:
    """Whether a variable begins here: a word with "=" after it."""
    return (
        at + 2 < len(tokens)
        and tokens[at].kind is Kind.WORD
        and word_at(tokens, at + 1) == "="
        and word_at(tokens, at + 2) != "="
    )


def _closes(token: Token) -> bool:
    return token.word in (",", ";", ")", ".", "?", "!", "…", "...")


def _name(tokens: Sequence[Token]) -> str:
    kept = list(tokens)
    while kept and kept[0].word in ("the", "a", "an", "our", "my", "called", "named", ":", "as"):
        kept.pop(0)
    while kept and kept[-1].word in ("template", ",", ".", "!", "?", "please", "task", "and"):
        kept.pop()
    if len(kept) == 1 and kept[0].kind in (Kind.QUOTED, Kind.CODE):
        return kept[0].text.strip("`'\"“”")
    return name_words(" ".join(token.text for token in kept)) if kept else ""
