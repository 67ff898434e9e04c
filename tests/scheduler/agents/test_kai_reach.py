"""How Kai reaches a cluster, reads a prompt, and what becomes of one he can't reach or read."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scheduler.agents import Sources, cluster_asked, kai, roster
from scheduler.agents.kai import Kai
from scheduler.agents.tools import cluster
from scheduler.agents.tools.cluster_objects import likely_owner, quantity
from scheduler.agents.tools.cluster_scope import Access, ClusterLook, Kind, Scope
from scheduler.errors import NotConnected, Temporary
from tests.scheduler.agents import cluster as api
from tests.scheduler.agents.briefs import brief
from tests.scheduler.agents.cluster import ApiServer, serving
from tests.scheduler.agents.cluster_fills import clean, faulty
from tests.scheduler.agents.servers import Authority
from tests.scheduler.agents.test_kai import PHONE, access, by_key, look, server

__all__ = ["server"]


def test_an_api_that_is_away_is_temporary(server: ApiServer, tmp_path: Path) -> None:
    """No API at the address: another try may help, and the address is not told."""
    reached = access(server, tmp_path)
    server.port = 1
    away = replace(reached, kubeconfig=server.kubeconfig(tmp_path))
    with pytest.raises(
        Temporary, match="can't be reached: nothing takes the connection"
    ) as failure:
        look(away)
    assert "127.0.0.1" not in str(failure.value)


def test_an_api_that_hangs_is_temporary(server: ApiServer, tmp_path: Path) -> None:
    """An API that takes the connection and says nothing is given up at the limit."""
    server.silent.add("version")
    with pytest.raises(Temporary, match=r"no answer within 0\.2 s"):
        look(replace(access(server, tmp_path), answer_s=0.2))


def test_a_kind_that_hangs_is_unknown(server: ApiServer, tmp_path: Path) -> None:
    """A list that does not come is named, and the others are read."""
    clean(server).silent.add("deployments")
    report = look(replace(access(server, tmp_path), answer_s=3))

    assert report.headline == "prod: no fault seen, 1 not checked"
    assert by_key(report)["unread:deployments"].text == "Deployments: no answer within 3 s."


async def test_a_look_without_end_is_killed(server: ApiServer, tmp_path: Path) -> None:
    """The whole look ends at its limit, whatever the API does."""
    server.silent.add("version")
    reached = replace(access(server, tmp_path), answer_s=3600)
    with pytest.raises(Temporary, match="not done within 2 s"):
        await Kai(access=reached, limit_s=2).work(brief())
    assert not server.is_over.is_set()


def test_a_token_that_is_refused_is_not_connected(server: ApiServer, tmp_path: Path) -> None:
    """401 says what to renew, and the token stands nowhere."""
    with pytest.raises(NotConnected, match="refused my credentials") as refusal:
        look(access(server, tmp_path, token="canary-old"))
    assert "canary" not in str(refusal.value) + refusal.value.fix


def test_what_is_not_kubernetes_is_told(
    server: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A web server that answers anything is not taken for an API."""
    monkeypatch.setattr(ApiServer, "answer", lambda *_: (200, {"hello": "world"}))
    with pytest.raises(NotConnected, match="not a Kubernetes API"):
        look(access(server, tmp_path))


def test_a_context_that_is_not_there_is_named(server: ApiServer, tmp_path: Path) -> None:
    """The contexts that there are stand in the way out."""
    with pytest.raises(NotConnected, match="no context test") as refusal:
        look(replace(access(server, tmp_path), context="test"))
    assert "admin@prod" in refusal.value.fix


@pytest.mark.parametrize("content", ["", "a: [", "clusters: 3", "[]", "contexts: []"])
def test_a_broken_kubeconfig_is_told(tmp_path: Path, content: str) -> None:
    """Whatever is wrong with the file, the refusal is a sentence."""
    (tmp_path / "kubeconfig").write_text(content)
    with pytest.raises(NotConnected, match="can't be used"):
        look(Access(kubeconfig=str(tmp_path / "kubeconfig")))


