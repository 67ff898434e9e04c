"""Alex's numbers are the files' numbers, over complete days only, and never without their basis."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from scheduler.agents.alex import Alex, report
from scheduler.agents.tools import billing, sample_billing
from scheduler.errors import NotConnected, Refused, StaleData, Temporary
from storage.reports import Report, Section, Severity
from tests.scheduler.agents.briefs import TUESDAY, brief

HEADER = "EffectiveCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ServiceName,RegionId"


def row(day: int, cost: str, *, service: str = "Amazon EC2", currency: str = "USD") -> str:
    """Give one charge of a day in March 2026."""
    return f"{cost},{currency},2026-03-{day:02}T00:00:00Z,2026-03-{day + 1:02}T00:00:00Z,{service},"


def write(folder: Path, rows: Iterable[str], *, name: str = "march.csv") -> str:
    """Write a billing file and give its folder."""
    (folder / name).write_text("\n".join([HEADER, *rows]) + "\n")
    return str(folder)


def sum_of(path: Path, day: str, column: str) -> Decimal:
    """Add up a day's charges without the code under test."""
    with path.open(newline="") as file:
        return sum(
            (
                Decimal(charge[column])
                for charge in csv.DictReader(file)
                if charge["ChargePeriodStart"].startswith(day)
            ),
            Decimal(0),
        )


def look(place: str, prompt: str = "") -> Report:
    """Report on a place as of Tuesday 10 March 2026, without the detour through a child."""
    return report(billing.read(place), brief(prompt), is_sample=False)


def section(told: Report, title: str) -> Section:
    """Give the section whose title begins so."""
    return next(part for part in told.sections if part.title.startswith(title))


def total(told: Report, currency: str = "USD") -> float | None:
    """Give the total of the report."""
    return {it.key: it.value for it in told.findings}[f"cost.total.{currency}"]


async def test_the_total_is_the_sum_of_the_file(tmp_path: Path) -> None:
    """The total of the last complete day is what adding up the CSV by hand gives."""
    path = tmp_path / "export.csv"
    sample_billing.write(path, TUESDAY)

    told = await Alex(billing=str(path), sample_data=False).work(brief())

    expected = sum_of(path, "2026-03-09", "EffectiveCost")
    before = sum_of(path, "2026-03-08", "EffectiveCost")
    assert total(told) == round(float(expected), 2)
    assert told.headline == (
        f"Yesterday: ${expected:,.0f}, up {round(100 * (expected / before - 1))} %"
    )
    assert told.is_sample is False


async def test_the_sample_is_labelled_and_holds_one_anomaly() -> None:
    """Without billing data, the sample is read as a file would be, and says so."""
    told = await Alex(billing=None, sample_data=True).work(brief())

    assert told.is_sample
    unusual = [it.resource for it in told.findings if it.severity is Severity.WARNING]
    assert unusual == ["NAT Gateway in eu-west-1"]
    assert "one anomaly, NAT in eu-west-1" in told.lines[0]
    assert told.lines[0].startswith("EC2 +$")
    assert told.lines[1].startswith("Last 7 days $")
    assert told.lines[1].endswith(" on 1-9 Feb.")
    assert told.lines[2] == "Complete through Mon 9 Mar (effective cost, UTC days)."


@pytest.mark.parametrize("back", [0, 3, 31, 200])
def test_the_sample_is_the_same_each_time_and_never_stale(tmp_path: Path, back: int) -> None:
    """The same day gives the same bytes, and its last whole day is the day before."""
    as_of = TUESDAY - timedelta(days=back)
    sample_billing.write(tmp_path / "one.csv", as_of)
    sample_billing.write(tmp_path / "two.csv", as_of)

    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    assert (tmp_path / "one.csv").stat().st_size < 250_000


def test_the_rows_of_the_table_add_up_to_the_total(tmp_path: Path) -> None:
    """Credits and charges for longer periods stand apart, and inside the total."""
    rows = [row(8, "10"), row(9, "12.5"), row(9, "7.25", service="Amazon S3"), row(9, "-3")]
    rows += ["100,USD,2026-03-09T00:00:00Z,2026-04-09T00:00:00Z,Support,", row(10, "1")]

    told = look(write(tmp_path, rows))

    assert total(told) == 116.75
    assert told.sections[0].rows == (
        ("Amazon EC2", "$12.50", "+$2.50"),
        ("Amazon S3", "$7.25", "+$7.25"),
        ("Credits and refunds", "-$3.00", ""),
        ("Charges for longer periods", "$100", ""),
        ("Total", "$117", "+$107"),
    )


