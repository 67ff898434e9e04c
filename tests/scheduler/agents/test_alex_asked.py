"""Alex answers what a prompt asks: spans, services, limits, and what he can't see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from scheduler.agents.alex import report
from scheduler.agents.cost_asked import Of, Span, read
from scheduler.agents.periods import last_week, month_to_date
from scheduler.agents.tools import billing
from storage.reports import Report, Section, Severity
from tests.scheduler.agents.briefs import brief

COLUMNS = (
    "EffectiveCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ServiceName,RegionId,"
    "CommitmentDiscountStatus,ChargeDescription"
)
LAST = date(2026, 3, 9)
EC2, S3 = "Amazon Elastic Compute Cloud", "Amazon S3"


def charge(
    back: int,
    cost: float,
    *,
    service: str = EC2,
    currency: str = "USD",
    days: int = 1,
    status: str = "",
    about: str = "",
) -> str:
    """Give a charge of so many days before Monday 9 March 2026."""
    start = LAST - timedelta(days=back)
    end = start + timedelta(days=days)
    return f"{cost},{currency},{start}T00:00:00Z,{end}T00:00:00Z,{service},eu,{status},{about}"


def flat(cost: float = 100, *, days: int = 60, **named: str) -> list[str]:
    """Give the same charge for each of many days, and the first of the day after."""
    return [charge(back, cost, **named) for back in range(days - 1, -2, -1)]  # type: ignore[arg-type]


def look(folder: Path, rows: Iterable[str], prompt: str = "", *, columns: int = 8) -> Report:
    """Report on these charges; fewer columns leave the last ones out of the file."""
    kept = [",".join(row.split(",")[:columns]) for row in [COLUMNS, *rows]]
    (folder / "charges.csv").write_text("\n".join(kept) + "\n")
    return report(billing.read(str(folder)), brief(prompt), is_sample=False)


def warned(told: Report) -> list[str]:
    """Give what needs a look."""
    return [it.text for it in told.findings if it.severity is Severity.WARNING]


def section(told: Report, title: str) -> Section:
    """Give the section whose title begins so."""
    return next(part for part in told.sections if part.title.startswith(title))


def test_clean_data_finds_nothing(tmp_path: Path) -> None:
    """Two months that never moved: no warning, no unknown, and nothing rose or fell."""
    told = look(tmp_path, [*flat(), *flat(40, service=S3)])

    assert warned(told) == []
    assert told.unknowns == ()
    assert told.lines == (
        "No service changed; no anomaly.",
        "Last 7 days $980, unchanged on the 7 before; March so far $1,260, unchanged on 1-9 Feb.",
        "Complete through Mon 9 Mar (effective cost, UTC days).",
    )
    assert not any(part.title.startswith("Biggest") for part in told.sections)


def test_risers_and_fallers_are_named(tmp_path: Path) -> None:
    """A week that doubled, one that halved and a new service are what moved."""
    rows = [
        *(charge(back, 20 if back < 7 else 10) for back in range(60, -2, -1)),
        *(charge(back, 5 if back < 7 else 10, service=S3) for back in range(60, -2, -1)),
        *(charge(back, 3, service="AWS Lambda") for back in range(2, -2, -1)),
    ]

    told = look(tmp_path, rows)

    assert section(told, "Biggest risers and fallers, 3-9 Mar against 24 Feb-2 Mar").rows == (
        (EC2, "$140", "+$70.00 (+100 %)"),
        ("AWS Lambda", "$9.00", "new"),
        (S3, "$35.00", "-$35.00 (-50 %)"),
    )


def test_a_weekly_prompt_is_about_the_week(tmp_path: Path) -> None:
    """The headline is the week's, and an anomaly in its midst is found."""
    rows = [charge(back, 500 if back == 4 else 100) for back in range(60, -2, -1)]

    told = look(tmp_path, rows, "weekly cost report")

    assert told.headline == "Last 7 days: $1,100, up 57 %"
    assert warned(told) == [
        f"{EC2} in eu: the service cost $500 on Thu 5 Mar, usually $100 a day (+$400)."
    ]


