"""The templates that come with Chatcron, and who a request is for when it names nobody. Pure.

The Planner asks `match` for the work of a new task, and the reader asks `choose_agent`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Ready-made work: what the task is called, who does it, and what is asked of them.

    `cadence` is how often people usually want it, in their own words.
    """

    name: str
    agent: str
    prompt: str
    cadence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wording:
    """How people ask for a template: a word of each group, and nothing but them and `beside`."""

    template: Template
    groups: tuple[frozenset[str], ...]
    beside: frozenset[str]


DAILY_COST_REPORT = Template(
    name="Daily Cost Report",
    agent="alex",
    prompt="Report the cost of the last complete day by service, the change from the day before, "
    "and anything unusual.",
    cadence="daily at 08:00",
)
WEEKLY_SECURITY_AUDIT = Template(
    name="Weekly Security Audit",
    agent="oliver",
    prompt="Audit what you can reach: certificates, security headers, secrets and permissions in "
    "files, pending security updates. Name what could not be checked.",
    cadence="Mondays at 09:00",
)
DATABASE_HEALTH_CHECK = Template(
    name="Database Health Check",
    agent="tony",
    prompt="Check the health of the database and name what needs a look.",
    cadence="daily at 07:00",
)
K8S_CLUSTER_REVIEW = Template(
    name="K8s Cluster Review",
    agent="kai",
    prompt="Review the cluster: nodes, pods that crash, wait or restart, deployments short of "
    "replicas, and warning events.",
    cadence="weekdays at 08:00",
)
INFRASTRUCTURE_SUMMARY = Template(
    name="Infrastructure Summary",
    agent="anna",
    prompt="Sum up what ran, failed, was silent and is new since the last summary, and who did not "
    "report.",
    cadence="Mondays at 09:00",
)
TEMPLATES = (
    DAILY_COST_REPORT,
    WEEKLY_SECURITY_AUDIT,
    DATABASE_HEALTH_CHECK,
    K8S_CLUSTER_REVIEW,
    INFRASTRUCTURE_SUMMARY,
)


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_FILLERS = _words("a an the our my me us for of on and please")
_WORDINGS = (
    _Wording(
        template=DAILY_COST_REPORT,
        groups=(
            _words("cost costs spend spending billing bill"),
            _words("report reports summary overview"),
        ),
        beside=_FILLERS | _words("daily day's yesterday's cloud total"),
    ),
    _Wording(
        template=DATABASE_HEALTH_CHECK,
        groups=(
            _words("database databases db postgres postgresql sqlite"),
            _words("health healthy healthcheck checkup"),
        ),
        beside=_FILLERS | _words("daily check checks report chatcron's is"),
    ),
    _Wording(
        template=WEEKLY_SECURITY_AUDIT,
        groups=(_words("security"), _words("audit audits")),
        beside=_FILLERS | _words("weekly week's report"),
    ),
    _Wording(
        template=K8S_CLUSTER_REVIEW,
        groups=(
            _words("k8s kubernetes cluster"),
            _words("review reviews"),
        ),
        beside=_FILLERS | _words("daily weekly report"),
    ),
    _Wording(
        template=INFRASTRUCTURE_SUMMARY,
        groups=(_words("infrastructure infra"), _words("summary summaries")),
        beside=_FILLERS | _words("report whole"),
    ),
)
_TOPICS = {
    "alex": _words(
        "cost costs spend spending billing bill bills invoice budget finops expensive "
        "price ec2 s3 savings"
    ),
    "tony": _words(
        "database databases db dbs postgres postgresql sqlite mysql sql query queries "
        "vacuum index indexes replication"
    ),
    "kai": _words(
        "kubernetes k8s cluster clusters pod pods deployment deployments node nodes "
        "namespace namespaces helm ingress"
    ),
    "oliver": _words(
        "security certificate certificates cert certs tls ssl vulnerability "
        "vulnerabilities cve cves secrets compliance"
    ),
}
_GENERALIST = "anna"
_WORD = re.compile(r"[a-z0-9]+(?:['\u2019][a-z]+)?")


def match(agent: str | None, words: str) -> Template | None:
    """Give the template that `words` plainly mean, if the named agent (or nobody) is its own."""
    said = frozenset(_tokens(words))
    for wording in _WORDINGS:
        if agent not in (None, wording.template.agent):
            continue
        known = wording.beside.union(*wording.groups)
        if said <= known and all(said & group for group in wording.groups):
            return wording.template
    return None


def of_prompt(prompt: str) -> Template | None:
    """Give the template whose work this is, word for word."""
    return next((each for each in TEMPLATES if each.prompt == prompt), None)


def choose_agent(words: str) -> str:
    """Name the agent whose topic this is: cost goes before all, two other topics go to Anna."""
    said = frozenset(_tokens(words))
    fitting = [agent for agent, topic in _TOPICS.items() if said & topic]
    if fitting[:1] == ["alex"] or len(fitting) == 1:
        return fitting[0]
    return _GENERALIST


def _tokens(words: str) -> list[str]:
    return _WORD.findall(words.lower().replace("\u2019", "'"))
