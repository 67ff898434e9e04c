"""Requests for work in stages: "first … then …", "a -> b", "after X, run Y", "if …, otherwise …".

A message is cut into segments at its joints ("then", arrows, "if", list numbers, new lines); each
segment is a stage, or the condition or the other branch of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.intent import options, telling
from bot.intent.facts import ADJECTIVES, Scan, scan
from bot.intent.intents import DefineWorkflow, Stage, Unclear
from bot.intent.joints import ARROWS, ELSE, IF, JOINTS, Segment, segments
from bot.intent.message import Message
from bot.intent.names import joined, name_of, trimmed
from bot.intent.numbers import cardinal, phrase, says_any, skip, word_at
from bot.intent.remarks import is_talk, points_only
from bot.intent.rulebook import Fact
from bot.intent.schedules import plan
from bot.intent.spelling import words
from bot.intent.steps import TOLD, Workers, looks_like_work, steps_of
from bot.intent.tokens import Token
from bot.intent.triggers import AFTER, ENDED, FAILED, trigger
from bot.intent.work import HEADS, WORK

_SIGNS = words(
    "-> => → then workflow pipeline chain after afterwards once when whenever if unless followed "
    "parallel simultaneously concurrently finally otherwise else same step"
)
_MAKE = (
    "create",
    "make",
    "build",
    "set up",
    "define",
    "add",
    "schedule",
    "start",
    "i want",
    "new",
    "need",
)
_CALLED = ("called", "named", "titled")
_OPENING = (":", "that", "which", "to", "of", "where", "with", "for", "-", "--", "in which", ",")
_ALL_JOINTS = (*JOINTS[:-1], *IF, *ELSE, "after", "in parallel", "the same time")
_JOINT_FIRST = frozenset(said.split()[0] for said in _ALL_JOINTS)
_STARTS = frozenset(said.split()[0] for said in AFTER)
_ENDS = (*ENDED, *FAILED)
_CONDITIONS = (*IF, "when")
_HEADING = (":", *ARROWS, "then")


def workflow(
    message: Message, now: datetime, zone: str, workers: Workers
) -> DefineWorkflow | Unclear | None:
    """Read a request for work in stages; None where there is one piece of work, or none."""
    if not says_any(message.tokens, _SIGNS) or _asks_when(message):
        return None
    asked, title, tokens = _opening(message.tokens)
    found = scan(tokens, message.today)
    if not (asked or _has_joint(found)):
        return None
    words_left = _work_words(found)
    after, words_left = trigger(words_left)
    trails = after is None and not _leads_with_condition(words_left)
    told = asked and message.has(("that", "which")) is not None
    stages = _stages(tuple(segments(words_left, message.text)), workers, told=told)
    if not _is_work(stages, words_left, asked=asked, triggered=after is not None, trails=trails):
        return None
    if not stages:
        return _no_stages(asked=asked)
    planned = plan(_times(found), now, zone)
    if isinstance(planned, Unclear):
        return planned
    ref, only_if = after or (None, None)
    if only_if is not None:
        stages = (replace(stages[0], only_if=only_if), *stages[1:])
    stages = _with_first(stages, workers.spoken_to)
    return DefineWorkflow(
        name=title or _name(stages), stages=stages, after=ref,
        schedule=planned.schedule, zone_in_text=planned.zone_in_text,
    )  # fmt: skip


def _with_first(stages: tuple[Stage, ...], agent: str | None) -> tuple[Stage, ...]:
    """Give the first stage to who was spoken to, where later ones are given to others."""
    others = any(step.agent for stage in stages[1:] for step in stage.steps)
    if agent is None or not others:
        return stages
    steps = tuple(step if step.agent else replace(step, agent=agent) for step in stages[0].steps)
    return (replace(stages[0], steps=steps), *stages[1:])


def _asks_when(message: Message) -> bool:
    """Whether "when does the audit run?" asks, and "when the audit ends, …" does not."""
    asks = ("do", "does", "did", "will", "is", "are", "was", "were", "should", "can", "has")
    return word_at(message.tokens, 0) in ("when", "if") and word_at(message.tokens, 1) in asks


def _no_stages(*, asked: bool) -> Unclear | None:
    if not asked:
        return None
    return Unclear(
        question="Which steps should the workflow have? For example: “cost report -> security "
        "audit -> summary, every Monday at 9:00”.",
        understood="a workflow",
        reason="no_work",
    )


def _opening(tokens: tuple[Token, ...]) -> tuple[bool, str | None, tuple[Token, ...]]:
    """Split off "create a workflow called Review:"; gives whether it was there, and the name."""
    verb = skip(tokens, 0, _MAKE)
    named = skip(tokens, verb, ("me", "us"))
    named = first = skip(tokens, named, ("a", "an", "the", "another", "one"))
    while word_at(tokens, named) in ADJECTIVES | {"new", "simple"}:
        named += 1
    made = phrase(tokens, named, ("workflow", "pipeline", "chain", "work flow"))
    if made is None or not (verb or (named == 0 and _is_headed(tokens, made))):
        return (False, *_headline(tokens))
    often = [token for token in tokens[first:named] if token.word in ADJECTIVES]
    title, made = None, _after_count(tokens, made)
    at = made
    called = phrase(tokens, made, _CALLED)
    if called is not None:
        end = next((place for place in range(called, len(tokens))
                    if phrase(tokens, place, _OPENING) is not None), len(tokens))  # fmt: skip
        title = name_of(" ".join(token.text.strip("“”\"'") for token in tokens[called:end])) or None
        at = end
    return True, title, (*tokens[skip(tokens, at, _OPENING) :], *often)


def _after_count(tokens: tuple[Token, ...], at: int) -> int:
    """Give the place after "of two steps"."""
    number = cardinal(tokens, skip(tokens, at, ("of", "with", "in", "that has", "having")))
    counted = None if number is None else phrase(tokens, number.end, ("step", "steps", "stages"))
    return counted or at


def _headline(tokens: tuple[Token, ...]) -> tuple[str | None, tuple[Token, ...]]:
    """Split off the "Monthly review:" that stands before the stages."""
    colon = next((at for at, token in enumerate(tokens[:6]) if token.word == ":"), 0)
    said = {token.word for token in tokens[:colon]}
    if not (said & HEADS and _is_headed(tokens, colon + 1)) or said & _SIGNS:
        return None, tokens
    often = [token for token in tokens[:colon] if token.word in ADJECTIVES]
    return name_of(joined(tokens[:colon])), (*tokens[colon + 1 :], *often)


def _is_headed(tokens: tuple[Token, ...], at: int) -> bool:
    """Whether "workflow" alone begins a definition, and not a remark on one."""
    return any(phrase(tokens, place, _HEADING) for place in range(at, len(tokens)))


def _has_joint(found: Scan) -> bool:
    """Whether a joint stands among the words that say neither when nor whom to tell."""
    rest = [found.tokens[place] for place in found.rest]
    said = {token.word for token in rest}
    if said & _STARTS and any(phrase(rest, at, _ENDS) for at in range(2, len(rest))):
        return True
    return any(
        token.word in _JOINT_FIRST and phrase(rest, at, _ALL_JOINTS) is not None
        for at, token in enumerate(rest)
    )


def _work_words(found: Scan) -> tuple[Token, ...]:
    """Give all words but those of the schedule; whom to tell is a step here."""
    kept = set(found.rest)
    told = (telling.Telling, telling.Posting, options.Notify)
    for piece in found.pieces:
        if isinstance(piece.fact, told):
            kept.update(range(piece.start, piece.end))
    return tuple(found.tokens[place] for place in sorted(kept))


def _times(found: Scan) -> tuple[Fact, ...]:
    told = (telling.Telling, telling.Posting, options.Notify)
    return tuple(fact for fact in found.facts if not isinstance(fact, told))


def _stages(segments: Sequence[Segment], workers: Workers, *, told: bool) -> tuple[Stage, ...]:
    stages: list[Stage] = []
    condition: str | None = None
    for segment in segments:
        tokens = segment.tokens
        if segment.is_branch and stages:
            steps = steps_of(tokens, workers)
            stages[-1] = replace(stages[-1], otherwise=steps)
            continue
        if segment.is_condition:
            end = _end_of_condition(tokens, workers)
            said = joined(trimmed(tokens[:end]))
            condition = f"not ({said})" if segment.negated else said
            tokens = tokens[skip(tokens, end, (", then", ",", "then", ":")) :]
        steps = steps_of(tokens, workers, told=told) if tokens else ()
        if steps:
            stages.append(Stage(steps=steps, only_if=condition or None))
            condition = None
    if condition and stages:
        stages[-1] = replace(stages[-1], only_if=condition)
    return tuple(stages)


_ACTS = words(
    "alert ask email have let notify open page ping post run send start tell trigger kick launch "
    "create dm escalate stop message"
)


def _end_of_condition(tokens: Sequence[Token], workers: Workers) -> int:
    """Find where the condition of "any is above $500 page oncall" ends."""
    for at in range(2, len(tokens)):
        if tokens[at].word in (",", ":", "then"):
            return at
        if tokens[at].word in _ACTS or workers.named(tokens[at]) is not None:
            return at
    return len(tokens)


def _is_work(
    stages: Sequence[Stage],
    tokens: tuple[Token, ...],
    *,
    asked: bool,
    triggered: bool,
    trails: bool,
) -> bool:
    """Whether every step is work, and it is more than one piece of it."""
    if asked:
        return True
    steps = [step for stage in stages for step in stage.steps]
    several = len(steps) > 1 or triggered
    conditional = any(stage.only_if for stage in stages)
    if not stages or not (several or conditional):
        return False
    said = [token.word for token in tokens]
    arrows = any(word in ARROWS for word in said)
    known = [step for step in steps if step.agent or looks_like_work(step.work)]
    if arrows:
        return 2 * len(known) >= len(steps)
    if len(known) < len(steps) or {"i", "i'll", "we", "we'll", "i'm"} & set(said):
        return False
    first = steps[0].work.casefold().split()
    if not steps[0].agent and points_only(first):
        return False
    if len(steps) == 1 and (trails or (triggered and first[0] in TOLD)):
        return False
    return bool(steps[0].agent) or first[0] in WORK or not is_talk(first, working=False)


def _leads_with_condition(tokens: tuple[Token, ...]) -> bool:
    return phrase(tokens, 0, _CONDITIONS) is not None


def _name(stages: Sequence[Stage]) -> str:
    return name_of(", ".join(step.work for stage in stages for step in stage.steps))
