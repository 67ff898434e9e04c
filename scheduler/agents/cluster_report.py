"""How Kai tells what he saw: the worst first, and what was not checked by name. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from scheduler.agents.cluster_asked import OUT_OF_REACH
from scheduler.agents.reach import not_checked
from scheduler.agents.summary import BAD, WORDS, in_numbers, notes, unseen
from scheduler.agents.tools.cluster_scope import ClusterLook, Kind, Seen
from scheduler.agents.tools.inspection import counted, printable
from storage.reports import WORST_FIRST, Finding, Report, Section, Severity

LINES = 2
_NAME = 18
_CHECKS = {
    Kind.NODES: "node_ready node_networkunavailable node_memorypressure node_diskpressure "
    "node_pidpressure node_cordoned room_cpu room_memory room_pods",
    Kind.PODS: "lost crash image start pending memory restarts unready failed ending "
    "no_memory_limit latest_image",
    Kind.DEPLOYMENTS: "replicas",
    Kind.STATEFUL_SETS: "replicas",
    Kind.DAEMON_SETS: "replicas",
    Kind.JOBS: "job_failed",
    Kind.CRON_JOBS: "cronjob_late cronjob_suspended",
    Kind.CLAIMS: "claim",
}
_RANKS = {name: rank for rank, names in enumerate(_CHECKS.values()) for name in names.split()}


def tell(look: ClusterLook, prompt: str, before: Report | None) -> Report:
    """Turn a look into a report; what `before` told of and can't be seen now stays in it."""
    found = sorted([*look.findings, *_unseen(look, before)], key=_rank)
    unmade = [it.text for it in found if it.severity is Severity.UNKNOWN]
    unknowns = (*unmade, *look.unknowns, *not_checked(prompt, OUT_OF_REACH))
    return Report(
        headline=f"{_subject(look)}: {_count(look, found)}",
        lines=_lines(found, unknowns),
        sections=tuple(_sections(look, found)),
        findings=tuple(found),
        unknowns=unknowns,
    )


def _rank(finding: Finding) -> tuple[int, int, str]:
    return (
        WORST_FIRST.index(finding.severity),
        _RANKS.get(_check(finding), len(_RANKS)),
        finding.key,
    )


def _check(finding: Finding) -> str:
    return finding.key.partition(":")[0].removeprefix("kubernetes.")


def _unseen(look: ClusterLook, before: Report | None) -> Iterator[Finding]:
    partial = {it.kind for it in look.seen if not it.is_whole}
    checks = {name for kind in partial for name in _CHECKS.get(kind, "").split()}
    return unseen(before, look.findings, lambda it: not look.seen or _check(it) in checks)


def _subject(look: ClusterLook) -> str:
    cluster = _short(look.cluster)
    where = cluster or "The cluster"
    if len(look.namespaces) == 1:
        where = f"{cluster or 'Namespace '}{'/' if cluster else ''}{look.namespaces[0]}"
    elif look.namespaces:
        where = f"{where}, {len(look.namespaces)} namespaces"
    return f"{', '.join(look.names)} in {where}" if look.names else where


def _short(context: str) -> str:
    """Give what people call a cluster by, out of a context's name."""
    if context.startswith("gke_"):
        context = context.rpartition("_")[2]
    return printable(re.split(r"[/@]", context)[-1], limit=_NAME)


def _count(look: ClusterLook, found: Sequence[Finding]) -> str:
    """Count things, not findings: a deployment that crashes and is short is one."""
    worst: dict[str, Severity] = {}
    for finding in found:
        is_of_kind = _check(finding) in ("more", "unread")
        worst.setdefault(finding.key if is_of_kind else finding.resource, finding.severity)
    numbers = Counter(worst.values())
    for finding in found:
        if _check(finding) == "more":  # it stands for as many as it counts
            numbers[finding.severity] += int(finding.value or 1) - 1
    told = [
        f"{numbers[severity]:,} {word}" for severity, word in WORDS.items() if numbers[severity]
    ]
    if not look.seen or not any(it.is_whole or it.count for it in look.seen):
        return "nothing could be checked"
    if not any(it.count for it in look.seen if it.kind is not Kind.EVENTS):
        return ", ".join(["nothing is there", *told])
    if not any(numbers[severity] for severity in BAD):
        return ", ".join(["no fault seen" if told else f"all in order, {_extent(look)}", *told])
    return ", ".join(told)


def _extent(look: ClusterLook) -> str:
    counts = {it.kind: it.count for it in look.seen}
    pods, nodes = counts.get(Kind.PODS), counts.get(Kind.NODES)
    if pods is None:
        [most] = sorted(look.seen, key=lambda it: -it.count)[:1]
        return f"{most.count:,} {most.kind.label[0].lower()}{most.kind.label[1:]} seen"
    return counted(pods, "pod") + (f" on {counted(nodes, 'node')}" if nodes else "")


def _lines(found: Sequence[Finding], unknowns: Sequence[str]) -> tuple[str, ...]:
    """Give the worst of the two worst things, then what remains and what was not checked."""
    bad = {it.resource: it.text for it in reversed(found) if it.severity in BAD}
    worst = [bad[it] for it in dict.fromkeys(it.resource for it in found) if it in bad]
    told, rest = worst[:LINES], len(worst) - LINES
    more = [f"{rest:,} more in the details."] if rest > 0 else []
    if unknowns:
        others = f" {len(unknowns) - 1:,} more not checked." if len(unknowns) > 1 else ""
        more.append(f"Not checked: {unknowns[0]}{others}")
    return *told, *([" ".join(more)] if more else [])


def _sections(look: ClusterLook, found: Sequence[Finding]) -> Iterator[Section]:
    rows = tuple((it.kind.label, f"{it.count:,}", _result(it, found)) for it in look.seen)
    if rows:
        columns = ("Kind", "Seen", "Result")
        yield Section(title="What was looked at", columns=columns, rows=rows)
    yield from look.sections
    room = tuple(it.text for it in found if _check(it).startswith("room_"))
    if room:
        yield Section(title="Room on the nodes", lines=room)
    yield from notes(found)


def _result(seen: Seen, found: Sequence[Finding]) -> str:
    told = in_numbers([it for it in found if _is_of(it, seen.kind)])
    return told or ("in order" if seen.count else "none there")


_RESOURCES = {
    Kind.DEPLOYMENTS: "/deployment/",
    Kind.STATEFUL_SETS: "/statefulset/",
    Kind.DAEMON_SETS: "/daemonset/",
}


def _is_of(finding: Finding, kind: Kind) -> bool:
    check = _check(finding)
    if check in ("unread", "more", "fine"):
        return finding.resource == kind.value
    if kind is Kind.EVENTS:
        return check.startswith("event_")
    return check in _CHECKS[kind].split() and _RESOURCES.get(kind, "") in finding.resource
