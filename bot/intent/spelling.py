"""How the grammar's own words may be written: abbreviations, and one slip of the pen.

Only closed words (days, units, "every", …) are mended; a task's words stay as they were written,
because every token keeps its text.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby


def words(text: str) -> frozenset[str]:
    """Give the words of a table that is written as one text."""
    return frozenset(text.split())


_WRITTEN = {
    "monday": "mon mondays monday's mondy modnay",
    "tuesday": "tue tues tuesdays teusday tuseday tusday tuesdy",
    "wednesday": "wed weds wednesdays wensday wednesay wendsday wednsday wedensday wednesdy "
    "wendesday",
    "thursday": "thu thur thurs thursdays thrusday thurday thirsday thursdy",
    "friday": "fri fridays firday fryday fridy",
    "saturday": "sat saturdays saterday saturady satuday",
    "sunday": "sun sundays sundey suday",
    "january": "jan",
    "february": "feb",
    "march": "mar",
    "april": "apr",
    "june": "jun",
    "july": "jul",
    "august": "aug",
    "september": "sep sept",
    "october": "oct",
    "november": "nov",
    "december": "dec",
    "minute": "min mins minutes mintues minuts mintes minues m",
    "hour": "hr hrs hours h",
    "second": "sec secs seconds s",
    "day": "days d",
    "week": "weeks wk wks w",
    "year": "years yr yrs",
    "quarter": "quarters",
    "every": "evry evrey evey ev ea each eveyr",
    "everyday": "evryday",
    "tomorrow": "tmrw tmr tomorow tommorow tommorrow tmw 2moro",
    "today": "tday",
    "tonight": "tonite 2nite",
    "weekday": "weekdays wkdays wkday workdays workday",
    "weekend": "weekends wkend",
    "am": "a.m. a.m",
    "pm": "p.m. p.m",
    "noon": "midday",
    "night": "nite nights",
    "morning": "mornings",
    "afternoon": "afternoons",
    "evening": "evenings",
    "please": "pls plz plse",
    "and": "&",
    "you": "u",
    "your": "ur",
    "schedule": "shedule schedul schedual scheduel sched",
    "immediately": "asap immediatly",
    "until": "till til 'til untl untill unitl",
    "except": "exept excpet execpt ecxept",
    "month": "months mo mos mnoth mnth monht mnths",
    "retries": "retrys",
    "don't": "dont",
    "doesn't": "doesnt",
    "didn't": "didnt",
    "isn't": "isnt",
    "daily": "dayly dialy daliy dily dailly dayli",
    "next": "nxt",
    "unpause": "un-pause",
    "check": "chek chekc cehck chcek",
    "time": "times x",
}
_ABBREVIATION = {
    short: word for word, shorts in _WRITTEN.items() for short in shorts.split() if short != word
}
CALENDAR = words(
    "monday tuesday wednesday thursday friday saturday sunday weekday weekend january february "
    "march april june july august september october november december"
)
_MENDABLE = words(
    "monday tuesday wednesday thursday friday saturday sunday january february september october "
    "november december minute minutes hours every weekday weekdays tomorrow weekly monthly "
    "schedule morning afternoon evening midnight starting remind quarterly between change delete "
    "pause resume"
)
_REAL_WORDS = words(
    "very ever sunny mondo minuet never tours yours fours sours weekly weakly mourning "
    "scheduled schedules scheduler schedulers starling staring reminds remand minutest "
    "everyone monthlies rewind behind changed changes changer chance charge "
    "paused pauses deleted deletes resumed resumes"
)
"""Words one slip away from ours that people mean as they stand."""


_WEEKDAYS = words("monday tuesday wednesday thursday friday saturday sunday")


def _once_each(word: str) -> str:
    """Write each run of one letter once: "tommoroww" and "tomorrow" are then the same."""
    return "".join(letter for letter, _ in groupby(word))


_NEAR = {
    (letter, length): tuple(
        word for word in sorted(_MENDABLE) if word[0] == letter and abs(len(word) - length) <= 1
    )
    for letter in {word[0] for word in _MENDABLE}
    for length in range(5, 12)
}
"""By first letter and length: the words that one slip may have come from."""
_BY_LETTERS = {_once_each(word): word for word in _MENDABLE}


@lru_cache(maxsize=4096)
def corrected(word: str) -> str:
    """Give the grammar's spelling of a closed word, and any other word unchanged."""
    if word in _ABBREVIATION:
        return _ABBREVIATION[word]
    if len(word) < 5 or word in _MENDABLE or word in _REAL_WORDS or not word.isalpha():
        return word
    slips = [known for known in _NEAR.get((word[0], len(word)), ()) if _one_slip(word, known)]
    if not slips and word.endswith("s") and corrected(word[:-1]) in _WEEKDAYS:
        return corrected(word[:-1])
    if not slips and _once_each(word) in _BY_LETTERS:
        slips = [_BY_LETTERS[_once_each(word)]]
    return _ABBREVIATION.get(slips[0], slips[0]) if len(slips) == 1 else word


def _one_slip(word: str, known: str) -> bool:
    """Whether one letter was added, left out, changed or swapped; the first letter must stand."""
    if abs(len(word) - len(known)) > 1 or word[0] != known[0]:
        return False
    same = 0
    while same < min(len(word), len(known)) and word[same] == known[same]:
        same += 1
    rest, wanted = word[same:], known[same:]
    return (
        rest[1:] == wanted[1:]
        or rest == wanted[1:]
        or rest[1:] == wanted
        or (rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:])
    )
