"""Oliver reports what he saw, the worst first, and looks at nothing that is not set."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from bot.blocks.results import as_file
from scheduler import reports, templates
from scheduler.agents import Sources, roster
from scheduler.agents.agent import tools_of
from scheduler.agents.oliver import NO_FOLDERS, NO_HOSTS, OUT_OF_REACH, Oliver, own_of
from scheduler.agents.reach import not_checked
from scheduler.agents.security_report import Area, Looked, tell
from scheduler.agents.tools.hosts import Host, named, parse_hosts
from scheduler.agents.tools.inspection import Inspection, Observer
from scheduler.agents.tools.own_setup import OwnSetup
from scheduler.now import utc_now
from storage.reports import Report, Severity
from tests.scheduler.agents.briefs import TUESDAY, brief
from tests.scheduler.agents.servers import NAME, Authority, free_port, serving

SECRET = "xoxb-" + "123456789012-123456789012-abcdefghijklmnopqrstuvwx"
SHOP, API = Host(name="shop.example", port=443), Host(name="api.example", port=8443)


@pytest.fixture
def oliver(tmp_path: Path) -> Oliver:
    """Give Oliver with nothing set, on a machine without packages, for a database in a folder."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "chatcron.db").write_bytes(b"SQLite format 3\0")
    own = own_of(f"sqlite:///{folder}/chatcron.db", OwnSetup(http_port=8080))
    return Oliver(own=own, root=str(tmp_path))


def keys(report: Report, *severities: Severity) -> set[str]:
    """Give the keys of findings without what comes after the colon."""
    return {it.key.partition(":")[0] for it in report.findings if it.severity in severities}


async def test_a_fresh_install_is_looked_at(oliver: Oliver) -> None:
    """With nothing set Chatcron itself is checked, and what was never given is named."""
    report = await oliver.work(brief("Weekly security audit"))

    assert oliver.missing() is None
    assert report.headline == "Chatcron's security: 5 checks passed, 1 not checked"
    assert keys(report, Severity.OK) >= {"own.listening", "own.database_file", "secrets.none"}
    assert keys(report, Severity.UNKNOWN) == {"updates.pending"}
    assert {NO_HOSTS, NO_FOLDERS} <= set(report.unknowns)


async def test_a_fault_of_the_own_set_up_is_told_first(oliver: Oliver, tmp_path: Path) -> None:
    """A token left beside the database is critical; it stands in no output and no log."""
    (tmp_path / "data" / "old.log").write_text(f"connected with {SECRET}\n")

    report = await oliver.work(brief())

    assert report.headline == "Chatcron's security: 1 critical, 1 not checked"
    assert report.lines[0] == f"Slack token in {tmp_path}/data/old.log, line 1."


