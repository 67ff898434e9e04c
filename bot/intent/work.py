"""Tell work for an agent, said without any time, from remarks: `bot.intent.creates` asks here.

"check the database" and "what did we spend yesterday?" are work once an agent is spoken to;
"lgtm", "look at that" and "any news?" never are.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.intent.numbers import phrase, skip, word_at
from bot.intent.spelling import words
from bot.intent.tokens import Kind, Token

WORK = words(
    "analyse analyze archive ask assess audit backup benchmark build bump calculate check "
    "clean cleanup close collect compare compile compute confirm count crawl create delete "
    "deliver deploy detect diff digest do draft drain dump email ensure estimate evaluate "
    "examine execute export fetch find flush forecast freeze generate get give inspect "
    "inventory investigate kick let list lock look make measure monitor notify open page ping "
    "poll post prep prepare print probe produce profile prune publish pull purge query read "
    "rebuild recheck reconcile refresh reindex remind renew report request restart restore "
    "review rotate run sample scan scrape send share show snapshot start sum summarise "
    "summarize sweep sync take tally tell test tidy track trigger update upload vacuum validate "
    "verify warm watch write"
)
"""Verbs that begin work."""
HEADS = words(
    "alert alerts analysis analytics assessment audit audits backup backups benchmark breakdown "
    "briefing calculation canary check checkup checks cleanup comparison count crawl dashboard "
    "diff digest draft drill drills estimate estimates export exports figures forecast forecasts "
    "health heartbeat inspection inventory list lists log logs metrics monitor monitoring notes "
    "collection handover evidence numbers overview ping poll probe profile query reconciliation "
    "recap reminder report "
    "reporting reports results review reviews rollup roll-up rotation roundup round-up rundown "
    "recheck run scan scans screening search snapshot snapshots sitrep stats statistics status "
    "summaries summary survey sweep test tests trend trends true-up update usage validation "
    "verification"
)
"""Nouns that name work an agent does: "lunch menu report" is work, "lunch" is not."""
SURE_HEADS = words(
    "analysis assessment audit backup breakdown check checks digest export forecast healthcheck "
    "inventory recheck report scan summary"
)
"""Those of them that are no meeting and no plan of people."""
_DRASTIC = words(
    "delete deploy destroy disable drop erase kill nuke reboot restart revoke rollback scale "
    "shutdown stop terminate truncate uninstall undeploy wipe"
)
_DRASTIC_TWO = ("shut down", "roll back", "turn off", "switch off", "power off", "tear down",
                "scale down", "scale up", "force push", "take down", "roll out")  # fmt: skip
_STUDY = words(
    "analyse analyze assess benchmark calculate check collect compare compile compute count "
    "detect determine diagnose draft enumerate estimate evaluate examine find generate identify "
    "inspect inventory investigate measure prepare probe quantify reconcile research summarise "
    "summarize tally validate verify vet"
)
_STUDY_OR_THING = words(
    "audit export forecast list monitor profile query report review sample scan search survey test "
    "track watch"
)
"""Verbs of work that are as often nouns: "report on spend" is work, "report looks good" is not."""
_THING_TOO = words(
    "archive backup benchmark build check close count deploy dump estimate forecast post print "
    "probe pull release request restart restore rotate schedule send share snapshot start sum "
    "sync tally trace update watch write"
)
"""More of them, in front of no determiner: "build is red" is no work, "build the index" is."""
TWO_WORDS = ("look at", "look into", "look for", "look up", "look over", "go through",
              "go over", "dig into", "write a summary of", "write a report on", "write up",
              "double check", "double-check", "see whether", "see if", "have a look at",
              "take a look at", "go look at", "have a look into", "take a look into", "go check",
              "report on", "report about", "figure out",
              "find out", "give me a summary of", "give us a summary of", "sum up",
              "keep an eye on",
              "give me a report on", "give us a report on", "give me an overview of")  # fmt: skip
_ASKS = ("what", "what's", "which", "how much", "how many", "how big", "how full", "how healthy",
         "how long", "how old", "how is", "how are", "how's", "why", "where", "is", "are", "do",
         "does", "did", "has", "have", "when do", "when does", "when did", "any")  # fmt: skip
SUBJECTS = words(
    "alarm alarms anomalies anomaly backup backups bill billing bucket buckets budget bytes cert "
    "certificate certificates certs cluster clusters connection connections cost costs cpu cve "
    "cves database databases db dbs deadlocks deployment deployments disk disks drift ebs ec2 "
    "expense expenses forecast iam index indexes indices infrastructure instance instances "
    "invoice invoices k8s kubernetes lag lambda latency locks memory money namespace namespaces "
    "node nodes pod pods postgres quota quotas rds redis replica replicas replication s3 savings "
    "server servers snapshot snapshots spend spending spent storage table tables tls utilisation "
    "utilization vacuum volume volumes vulnerabilities vulnerability"
)
_OF_PEOPLE = words("i you your yours you're he she they us task tasks job jobs meeting lunch")
_OF_TASKS = words("report reports task tasks job jobs reminder run runs schedule scheduled")
_DETERMINERS = words(
    "a all an any at every for if my of on our recent the these this those through what whether "
    "which why"
)
_IDLE = words(
    "in out mate it that this these them those up please again now here there back ? ! . ,"
)
_REMARK = words(
    "are aren't be been broke came changed did didn't doesn't failed finished fires got had has "
    "hasn't happens is isn't it's looks moved needs passed ran runs seems should sounds starts "
    "takes was wasn't went were will won't works would"
)
_PARTICIPLES = words("broke changed failed finished kept lost missed moved paid passed used")
_AFTER_VERB = words(
    "again and at because but by for from in on the to twice with yesterday today a an it us me "
    "this that every so then when"
)
_SUBORDINATE = words(
    "for how if that what when where whether which who whose why anything everything all any"
)


def is_work(verb: str) -> bool:
    """Whether a word is a verb of work, or one of doing it again ("rescan")."""
    return verb in WORK or (verb.startswith("re") and verb[2:].lstrip("-") in WORK)


def infinitive(verb: str) -> str:
    """Give "check" for "checks", "fetch" for "fetches", "query" for "queries"."""
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    if verb.endswith("es") and verb[:-2] in WORK:
        return verb[:-2]
    return verb[:-1] if verb.endswith("s") and not verb.endswith("ss") else verb


def is_plain_work(tokens: Sequence[Token], *, requested: bool) -> bool:
    """Whether the words, said to an agent, are work it could do at once.

    `requested` says that it was put as a wish ("can you …"), so that a question mark is no doubt.
    """
    if any(token.word in ("i", "i'm", "you", "you're", "your") for token in tokens):
        return False
    if tokens and tokens[-1].word in ("task", "job"):
        return False
    return _is_order(tokens, requested=requested) or _is_question(tokens)


def _is_order(tokens: Sequence[Token], *, requested: bool) -> bool:
    first = word_at(tokens, 0)
    after = phrase(tokens, 0, TWO_WORDS)
    if after is None and first not in _STUDY and first not in _STUDY_OR_THING:
        return False
    after = after or 1
    if not _has_object(tokens, after) or _turns_to_remark([token.word for token in tokens[after:]]):
        return False
    if first not in _STUDY_OR_THING or after > 1 or requested:
        return requested or tokens[-1].word != "?" or word_at(tokens, after) in _DETERMINERS
    pointed = word_at(tokens, after) in _DETERMINERS or bool(_words(tokens) & SUBJECTS)
    return pointed and tokens[-1].word != "?"


def is_remark(said: Sequence[str]) -> bool:
    """Whether the words begin with a noun that could be a verb, and go on to say what it does."""
    if not said:
        return False
    if said[0] in _STUDY_OR_THING:
        return _turns_to_remark(said[1:])
    at_once = said[1:2] and said[1] in _REMARK
    named = said[0] in _THING_TOO and said[1:2] and said[1] not in _DETERMINERS
    return bool(at_once or (named and _turns_to_remark(said[1:])))


def is_drastic(tokens: Sequence[Token]) -> bool:
    """Whether the words ask to change or end what runs, which no agent does: they only look."""
    after = phrase(tokens, 0, _DRASTIC_TWO)
    if after is None and word_at(tokens, 0) in _DRASTIC:
        after = 1
    if after is None or after >= len(tokens):
        return False
    said = [token.word for token in tokens[after:]]
    return not (HEADS & set(said) or said[0].endswith("ing") or said[0] in _OF_PEOPLE)


def _has_object(tokens: Sequence[Token], at: int) -> bool:
    """Whether something is named to work on: not "check it out" or "look at that!"."""
    start = skip(tokens, at, ("the", "a", "an", "my", "our", "this", "these", "those"))
    rest = [token for token in tokens[start:] if token.kind is not Kind.MARK]
    if not rest or rest[0].word in ("in", "out", "up", "mate"):
        return False
    return any(token.word not in _IDLE for token in rest[:2])


def is_adjective(said: Sequence[str], at: int) -> bool:
    """Whether the "failed" of "failed logins" stands there, and not that of "the run failed"."""
    following = said[at + 1] if at + 1 < len(said) else ""
    return said[at] in _PARTICIPLES and following.isalpha() and following not in _AFTER_VERB


def _turns_to_remark(said: Sequence[str]) -> bool:
    """Whether the words become a statement: "report is late", and not "check what is late"."""
    for at, word in enumerate(said):
        if word in _SUBORDINATE:
            return False
        if word in _REMARK and not is_adjective(said, at):
            return True
    return False


def _is_question(tokens: Sequence[Token]) -> bool:
    if phrase(tokens, 0, _ASKS) is None or len(tokens) < 3:
        return False
    said = _words(tokens)
    return bool(said & SUBJECTS) and not said & (_OF_TASKS | _OF_PEOPLE)


def _words(tokens: Sequence[Token]) -> frozenset[str]:
    return frozenset(token.word.removesuffix("'s") for token in tokens)
