"""Oliver, for security: looks at what he is given, by default at Chatcron itself; changes nothing.

The looking is done by `tools`: servers with asyncio, files and packages in child processes. Which
hosts and folders those are, the settings say; a prompt may only choose among them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import structlog

from scheduler.agents.agent import Brief, Profile, Tool, about
from scheduler.agents.child import in_child
from scheduler.agents.profiles import PROFILES
from scheduler.agents.reach import Topic, not_checked
from scheduler.agents.security_report import Area, Looked, tell
from scheduler.agents.tools import (
    certificates,
    headers,
    own_setup,
    permissions,
    secrets,
    updates,
)
from scheduler.agents.tools.folders import Folder
from scheduler.agents.tools.hosts import Host, Named, named
from scheduler.agents.tools.inspection import Inspection, Observer
from scheduler.agents.tools.own_setup import Own, OwnSetup
from scheduler.errors import SchedulerError
from storage.database import parse_url
from storage.reports import Finding, Report, Severity

LIMIT_S = 600
WALK_S = 300
NO_HOSTS = "certificates and headers, as CHATCRON_OLIVER_HOSTS names no host."
NO_FOLDERS = "your own folders, as CHATCRON_OLIVER_FOLDERS names none."
OUT_OF_REACH = (
    Topic(
        said=r"vulnerabilit(?:y|ies)|cves?|malware|virus(?:es)?|container images?|image scans?",
        name="vulnerabilities in code and images",
        why="I have no scanner",
    ),
    Topic(
        said=r"firewalls?|open ports?|port scans?|security groups?|ddos|intrusions?|networks?",
        name="networks and firewalls",
        why="I ask the hosts I am given for certificates and headers, nothing else",
    ),
    Topic(
        said=r"iam|mfa|2fa|sso|logins?|user accounts?|access reviews?|rbac|roles?",
        name="accounts and rights of people",
        why="I look at hosts, files and packages",
    ),
    Topic(
        said=r"audit trails?|breach(?:es)?|incidents?|attacks?",
        name="logs and attacks",
        why="I look at how things are set, not at what happened",
    ),
    Topic(said=r"kubernetes|k8s|clusters?|pods?", name="clusters", why="that is Kai's work"),
)
_OF_HOSTS = frozenset({Area.CERTIFICATES, Area.HEADERS})
_OF_FOLDERS = frozenset({Area.SECRETS, Area.PERMISSIONS})
_WORDS = {
    Area.CERTIFICATES: "certificate certificates cert certs tls ssl",
    Area.HEADERS: "header headers hsts csp cookies",
    Area.SECRETS: "secret secrets credentials passwords tokens keys leaked",
    Area.PERMISSIONS: "permission permissions writable setuid",
    Area.UPDATES: "update updates patch patches upgrades vulnerabilities vulnerability cve cves",
    Area.OWN: "chatcron yourself",
}
_WORD = re.compile(r"[a-z]+")

log = structlog.get_logger(__name__)

Look = Callable[[datetime], Awaitable[Inspection]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Oliver:
    """The agent for the hosts and folders of the settings; `own` is Chatcron's own set-up.

    `root` is where the machine's package lists are found.
    """

    hosts: tuple[Host, ...] = ()
    folders: tuple[str, ...] = ()
    own: Own
    root: str = "/"
    profile: Profile = PROFILES["oliver"]

    def missing(self) -> str | None:
        """Say that nothing is missing: Chatcron and its machine are always there to look at."""
        return None

    async def work(self, brief: Brief) -> Report:
        """Look at what the prompt asks for, at everything where it asks for nothing by name."""
        asked = named(brief.prompt, self.hosts, self.folders)
        words = frozenset(_WORD.findall(brief.prompt.lower()))
        areas = _areas(words, asked) or self._all
        planned = dict(self._planned(areas, asked))
        async with asyncio.TaskGroup() as group:
            looks = [
                group.create_task(_guarded(area, look, brief.as_of))
                for area, look in planned.items()
            ]
        idle = dict(self._idle(areas, planned))
        unknowns = list(not_checked(brief.prompt, OUT_OF_REACH))
        refused = list(_refused(asked, brief.as_of))
        if areas == self._all:
            unknowns += idle.values()
        else:
            refused += _not_given(idle, brief.as_of)
        looked = [it.result() for it in looks]
        return tell(self._subject(areas), looked, refused, unknowns, before=brief.before)

    def tools(self, brief: Brief) -> tuple[Tool, ...]:
        """Give a tool that looks at one area alone, of what the settings allow."""
        areas = [area.value for area in Area]
        return (
            Tool(
                name="look_at_area",
                description="Look at one area of security alone.",
                parameters={
                    "type": "object",
                    "properties": {"area": {"type": "string", "enum": areas}},
                    "required": ["area"],
                    "additionalProperties": False,
                },
                call=lambda given: about(self, brief, given.get("area")),
            ),
        )

    @property
    def _is_unset(self) -> bool:
        return not (self.hosts or self.folders)

    @property
    def _all(self) -> frozenset[Area]:
        """Give what is looked at unless asked otherwise: Chatcron only where nothing is set."""
        return frozenset(Area) if self._is_unset else frozenset(Area) - {Area.OWN}

    def _planned(self, areas: frozenset[Area], asked: Named) -> Iterator[tuple[Area, Look]]:
        """Give the looks that are due, in the order of Area."""
        hosts, folders = self._hosts(asked), self._folders(asked)
        own = Area.OWN in areas or (self._is_unset and Area.PERMISSIONS in areas)
        if Area.CERTIFICATES in areas and hosts:
            yield Area.CERTIFICATES, lambda now: certificates.look(hosts, now)
        if Area.HEADERS in areas and hosts:
            yield Area.HEADERS, lambda now: headers.look(hosts, now)
        if Area.SECRETS in areas and folders:
            yield Area.SECRETS, lambda now: _in_child(secrets.look, folders, now)
        if Area.PERMISSIONS in areas and folders and not self._is_unset:
            yield Area.PERMISSIONS, lambda now: _in_child(permissions.look, folders, now)
        if Area.UPDATES in areas:
            yield (
                Area.UPDATES,
                lambda now: in_child(updates.look, self.root, now, limit_s=LIMIT_S),
            )
        if own:
            yield Area.OWN, lambda now: in_child(own_setup.look, self.own, now, limit_s=LIMIT_S)

    def _hosts(self, asked: Named) -> tuple[Host, ...]:
        return asked.hosts if asked.hosts or asked.refused_hosts else self.hosts

    def _folders(self, asked: Named) -> tuple[Folder, ...]:
        """Give the folders to look into; Chatcron's own data folder where none is set."""
        if asked.folders or asked.refused_folders:
            return tuple(Folder(path=path) for path in asked.folders)
        if self._is_unset:
            folder = self.own.folder
            return (folder,) if folder else ()
        return tuple(Folder(path=path) for path in self.folders)

    def _idle(self, areas: frozenset[Area], planned: dict[Area, Look]) -> Iterator[tuple[str, str]]:
        """Say which kinds of things that are due were never given."""
        if areas & _OF_HOSTS and not self.hosts:
            yield "hosts", NO_HOSTS
        is_covered = areas != self._all and bool({Area.SECRETS, Area.OWN} & set(planned))
        if areas & _OF_FOLDERS and not (self.folders or is_covered):
            yield "folders", NO_FOLDERS

    def _subject(self, areas: frozenset[Area]) -> str:
        if len(areas) == 1:
            [area] = areas
            return area.shown
        return "Chatcron's security" if self._is_unset and Area.OWN in areas else "Security"