async def test_no_secret_leaves_the_look(
    oliver: Oliver,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Report, log and both outputs of the child are free of what was found."""
    caplog.set_level(logging.DEBUG)
    (tmp_path / "data" / "a.env").write_text(f'TOKEN={SECRET}\npassword = "canary-7-secret"\n')

    report = await oliver.work(brief("secrets"))

    assert len(keys(report, Severity.CRITICAL, Severity.WARNING)) == 2
    told = repr(report) + as_file(report) + caplog.text + "".join(capfd.readouterr())
    assert SECRET not in told
    assert "canary" not in told


async def test_hosts_and_folders_are_looked_at(tmp_path: Path, oliver: Oliver) -> None:
    """Each planted fault is found by name, over servers and files together."""
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "run.sh").write_text(f"export T={SECRET}\n")
    (folder / "run.sh").chmod(0o777)
    authority = Authority(folder=tmp_path, now=utc_now())
    async with serving(authority.context(days=5.5), "Server: nginx/1.18.0\n") as port:
        given = Oliver(
            hosts=(Host(name=NAME, port=port), Host(name=NAME, port=free_port())),
            folders=(str(folder),),
            own=oliver.own,
            root=oliver.root,
        )
        report = await given.work(brief("security audit", as_of=utc_now()))

    assert keys(report, Severity.CRITICAL) == {"certificate.expiry"} | {
        key for key in keys(report, Severity.CRITICAL) if key.startswith("secrets.slack-token")
    }
    assert keys(report, Severity.WARNING) == {
        "certificate.chain", "headers.hsts", "headers.framing", "headers.nosniff",
        "headers.referrer", "headers.version", "permissions.writable",
    }  # fmt: skip
    assert report.headline == "Security: 2 critical, 7 to look at, 2 not checked"
    assert report.lines[0].startswith(f"{NAME}:{port}: the certificate expires in 5 days")
    assert report.lines[2] == "7 more in the details."
    assert "own.listening" not in {it.key.partition(":")[0] for it in report.findings}


@pytest.mark.parametrize(
    ("prompt", "prefixes", "subject"),
    [
        ("check for secrets", {"secrets"}, "Secrets"),
        ("pending updates?", {"updates"}, "Updates"),
        ("look at chatcron itself", {"own"}, "Chatcron itself"),
        ("permissions", {"own"}, "Permissions"),
        ("secrets and updates", {"secrets", "updates"}, "Security"),
        ("check certificates", {"asked"}, "Certificates"),
    ],
)
async def test_a_word_narrows_the_look(
    oliver: Oliver, prompt: str, prefixes: set[str], subject: str
) -> None:
    """What is asked for by name is all that is looked at."""
    report = await oliver.work(brief(prompt))

    assert {it.key.partition(".")[0] for it in report.findings} == prefixes
    assert report.headline.startswith(f"{subject}: ")


async def test_what_was_never_given_is_no_green(oliver: Oliver) -> None:
    """Certificates without a host are asked for in vain, and it says what to set."""
    report = await oliver.work(brief("check the certificates"))

    assert report.headline == "Certificates: nothing could be checked"
    assert report.lines == (f"Not checked: {NO_HOSTS}",)


async def test_a_prompt_adds_no_host_and_no_folder(oliver: Oliver) -> None:
    """What the settings don't name is refused by name, and not looked at."""
    report = await oliver.work(
        brief("check the certificate of evil.example:8443 and the secrets in /etc")
    )

    assert keys(report, *Severity) == {"asked.host", "asked.folder", "asked.none"}
    assert "evil.example:8443 is not in CHATCRON_OLIVER_HOSTS, so it was not looked at." in [
        it.text for it in report.findings
    ]
    assert report.headline == "Security: nothing could be checked"


async def test_a_look_that_fails_leaves_the_others(
    oliver: Oliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child that is stopped at its limit is unknown, and the report still comes."""
    monkeypatch.setattr("scheduler.agents.oliver.LIMIT_S", 0)

    report = await oliver.work(brief())

    assert {it.severity for it in report.findings} == {Severity.UNKNOWN}
    assert "was stopped" in report.findings[0].text


async def test_a_look_that_breaks_leaves_the_others(
    oliver: Oliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of our own in one area is unknown there, without its words, and costs no other."""

    def broken(*_: object) -> Inspection:
        raise LookupError("canary")

    monkeypatch.setattr("scheduler.agents.oliver.certificates.look", broken)
    given = replace(oliver, hosts=(Host(name=NAME, port=free_port()),))

    report = await given.work(brief("certificates and updates"))

    assert {it.key for it in report.findings} == {
        "certificate.all:all",
        "updates.pending:this machine",
    }
    assert "canary" not in repr(report)


async def test_what_is_hidden_now_is_not_resolved(tmp_path: Path, oliver: Oliver) -> None:
    """A fault of a server that is away today stays in the report, as not checked."""
    authority = Authority(folder=tmp_path, now=utc_now())
    async with serving(authority.context(days=5.5)) as port:
        given = replace(oliver, hosts=(Host(name=NAME, port=port),))
        first = await given.work(brief("certificates", as_of=utc_now()))

    second = await given.work(brief("certificates", as_of=utc_now(), before=first))

    assert keys(first, Severity.CRITICAL, Severity.WARNING) == {
        "certificate.expiry", "certificate.chain"
    }  # fmt: skip
    assert keys(second, Severity.UNKNOWN) == {"certificate.expiry", "certificate.chain"}
    assert reports.compare(first, second).resolved == ()


async def test_what_is_mended_is_resolved(oliver: Oliver, tmp_path: Path) -> None:
    """A secret that was taken out is gone, though another file could not be searched."""
    leak = tmp_path / "data" / "old.log"
    leak.write_text(f"{SECRET}\n")
    first = await oliver.work(brief("secrets"))
    leak.write_text("nothing\n")
    (tmp_path / "data" / "big.log").write_bytes(b"x" * (1024 * 1024 + 1))

    second = await oliver.work(brief("secrets", before=first))

    assert keys(second, Severity.UNKNOWN) == {"secrets.big"}
    assert [it.text for it in reports.compare(first, second).resolved] == [
        f"Slack token in {leak}, line 1."
    ]


@pytest.mark.parametrize(
    ("prompt", "named_"),
    [
        ("updates and CVEs", ["vulnerabilities in code and images"]),
        ("are there open ports, and who has MFA?", ["networks and firewalls", "accounts"]),
        ("updates; any breach of the cluster?", ["logs and attacks", "clusters"]),
        (templates.WEEKLY_SECURITY_AUDIT.prompt, []),
    ],
)
def test_what_he_can_not_see_is_named(prompt: str, named_: list[str]) -> None:
    """What is asked for and out of reach is said with the reason; what he looks at is not."""
    told = not_checked(prompt, OUT_OF_REACH)

    assert len(told) == len(named_)
    assert all(f"I did not check {name}" in text for name, text in zip(named_, told, strict=True))


async def test_keys_are_the_same_in_the_next_run(oliver: Oliver, tmp_path: Path) -> None:
    """Two runs can be compared."""
    (tmp_path / "data" / "old.log").write_text(f"{SECRET}\n")

    first, second = await oliver.work(brief("secrets")), await oliver.work(brief("secrets"))

    assert [it.key for it in first.findings] == [it.key for it in second.findings]
    assert len({it.key for it in first.findings}) == len(first.findings)


async def test_a_model_may_look_at_one_area(oliver: Oliver) -> None:
    """The tool takes an area, and whatever else it is given reaches no host."""
    [tool] = tools_of(oliver, brief("audit"))

    own = await tool.call({"area": "chatcron"})
    refused = await tool.call({"area": "headers of http://evil.example/"})

    assert {it.key.partition(".")[0] for it in own.findings} == {"own"}
    assert keys(refused, *Severity) == {"asked.host", "asked.none"}


def test_the_roster_hands_over_what_is_set() -> None:
    """Oliver gets his hosts and folders, and keeps the database's password to himself."""
    sources = Sources(
        database_url="postgresql://bob:canary@db/chatcron",
        oliver_hosts=parse_hosts("shop.example"),
        oliver_folders=("/srv/app",),
    )

    agent = roster(sources)["oliver"]

    assert isinstance(agent, Oliver)
    assert (agent.hosts, agent.folders) == ((SHOP,), ("/srv/app",))
    assert "canary" not in repr(agent)


def made(*severities: Severity) -> Report:
    """Give the report on findings of these severities."""
    observer = Observer(topic="x", now=TUESDAY, source="test")
    findings = tuple(
        observer.finding(str(at), "x", severity, f"text {at}")
        for at, severity in enumerate(severities)
    )
    inspection = Inspection(looked_at="1 host", findings=findings)
    return tell("Security", [Looked(area=Area.HEADERS, inspection=inspection)], [], ["a limit."])


def test_the_headline_fits_a_phone() -> None:
    """Counts alone, the worst first, and never green over an unknown."""
    ok, bad, look, unknown = Severity.OK, Severity.CRITICAL, Severity.WARNING, Severity.UNKNOWN

    assert made(ok, ok).headline == "Security: all 2 checks passed"
    assert made(ok).headline == "Security: 1 check passed"
    assert made(ok, unknown).headline == "Security: 1 check passed, 1 not checked"
    assert made(unknown).headline == "Security: nothing could be checked"
    worst = made(*[bad] * 99, *[look] * 9999, *[unknown] * 99)
    assert worst.headline == "Security: 99 critical, 9,999 to look at, 99 not checked"
    assert len(worst.headline) <= 60


def test_the_lines_name_the_worst_and_count_the_rest() -> None:
    """Two findings, and what is left for the details."""
    assert made(Severity.OK, Severity.WARNING, Severity.CRITICAL).lines == (
        "text 2",
        "text 1",
        "Not checked: a limit.",
    )
    assert made(*[Severity.WARNING] * 5).lines[2] == "3 more in the details."
    assert made(Severity.UNKNOWN).lines == ("Not checked: text 0 1 more in the details.",)


@pytest.mark.parametrize(
    ("prompt", "hosts", "refused"),
    [
        ("check shop.example", (SHOP,), ()),
        ("check SHOP.example.", (SHOP,), ()),
        ("check <https://shop.example|shop.example>", (SHOP,), ()),
        ("check https://shop.example/login?x=1", (SHOP,), ()),
        ("check shop.example:8443", (), ("shop.example:8443",)),
        ("check api.example:8443 and shop.example", (API, SHOP), ()),
        ("check http://shop.example", (), ("http://shop.example",)),
        ("check 169.254.169.254", (), ("169.254.169.254",)),
        ("check [::1]:8080", (), ("[::1]:8080",)),
        ("check localhost:22", (), ("localhost:22",)),
        ("check config.yaml at 08:00, e.g. v1.2 by bob@shop.example", (), ()),
    ],
)
def test_a_prompt_chooses_among_the_hosts(
    prompt: str, hosts: tuple[Host, ...], refused: tuple[str, ...]
) -> None:
    """A host is chosen if it is one of those set, with its port where one is said."""
    asked = named(prompt, (SHOP, API), ("/srv/app",))

    assert (asked.hosts, asked.refused_hosts) == (hosts, refused)


def test_a_prompt_chooses_among_the_folders() -> None:
    """A folder is one of those set, or none; no way leads out of it."""
    asked = named("secrets in /srv/app/, /srv/app/../.. and ~/x", (), ("/srv/app", "/srv/b"))

    assert asked.folders == ("/srv/app",)
    assert asked.refused_folders == ("/srv/app/../", "~/x")


@pytest.mark.parametrize(
    "text",
    [
        "ftp://shop.example",
        "https://bob:canary@shop.example",
        "a b",
        "shop.example:99999",
        "http://",
    ],
)
def test_what_is_no_host_is_not_taken(text: str) -> None:
    """A list with a mistake in it stops the start."""
    with pytest.raises(ValueError, match=r".*"):
        parse_hosts(f"shop.example, {text}")


def test_a_list_of_hosts_is_read() -> None:
    """Names, ports, addresses and whole addresses; twice the same is once."""
    hosts = parse_hosts("Shop.example, shop.example,http://127.0.0.1:8080/x, [::1]:8443")

    assert [it.url for it in hosts] == [
        "https://shop.example:443/",
        "http://127.0.0.1:8080/x",
        "https://[::1]:8443/",
    ]
    assert [it.shown for it in hosts] == ["shop.example", "127.0.0.1:8080", "[::1]:8443"]
