"""What words mean because of what was said before: answers to a question, and "no, the other one".

Pure: what was asked and what was last requested are handed in, a request comes out. Words that mean
something by themselves are left to `bot.intent.reader`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from bot.intent.changes import about
from bot.intent.intents import (
    CreateTask,
    EditTask,
    Intent,
    Nothing,
    TaskRef,
    Unclear,
    UndoChange,
)
from bot.intent.names import reference
from bot.intent.numbers import cardinal, ordinal, phrase, skip
from bot.intent.packing import unpacked
from bot.intent.reading import Reading
from bot.intent.spelling import words
from bot.intent.tokens import Kind, Token, plain, tokenise
from bot.intent.value import Value
from scheduler.wishes import CONFIRM

LONGEST_ANSWER = 12
"""Words; who says more begins something new."""
TAKE = "take"
UNDO_MANY = "many_undo"
"""What "undo" does after something was done to several tasks: it asks whether to undo it all."""

Packed = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichTask(Value):
    """Asked: which of these tasks the request is about."""

    kind: Literal["which"] = "which"
    intent: dict[str, Any]
    choices: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShallI(Value):
    """Asked: whether to do it."""

    kind: Literal["shall"] = "shall"
    intent: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatTime(Value):
    """Asked: which reading of a time was meant for a task; `choices` read again.

    Of more than two the last one is all that the others are apart. `yes` is the value of the only
    button, where there is but one.
    """

    kind: Literal["time"] = "time"
    task: int
    choices: tuple[str, ...] = ()
    yes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatElse(Value):
    """Asked: what a request lacks. `understood` is what was read of it."""

    kind: Literal["else"] = "else"
    understood: str
    reason: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShallPress(Value):
    """Asked: whether to do what a button does; `action` and `value` are the button's own."""

    kind: Literal["press"] = "press"
    action: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShallCreate(Value):
    """Asked: whether, or at which of some times, a draft is to be on; `labels` are its buttons."""

    kind: Literal["draft"] = "draft"
    task: int
    version: int
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShallTake(Value):
    """Asked: whether a time is to be one more of a task's, or the only one.

    `choices` are the values of the two buttons.
    """

    kind: Literal["take"] = "take"
    task: int
    choices: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled(Value):
    """Asked before, and answered since; `task` is the one it was about.

    `done` is the value of the button that was pressed, where it did something to several tasks.
    """

    kind: Literal["settled"] = "settled"
    task: int | None = None
    done: str = ""


Asked = Annotated[
    WhichTask | ShallI | WhatTime | WhatElse | ShallPress | ShallCreate | ShallTake | Settled,
    Field(discriminator="kind"),
]
_ASKED: TypeAdapter[Asked] = TypeAdapter(Asked)
Read = Callable[[str], Reading]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What an answer comes to: requests to act on; with none of them the question is withdrawn.

    `confirmed` says that the person said yes to what was shown, which is `press` where a button
    shows it. `answers` is the question that the words answer, if they do.
    """

    intents: tuple[Intent, ...] = ()
    confirmed: bool = False
    press: ShallPress | None = None
    answers: Asked | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A task that may be meant, by its number and its name."""

    number: int
    name: str


_NO = ("no", "nope", "nah", "cancel", "cancel that", "cancel it", "never mind", "nevermind", "nvm",
       "forget it", "forget about it", "leave it", "keep it", "none", "none of them", "stop",
       "don't", "do not", "please don't", "actually no", "no actually", "wait no", "no don't",
       "actually don't", "better not", "rather not", "neither", "skip it", "not now", "no thanks",
       "no thank you")  # fmt: skip
_YES = ("yes", "y", "yep", "yeah", "yup", "sure", "ok", "okay", "k", "do it", "go ahead",
        "please do",
        "confirm", "confirmed", "correct", "right", "exactly", "yes do it", "ok do it", "go",
        "go for it", "sounds good", "that's right", "yes please", "of course", "lgtm")  # fmt: skip
_YES_OR_NO = (*_YES, *_NO)
_CREATE = (*_YES, "create it", "yes create it", "create", "save it", "yes save it", "turn it on")
_STAYS = ("keep it", "leave it")
_NODS = ("ok", "okay", "k", "sure", "right", "correct", "exactly", "lgtm", "sounds good",
         "of course", "that's right", "stop", "none", "go")  # fmt: skip
"""What people say to each other, too: no answer to what is settled."""
_BOTH = (
    "both",
    "both of them",
    "all",
    "all of them",
    "all three",
    "each",
    "every one",
    "everything",
)
_BEGINNINGS = ("make it", "make that", "let's say", "let us say", "say", "i meant", "i mean",
               "it should be", "it should run")  # fmt: skip
