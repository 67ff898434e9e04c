"""Say the gold's messages in other words, spellings and noise, and count which are still read.

`python -m tests.gold.noise` prints a table by kind of noise: how many messages could be varied so,
how many mean the same still, how many are asked about instead, and how many were read as something
else. Only the last are wrong. `--show KIND` lists what was not read the same.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.intent.intents import Intent
from bot.intent.packing import plain
from bot.intent.reader import read
from bot.intent.reading import Reading
from storage.schedule_json import to_json
from storage.schedules import Schedule
from tests.gold.lines import AGENTS, Line, lines_of

Vary = Callable[[str, random.Random], str]
"""Says a text in another way; the same text where this noise does not fit it."""

_WORDS_APART = {
    "name", "prompt", "question", "choices", "understood", "stages", "ref", "schedule", "template",
    "zone_in_text",
}  # fmt: skip
"""What holds words of the message, which noise may change without changing what is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message of the gold and the same said with noise."""

    line: Line
    noise: str
    text: str


_FOR_REQUESTS = ("politeness before", "politeness after")


def variations(lines: tuple[Line, ...], seed: int = 4) -> Iterator[Said]:
    """Give each message with each noise that fits it."""
    for line in lines:
        for noise, vary in NOISES.items():
            if noise in _FOR_REQUESTS and line.intent in ("nothing", "unclear"):
                continue
            text = vary(line.text, random.Random(f"{seed} {noise} {line.text}"))
            if text != line.text:
                yield Said(line=line, noise=noise, text=text)


def verdict(said: Said) -> str:
    """Say whether a variation is read the "same", is "asked" about, or means something "other"."""
    plainly, noisily = (_read(text, said.line) for text in (said.line.text, said.text))
    if meaning(plainly) == meaning(noisily):
        return "same"
    return "asked" if noisily.intent.kind in ("unclear", "nothing", "help") else "other"


def meaning(reading: Reading) -> str:
    """Give what was read without the words of the task itself, and without case."""
    asked = [_slots(each.intent) for each in (reading, *reading.further)]
    return json.dumps([reading.agent, asked]).casefold()


def _slots(intent: Intent) -> dict[str, Any]:
    body = {slot: value for slot, value in plain(intent).items() if slot not in _WORDS_APART}
    schedule = getattr(intent, "schedule", None)
    if isinstance(schedule, Schedule):
        body["schedule"] = to_json(schedule)
    ref = getattr(intent, "ref", None)
    return {"kind": intent.kind, "number": ref and ref.number, **body}


def _read(text: str, line: Line) -> Reading:
    now = datetime.fromisoformat(line.now).replace(tzinfo=ZoneInfo(line.zone))
    return read(text, now=now, zone=line.zone, agents=AGENTS)


def _swapped(table: dict[str, tuple[str, ...]]) -> Vary:
    """Give a noise that says the words of a table in one of their other forms."""
    words = "|".join(sorted(map(re.escape, table), key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w@#|-])({words})(?![\w-])", re.IGNORECASE)

    def vary(text: str, chance: random.Random) -> str:
        return pattern.sub(lambda found: chance.choice(table[found[0].lower()]), text)

    return vary


_TYPOS = {
    "every": ("evry", "evrey", "eveyr"), "tomorrow": ("tommorow", "tomorow", "tommorrow"),
    "monday": ("modnay", "mondya"), "tuesday": ("tuseday", "teusday"),
    "wednesday": ("wensday", "wednsday"), "thursday": ("thrusday", "thursdya"),
    "friday": ("firday", "fryday"), "saturday": ("saterday", "satuday"), "sunday": ("sundya",),
    "mondays": ("modnays",), "fridays": ("firdays",), "weekdays": ("weekdyas", "wekdays"),
    "weekday": ("weekdya", "wekday"), "daily": ("dialy", "daliy"), "weekly": ("wekly", "weeky"),
    "minutes": ("minuts", "mintues"), "hours": ("horus",), "month": ("mnoth",),
    "between": ("betwen", "beetween"), "except": ("exept", "excpet"), "until": ("untill", "untl"),
    "morning": ("mornign",), "schedule": ("shedule", "scheduel"), "report": ("reprot",),
}  # fmt: skip
_SHORT = {
    "monday": ("mon", "Mon."), "tuesday": ("tue", "tues"), "wednesday": ("wed",),
    "thursday": ("thu", "thurs"), "friday": ("fri",), "saturday": ("sat",), "sunday": ("sun",),
    "tomorrow": ("tmrw", "tmw"), "minutes": ("mins", "min"), "hours": ("hrs",), "and": ("&", "n"),
    "please": ("pls", "plz"), "weekdays": ("mon-fri",), "january": ("jan",), "march": ("mar",),
    "april": ("apr",), "december": ("dec",), "you": ("u",), "are": ("r",), "at": ("@",),
}  # fmt: skip
_SYNONYMS = {
    "every": ("each",), "each": ("every",), "every day": ("daily", "each day", "everyday"),
    "weekdays": ("Monday to Friday", "working days"),
    "every monday": ("Mondays", "on Mondays"), "every friday": ("Fridays", "each Friday"),
    "every hour": ("hourly",), "hourly": ("every hour",), "between": ("from",),
    "every 30 minutes": ("every half hour",), "except": ("apart from",),
    "of each month": ("of every month", "of the month"),
    "until": ("till", "til"), "and": ("plus",), "at noon": ("at 12:00", "at 12pm"),
}  # fmt: skip
_FILLERS = ("um, ", "uh ", "so ", "ok so ", "hmm, ", "well, ", "right, ", "alright ")
_POLITE = ("please ", "could you please ", "hi, ", "hello, can you ", "hey there! ")
_THANKS = (" please", ", thanks", " thank you!", ", thx", " if you can", " cheers")
_SMILES = (" 🙏", " :pray:", " 🎉", " :eyes:", " 👍")


def _clock(text: str, chance: random.Random) -> str:
    """Write hours that carry am or pm in another of their usual forms."""

    def other(found: re.Match[str]) -> str:
        hour, minute, half = int(found[1]), found[2] or "00", found[3][0].lower()
        full = hour % 12 + 12 * (half == "p")
        return chance.choice((
            f"{full:02}:{minute}", f"{hour}:{minute} {half.upper()}M", f"{hour}:{minute}{half}m",
            f"{hour}.{minute}{half}m", f"{hour}:{minute} {half}.m.", f"{full:02}h{minute}",
        ))  # fmt: skip

    return re.sub(r"(?<![\w:.])(1?\d)(?:[:.](\d\d))? ?([ap]\.?m\.?)(?!\w)", other, text,
                  flags=re.IGNORECASE)  # fmt: skip


def _moved(text: str, chance: random.Random) -> str:
    """Say when first where it was said last, after whom it is said to."""
    found = re.fullmatch(
        r"(?P<to>(?:@\w+|alex|anna|kai|oliver|tony),? )?"
        r"(?P<work>(?:check|list|scan|report|review|verify|look|post)\b"
        r"(?:(?! of\b| on\b)[\w /'-])+?)"
        r" (?P<when>(?:every|each|daily|weekdays|on \w+days|tomorrow|in \d+) ?[\w :.@-]*)",
        text, re.IGNORECASE,
    )  # fmt: skip
    return f"{found['to'] or ''}{found['when']} {found['work']}" if found else text


def _spaced(text: str, chance: random.Random) -> str:
    gap = chance.choice(("  ", "\u00a0", "\u2009", " \t"))
    return f" {text.replace(' ', gap)} \n"


def _ended(text: str, chance: random.Random) -> str:
    if text.startswith(">") or "`" in text:
        return text
    return text.rstrip(".!?") + chance.choice((".", "!", " .", "!!", "…"))


def _curled(text: str, chance: random.Random) -> str:
    return text.replace("'", "\u2019").replace(" - ", " \u2014 ")


def _in_capitals(text: str, chance: random.Random) -> str:
    return text if re.search(r"[`<|/]", text) else text.upper()


def _in_small(text: str, chance: random.Random) -> str:
    return text if re.search(r"[`<|/]", text) else text.lower()


def _front(words: tuple[str, ...]) -> Vary:
    return lambda text, chance: text if text[:1] in ">`" else chance.choice(words) + text


def _behind(words: tuple[str, ...]) -> Vary:
    return lambda text, chance: (
        text
        if text[-1:] in "`?!" or text.startswith(">")
        else text.rstrip(".") + chance.choice(words)
    )


NOISES: dict[str, Vary] = {
    "small letters": _in_small,
    "capitals": _in_capitals,
    "spaces": _spaced,
    "end marks": _ended,
    "curly marks": _curled,
    "emoji": _behind(_SMILES),
    "typed smileys": _behind((" :)", " ;-)", " xD")),
    "politeness before": _front(_POLITE),
    "politeness after": _behind(_THANKS),
    "filler": _front(_FILLERS),
    "typos": _swapped(_TYPOS),
    "short forms": _swapped(_SHORT),
    "synonyms": _swapped(_SYNONYMS),
    "clock forms": _clock,
    "order": _moved,
}


def main() -> None:
    """Print the table, and what was not read the same where that is wanted."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--show", choices=NOISES, help="list what was not read the same")
    wanted.add_argument("--seed", type=int, default=4)
    given = wanted.parse_args()
    counts: dict[str, Counter[str]] = {noise: Counter() for noise in NOISES}
    for said in variations(lines_of("said.jsonl"), given.seed):
        judged = verdict(said)
        counts[said.noise][judged] += 1
        if said.noise == given.show and judged != "same":
            print(f"{judged:<6} {said.text!r}")
    print(f"{'noise':<20}{'varied':>8}{'same':>8}{'asked':>8}{'other':>8}")
    for noise, count in counts.items():
        row = (count.total(), count["same"], count["asked"], count["other"])
        print(f"{noise:<20}" + "".join(f"{number:>8}" for number in row))
    total = sum(counts.values(), Counter())
    print(f"{'all':<20}{total.total():>8}{total['same']:>8}{total['asked']:>8}{total['other']:>8}"
          f"   {100 * total['same'] / total.total():.1f} % the same")  # fmt: skip


if __name__ == "__main__":
    main()