def own_of(database_url: str, setup: OwnSetup | None) -> Own:
    """Give what there is of Chatcron's own to look at."""
    url = parse_url(database_url)
    is_file = url.get_backend_name() == "sqlite"
    return Own(
        setup=setup, database_file=str(url.database) if is_file else None, database_url=database_url
    )


def _areas(words: frozenset[str], asked: Named) -> frozenset[Area]:
    """Give what a prompt asks for by name; nothing where it asks for all, or for nothing."""
    areas = {area for area, listed in _WORDS.items() if words & frozenset(listed.split())}
    if "audit" in words or len(areas) > 3:
        return frozenset()
    if not areas and (asked.hosts or asked.refused_hosts):
        areas |= _OF_HOSTS
    if not areas and (asked.folders or asked.refused_folders):
        areas |= _OF_FOLDERS
    return frozenset(areas)


async def _in_child(
    look: Callable[[tuple[Folder, ...], datetime, float], Inspection],
    folders: tuple[Folder, ...],
    now: datetime,
) -> Inspection:
    return await in_child(look, folders, now, float(WALK_S), limit_s=LIMIT_S)


async def _guarded(area: Area, look: Look, now: datetime) -> Looked:
    """Look at one area; one that can't be looked at is UNKNOWN, and the others go on."""
    try:
        return Looked(area=area, inspection=await look(now))
    except SchedulerError as error:
        why = str(error)
    except Exception:  # what one server or file answers must not cost the other looks
        log.exception("A look at security broke off", action="look_broke", area=area.value)
        why = "The look broke off by a fault of mine; the log of Chatcron says where."
    observer = Observer(topic=area.topic, now=now, source="Oliver")
    finding = observer.finding("all", "all", Severity.UNKNOWN, f"{area.value}. {why}")
    return Looked(area=area, inspection=Inspection(looked_at="nothing", findings=(finding,)))


def _not_given(idle: dict[str, str], now: datetime) -> Iterator[Finding]:
    """Say what was asked for by name, and was never given to look at."""
    observer = Observer(topic="asked", now=now, source="settings")
    for name, text in idle.items():
        yield observer.finding("none", name, Severity.UNKNOWN, text)


def _refused(asked: Named, now: datetime) -> Iterator[Finding]:
    """Say what a prompt names that is not in the settings: a prompt can't add to them."""
    observer = Observer(topic="asked", now=now, source="settings")
    for name in asked.refused_hosts:
        text = f"{name} is not in CHATCRON_OLIVER_HOSTS, so it was not looked at."
        yield observer.finding("host", name, Severity.UNKNOWN, text)
    for path in asked.refused_folders:
        text = f"{path} is not in CHATCRON_OLIVER_FOLDERS, so it was not looked at."
        yield observer.finding("folder", path, Severity.UNKNOWN, text)