def test_a_monthly_prompt_is_about_the_month(tmp_path: Path) -> None:
    """March up to the ninth is held against February up to the ninth."""
    rows = [charge(back, 20 if back < 9 else 10) for back in range(60, -2, -1)]

    told = look(tmp_path, rows, "monthly cost of EC2")

    assert told.headline == "EC2, March so far: $180, up 100 %"


def test_a_month_is_compared_up_to_the_same_day() -> None:
    """A whole month meets the whole month before, a part of it the same part."""
    days = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(120))
    ends = {
        day: month_to_date([], "USD", day, days).before.last
        for day in (date(2026, 3, 9), date(2026, 3, 30), date(2026, 2, 28), date(2026, 4, 30))
    }

    assert ends == {
        date(2026, 3, 9): date(2026, 2, 9),
        date(2026, 3, 30): date(2026, 2, 28),
        date(2026, 2, 28): date(2026, 1, 31),
        date(2026, 4, 30): date(2026, 3, 31),
    }


def test_a_week_with_a_gap_is_not_compared(tmp_path: Path) -> None:
    """A day without data in either week leaves the change unknown."""
    rows = [charge(back, 10) for back in range(60, -2, -1) if back != 10]

    told = look(tmp_path, rows)

    assert told.lines[1].startswith("Last 7 days $70.00, change unknown;")
    compared = section(told, "Usage of the last 7 days")
    assert compared.lines == ("24 Feb-2 Mar can't be compared: there is no data for Fri 27 Feb.",)


def test_credits_stand_apart_in_every_span(tmp_path: Path) -> None:
    """A refund lowers the day's total, not the usage of the week."""
    told = look(tmp_path, [*flat(10), charge(0, -500), charge(3, 900, days=31)])

    assert told.lines[1].startswith("Last 7 days $70.00 of usage, unchanged on the 7 before")
    rows = section(told, "Usage of the last 7 days").rows
    assert rows[1:3] == (
        ("  credits", "-$500", "$0.00", ""),
        ("  longer periods", "$900", "$0.00", ""),
    )


def test_currencies_are_compared_apart(tmp_path: Path) -> None:
    """Each currency has its own week, and a limit in dollars is not held against euros."""
    rows = [*flat(10), *flat(4, currency="EUR")]

    told = look(tmp_path, rows, "weekly cost report, flag anomalies over $100")

    assert told.headline == "Last 7 days: €28.00, unchanged; $70.00, unchanged"
    assert told.unknowns == (
        "The limit of $100 was not held against EUR: I know no rate of exchange.",
    )


@pytest.mark.parametrize(("leap", "found"), [(180, 0), (230, 1)])
def test_a_limit_on_anomalies_is_used_and_said(tmp_path: Path, leap: int, found: int) -> None:
    """A leap of $80 is left out and counted, one of $130 is flagged."""
    rows = [charge(back, leap if back == 0 else 100) for back in range(60, -2, -1)]

    told = look(tmp_path, rows, "EC2 spending, flag anomalies over $100")

    assert len(warned(told)) == found
    expected = "One anomaly over $100, EC2 in eu" if found else "No anomaly over $100 (1 smaller)"
    assert told.lines[0] == f"{expected}."
    assert section(told, "About these numbers").lines[0] == "Limit used: anomalies over $100."


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        (
            "alert if the daily cost is over $150",
            ["The total is over your limit of $150: $180, before $140."],
        ),
        ("alert if the daily cost is over $200", []),
        (
            "flag services over $60",
            [f"{EC2} cost $110, over your $60.00.", f"{S3} cost $70.00, over your $60.00."],
        ),
        ("flag services over €60", []),
        (
            "tell me when the total rises by more than 20%",
            ["The total rose by over 20 %: $180, before $140."],
        ),
    ],
)
def test_a_limit_on_totals_and_services_is_held(
    tmp_path: Path, prompt: str, found: list[str]
) -> None:
    """What is over the limit is a warning with its number, what is not is none."""
    rows = [
        *(charge(back, 110 if back == 0 else 100) for back in range(2, -2, -1)),
        *(charge(back, 70 if back == 0 else 40, service=S3) for back in range(2, -2, -1)),
    ]

    assert warned(look(tmp_path, rows, prompt)) == found


