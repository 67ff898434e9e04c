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


def change(now: Decimal, before: Decimal | None, currency: str) -> str:
    """Write how an amount moved: in per cent, or in money where there was nothing before."""
    if before is None:
        return "no data for the day before"
    if before <= 0:
        return f"{money(now - before, currency, signed=True)} on the day before"
    share = round(100 * (now - before) / before)
    if share == 0:
        return "unchanged"
    return f"{'up' if share > 0 else 'down'} {abs(share):,} %"


def day_name(day: date) -> str:
    """Write a day as "Mon 9 Mar"."""
    return f"{day:%a} {day.day} {day:%b}"


def short(service: str) -> str:
    """Write a service as people say it: without the vendor, and EC2 for its long name."""
    for brand in _BRANDS:
        service = service.removeprefix(brand)
    return _SHORT.get(service, service)


def named_service(prompt: str, services: Iterable[str]) -> str | None:
    """Give the one service that a prompt names by its short name, if it names exactly one."""
    said = f" {' '.join(_WORD.findall(prompt.lower()))} "
    named = {
        service
        for service in services
        if f" {' '.join(_WORD.findall(short(service).lower()))} " in said
    }
    return named.pop() if len(named) == 1 else None
