"""The command line: `chatcron` and its commands. Heavy parts are imported only where they run."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.errors import SettingsError, StartError
from bot.roles import Role
from storage.errors import StorageError

if TYPE_CHECKING:
    from bot.parse_command import Reads

app = typer.Typer(
    help="A Slack bot for scheduled operations work.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

BAD_SETTINGS = 2


@app.command()
def run(
    role: Annotated[
        Role, typer.Option(help="Which parts to run; on Postgres, any number of each.")
    ] = Role.ALL,
) -> None:
    """Connect to Slack and run the tasks, until stopped."""
    from bot.assemble import App
    from bot.logs import set_up_logs
    from bot.process import run_until_stopped
    from bot.settings import Settings

    settings = Settings.read()
    settings.check_for_run(role)
    set_up_logs(settings.log_level, settings.log_format, secrets=settings.secret_texts)
    asyncio.run(run_until_stopped(App(settings, role=role)))


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="The page's port; 0 takes any free one.")] = 8484,
    database: Annotated[str | None, typer.Option(help="A database of your own to use.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the last demo first.")] = False,
) -> None:
    """Try Chatcron in the browser, with a local Slack: no account, no key."""
    from bot.demo import run_demo

    asyncio.run(run_demo(port=port, database=database, fresh=fresh))


@app.command()
def migrate() -> None:
    """Bring the database's schema to the version this Chatcron needs."""
    from bot.looks import migrate_database

    typer.echo(asyncio.run(migrate_database()))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where the copy shall stand.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Copy the SQLite database to a file, also beside a running Chatcron."""
    from bot.backup_command import back_up

    typer.echo(back_up(file, force=force))


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Look at all that Chatcron stands on; the code is 1 where there is a problem."""
    from bot.doctor import check
    from bot.doctor.examination import examine
    from bot.logs import set_up_logs

    set_up_logs("error", "text")  # what is found stands alone on the output
    found = asyncio.run(examine())
    typer.echo(check.as_json(found) if as_json else check.as_text(found))
    raise typer.Exit(int(check.has_problem(found)))


@app.command()
def parse(
    text: Annotated[str | None, typer.Argument(help="A message, as one would write it.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read JSON lines from stdin.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Use the grammar alone.")] = False,
    zone: Annotated[str, typer.Option("--tz", help="The zone the message is read in.")] = "UTC",
) -> None:
    """Show how a message is read, without doing anything."""
    from bot.parse_command import by_grammar, parse_lines
    from bot.parse_told import explain
    from scheduler.now import utc_now

    with ExitStack() as stack:
        reads = by_grammar if offline else stack.enter_context(_reading())
        if jsonl:
            raise typer.Exit(parse_lines(sys.stdin, sys.stdout, reads))
        if text is None:
            raise typer.BadParameter('give a message, like: chatcron parse "list tasks"')
        typer.echo(explain(text, utc_now(), zone, reads))


@contextmanager
def _reading() -> Iterator[Reads]:
    """Read by the grammar, and where a model is set by that as well."""
    from bot.parse_command import by_grammar
    from bot.settings import model_settings

    settings = model_settings()
    if not settings.asks_model:
        yield by_grammar
        return
    from bot.logs import set_up_logs
    from bot.parse_model import ShellModel

    set_up_logs("error", settings.log_format)  # what is read stands alone on the output
    with ShellModel(settings) as model:
        yield model.read


@app.command()
def simulate(
    start: Annotated[str | None, typer.Option("--from", help="The first moment, ISO.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="The moment after the last.")] = None,
    cron: Annotated[str | None, typer.Option(help="One cron expression.")] = None,
    zone: Annotated[str, typer.Option("--tz", help="The zone of the wall clock.")] = "UTC",
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read JSON lines from stdin.")] = False,
) -> None:
    """Show every due moment in a window: of one cron expression, or of every task."""
    from bot.simulate_command import simulate_cron, simulate_lines, simulate_tasks

    if jsonl:
        for line in simulate_lines(sys.stdin):
            typer.echo(line)
        return
    if start is None or end is None:
        raise typer.BadParameter("give the window with --from and --to, like 2026-03-01")
    if cron is not None:
        typer.echo(simulate_cron(cron, zone, start, end, as_json=as_json))
    else:
        typer.echo(asyncio.run(simulate_tasks(zone, start, end, as_json=as_json)))


@app.command()
def tasks(
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """List every task."""
    from bot.looks import list_tasks

    typer.echo(asyncio.run(list_tasks(as_json=as_json)))


@app.command()
def runs(
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
    task: Annotated[str | None, typer.Option(help="Only this task, like T-12.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Only from then on.")] = None,
) -> None:
    """List runs: the ledger of what was due and what became of it."""
    from bot.looks import list_runs

    typer.echo(asyncio.run(list_runs(as_json=as_json, task=task, since=since)))


holidays = typer.Typer(help="The days that tasks can leave out, as one list for all.")
app.add_typer(holidays, name="holidays")


@holidays.command("list")
def list_holidays() -> None:
    """Show the holidays to come."""
    from bot import holidays_command

    typer.echo(asyncio.run(holidays_command.show()))


@holidays.command("import")
def import_holidays(
    file: Annotated[Path, typer.Argument(help="An .ics file, or a date and a name on each line.")],
) -> None:
    """Put the holidays of a file in the place of those before, also beside a running Chatcron."""
    from bot import holidays_command

    typer.echo(asyncio.run(holidays_command.give(file)))


@holidays.command("clear")
def clear_holidays() -> None:
    """Forget the list; what left its days out runs on them again."""
    from bot import holidays_command

    typer.echo(asyncio.run(holidays_command.forget()))


_YES = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
_ALL = Annotated[bool, typer.Option("--all", help="All tasks; there is no other way so far.")]


@app.command()
def pause(everything: _ALL = False, yes: _YES = False) -> None:
    """Pause every task that is on, also beside a running Chatcron."""
    from bot.bulk_command import pause_all

    _change_all(pause_all, everything=everything, yes=yes)


@app.command()
def resume(everything: _ALL = False, yes: _YES = False) -> None:
    """Resume what `pause --all` paused, and nothing else."""
    from bot.bulk_command import resume_all

    _change_all(resume_all, everything=everything, yes=yes)


def _change_all(
    change: Callable[[Callable[[str], bool]], Coroutine[Any, Any, str]],
    *,
    everything: bool,
    yes: bool,
) -> None:
    if not everything:
        raise typer.BadParameter("say --all; a single task is paused and resumed in Slack")
    typer.echo(asyncio.run(change(lambda question: yes or typer.confirm(question))))


def main() -> None:
    """Run the command line; a wrong setting ends with code 2, anything else wrong with code 1."""
    try:
        app()
    except SettingsError as error:
        _complain(str(error), BAD_SETTINGS)
    except (StartError, StorageError) as error:
        _complain(str(error), 1)


def _complain(sentence: str, code: int) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(code)


if __name__ == "__main__":
    main()