def test_what_the_bill_calls_unused_is_found(tmp_path: Path) -> None:
    """A commitment's unused part and an idle address are warnings; others' words are not."""
    rows = [
        *flat(10, about="On demand"),
        charge(0, 30, status="Unused"),
        charge(2, 7, service="Amazon VPC", about="$0.005 per idle public IPv4 address"),
        charge(20, 50, status="Unused"),
    ]

    told = look(tmp_path, rows, "unused resources")

    assert warned(told)[-2:] == [
        "Amazon VPC: $7.00 for idle or unattached resources in the 7 days to Mon 9 Mar.",
        f"{EC2}: $30.00 for unused commitments in the 7 days to Mon 9 Mar.",
    ]
    assert told.unknowns == ()


def test_what_no_column_tells_is_not_called_unused(tmp_path: Path) -> None:
    """Without such a column, unused resources were not looked for, and that is said."""
    told = look(tmp_path, flat(), "unused resources", columns=6)

    assert told.unknowns == (
        "I did not check unused resources: these billing files have no column that tells.",
    )


def test_a_service_without_charges_is_named(tmp_path: Path) -> None:
    """A prompt about Redshift is not answered as if it had cost nothing."""
    told = look(tmp_path, flat(), "Redshift spending")

    assert told.unknowns == (
        "I found no charges of Redshift in these files: not used, or not exported.",
    )
    assert told.lines[-1].startswith("I found no charges of Redshift")


@pytest.mark.parametrize(
    ("prompt", "topic"),
    [
        ("check Reserved Instances coverage", "Reserved Instances and Savings Plans"),
        ("rightsizing of EC2", "utilization"),
        ("forecast of next month", "a forecast"),
        ("cost by team", "tags, teams and environments"),
        ("cost of all AWS accounts", "single accounts"),
        ("savings over $100 in production", "possible savings"),
        ("are we within budget", "budgets"),
    ],
)
def test_what_billing_data_cannot_tell_is_said(tmp_path: Path, prompt: str, topic: str) -> None:
    """The report names the topic and why it was not checked."""
    told = look(tmp_path, flat(), prompt)
    assert any(text.startswith(f"I did not check {topic}: ") for text in told.unknowns)


@pytest.mark.parametrize(
    ("prompt", "limit"),
    [
        ("flag anomalies over $100", (Of.ANOMALY, 100, "USD", False)),
        ("spikes above 1.5k euros", (Of.ANOMALY, 1500, "EUR", False)),
        ("anomalies > 20%", (Of.ANOMALY, 20, None, True)),
        ("total spend exceeds $1,234.50", (Of.TOTAL, 1234.5, "USD", False)),
        ("any service more than 50 pounds", (Of.SERVICE, 50, "GBP", False)),
        ("over the last 7 days", None),
        ("trend over 30 days", None),
        ("daily cost report", None),
    ],
)
def test_a_limit_is_read(prompt: str, limit: tuple[Of, float, str | None, bool] | None) -> None:
    """Amounts with their unit are limits, spans of time are not."""
    found = read(prompt, []).limit
    is_read = found and (found.of, found.amount, found.currency, found.is_share)
    assert is_read == limit


@pytest.mark.parametrize(
    ("prompt", "span"),
    [
        ("daily cost report", Span.DAY),
        ("EC2 spending trends", Span.WEEK),
        ("monthly costs, week by week", Span.MONTH),
        ("", Span.DAY),
    ],
)
def test_a_span_is_read(prompt: str, span: Span) -> None:
    """The longest span that is named is the report's."""
    assert read(prompt, []).span is span


def test_several_services_are_read() -> None:
    """Two named services are both meant."""
    asked = read("EC2 and S3 spending, and Glue", [S3, EC2, "AWS Lambda"])
    assert (asked.subject, asked.absent) == ("EC2 and S3", ("Glue",))


def test_a_week_ends_with_its_day() -> None:
    """Seven days and the seven before, without a day in both."""
    week = last_week([], "USD", LAST, frozenset())
    assert (week.now.first, week.before.last) == (date(2026, 3, 3), date(2026, 3, 2))
    assert len(week.now.gaps) == len(week.before.gaps) == 7
