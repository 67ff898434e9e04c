"""Tell talk among people from work for an agent; `bot.intent.creates` asks before it makes a task.

Talk has signs that work lacks: a subject with its verb ("traffic peaks", "we deploy"), thanks and
excuses, meetings and meals, tales of what was. One sign is enough to leave a message alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.intent.spelling import words
from bot.intent.work import HEADS, SUBJECTS, WORK, is_adjective, is_remark

_MARKS = (",", ".", ";", ":", "!", "-", "--", "?", ")")
_OPENERS = words(
    "agreed apologies awesome born bye bravo cheers chore congrats congratulations cool disregard "
    "enough eta every everyone everybody feat fix forget fyi glad got great guess haha happy he "
    "he's here here's hmm hope how i i'd i'll i'm i've if ignore imagine interesting it it's its "
    "let's lgtm lol maybe never nice nobody none nope not perhaps pretend ps psa quit "
    "read-only refactor remember rip same she she's sorry sounds speaking stop suppose sure than "
    "thank thanks that that's there there's these they they're this those til unfortunately we "
    "we'd we'll we're we've weird welcome well what what's when whenever where who why wish "
    "without wonder wow yay yep you you'll you're your"
)
_OPENING_PAIRS = tuple(f"{pair} " for pair in (
    "all hands", "heads up", "check out", "check with", "check your", "check in with",
    "check in at", "do we", "do you", "does it", "does the", "does anyone", "get well", "get some",
    "get home", "give up",
    "give me a", "good catch", "good idea", "good job", "good luck", "good night", "good point",
    "good to", "good work", "have a", "have fun", "keep calm", "let us", "make sense", "make my",
    "no more", "no need", "no way", "read the room", "ask for", "ping me", "call me", "take care",
    "take the day", "take your", "tell me about", "update :", "note :", "docs :", "test :",
    "build :", "release :", "ci :", "perf :", "style :", "question :", "sla :", "re :", "hot take",
    "so far", "the day", "the other", "on my", "am i", "is it", "is the", "are we", "are the",
    "reminder that", "note to self", "note that", "by the", "for the record", "in case",
    "to be", "time to", "time for", "day off",
))  # fmt: skip
_WORK_ALL_THE_SAME = tuple(f"{pair} " for pair in (
    "give me a report", "give me a summary", "give me a list", "give me a breakdown",
    "give me a digest", "give me a count", "give me a short", "give me a quick", "look at the",
    "have a look at", "take a look at", "have a look into",
))  # fmt: skip
_TO_PERSON = _OPENERS - words(
    "every everyone everybody nobody none maybe not never fix refactor what when where who "
    "whenever why if ignore read-only same repos without weird great good"
) | words("lunch dinner coffee standup meeting sync happy birthday can could would")
"""Words that begin talk even where it is said to an agent: "thanks", "i", "we", "sounds"."""
_TELLS = words("said says told tells thinks thought knows likes loves hates got went had")
_COPULAS = words(
    "is isn't was wasn't are aren't were weren't has hasn't will won't has had does did"
)
_ASKS_WHAT = words(
    "what which who whose whom whether if how that when where why anything everything"
)
_US = words("we we'd we'll we're we've")
_SUBJECTS = words("i i'd i'll i'm i've you you'd you'll you're u he she they they're")
_SENTENCE = words(
    "aka am are aren't arrived became been began broke btw came can can't could couldn't did "
    "didn't does doesn't don't ended failed felt finished forgot gave goes gone got had hadn't "
    "haha happened has hasn't have haven't he hopefully i i'd i'll i'm i've if is isn't it's kept "
    "knew left lets lol lost maybe met missed moved my never nobody noticed paid passed probably "
    "ran said saw says seem seems sent she should shouldn't slept sorry spent started stopped "
    "that's their there there's they they're think thinks thought told took used wants was wasn't "
    "we we'd we'll we're we've went were weren't who will won't wondering worked would wouldn't "
    "you you'd you'll you're"
)
"""Words that make a sentence of what would be the name of a piece of work."""
_SINGULAR = words(
    "arrives asks begins believes brings changes closes comes drops eats ends expires feels fills "
    "finishes fires flies gets goes happens hates helps hits keeps knows lands leaves likes lives "
    "looks loves makes means meets moves needs opens peaks plays rains reads requires rings runs "
    "seems sells ships sleeps smells sounds spikes starts stays stinks stops takes tastes thinks "
    "tells turns uses visits waits wants works wakes"
)
_PLURAL = words("are arrive become begin come eat fail get go happen have hate land leave like "
                "live love need seem sleep start think want work")  # fmt: skip
_AFTER_VERB = words("the a an us me our my them him her up off away down back")
_AFTER_PAST = words("the a an my our your his her their this that these those it some pr #")
_AFTER_PAST_TOO = _AFTER_PAST | words("about for to me us him")
_SOCIAL = words(
    "anniversary bar barbecue bbq beer beers birthday boss breakfast brunch bus call calls "
    "calendar cake class coffee concert dad date dentist dinner doctor drink drinks exam flight "
    "football friends game gym haircut hackathon hangout holiday holidays homework huddle "
    "interview kids lesson lunch meal meeting meetings meetup mom movie mum music nap office "
    "offsite onsite party pizza pto retro retros retrospective school shift sleep sprint standup "
    "standups stand-up sushi sync syncs taxi tea train vacation walk wedding weekend wife wine "
    "yoga 1:1 1-1 offline ooo afk all-hands townhall"
)
_TOGETHER = words(
    "arrive be brainstorm call catch chat come discuss do drink drop eat go grab hang have help "
    "hop huddle join leave meet order pair play regroup reconvene sleep stay swing sync talk wait "
    "walk work"
)
"""What people do with each other, and no agent does for them."""
_SOFT = words("ask book buy call close get give join kick make open order plan read send share "
              "start take talk tell test update watch write host move ping visit")  # fmt: skip
"""Verbs of work that are as much of life: "watch the game", "open the office"."""
_OF_PERSON = words("ask call meet phone tell visit")
_CODE_MARKS = frozenset("{[<$#;|=~/\\%")
"""What code begins with, and no order to an agent."""
_SHELL = words("chmod dd mkfs rm sudo")
_POINTERS = words("it this that these those them one thing something stuff so")
_EMPTY = _POINTERS | words(
    "a an at the look to into on do run make have take ship go over please too also again and "
    "check see done once start tonight ? ! . , ;"
)


def is_talk(said: Sequence[str], *, working: bool, directed: bool = False) -> bool:
    """Whether the words, times left out, are said among people.

    `working` says that they begin with a verb of work or were put as a wish, `directed` that they
    were said to an agent, with a time.
    """
    while said and said[0] in _MARKS:
        said = said[1:]
    if not said:
        return True
    if directed and said[0] not in _TO_PERSON:
        return bool((_SUBJECTS | _US) & set(said)) or is_remark(said) or _states(said)
    if _opens_talk(said) or _is_about_people(said):
        return True
    if working:
        return bool(_SUBJECTS & set(said)) or is_remark(said)
    return _is_sentence(said)


def _states(said: Sequence[str]) -> bool:
    """Whether something is said to be so: "is awesome", "deploy is Thursday", "said it …"."""
    if said[0] in _TELLS or _opening(said).startswith(_OPENING_PAIRS):
        return True
    for word in said:
        if word in _ASKS_WHAT:
            return False
        if word in _COPULAS:
            return True
    return False


def points_only(said: Sequence[str]) -> bool:
    """Whether the words name nothing to work on but "this" or "it"."""
    return all(word in _EMPTY for word in said) and said[0] != "check"


def is_for_calendar(said: Sequence[str]) -> bool:
    """Whether what is to be scheduled is a meeting or a meal, and no work on one."""
    kept = [word for word in said if word.isalnum() or "-" in word or ":" in word]
    before = next((at for at, word in enumerate(kept) if word in ("with", "about", "for", "to")),
                  len(kept))  # fmt: skip
    named = kept[:before]
    return bool(named) and named[-1] in _SOCIAL and not (HEADS & set(named))


def _opening(said: Sequence[str]) -> str:
    """Give the first words with a space behind each, as those it is held against are written."""
    return " ".join(said[:5]) + " "


def _opens_talk(said: Sequence[str]) -> bool:
    if said[0][:1] in _CODE_MARKS or said[0] in _SHELL:
        return True
    opening = _opening(said)
    if opening.startswith(_WORK_ALL_THE_SAME):
        return False
    if said[0] in _OPENERS or opening.startswith(_OPENING_PAIRS):
        return True
    return len(said) > 1 and said[0].endswith("ed") and said[1] in _AFTER_PAST


def _is_about_people(said: Sequence[str]) -> bool:
    """Whether it is a meeting, a meal, or something people do together."""
    if _opening(said).startswith(_WORK_ALL_THE_SAME):
        return False
    if said[0] in _OF_PERSON and len([word for word in said if word.isalnum()]) < 3:
        return True
    if said[0] in _TOGETHER and not (said[0] == "do" and said[1:2] in (["a"], ["an"], ["the"])):
        return not HEADS & set(said[1:])
    if said[-1] in HEADS or (HEADS & set(said) and said[0] not in _SOFT):
        return False
    first = said[0]
    if set(said) & SUBJECTS:
        return False
    return bool(_SOCIAL & set(said)) and (first in _SOFT or not _is_known_work(first))


def _is_known_work(word: str) -> bool:
    return word in WORK and word not in _SOFT


def _is_sentence(said: Sequence[str]) -> bool:
    """Whether a subject and its verb stand there, and not the name of a piece of work."""
    for at, word in enumerate(said):
        if word in _SENTENCE and not is_adjective(said, at):
            return True
        if at and not HEADS & set(said[at + 1 :]) and word in _SINGULAR | _PLURAL:
            return True
        if at and word.endswith("ed") and at + 1 < len(said) and said[at + 1] in _AFTER_PAST_TOO:
            return True
        verb = word.endswith("s") and not word.endswith("ss") and word not in HEADS
        if verb and at + 1 < len(said) and said[at + 1] in _AFTER_VERB:
            return True
    return False
