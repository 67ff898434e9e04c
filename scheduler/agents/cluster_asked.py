"""What a prompt asks of Kai: which namespaces, workloads and kinds, and what he can't see. Pure.

A name is certain where the words around it say so ("namespace payments"); other words are guesses
("in payments"), which count only if the cluster has something of that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scheduler.agents.reach import Topic
from scheduler.agents.tools.cluster_scope import RESTARTS, Kind, Scope


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_NAME = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
_QUOTES = re.compile(r"[`\"'“”*]")
_LISTED = re.compile(
    rf"(?:\bnamespaces?\b[\s:=/]+|(?<!\S)(?:-n|--namespace|ns)[\s:=/]+)(?P<first>{_NAME})"
    rf"(?P<rest>(?:\s*,\s*(?:and\s+)?{_NAME})*)(?:\s+and\s+(?P<last>{_NAME}))?"
)
_BEFORE = re.compile(
    rf"(?P<sure>\bin\s+(?:the\s+|our\s+|my\s+)?)?\b(?P<name>{_NAME})\s+namespace\b"
)
_IN = re.compile(rf"\bin\s+(?:the\s+|our\s+|my\s+)?(?P<name>{_NAME})\b(?!\s+(?:cluster|context))")
_NOUNS = r"(?:deploy(?:ment)?|stateful ?set|daemon ?set|cron ?job|workload)"
_WORKLOAD = re.compile(rf"\b{_NOUNS}(?:\s+|/|:\s*)(?:named\s+|called\s+)?(?P<name>{_NAME})")
_POD = re.compile(rf"\bpods?(?:\s+|/)(?P<name>[a-z0-9]+-{_NAME})")
_OF_WORKLOAD = re.compile(rf"\b(?P<name>{_NAME})\s+{_NOUNS}\b")
_STOP = _words(
    "a about across after all also an and any anything are as at be been before being bigger "
    "by check checks cluster clusters count counts daily do does each error errors event "
    "events every everything failed failing failures for from had has have health healthy "
    "history how i if in is issue issues it its itself last list look looks me missing my "
    "name named names namespace namespaces new no node nodes not now of off ok on one only or "
    "our over overview pending per please pod pods problem problems ready replicas report "
    "reports resources restart restarts review rollout rollouts rolled running scale scaled "
    "shape short should show size state status stuck summary tell than that the their them "
    "then there these they this those to today under unhealthy up usage use used was week "
    "weekly were what when where which who whole why will with without you your"
)
_BROAD = _words("cluster clusters everything all health healthy review kubernetes k8s")
_RUNNING = frozenset({Kind.PODS, Kind.DEPLOYMENTS, Kind.STATEFUL_SETS, Kind.DAEMON_SETS})
_KINDS = (
    (r"pods?|containers?|crash\w*|oom\w*|restart\w*", _RUNNING),
    (r"deployments?|replicas?|rollouts?|workloads?|(?:stateful|daemon) ?sets?", _RUNNING),
    (r"nodes?|cordon\w*", frozenset({Kind.NODES})),
    (r"capacity|room|allocatable|requests?|headroom", frozenset({Kind.NODES, Kind.PODS})),
    (r"jobs?|cron ?jobs?", frozenset({Kind.JOBS, Kind.CRON_JOBS})),
    (r"pvcs?|volumes?|claims?|storage", frozenset({Kind.CLAIMS, Kind.PODS})),
    (r"events?", frozenset({Kind.EVENTS, Kind.PODS})),
)
_RESTARTS = re.compile(
    r"restart\w*\s+(?:\w+\s+)?(?P<before>more than|over|above|at least|>=?)\s*(?P<many>\d{1,6})\b"
    r"|(?P<sign>more than|over|above|at least|>=?)\s*(?P<times>\d{1,6})\s*(?:times|restarts)\b"
)
OUT_OF_REACH = (
    Topic(said=r"logs?|log lines?", name="logs", why="I read states and events, no logs"),
    Topic(said=r"secrets?|config ?maps?", name="secrets and config maps", why="I never read them"),
    Topic(
        said=r"ingress(?:es)?|services?|endpoints?|network polic(?:y|ies)|dns|load balancers?",
        name="services and the network",
        why="I look at nodes, workloads, pods, jobs, volume claims and events",
    ),
    Topic(
        said=r"certificates?|certs?|tls",
        name="certificates",
        why="Oliver does, for the hosts he is given",
    ),
    Topic(
        said=r"hpas?|autoscal\w*|vpas?", name="autoscalers", why="I look at what they leave running"
    ),
    Topic(
        said=r"(?:cpu|memory|disk|resource)s? (?:usage|use|consumption|load)|utili[sz]ation"
        r"|metrics?|latency|throughput",
        name="use of CPU, memory and disk",
        why="the API tells what pods asked for, not what they use",
    ),
    Topic(said=r"rbac|roles?|permissions?", name="rights", why="I look at what runs"),
    Topic(
        said=r"vulnerabilit\w*|cves?|image scan\w*", name="vulnerabilities", why="I have no scanner"
    ),
    Topic(
        said=r"helm|argo ?cd|flux", name="releases", why="I look at what runs, not at who put it"
    ),
    Topic(said=r"costs?|spend\w*|billing", name="cost", why="that is Alex's work"),
)


def read(prompt: str, allowed: tuple[str, ...] = ()) -> Scope:
    """Read what a prompt asks for; `allowed` are the namespaces of the settings."""
    words = _QUOTES.sub(" ", prompt.lower())
    asked = _unique(_asked(words))
    names = _unique(_named(words))
    guessed = _unique(_guessed(words))
    return Scope(
        asked=asked,
        guessed=tuple(it for it in guessed if it not in (*asked, *names)),
        allowed=allowed,
        names=names,
        guessed_names=_unique(
            it["name"] for it in _OF_WORKLOAD.finditer(words) if it["name"] not in names
        ),
        kinds=_kinds(words),
        restarts=_restarts(words),
    )


def _unique(names: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name not in _STOP))


def _asked(words: str) -> Iterator[str]:
    for found in _LISTED.finditer(words):
        if found["first"] not in _STOP:
            yield found["first"]
            yield from re.findall(_NAME, found["rest"].replace(" and ", " "))
    for found in _BEFORE.finditer(words):
        if found["sure"]:
            yield found["name"]


def _guessed(words: str) -> Iterator[str]:
    """Give what may be a namespace: words before "namespace", after "in", and after "and"."""
    for pattern, group in ((_BEFORE, "name"), (_IN, "name"), (_LISTED, "last")):
        yield from (found[group] for found in pattern.finditer(words) if found[group])


def _named(words: str) -> Iterator[str]:
    for pattern in (_WORKLOAD, _POD):
        yield from (found["name"] for found in pattern.finditer(words))


def _kinds(words: str) -> frozenset[Kind]:
    """Give the kinds that are asked for by name; none, which is all, for a look at the whole."""
    if _BROAD & set(re.findall(r"\w+", words)):
        return frozenset()
    asked = [kinds for said, kinds in _KINDS if re.search(rf"\b(?:{said})\b", words)]
    return frozenset().union(*asked)


def _restarts(words: str) -> int:
    found = _RESTARTS.search(words)
    if found is None:
        return RESTARTS
    how, many = found["before"] or found["sign"], int(found["many"] or found["times"])
    return max(many if how in ("at least", ">=") else many + 1, 1)
