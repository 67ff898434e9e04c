"""Security headers: what a web server tells browsers to guard against, and what it tells strangers.

Called by Oliver. One GET a page, without cookies, proxies or credentials; the body is not read, and
a redirect is followed only to the same host.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scheduler.agents.tools.hosts import PORTS, Host
from scheduler.agents.tools.inspection import Inspection, Observer, counted, listed, printable
from scheduler.agents.tools.reach import LIMIT_S, each, why
from storage.reports import Severity

if TYPE_CHECKING:
    import httpx

REDIRECTS = 3
HSTS_LEAST_S = 180 * 86_400
SOURCE = "HTTP answer"
NOT_WEB = frozenset({465, 636, 853, 990, 993, 995, 5061, 5671, 6697, 8883})
"""Ports where TLS is spoken, but not HTTP."""
_MAX_AGE = re.compile(r"max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_VERSION = re.compile(r"\d")
_LOOSE_REFERRER = frozenset({"unsafe-url", "no-referrer-when-downgrade"})

Verdict = tuple[str, Severity, str]
"""The check's name, what it came to, and the sentence after the host's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer: header names in lower case; each cookie as it was set, values and all."""

    url: str
    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...] = field(default=(), repr=False)
    elsewhere: str | None = None

    @property
    def is_https(self) -> bool:
        """Say whether it came over TLS."""
        return self.url.startswith("https://")


async def look(hosts: Sequence[Host], now: datetime) -> Inspection:
    """Look at the first page of each host, and at what its port 80 answers."""
    web = [host for host in hosts if host.port not in NOT_WEB]
    observer = Observer(topic="headers", now=now, source=SOURCE)
    looks = await each(web, _look)
    return Inspection(
        looked_at=counted(len(web), "site"),
        findings=tuple(
            observer.finding(name, host.shown, severity, _sentence(host, severity, text))
            for host, verdicts in zip(web, looks, strict=True)
            for name, severity, text in verdicts
        ),
    )


async def _look(host: Host) -> list[Verdict]:
    async with _client() as client:
        verdicts = await _page_of(client, host)
        if host.scheme != "https" or host.port != PORTS["https"]:
            return verdicts
        plain = await _plain(client, Host(name=host.name, port=PORTS["http"], scheme="http"))
    is_away = verdicts[0][1] is Severity.UNKNOWN and plain[1] is Severity.UNKNOWN
    return verdicts if is_away else [*verdicts, plain]


async def _page_of(client: httpx.AsyncClient, host: Host) -> list[Verdict]:
    import httpx

    try:
        page = await _get(client, host.url)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        return [("page", Severity.UNKNOWN, f"{why(error)}.")]
    if page.status >= 500:
        text = f"its headers, as it answered with an error ({page.status})."
        return [("page", Severity.UNKNOWN, text)]
    if page.elsewhere:
        return [*_transport(page), *_talk(page), _gone(page)]
    if not page.is_https:
        text = "answers in plain HTTP and does not send browsers to HTTPS."
        plain = [("plain", Severity.WARNING, text)]
        return [*plain, *judge(page)]
    return judge(page)


async def _plain(client: httpx.AsyncClient, host: Host) -> Verdict:
    """Say whether plain HTTP leads to HTTPS; a port where nobody listens is as good."""
    import httpx

    try:
        page = await _get(client, host.url, follow=False)
        target = urljoin(page.url, page.headers.get("location", ""))
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        reason = why(error)
        if reason == "nothing listens there":
            return "plain", Severity.OK, "does not answer in plain HTTP."
        return "plain", Severity.UNKNOWN, f"its port {host.port}, {reason}."
    if 300 <= page.status < 400 and target.startswith("https://"):
        return "plain", Severity.OK, "sends plain HTTP to HTTPS."
    return "plain", Severity.WARNING, "answers in plain HTTP and does not send browsers to HTTPS."


def _sentence(host: Host, severity: Severity, text: str) -> str:
    return f"{host.shown}{', ' if severity is Severity.UNKNOWN else ': '}{text}"


def _client() -> httpx.AsyncClient:
    import httpx

    context = ssl.create_default_context()
    context.check_hostname = False  # headers are read, nothing is sent: the certificate is a
    context.verify_mode = ssl.CERT_NONE  # check of its own, and must not hide what is wrong here
    return httpx.AsyncClient(
        verify=context,
        timeout=httpx.Timeout(LIMIT_S),
        trust_env=False,
        follow_redirects=False,
        headers={"user-agent": "Chatcron"},
    )


async def _get(client: httpx.AsyncClient, url: str, *, follow: bool = True) -> Page:
    """Get a page without its body, following redirects that stay on the host."""
    for _ in range(REDIRECTS + 1):
        async with asyncio.timeout(LIMIT_S), client.stream("GET", url) as answer:
            client.cookies.clear()
            page = Page(
                url=url,
                status=answer.status_code,
                headers={name.lower(): value for name, value in answer.headers.items()},
                cookies=tuple(answer.headers.get_list("set-cookie")),
            )
        target = _target(page)
        if target is None or not follow:
            return page
        if urlsplit(target).hostname != urlsplit(url).hostname:
            return _with_elsewhere(page, urlsplit(target).hostname or "another address")
        url = target
    return _with_elsewhere(page, "itself, over and over")


def _target(page: Page) -> str | None:
    location = page.headers.get("location")
    if not (300 <= page.status < 400 and location):
        return None
    target = urljoin(page.url, location)
    return target if target.startswith(("https://", "http://")) else None


def _with_elsewhere(page: Page, elsewhere: str) -> Page:
    return Page(
        url=page.url,
        status=page.status,
        headers=page.headers,
        cookies=page.cookies,
        elsewhere=elsewhere,
    )


def _gone(page: Page) -> Verdict:
    text = f"leads to {printable(page.elsewhere or '')}, which was not looked at."
    return "elsewhere", Severity.INFO, text


def judge(page: Page) -> list[Verdict]:
    """Say of each header whether it is as it should be."""
    return [*_transport(page), *_content(page), *_talk(page)]


def _transport(page: Page) -> Iterator[Verdict]:
    if not page.is_https:
        return
    told = page.headers.get("strict-transport-security")
    found = _MAX_AGE.search(told or "")
    if found is None:
        text = "does not tell browsers to stay on HTTPS (Strict-Transport-Security)."
        yield "hsts", Severity.WARNING, text
    elif int(found[1]) < HSTS_LEAST_S:
        days = int(found[1]) // 86_400
        text = f"tells browsers to stay on HTTPS for {counted(days, 'day')} only; 180 is usual."
        yield "hsts", Severity.WARNING, text
    else:
        yield "hsts", Severity.OK, "tells browsers to stay on HTTPS."


def _content(page: Page) -> Iterator[Verdict]:
    yield _framing(page)
    if page.headers.get("x-content-type-options", "").strip().lower() != "nosniff":
        text = "lets browsers guess file types (X-Content-Type-Options: nosniff is missing)."
        yield "nosniff", Severity.WARNING, text
    else:
        yield "nosniff", Severity.OK, "keeps browsers from guessing file types."
    policies = [part.strip().lower() for part in page.headers.get("referrer-policy", "").split(",")]
    if not policies[-1] or policies[-1] in _LOOSE_REFERRER:
        state = "is missing" if not policies[-1] else f"is {policies[-1]}"
        text = f"may tell other sites the pages people come from (Referrer-Policy {state})."
        yield "referrer", Severity.WARNING, text
    else:
        yield "referrer", Severity.OK, "keeps the pages people come from to itself."


def _framing(page: Page) -> Verdict:
    policy = page.headers.get("content-security-policy", "").lower()
    frames = page.headers.get("x-frame-options", "").strip().lower()
    is_guarded = "frame-ancestors" in policy or frames in ("deny", "sameorigin")
    if is_guarded and policy:
        return "framing", Severity.OK, "says what its pages may load and who may frame them."
    if is_guarded:
        text = "says who may frame its pages, but has no Content-Security-Policy."
        return "framing", Severity.INFO, text
    if policy:
        text = "has a Content-Security-Policy, but no frame-ancestors: others may frame it."
        return "framing", Severity.INFO, text
    text = "has no Content-Security-Policy, and any site may frame it (no X-Frame-Options)."
    return "framing", Severity.WARNING, text


def _talk(page: Page) -> Iterator[Verdict]:
    """Judge the cookies, by name only, and what the server says about itself."""
    crumbs = [_cookie(text) for text in page.cookies]
    bare = [name for name, flags in crumbs if "secure" not in flags]
    readable = [name for name, flags in crumbs if "httponly" not in flags]
    if bare:
        yield "cookie_secure", Severity.WARNING, f"sets cookies without Secure: {listed(bare)}."
    if readable:
        text = f"sets cookies that scripts can read (no HttpOnly): {listed(readable)}."
        yield "cookie_httponly", Severity.WARNING, text
    if crumbs and not (bare or readable):
        yield "cookies", Severity.OK, "sets cookies with Secure and HttpOnly."
    told = [page.headers.get(name, "") for name in ("server", "x-powered-by", "x-aspnet-version")]
    versions = [printable(it, limit=40) for it in told if _VERSION.search(it)]
    if versions:
        text = f"tells everybody the version of its software ({', '.join(versions)})."
        yield "version", Severity.WARNING, text
    else:
        yield "version", Severity.OK, "does not tell the version of its software."


def _cookie(text: str) -> tuple[str, frozenset[str]]:
    """Give a cookie's name and its flags; its value goes no further."""
    first, *rest = text.split(";")
    name = first.partition("=")[0].strip()
    return printable(name, limit=40), frozenset(part.strip().lower() for part in rest)
