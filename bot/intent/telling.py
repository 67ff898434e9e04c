"""Who is to hear of a new task's runs, and where its results go, said along with the work.

"… and notify #ops when it fails", "… then email me", "… post the results in #finops".
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from bot.intent.numbers import Found, Tokens, phrase, skip, word_at
from bot.intent.tokens import Kind

On = Literal["start", "complete", "failure", "output"]


class Telling(NamedTuple):
    """Who is to be told, as written, of which end of a run."""

    targets: tuple[str, ...]
    on: On = "complete"
    by_mail: bool = False


class Posting(NamedTuple):
    """The channel that results are to stand in."""

    target: str


_JOINTS = (", and then", ", and also", ", then", ", and", "and then", "and also", "and please",
           ", please", "and", "& then", "&", "+", "n", "plus", ", also", ",", ";", ".", "then",
           "also")  # fmt: skip
MAIL = (
    "email it to",
    "mail it to",
    "email them to",
    "email the report to",
    "email the results to",
    "email results to",
    "email the result to",
    "forward it to",
    "send it by email to",
    "send it by mail to",
    "email it",
    "mail it",
    "email",
    "e-mail",
    "mail",
    "send an email to",
    "send a mail to",
    "shoot an email to",
)
TELL = ("notify", "tell", "alert", "ping", "dm", "message", "page", "text", "inform", "cc",
         "send a message to", "send a dm to", "send an alert to", "send a notification to",
         "let")  # fmt: skip
_NOBODY = ("do not notify anyone", "don't notify anyone", "do not tell anyone", "no notifications",
           "don't tell anyone", "do not notify anybody", "don't notify anybody",
           "without notifications", "without notifying anyone", "notify nobody",
           "tell nobody", "notify no one", "tell no one")  # fmt: skip
_POST = ("post it", "post them", "post that", "post the results", "post the result",
         "post results", "post the output", "post the report", "post the summary",
         "send it", "send them", "send the results", "send the result", "send results",
         "send the output", "send the report", "send the summary", "share it",
         "share the results", "share the result", "share results", "publish it",
         "put it", "put the results", "drop it", "report it", "report back",
         "deliver it", "results go", "the results go", "results should go", "write it",
         "write the results")  # fmt: skip
_POST_AFTER = ("post", "report", "results", "output", "send", "publish")
"""Words that are as often the work itself ("post the SLO report in …"), but not after "and"."""
_INTO = ("to", "in", "into", "on", "over in", "at", "with", "->")
BEFORE_EVENT = ("only if", "only when", "if", "when", "whenever", "once", "as soon as",
                 "every time", "each time", "after", "in case", "should", "on", "upon",
                 "know if", "know when", "know once", "know as soon as", "know whenever",
                 "know on")  # fmt: skip
_SUBJECT = ("it's", "it is", "it has", "it was", "it", "that's", "that", "this", "the run is",
            "the run", "the task", "the job", "they are", "they", "a run", "is", "any run",
            "the check", "the report is", "something", "anything", "there is", "there's",
            "there are", "there")  # fmt: skip
_EVENTS: tuple[tuple[On, tuple[str, ...]], ...] = (
    ("failure", ("fails twice", "fails again", "fails", "fail", "failed", "failure", "failures",
                 "error", "errors", "errors out", "breaks", "broke", "crashes", "time out",
                 "does not finish", "doesn't finish", "goes wrong", "does not run",
                 "doesn't run", "an error", "does not succeed", "doesn't succeed",
                 "does not work", "doesn't work", "does not pass", "doesn't pass",
                 "is failing", "did not run", "didn't run", "goes red", "turns red", "gets red",
                 "is red")),
    ("complete", ("done", "finished", "finishes", "finish", "complete", "completed", "completes",
                  "completion", "succeeds", "success", "ready", "passes", "runs", "ran",
                  "is done", "is ready", "is finished", "is complete", "over")),
    ("start", ("starts", "started", "begins", "start", "kicks off", "has started")),
    ("output", ("finds something", "finds anything", "new findings", "findings", "a finding",
                "something new", "anything new", "changes", "changed", "something changed",
                "anything changed", "new results", "output", "every output", "results",
                "comes up", "new", "found", "is found", "looks off", "shows up")),
)  # fmt: skip
EVENT_OF = {said: on for on, several in _EVENTS for said in several}
EVENT_WORDS = tuple(sorted(EVENT_OF, key=lambda said: -said.count(" ")))
_TOLD = ("me", "us", "everyone", "everybody", "the team", "my team", "our team", "the channel",
         "the on-call", "the oncall", "oncall", "on-call", "the owner")  # fmt: skip
_GOES_ON = frozenset(
    ("about", "that", "how", "what", "which", "whether", "the", "a", "an", "with", "to", "if",
     "when", "who", "where", "why", "of", "for", "and", "his", "her", "their", "my", "our",
     "know")
)  # fmt: skip
"""Words after which it is the work itself: "tell me how many nodes we have"."""
_MOST = 12
"""Names of one list; longer ones are no list of people to tell."""
_ATOMS = (Kind.CHANNEL, Kind.USER, Kind.MENTION)


def telling(tokens: Tokens, at: int) -> Found[Telling] | None:
    """Read "and notify #ops when it fails", ", email me if it fails", "then let Maya know"."""
    start = skip(tokens, at, _JOINTS)
    nobody = phrase(tokens, start, _NOBODY)
    if nobody is not None:
        return Found(Telling(targets=()), nobody)
    first = _event(tokens, start)
    if first is not None and (start > at or at == 0):
        return _after_event(tokens, first)
    further = _further(tokens, start) if start > at else None
    return further or _told(tokens, at, start)


def _told(tokens: Tokens, at: int, start: int) -> Found[Telling] | None:
    """Read it with the verb first: "and email me if it fails"."""
    led = phrase(tokens, start, MAIL)
    by_mail = led is not None
    led = phrase(tokens, start, TELL) if led is None else led
    if led is None:
        return None
    whom = targets(tokens, led)
    if whom is None:
        return None
    whom = by_way_of(tokens, whom)
    let = word_at(tokens, start) == "let"
    if let and word_at(tokens, whom.end) != "know":
        return None
    end = way(tokens, whom.end)
    if phrase(tokens, end, ("by email", "by mail", "via email", "by e-mail")) is not None:
        by_mail, end = True, end + 2
    event = _event(tokens, end)
    if event is None:
        closed = start > at and word_at(tokens, end + let) not in _GOES_ON
        return Found(Telling(targets=whom.value, by_mail=by_mail), end + let) if closed else None
    if at == start and at and word_at(tokens, at - 1) in ("to", "and"):
        return None
    told = Telling(targets=whom.value, on=event.value, by_mail=by_mail)
    return Found(told, way(tokens, event.end))


def _after_event(tokens: Tokens, first: Found[On]) -> Found[Telling] | None:
    """Read the rest of "if it fails, tell #ops"."""
    start = skip(tokens, first.end, (", then", ", please", ",", "then", "please"))
    mail = phrase(tokens, start, MAIL)
    led = mail or phrase(tokens, start, TELL)
    whom = None if led is None else targets(tokens, led)
    if whom is None:
        return None
    told = Telling(targets=whom.value, on=first.value, by_mail=mail is not None)
    return Found(told, way(tokens, skip(tokens, whom.end, "know")))


def _further(tokens: Tokens, start: int) -> Found[Telling] | None:
    """Read the second half of "tell #dba if it fails and #ops when it is done"."""
    whom = targets(tokens, start)
    event = None if whom is None else _event(tokens, whom.end)
    if whom is None or event is None:
        return None
    return Found(Telling(targets=whom.value, on=event.value), event.end)


def posting(tokens: Tokens, at: int) -> Found[Posting] | None:
    """Read "post it to #finops", "and send the results to #ops", "results in #x"."""
    start = skip(tokens, at, _JOINTS)
    led = phrase(tokens, start, _POST)
    if led is None and start > at:
        led = phrase(tokens, start, _POST_AFTER)
    if led is None:
        return None
    place = phrase(tokens, led, _INTO)
    if place is None:
        return None
    place = skip(tokens, place, "the")
    if place >= len(tokens) or tokens[place].kind is not Kind.CHANNEL:
        return None
    end = skip(tokens, place + 1, ("channel", "please"))
    return Found(Posting(target=tokens[place].text), end)


def targets(tokens: Tokens, at: int) -> Found[tuple[str, ...]] | None:
    """Read one or more people or channels; a plain name is one word, or one of the usual ones."""
    found: list[str] = []
    end = at
    while len(found) < _MOST and (one := _target(tokens, end)) is not None:
        found.append(one.value)
        end = one.end
        following = phrase(tokens, end, (", and", "and", "&", ","))
        if following is None or _target(tokens, following) is None:
            break
        end = following
    return Found(tuple(found), end) if found else None


def _target(tokens: Tokens, at: int) -> Found[str] | None:
    at = skip(tokens, at, "in") if word_at(tokens, at + 1).startswith("#") else at
    if at >= len(tokens):
        return None
    named = phrase(tokens, at, _TOLD)
    if named is not None:
        return Found(" ".join(token.text for token in tokens[at:named]), named)
    token = tokens[at]
    if token.kind in _ATOMS or (token.kind is Kind.LINK and "@" in token.text):
        return Found(token.text, at + 1)
    is_name = token.kind is Kind.WORD and token.text[:1].isupper() and token.text.isalpha()
    return Found(token.text, at + 1) if is_name else None


def by_way_of(tokens: Tokens, whom: Found[tuple[str, ...]]) -> Found[tuple[str, ...]]:
    """Keep the "via PagerDuty" that belongs to whom to page."""
    after = phrase(tokens, whom.end, ("via", "through", "using"))
    if after is None or after >= len(tokens) or tokens[after].word in ("email", "slack", "mail"):
        return whom
    *others, last = whom.value
    said = f"{last} {tokens[whom.end].text} {tokens[after].text}"
    return Found((*others, said), after + 1)


def way(tokens: Tokens, at: int) -> int:
    """Pass over "on Slack", which says how, and adds nothing."""
    return skip(tokens, at, ("on slack", "in slack", "via slack", "over slack", "by dm", "there",
                "directly", "right away", "immediately", "at once"))  # fmt: skip


def _event(tokens: Tokens, at: int) -> Found[On] | None:
    led = phrase(tokens, at, BEFORE_EVENT)
    if led is None:
        return None
    subject = skip(tokens, skip(tokens, led, _SUBJECT), ("has", "is", "are", "ever", "was"))
    end = phrase(tokens, subject, EVENT_WORDS)
    if end is None:
        return None
    return Found(EVENT_OF[" ".join(token.word for token in tokens[subject:end])], end)
