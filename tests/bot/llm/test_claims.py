"""Every number in a model's text against what the tools reported."""

from __future__ import annotations

import pytest

from bot.llm.claims import calls_all_well, unsupported

SOURCES = (
    "Yesterday: $4,212, up 9 %",
    "EC2 +$310 is most of it; one anomaly, NAT in eu-west-1. Complete through Mon 9 Mar 2026.",
    "5 of 9 checks need a look; 12.53 MiB, 99.7 % cache hit; PostgreSQL 16.4; backup at 08:15.",
)


@pytest.mark.parametrize(
    "text",
    [
        "Costs were $4,212, up 9%",
        "about $4.2k",
        "USD 4,212 on 9 March",
        "March 9, 2026 is the last complete day",
        "EC2 rose $310",
        "spend increased 9 % on Mon 9 March",
        "1 anomaly in eu-west-1",
        "one anomaly",
        "12.5 MiB with a 99.7% hit rate",
        "5 checks need a look",
        "PostgreSQL 16.4, backup at 08:15",
        "Nothing to add.",
    ],
)
def test_what_the_tools_reported_may_be_said(text: str) -> None:
    """Another spelling, and a coarser rounding that is shown as such, is the same number."""
    assert unsupported(text, SOURCES) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$4,213", "$4,213"),
        ("$4.3k", "$4.3k"),
        ("4,212 EUR", "4,212 EUR"),
        ("down 9 %", "9 %"),
        ("decreased 9 %", "9 %"),
        ("EC2 fell $310", "$310"),
        ("-$310", "-$310"),
        ("9 anomalies", "9 anomalies"),
        ("nine anomalies", "9 anomalies"),
        ("two anomalies", "2 anomalies"),
        ("costs doubled", "doubled"),
        ("dozens of pods", "dozens"),
        ("on 10 March", "10 March"),
        ("March 9, 2025", "March 9, 2025"),
        ("2026-03-10", "2026-03-10"),
        ("12.5 MB", "12.5 MB"),
        ("13.0 MiB", "13.0 MiB"),
        ("100%", "100%"),
        ("us-east-1", "us-east-1"),
        ("PostgreSQL 16.5", "16.5"),
        ("at 09:15", "09:15"),
        ("½ of it", "½"),
        ("see https://evil.example/x", "https://evil.example/x"),
        ("1e9 rows", "1e9"),
        ("٣ anomalies", "٣ anomalies"),
    ],
)
def test_what_no_tool_reported_is_found(text: str, found: str) -> None:
    """Another value, unit, direction, day, name or link is named."""
    assert unsupported(text, SOURCES) == found


@pytest.mark.parametrize(
    "text",
    ["All is fine.", "Everything looks healthy", "no problems found", "The cluster is healthy"],
)
def test_a_claim_that_all_is_well_is_noticed(text: str) -> None:
    """Praise in its usual words is praise."""
    assert calls_all_well(text)


@pytest.mark.parametrize("text", ["Costs rose 9 %.", "5 of 9 checks need a look"])
def test_a_plain_statement_is_no_praise(text: str) -> None:
    """A statement of what is so passes."""
    assert not calls_all_well(text)