def test_a_pod_of_the_cluster_uses_its_account(tmp_path: Path) -> None:
    """Without a kubeconfig, the service account's token and authority are used, over TLS."""
    authority = Authority(folder=tmp_path, now=datetime.now(UTC))
    (tmp_path / "token").write_text(api.TOKEN)
    (tmp_path / "ca.crt").write_bytes(authority.file.read_bytes())
    with serving(clean(ApiServer(tls=authority.context()))) as server:
        inside = Access(host="127.0.0.1", port=str(server.port), account=str(tmp_path))
        assert Kai(access=inside).missing() is None
        assert look(inside).headline == "The cluster: all in order, 4 pods on 2 nodes"


def test_a_stranger_with_the_address_gets_no_token(tmp_path: Path) -> None:
    """A server whose certificate another authority signed is not asked for anything."""
    authority = Authority(folder=tmp_path, now=datetime.now(UTC))
    other = Authority(folder=tmp_path, now=datetime.now(UTC), name="Other")
    with serving(ApiServer(tls=other.context())) as server:
        written = server.kubeconfig(tmp_path, trusted=authority.file.read_bytes())
        with pytest.raises(Temporary, match="its certificate is not the one"):
            look(Access(kubeconfig=written, scratch=str(tmp_path)))
        assert server.asked == []


async def test_nothing_stays_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the client writes down for a look, certificates and keys, is gone after it."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    authority = Authority(folder=tmp_path, now=datetime.now(UTC))
    with serving(clean(ApiServer(tls=authority.context()))) as server:
        written = server.kubeconfig(tmp_path, trusted=authority.file.read_bytes())
        report = await Kai(access=Access(kubeconfig=written)).work(brief("review the cluster"))

    assert report.headline == "prod: all in order, 4 pods on 2 nodes"
    assert list((tmp_path / "scratch").iterdir()) == []


def test_kai_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No kubeconfig, no file, no client: each has its sentence and its way out."""

    def missing(kubeconfig: str | None) -> str:
        sources = Sources(database_url="sqlite:////nowhere/x.db", kubeconfig=kubeconfig)
        return str(roster(sources)["kai"].missing())

    written = tmp_path / "kubeconfig"
    written.write_text("x")
    assert "no kubeconfig is set. Set KUBECONFIG" in missing(None)
    assert "is not there. Correct KUBECONFIG" in missing(str(tmp_path / "none"))
    assert missing(f"{tmp_path}/none:{written}") == "None"
    monkeypatch.setattr(cluster, "is_installed", lambda: False)
    assert "pip install 'chatcron[kubernetes]'" in missing(str(written))


def test_hostile_names_stay_text(server: ApiServer, tmp_path: Path) -> None:
    """Line breaks and endless messages of the cluster do not get into a report's lines."""
    noisy = api.waiting("web", "CreateContainerError", "a\nb\x1b[31m" + "x" * 5000)
    server.add("pods", noisy)
    text = by_key(look(access(server, tmp_path)))["start:shop/deployment/web"].text

    assert text.isprintable()
    assert len(text) < 300


@pytest.mark.parametrize(
    ("prompt", "asked", "names", "guessed"),
    [
        ("Review the cluster: nodes, pods that crash, deployments short of replicas", (), (), ()),
        ("namespaces shop, payments and web", ("shop", "payments"), (), ("web",)),
        ("each namespace, and the deployment status", (), (), ()),
        ("deploy/web in namespace `shop`", ("shop",), ("web",), ()),
        ("check all namespaces", (), (), ()),
        ("is anything wrong in production?", (), (), ("production",)),
        ("which pods restarted in the last hour", (), (), ()),
    ],
)
def test_a_prompt_is_read_for_its_names(
    prompt: str, asked: tuple[str, ...], names: tuple[str, ...], guessed: tuple[str, ...]
) -> None:
    """Names are found beside the words for what they name; other words are none."""
    scope = cluster_asked.read(prompt)
    assert (scope.asked, scope.names) == (asked, names)
    assert scope.guessed == guessed