def test_a_day_that_is_not_over_is_left_out(tmp_path: Path) -> None:
    """Today's first charges are not taken for a day's cost."""
    told = look(write(tmp_path, [row(8, "10"), row(9, "20"), row(10, "1")]))
    assert told.headline == "Yesterday: $20.00, up 100 %"


def test_late_data_is_told_as_late(tmp_path: Path) -> None:
    """Data that ends two days ago is reported under its own day."""
    told = look(write(tmp_path, [row(6, "10"), row(7, "20")]))

    assert told.headline == "Sat 7 Mar: $20.00, up 100 %"
    assert told.lines[-1] == "Data through Sat 7 Mar, 2 days behind (effective cost, UTC days)."


def test_stale_data_fails_as_stale(tmp_path: Path) -> None:
    """Four days without data is no report at all."""
    with pytest.raises(StaleData, match=r"no data newer than Fri 6 Mar\.") as failure:
        look(write(tmp_path, [row(5, "10"), row(6, "20")]))
    assert failure.value.fix


def test_a_gap_is_named_and_is_not_a_zero(tmp_path: Path) -> None:
    """A day without data is unknown, and nothing is compared with it."""
    told = look(write(tmp_path, [row(6, "10"), row(7, "10"), row(9, "20"), row(10, "1")]))

    assert told.headline == "Yesterday: $20.00, no data for the day before"
    assert "No data for Sun 8 Mar." in told.unknowns
    assert ("Sun 8 Mar", "no data") in section(told, "Last 7 days").rows


def test_currencies_are_not_added_together(tmp_path: Path) -> None:
    """Dollars and euros are two totals."""
    rows = [row(day, "10") for day in (8, 9, 10)]
    rows += [row(day, "4", currency="EUR") for day in (8, 9, 10)]

    told = look(write(tmp_path, rows))

    assert told.headline == "Yesterday: €4.00, unchanged; $10.00, unchanged"
    assert (total(told, "EUR"), total(told, "USD")) == (4.0, 10.0)


def test_little_history_is_not_called_free_of_anomalies(tmp_path: Path) -> None:
    """With two days of data the anomaly check is unknown."""
    told = look(write(tmp_path, [row(8, "10"), row(9, "900"), row(10, "1")]))

    assert "no anomaly" not in " ".join(told.lines).lower()
    assert any("7 are needed" in unknown for unknown in told.unknowns)


def test_a_named_service_narrows_the_report(tmp_path: Path) -> None:
    """A prompt about EC2 gets EC2's cost, and hears that utilization is not in billing data."""
    rows = [row(day, "10", service="Amazon Elastic Compute Cloud") for day in (8, 9, 10)]
    rows += [row(day, "99", service="Amazon S3") for day in (8, 9, 10)]

    told = look(write(tmp_path, rows), "analyze EC2 utilization")

    assert told.headline == "EC2, yesterday: $10.00, unchanged"
    assert told.unknowns[0].startswith("I did not check utilization: ")
    assert told.lines[-1].startswith("I did not check utilization: ")


def test_parquet_is_read_as_csv_is(tmp_path: Path) -> None:
    """The same charges in both formats give the same report."""
    rows = [row(8, "10.01"), row(9, "20.02"), row(10, "1")]
    folder = write(tmp_path, rows)
    expected = look(folder)
    target = tmp_path / "march.parquet"
    duckdb.sql(f"COPY (FROM '{folder}/march.csv') TO '{target}' (FORMAT parquet)")

    told = look(str(tmp_path / "*.parquet"))

    assert told == expected


def test_offsets_are_read_as_utc_days(tmp_path: Path) -> None:
    """A charge at one in the morning in Berlin belongs to the UTC day before."""
    early = "5,USD,2026-03-10T00:30:00+01:00,2026-03-10T01:30:00+01:00,Amazon EC2,"
    told = look(write(tmp_path, [row(8, "10"), row(9, "10"), early, row(10, "1")]))
    assert total(told) == 15.0