_BESIDES = ("besides", "also", "too", "as well", "add it", "in addition", "additionally", "extra",
            "one more", "one more time", "once more", "keep both", "both please")  # fmt: skip
_ALONE = ("once", "only once", "just once", "only then", "just then", "instead", "only that",
          "just that", "replace it", "replace", "only this time")  # fmt: skip
_THANKS = words("please pls thanks thx ty")
_IDLE = words("please thanks thx the a one then it on at instead pls ,. . ! ? , ; :")


def asked_of(body: Packed | None) -> Asked | None:
    """Rebuild a question that waits; None for none, or for one of an older form."""
    if body is None:
        return None
    try:
        return _ASKED.validate_python(dict(body))
    except ValidationError:
        return None


def answered(asked: Asked, text: str, known: Sequence[Known], read: Read) -> Meant | None:
    """Read an answer to a question; None where the words are none.

    `known` are the tasks offered, in the order shown; `read` reads words by themselves.
    """
    said = tokenise(plain(text))
    if not 0 < sum(token.kind is not Kind.MARK for token in said) <= LONGEST_ANSWER:
        return None
    if isinstance(asked, Settled):
        if asked.done and takes_back(read(text).intent):
            return Meant(press=ShallPress(action=UNDO_MANY, value=asked.done))
        again = _is_whole(said, _YES_OR_NO) and not _is_whole(said, _NODS)
        return Meant(answers=asked) if again else None
    is_no = _is_whole(said, _NO) or _withdraws(asked, text, read)
    meant = _refused(asked, said) if is_no else _yes_or_else(asked, said, text, known, read)
    return None if meant is None else replace(meant, answers=asked)


def _refused(asked: Asked, said: Sequence[Token]) -> Meant | None:
    """Take a no as one: it cancels a draft, which "keep it" and "leave it" do not say plainly."""
    if not isinstance(asked, ShallCreate):
        return Meant()
    return None if _is_whole(said, _STAYS) else Meant(press=_button_of(asked, "cancel"))


def _yes_or_else(
    asked: Asked, said: Sequence[Token], text: str, known: Sequence[Known], read: Read
) -> Meant | None:
    match asked:
        case ShallPress():
            return Meant(confirmed=True, press=asked) if _is_whole(said, _YES) else None
        case WhichTask():
            return _which(asked, said, known)
        case ShallI():
            confirmed = unpacked(asked.intent)
            is_yes = _is_whole(said, _YES) and confirmed is not None
            return Meant(intents=(confirmed,), confirmed=True) if is_yes and confirmed else None
        case WhatTime():
            return _time(asked, said, text, read)
        case ShallCreate():
            return _create(asked, said, text, read)
        case ShallTake():
            return _take(asked, said)
        case WhatElse():
            return _else(asked, said, text, read)
        case Settled():
            return None


def takes_back(intent: Intent) -> bool:
    """Say whether words take the last change back, whatever it was of."""
    named = isinstance(intent, UndoChange) and intent.ref is not None and not intent.ref.it
    return isinstance(intent, UndoChange) and not named


def _withdraws(asked: Asked, text: str, read: Read) -> bool:
    """Say whether "undo" means the question itself, for nothing was done yet that it asks about."""
    return isinstance(asked, ShallI | ShallPress) and takes_back(read(text).intent)


def _which(asked: WhichTask, said: Sequence[Token], known: Sequence[Known]) -> Meant | None:
    intent = unpacked(asked.intent)
    if intent is None:
        return None
    again = len(said) > 1 and said[0].word == intent.kind  # "undo both"
    chosen = _chosen(asked.choices, said[1:] if again else said, known)
    if not chosen:
        return None
    return Meant(intents=tuple(about(intent, TaskRef(number=number)) for number in chosen))


def _chosen(
    choices: Sequence[int], said: Sequence[Token], known: Sequence[Known]
) -> tuple[int, ...]:
    """Give the numbers that an answer picks: all, by number, by place, or by words of a name."""
    said = [token for token in without_marks(said) if token.word not in _THANKS]
    if _is_whole(said, _BOTH):
        return tuple(choices)
    ref = reference(said)
    if ref is not None and ref.number is not None and ref.number in choices:
        return (ref.number,)
    numbered = cardinal(said, 0)
    if numbered is not None and numbered.end == len(said) and numbered.value in choices:
        return (numbered.value,)
    place = _place(said, len(choices))
    if place is not None:
        return (choices[place],)
    fits = fitting(said, known)
    return (fits[0].number,) if len(fits) == 1 else ()


