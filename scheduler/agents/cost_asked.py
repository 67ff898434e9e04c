"""What a prompt asks of Alex: which services, over which span, and from which limit on. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from scheduler.agents.costs import FLOOR, FLOOR_SHARE, Floors
from scheduler.agents.money import money, named_services, short
from scheduler.agents.reach import Topic

_ASKED_SPANS = (
    (r"monthly|month|month's|mtd|month to date", "month"),
    (r"weekly|week|week's|7 days|seven days|trends?|trending", "week"),
)
_LIMIT = re.compile(
    r"(?:\b(?:over|above|more than|greater than|bigger than|larger than|beyond|exceed(?:s|ing)?|"
    r"at least)|>=?)\s*(?P<sign>[$€£])?\s*(?P<number>\d[\d,]*(?:\.\d+)?)(?P<kilo>k\b)?"
    r"\s*(?P<unit>%|percent\b|per cent\b|usd\b|eur\b|gbp\b|dollars?\b|euros?\b|pounds?\b)?"
    r"(?!\d|\s*(?:days?|weeks?|months?|hours?|minutes?|years?)\b)",
    re.IGNORECASE,
)
_CURRENCIES = {
    "$": "USD", "usd": "USD", "dollar": "USD",
    "€": "EUR", "eur": "EUR", "euro": "EUR",
    "£": "GBP", "gbp": "GBP", "pound": "GBP",
}  # fmt: skip
_UNUSUAL = re.compile(r"\b(?:anomal\w*|unusual\w*|spikes?|outliers?)\b", re.IGNORECASE)
_RISES = re.compile(r"\b(?:increas\w*|ris(?:e|es|ing)|jumps?|grow\w*|goes up)\b", re.IGNORECASE)
_TOTAL = re.compile(
    r"\b(?:totals?|budgets?|(?:costs?|spend|spending|bills?)\s+(?:\w+\s+){0,2}"
    r"(?:over|above|more|exceed\w*)|(?:costs?|spend|spending|bills?)\s*>)",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:services?|anything|everything|each)\b", re.IGNORECASE)
_KNOWN_NAMES = (
    "ec2 s3 rds lambda eks ecs ecr dynamodb redshift cloudfront cloudwatch aurora fargate "
    "elasticache sagemaker bedrock athena glue emr kinesis sns sqs vpc nat ebs efs route53 "
    "bigquery gke gcs cloudsql aks cosmosdb opensearch elasticsearch"
)
_KNOWN = frozenset(_KNOWN_NAMES.split())

OUT_OF_REACH = (
    Topic(
        said=r"utili[sz]ation|cpu|memory|right-?siz\w*|over-?provision\w*|under-?used|busy",
        name="utilization",
        why="billing data says what was paid, not how busy it was",
    ),
    Topic(
        said=r"reserved instances?|reservations?|savings plans?|ris?|commitments?|coverage",
        name="Reserved Instances and Savings Plans",
        why="billing data says what was paid, not what a commitment would cover or save",
    ),
    Topic(
        said=r"forecasts?|predict\w*|projections?|projected|end of (?:the )?month|run rate",
        name="a forecast",
        why="I report what was paid and predict nothing",
    ),
    Topic(
        said=r"budgets?",
        name="budgets",
        why="billing files hold none; give a limit in the prompt, such as “total over $500”",
    ),
    Topic(
        said=r"tags?|tagged|untagged|teams?|projects?|departments?|cost cent(?:er|re)s?|owners?|"
        r"environments?|production|staging",
        name="tags, teams and environments",
        why="I add up by service, region and day",
    ),
    Topic(
        said=r"accounts?|subscriptions?",
        name="single accounts",
        why="I add all accounts of the files together",
    ),
    Topic(
        said=r"savings?(?! plans?)|recommend\w*|optimi[sz]\w*|cheaper",
        name="possible savings",
        why="billing data says what was paid, not what could be spared",
    ),
    Topic(
        said=r"terraform|cloudformation|iac|pull requests?",
        name="infrastructure code",
        why="I read billing files only",
    ),
)
UNUSED = Topic(
    said=r"unused|idle|waste\w*|orphan\w*|unattached|zombies?",
    name="unused resources",
    why="these billing files have no column that tells",
)


class Span(StrEnum):
    """The stretch a report is about first of all."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Of(StrEnum):
    """What a limit is for."""

    ANOMALY = "anomaly"
    TOTAL = "total"
    SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit in money, or in per cent; `currency` is None where the prompt names none."""

    of: Of
    amount: float
    currency: str | None
    is_share: bool

    def said(self, currency: str) -> str:
        """Write the limit with its unit."""
        if self.is_share:
            return f"{self.amount:g} %"
        return money(self.amount, self.currency or currency).strip()

    def fits(self, currency: str) -> bool:
        """Say whether it can be held against amounts in a currency."""
        return self.is_share or self.currency in (None, currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a prompt comes to; `absent` names services that it wants and the bill does not have."""

    services: tuple[str, ...]
    absent: tuple[str, ...]
    span: Span
    limit: Limit | None

    @property
    def subject(self) -> str:
        """Name the services in short, or nothing."""
        names = [short(service) for service in self.services]
        return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)

    def floors(self, currency: str) -> Floors:
        """Give the least departure that is an anomaly."""
        limit = self.limit
        if limit is None or limit.of is not Of.ANOMALY or not limit.fits(currency):
            return Floors()
        if limit.is_share:
            return Floors(share=max(FLOOR_SHARE, limit.amount / 100))
        return Floors(amount=max(FLOOR, limit.amount))


def read(prompt: str, services: Iterable[str], *, task_name: str = "") -> Asked:
    """Read a prompt; `services` are those of the bill."""
    known = sorted(set(services))
    named = named_services(prompt, known)
    found = {short(it).lower() for it in named}
    said = re.findall(r"[a-z0-9]+", prompt.lower())
    everything = " ".join(short(it).lower() for it in known)
    absent = [it for it in said if it in _KNOWN - found and it not in everything]
    return Asked(
        services=named,
        absent=tuple(
            it.upper() if len(it) <= 3 else it.capitalize() for it in dict.fromkeys(absent)
        ),
        span=_span(f"{prompt} {task_name}"),
        limit=_limit(prompt),
    )


def _span(words: str) -> Span:
    for pattern, span in _ASKED_SPANS:
        if re.search(rf"\b(?:{pattern})\b", words, re.IGNORECASE):
            return Span(span)
    return Span.DAY


def _limit(prompt: str) -> Limit | None:
    found = _LIMIT.search(prompt)
    if found is None:
        return None
    unit = (found["unit"] or found["sign"] or "").lower()
    is_share = unit in ("%", "percent", "per cent")
    amount = float(found["number"].replace(",", "")) * (1000 if found["kilo"] else 1)
    currency = None if is_share else _CURRENCIES.get(unit) or _CURRENCIES.get(unit.rstrip("s"))
    return Limit(of=_what_for(prompt), amount=amount, currency=currency, is_share=is_share)


def _what_for(prompt: str) -> Of:
    if _UNUSUAL.search(prompt):
        return Of.ANOMALY
    if _TOTAL.search(prompt):
        return Of.TOTAL
    if _EACH.search(prompt):
        return Of.SERVICE
    return Of.TOTAL if _RISES.search(prompt) else Of.ANOMALY