def test_all_files_of_a_folder_count(tmp_path: Path) -> None:
    """Files in sub-folders and with odd names are read, other files are not."""
    (tmp_path / "deep").mkdir()
    write(tmp_path, [row(8, "10"), row(10, "1")], name="a [1]*.csv")
    write(tmp_path / "deep", [row(9, "1.2E+1")], name="b.csv")
    (tmp_path / "notes.txt").write_text("nothing")

    assert total(look(str(tmp_path))) == 12.0


def test_a_charge_in_two_files_is_named(tmp_path: Path) -> None:
    """Exports that overlap are not silently counted twice."""
    write(tmp_path, [row(8, "10"), row(9, "20")], name="a.csv")
    write(tmp_path, [row(9, "20"), row(9, "20.5"), row(10, "1")], name="b.csv")

    told = look(str(tmp_path))

    assert told.unknowns[0].startswith("1 charge stands in more than one billing file")


def test_one_kind_of_cost_is_summed(tmp_path: Path) -> None:
    """Where a file has billed cost only, billed cost is summed everywhere, and named."""
    billed = HEADER.replace("EffectiveCost", "BilledCost")
    both = f"BilledCost,{HEADER}"
    (tmp_path / "one.csv").write_text(f"{billed}\n{row(8, '10')}\n{row(10, '1')}\n")
    (tmp_path / "two.csv").write_text(f"{both}\n30,{row(9, '25')}\n")

    told = look(str(tmp_path))

    assert total(told) == 30.0
    assert "billed cost" in told.lines[-1]


@pytest.mark.parametrize("column", ["EffectiveCost", "BillingCurrency", "ChargePeriodStart"])
def test_a_missing_column_is_named_with_its_file(tmp_path: Path, column: str) -> None:
    """The sentence names the file and the column to look at."""
    (tmp_path / "bad.csv").write_text(f"{HEADER.replace(column, 'Other')}\n{row(9, '10')}\n")
    wanted = "BilledCost" if column == "EffectiveCost" else column
    with pytest.raises(Refused, match=rf"bad\.csv has no column {wanted}\."):
        look(str(tmp_path))


@pytest.mark.parametrize(
    ("broken", "column"),
    [
        (row(9, "ten"), "EffectiveCost"),
        (row(9, "10").replace("2026-03-09", "soon"), "ChargePeriodStart"),
        (row(9, "10", currency=""), "BillingCurrency"),
    ],
)
def test_a_broken_row_is_not_left_out_of_a_sum(tmp_path: Path, broken: str, column: str) -> None:
    """A cost that is no number refuses the report instead of making it wrong."""
    with pytest.raises(
        Refused, match=rf"The {column} of the billing file march\.csv cannot be read in 1 of"
    ):
        look(write(tmp_path, [row(8, "10"), broken, row(10, "1")]))


def test_a_damaged_file_is_temporary(tmp_path: Path) -> None:
    """A file that is still being written may be whole at the next try."""
    (tmp_path / "half.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(Temporary, match=r"half\.parquet could not be read as Parquet"):
        look(str(tmp_path))


@pytest.mark.parametrize("place", ["", "nowhere", "*.parquet"])
def test_no_files_is_not_connected(tmp_path: Path, place: str) -> None:
    """An empty place says which setting points there."""
    with pytest.raises(NotConnected, match="CHATCRON_BILLING"):
        look(str(tmp_path / place))


async def test_no_place_is_not_connected() -> None:
    """Without a place and without the sample there is nothing to read, and no number."""
    alex = Alex(billing=None, sample_data=False)
    assert "CHATCRON_BILLING" in str(alex.missing())
    with pytest.raises(NotConnected):
        await alex.work(brief())


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_csv('/etc/hostname')",
        "COPY (SELECT 1) TO '/tmp/out.csv'",
        "ATTACH '/tmp/other.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
    ],
)
def test_a_locked_connection_reaches_nothing(statement: str) -> None:
    """After loading, no statement can read or write outside the connection."""
    with duckdb.connect() as connection:
        billing.lock(connection)
        with pytest.raises(duckdb.Error):
            connection.execute(statement)