def test_a_prompt_may_ask_for_a_part_and_a_limit() -> None:
    """Kinds that are named are looked at alone; a number of restarts is the limit."""
    assert cluster_asked.read("are all nodes ready?").kinds == frozenset()
    assert cluster_asked.read("are the nodes ready?").kinds == {Kind.NODES}
    assert cluster_asked.read("failed jobs").kinds == {Kind.JOBS, Kind.CRON_JOBS}
    assert cluster_asked.read("pods with more than 10 restarts").restarts == 11
    assert cluster_asked.read("pods that restarted at least 3 times").restarts == 3


def test_what_is_out_of_reach_is_named(server: ApiServer, tmp_path: Path) -> None:
    """A prompt that asks for logs and CPU usage hears that they were not looked at."""
    clean(server)
    report = look(access(server, tmp_path), "check the cluster, its logs and cpu usage")
    assert [it.split(":")[0] for it in report.unknowns] == [
        "I did not check logs",
        "I did not check use of CPU, memory and disk",
    ]


@pytest.mark.parametrize(
    ("context", "shown"),
    [
        ("arn:aws:eks:eu-west-1:123456789012:cluster/prod", "prod"),
        ("gke_project_europe-west1-b_shop", "shop"),
        ("kubernetes-admin@a-cluster-with-a-name-of-great-length", "a-cluster-with-a-…"),
    ],
)
def test_the_headline_fits_a_phone(
    server: ApiServer, tmp_path: Path, context: str, shown: str
) -> None:
    """A cluster is called what people call it, within one line."""
    faulty(server).forbidden.add("events")
    report = look(access(server, tmp_path, context=context))

    assert report.headline == f"{shown}: 5 critical, 15 to look at, 1 not checked"
    assert len(report.headline) <= PHONE


@pytest.mark.parametrize(
    ("written", "amount"),
    [("250m", 0.25), ("2", 2), ("1.5Gi", 1.5 * 2**30), ("1e3", 1000), ("129M", 129e6), ("x", 0)],
)
def test_quantities_are_read(written: str, amount: float) -> None:
    """Amounts are read in the units that Kubernetes writes them in."""
    assert quantity(written) == pytest.approx(amount)


@pytest.mark.parametrize(
    ("pod", "owner"),
    [
        ("web-6d4f9c7b8-x2lz5", "web"),
        ("backup-29551440-x2lz5", "backup"),
        ("agent-x2lz5", "agent"),
        ("db-0", "db-0"),
    ],
)
def test_a_pod_that_is_gone_is_read_back_to_its_owner(pod: str, owner: str) -> None:
    """The endings that Kubernetes gives to names are taken off."""
    assert likely_owner("shop", pod).name == owner


async def test_a_model_may_look_at_a_part(
    server: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tools take names and nothing else, and look as Kai does."""

    async def here(
        looks: Callable[[Access, Scope, datetime], ClusterLook],
        reached: Access,
        scope: Scope,
        as_of: datetime,
        *,
        limit_s: float,
    ) -> ClusterLook:
        return looks(reached, scope, as_of)

    monkeypatch.setattr(kai, "in_child", here)  # the client need not be loaded again
    faulty(server)
    tools = {it.name: it for it in Kai(access=access(server, tmp_path)).tools(brief())}
    report = await tools["look_at_workload"].call({"namespace": "shop", "name": "checkout"})
    assert report.headline == "checkout in prod/shop: 1 critical"


def test_no_thread_is_left(server: ApiServer, tmp_path: Path) -> None:
    """A look in this process leaves no thread behind it but the server's."""
    clean(server)
    before = threading.active_count()
    look(access(server, tmp_path))
    assert threading.active_count() <= before + 1
