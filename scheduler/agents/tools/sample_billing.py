"""A sample of billing data of our own, for trying Alex without a cloud account.

Called by Alex through a child process. The same `as_of` gives the same bytes: two months of FOCUS
charges up to the start of that day, with one planted anomaly (the NAT gateways of eu-west-1) and a
rise of EC2 on the last complete day. All names and amounts are made up.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from scheduler.agents.tools import billing

SEED = 20260301
DAYS = 68
COLUMNS = (
    "BilledCost",
    "EffectiveCost",
    "BillingCurrency",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ChargeCategory",
    "ProviderName",
    "SubAccountId",
    "ServiceCategory",
    "ServiceName",
    "RegionId",
    "ResourceId",
)
_PLANTED = ("NAT Gateway", "eu-west-1")
_RISING = "Amazon EC2"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Service:
    """A service as the sample has it: `daily` USD in each region, give or take `noise`."""

    name: str
    category: str
    daily: dict[str, float]
    resources: int
    noise: float = 0.04


_SERVICES = (
    _Service(
        name=_RISING,
        category="Compute",
        daily={"eu-west-1": 940, "us-east-1": 610},
        resources=2,
        noise=0.14,
    ),
    _Service(
        name="Amazon RDS",
        category="Databases",
        daily={"eu-west-1": 520, "us-east-1": 310},
        resources=1,
    ),
    _Service(name="Amazon S3", category="Storage", daily={"eu-west-1": 285}, resources=1),
    _Service(name="Amazon EKS", category="Compute", daily={"eu-west-1": 390}, resources=1),
    _Service(
        name=_PLANTED[0],
        category="Networking",
        daily={_PLANTED[1]: 41, "us-east-1": 36},
        resources=1,
    ),
    _Service(name="Amazon CloudFront", category="Networking", daily={"global": 148}, resources=1),
    _Service(
        name="Amazon CloudWatch",
        category="Management and Governance",
        daily={"eu-west-1": 74, "us-east-1": 31},
        resources=1,
    ),
    _Service(name="AWS Lambda", category="Compute", daily={"eu-west-1": 52}, resources=1),
)


def read(as_of: datetime) -> billing.Bill:
    """Write the sample as of a moment (UTC), and read it as any other billing file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sample.csv")
        write(path, as_of)
        return billing.read(str(path))


def write(path: Path, as_of: datetime) -> None:
    """Write the sample as one CSV file: DAYS whole days, and the first hours of the day itself."""
    today = as_of.date()
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for back in range(DAYS, -1, -1):
            writer.writerows(_day(today - timedelta(days=back), back))


def _day(day: date, back: int) -> Iterator[tuple[str, ...]]:
    random = Random(SEED + day.toordinal())  # noqa: S311  the same numbers every time
    for service in _SERVICES:
        for region, daily in service.daily.items():
            cost = daily * _factor(service, region, back, random)
            for number in range(1, service.resources + 1):
                share = cost / service.resources * random.uniform(0.97, 1.03)
                yield _row(day, service, region, number, share)
    yield _credit(day)


def _factor(service: _Service, region: str, back: int, random: Random) -> float:
    """Say how far a day is from the usual; `back` is 0 for the day that has only begun."""
    usual = 1 + random.uniform(-service.noise, service.noise)
    if back == 0:
        return 0.3 * usual
    if (service.name, region) == _PLANTED and back == 1:
        return 4.7
    if service.name == _RISING:
        return {1: 1.13, 2: 0.95}.get(back, usual)
    return usual


def _row(day: date, service: _Service, region: str, number: int, cost: float) -> tuple[str, ...]:
    slug = service.name.lower().replace(" ", "-")
    return (
        f"{cost * 1.06:.6f}",
        f"{cost:.6f}",
        "USD",
        f"{day}T00:00:00Z",
        f"{day + timedelta(days=1)}T00:00:00Z",
        "Usage",
        "AWS",
        "sample-account",
        service.category,
        service.name,
        region,
        f"sample/{region}/{slug}-{number}",
    )


def _credit(day: date) -> tuple[str, ...]:
    service = _Service(name=_RISING, category="Compute", daily={}, resources=0)
    row = _row(day, service, "eu-west-1", 0, -18.5)
    return (*row[:5], "Credit", *row[6:])
