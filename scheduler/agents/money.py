"""How Alex writes money, changes, days and services: short, and never without the unit. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
_BRANDS = ("Amazon ", "AWS ", "Azure ", "Microsoft ", "Google Cloud ", "Google ")
_SHORT = {
    "Elastic Compute Cloud": "EC2",
    "Elastic Compute Cloud - Compute": "EC2",
    "Simple Storage Service": "S3",
    "Relational Database Service": "RDS",
    "Elastic Kubernetes Service": "EKS",
    "Virtual Private Cloud": "VPC",
    "NAT Gateway": "NAT",
}
_WORD = re.compile(r"[a-z0-9]+")


def money(amount: Decimal | float, currency: str, *, signed: bool = False) -> str:
    """Write an amount: whole from 100 on, else with cents; `signed` adds the plus of a rise."""
    size = abs(float(amount))
    digits = f"{size:,.0f}" if size >= 100 else f"{size:,.2f}"
    sign = "-" if amount < 0 else "+" if signed else ""
    known = _SIGNS.get(currency)
    return f"{sign}{known}{digits}" if known else f"{sign}{currency} {digits}"


def change(
    now: Decimal, before: Decimal | None, currency: str, *, on: str = "the day before"
) -> str:
    """Write how an amount moved: in per cent, or in money where there was nothing before.

    `on` names what it is compared with.
    """
    if before is None:
        return f"no data for {on}"
    if before <= 0:
        return f"{money(now - before, currency, signed=True)} on {on}"
    share = round(100 * (now - before) / before)
    if share == 0:
        return "unchanged"
    return f"{'up' if share > 0 else 'down'} {abs(share):,} %"


def day_name(day: date) -> str:
    """Write a day as "Mon 9 Mar"."""
    return f"{day:%a} {day.day} {day:%b}"


def days_name(first: date, last: date) -> str:
    """Write days in a row as "3-9 Mar", or "24 Feb-2 Mar"."""
    if first == last:
        return f"{last.day} {last:%b}"
    head = f"{first.day}" if first.month == last.month else f"{first.day} {first:%b}"
    return f"{head}-{last.day} {last:%b}"


def short(service: str) -> str:
    """Write a service as people say it: without the vendor, and EC2 for its long name."""
    for brand in _BRANDS:
        service = service.removeprefix(brand)
    return _SHORT.get(service, service)


def named_services(prompt: str, services: Iterable[str]) -> tuple[str, ...]:
    """Give the services that a prompt names by their short names, in their order."""
    said = f" {' '.join(_WORD.findall(prompt.lower()))} "
    return tuple(
        service
        for service in services
        if f" {' '.join(_WORD.findall(short(service).lower()))} " in said
    )