def fitting(said: Sequence[Token], known: Sequence[Known]) -> list[Known]:
    """Give the tasks whose names hold all that was said, but for words that tell nothing apart."""
    wanted = {token.word for token in said} - _IDLE
    return [each for each in known if wanted and wanted <= _words_of(each.name)]


def _words_of(name: str) -> set[str]:
    return {token.word for token in tokenise(plain(name))}


def _place(said: Sequence[Token], count: int) -> int | None:
    """Read "the second one", "first", "option 2", "the last" as a place in what was offered."""
    start = skip(said, 0, ("take the", "take", "the", "option", "number", "choice"))
    found = ordinal(said, start) or (cardinal(said, start) if start else None)
    if found is None:
        ended = phrase(said, start, ("last one", "last", "latter"))
        return count - 1 if ended == len(said) and count else None
    end = skip(said, found.end, ("one", "option"))
    is_last = found.value == -1
    if end != len(said) or not (is_last or 1 <= found.value <= count):
        return None
    return count - 1 if is_last else found.value - 1


def _time(asked: WhatTime, said: Sequence[Token], text: str, read: Read) -> Meant | None:
    if asked.yes and _is_whole(said, _YES):
        return Meant(confirmed=True, press=ShallPress(action=TAKE, value=asked.yes))
    place = _place(without_marks(said), len(asked.choices))
    if len(asked.choices) > 2 and _is_whole(said, _BOTH):
        place = len(asked.choices) - 1
    alone = read(text).intent
    if place is not None:
        alone = read(f"make it {asked.choices[place]}").intent
    elif isinstance(alone, Nothing):
        alone = read(f"make it {text}").intent
    if not _retimes_it(alone):
        return None  # a request of its own, maybe about another task
    return Meant(intents=(about(alone, TaskRef(number=asked.task)),))


def _take(asked: ShallTake, said: Sequence[Token]) -> Meant | None:
    place = _place(without_marks(said), len(asked.choices))
    if _is_whole(said, (*_BOTH, *_BESIDES)):
        place = 0
    elif _is_whole(said, _ALONE):
        place = 1
    if place is None:
        return None
    return Meant(confirmed=True, press=ShallPress(action=TAKE, value=asked.choices[place]))


def _create(asked: ShallCreate, said: Sequence[Token], text: str, read: Read) -> Meant | None:
    """Read what arms a draft: a yes to the one answer there is, one of several, or a time."""
    place = _place(without_marks(said), len(asked.labels))
    if len(asked.labels) == 1 and _is_whole(said, _CREATE):
        place = 0
    for number, label in enumerate(asked.labels):
        if [token.word for token in said] == [token.word for token in tokenise(plain(label))]:
            place = number
    if place is None:
        return _time(WhatTime(task=asked.task), said, text, read)
    return Meant(confirmed=True, press=_button_of(asked, f"answer_{place}", str(place)))


def _button_of(asked: ShallCreate, action: str, extra: str = "") -> ShallPress:
    return ShallPress(action=action, value=f"{asked.task}:{asked.version}:{extra}")


def _retimes_it(intent: Intent) -> bool:
    """Say whether words change the time of the task spoken of, and name no other."""
    return isinstance(intent, EditTask) and intent.ref.it and intent.changes.schedule is not None


def _else(asked: WhatElse, said: Sequence[Token], text: str, read: Read) -> Meant | None:
    alone = read(text).intent
    if _is_whole(said, _YES):
        return None  # to what was not a yes or no
    if not (isinstance(alone, Nothing | Unclear) or _retimes_it(alone)):
        return None  # a request of its own
    place = _place(without_marks(said), len(asked.choices))
    answer = _bare(text) if place is None else asked.choices[place]
    whole = (answer, asked.understood) if asked.reason == "no_work" else (asked.understood, answer)
    found = read(" ".join(whole)).intent
    if not isinstance(found, CreateTask):
        return None
    if asked.reason == "left_over" and not found.assumed:  # what was not read may have said more
        found = replace(found, assumed=(CONFIRM,))
    return Meant(intents=(found,))


def _bare(text: str) -> str:
    """Leave out how an answer begins: "make it 15:00"."""
    said = tokenise(plain(text))
    start = skip(said, 0, _BEGINNINGS)
    return plain(text)[said[start].start :] if 0 < start < len(said) else text


def _is_whole(said: Sequence[Token], phrases: Sequence[str]) -> bool:
    said = [token for token in without_marks(said) if token.word not in _THANKS]
    return bool(said) and phrase(said, 0, phrases) == len(said)


def without_marks(said: Sequence[Token]) -> tuple[Token, ...]:
    """Leave out what is no word."""
    return tuple(token for token in said if token.kind is not Kind.MARK)
