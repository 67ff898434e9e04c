"""Kai lists what a cluster has and no more: he finds what is wrong and names what he can't see."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scheduler.agents import Sources, cluster_asked, cluster_report, kai, roster
from scheduler.agents.kai import Kai
from scheduler.agents.tools import cluster, cluster_review
from scheduler.agents.tools.cluster_objects import likely_owner, quantity
from scheduler.agents.tools.cluster_scope import Access, ClusterLook, Kind, Scope
from scheduler.errors import NotConnected, Temporary
from scheduler.reports import compare
from storage.records import Finding, Report, Severity
from tests.scheduler.agents import cluster as api
from tests.scheduler.agents.briefs import TUESDAY, brief
from tests.scheduler.agents.cluster import ApiServer, ago, clean, ended, faulty, serving
from tests.scheduler.agents.servers import Authority

CRITICAL, WARNING, INFO = Severity.CRITICAL, Severity.WARNING, Severity.INFO
PHONE = 60  # characters of a headline that stay in one line
PLANTED = {
    "node_ready:node/worker-3": CRITICAL,
    "node_diskpressure:node/worker-4": WARNING,
    "node_cordoned:node/worker-5": WARNING,
    "crash:shop/deployment/checkout": CRITICAL,
    "image:shop/deployment/cart": CRITICAL,
    "start:shop/deployment/mail": CRITICAL,
    "memory:shop/deployment/search": WARNING,
    "restarts:shop/deployment/feed": WARNING,
    "pending:shop/deployment/report": WARNING,
    "failed:shop/deployment/batch": WARNING,
    "lost:shop/deployment/lonely": WARNING,
    "unready:shop/deployment/slow": WARNING,
    "ending:shop/deployment/old": WARNING,
    "replicas:shop/deployment/checkout": CRITICAL,
    "replicas:shop/deployment/cart": WARNING,
    "replicas:shop/statefulset/queue": WARNING,
    "replicas:shop/daemonset/agent": WARNING,
    "job_failed:shop/cronjob/backup": WARNING,
    "job_failed:shop/job/migrate": WARNING,
    "cronjob_late:shop/cronjob/reindex": WARNING,
    "cronjob_suspended:shop/cronjob/cleanup": INFO,
    "claim:shop/persistentvolumeclaim/uploads": WARNING,
    "claim:shop/persistentvolumeclaim/gone": CRITICAL,
    "event_failedcreate:shop/deployment/web": WARNING,
    "event_backoff:shop/deployment/ghost": WARNING,
    "latest_image:containers": INFO,
    "no_memory_limit:containers": INFO,
}


@pytest.fixture
def server() -> Iterator[ApiServer]:
    """Serve an empty cluster."""
    with serving(ApiServer()) as running:
        yield running


def access(
    server: ApiServer, folder: Path, *, context: str = "admin@prod", token: str = api.TOKEN
) -> Access:
    """Reach the server by a kubeconfig."""
    written = server.kubeconfig(folder, context=context, token=token)
    return Access(kubeconfig=written, scratch=str(folder), answer_s=20)


def look(
    reached: Access,
    prompt: str = "",
    *,
    before: Report | None = None,
    allowed: tuple[str, ...] = (),
) -> Report:
    """Look as Kai does, in this process, where the client need not be loaded again."""
    scope = cluster_asked.read(prompt, allowed)
    return cluster_report.tell(cluster_review.look(reached, scope, TUESDAY), prompt, before)


def by_key(report: Report) -> dict[str, Finding]:
    """Give the findings by what their keys end with."""
    return {finding.key.removeprefix("kubernetes."): finding for finding in report.findings}


async def test_every_planted_fault_is_found(server: ApiServer, tmp_path: Path) -> None:
    """Each fault has its severity, its own sentence, and a key without a pod's name."""
    faulty(server).page = 3
    report = await Kai(access=access(server, tmp_path)).work(brief())

    found = by_key(report)
    assert {key: it.severity for key, it in found.items() if it.severity is not Severity.OK} == (
        PLANTED
    )
    assert report.headline == "prod: 5 critical, 17 to look at"
    assert (
        report.lines[0] == "Node worker-3 has not been ready for 25 min: container runtime is down."
    )
    assert report.lines[1].startswith("shop/checkout keeps crashing (2 of 2 pods): container app")
    assert report.lines[2] == "20 more in the details."
    assert found["image:shop/deployment/cart"].text.endswith("there is no such image).")
    assert "256Mi (OOMKilled) 2 h ago" in found["memory:shop/deployment/search"].text
    assert "5 Insufficient cpu" in found["pending:shop/deployment/report"].text
    assert "exceeded quota" in found["event_failedcreate:shop/deployment/web"].text
    crash = found["crash:shop/deployment/checkout"]
    assert (crash.value, crash.unit, crash.observed_at) == (2, "pods", TUESDAY)
    assert crash.source == "Kubernetes API v1.34.1, read-only"
    assert {method for method, _ in server.asked} == {"GET"}
    assert not any("secrets" in path for _, path in server.asked)


def test_a_sound_cluster_is_in_order(server: ApiServer, tmp_path: Path) -> None:
    """Nothing is found where nothing is wrong, and what was seen is counted."""
    clean(server)
    report = look(access(server, tmp_path), "review the cluster")

    assert report.headline == "prod: all in order, 4 pods on 2 nodes"
    assert {it.severity for it in report.findings} == {Severity.OK}
    assert (report.lines, report.unknowns) == ((), ())
    assert ("Pods", "4", "in order") in report.sections[0].rows


def test_a_kind_that_may_not_be_listed_is_unknown(server: ApiServer, tmp_path: Path) -> None:
    """403 on nodes is named with the right that is missing; the rest is checked, nothing green."""
    clean(server).forbidden.add("nodes")
    report = look(access(server, tmp_path))

    assert report.headline == "prod: no fault seen, 1 not checked"
    assert by_key(report)["unread:nodes"].severity is Severity.UNKNOWN
    assert report.lines[0] == (
        "Not checked: Nodes, and so the room for pods: my user lacks the right to list nodes, "
        "which the ClusterRole `view` does not hold."
    )
    assert by_key(report)["fine:pods"].value == 4


def test_what_cant_be_seen_again_is_not_resolved(server: ApiServer, tmp_path: Path) -> None:
    """A fault of the last report stays, as not seen, where its kind can't be listed now."""
    server.add("nodes", api.node("worker-3", Ready="False"))
    before = look(access(server, tmp_path))
    server.forbidden.add("nodes")
    after = look(access(server, tmp_path), before=before)
    again = look(access(server, tmp_path), before=after)

    assert compare(before, after).resolved == ()
    assert by_key(after)["node_ready:node/worker-3"].severity is Severity.UNKNOWN
    assert again.findings == after.findings


def test_keys_stay_when_pods_come_and_go(server: ApiServer, tmp_path: Path) -> None:
    """Another pod of the same deployment with the same fault is neither new nor resolved."""
    crash = api.waiting("web", "CrashLoopBackOff")
    server.add("pods", ended(crash, restarts=9, code=1, minutes=2))
    before = look(access(server, tmp_path))
    other = api.waiting("web", "CrashLoopBackOff", number=5)
    server.objects["pods"] = [ended(other, restarts=30, code=1, minutes=1)]
    changes = compare(before, look(access(server, tmp_path)))

    assert (changes.new, changes.changed, changes.resolved) == ((), (), ())


@pytest.mark.parametrize(
    "prompt",
    [
        "check pods in namespace payments",
        "check pods in the payments namespace",
        "check the pods in payments",
        "kubectl get pods -n payments",
    ],
)
def test_a_namespace_narrows_the_look(server: ApiServer, tmp_path: Path, prompt: str) -> None:
    """A namespace of the prompt is all that is asked for, and the headline says so."""
    faulty(server)
    report = look(access(server, tmp_path), prompt)

    assert report.headline == "prod/payments: all in order, 1 pod"
    assert ("GET", "/api/v1/namespaces/payments/pods") in server.asked
    assert ("GET", "/api/v1/pods") not in server.asked


def test_a_workload_narrows_the_look(server: ApiServer, tmp_path: Path) -> None:
    """A deployment of the prompt is all that is told, also where a pod of it is named."""
    faulty(server)
    for prompt in ("deployment checkout in shop", "pod checkout-6d4f9c7b8-cx2lz in namespace shop"):
        report = look(access(server, tmp_path), prompt)
        assert report.headline == "checkout in prod/shop: 1 critical"
        assert {it.resource for it in report.findings if it.severity is not Severity.OK} == {
            "shop/deployment/checkout"
        }


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("check namespace paymnts", "no namespace paymnts in this cluster. Did you mean payments?"),
        ("check deployment chekout", "no workload chekout in this cluster. Did you mean checkout?"),
    ],
)
def test_an_unknown_name_is_said(server: ApiServer, tmp_path: Path, prompt: str, said: str) -> None:
    """What is not there is named, with the nearest that is, and nothing is called in order."""
    faulty(server)
    report = look(access(server, tmp_path), prompt)

    assert report.headline == "prod: nothing could be checked"
    assert said in report.lines[0]


def test_the_settings_narrow_what_a_prompt_may_name(server: ApiServer, tmp_path: Path) -> None:
    """Only the namespaces of the settings are looked at; another one is refused by name."""
    faulty(server)
    report = look(access(server, tmp_path), "namespaces payments, shop", allowed=("payments",))

    assert report.headline == "prod/payments: no fault seen, 1 not checked"
    assert "shop is not in CHATCRON_KUBE_NAMESPACES" in report.lines[0]
    assert not any("/shop/" in path or path.endswith("v1/pods") for _, path in server.asked)


def test_an_empty_cluster_is_not_called_in_order(server: ApiServer, tmp_path: Path) -> None:
    """Where nothing runs, the headline says that, and not that all is well."""
    server.add("namespaces", {"metadata": api.meta("shop")})
    assert look(access(server, tmp_path), "namespace shop").headline == (
        "prod/shop: nothing is there"
    )


def test_very_many_objects_are_capped(
    server: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Past the cap a kind is told as not wholly seen, and many findings are counted."""
    monkeypatch.setattr(cluster, "MOST", 50)
    server.add("deployments", *(api.workload(f"d{it}", 2, 1) for it in range(60)))
    report = look(access(server, tmp_path))

    assert "only the first 50 were looked at" in by_key(report)["unread:deployments"].text
    more = by_key(report)["more:deployments"]
    assert (more.value, more.severity) == (10, WARNING)
    assert len(report.findings) == 42
    assert report.headline == "prod: 50 to look at, 1 not checked"


def test_a_list_that_expires_goes_on(server: ApiServer, tmp_path: Path) -> None:
    """410 in the middle of a list is followed with the token it gives."""
    clean(server).page = 1
    server.expiring.add("pods")
    assert look(access(server, tmp_path)).headline == "prod: all in order, 4 pods on 2 nodes"


def test_nodes_that_are_full_are_told(server: ApiServer, tmp_path: Path) -> None:
    """What pods ask for is held against what ready nodes that take pods have."""
    server.add("nodes", api.node("worker-1"), api.node("worker-2", cordoned=True))
    hungry = api.pod("web")
    hungry["spec"]["containers"][0]["resources"]["requests"] = {"cpu": "3700m", "memory": "1Gi"}
    server.add("pods", hungry)
    found = by_key(look(access(server, tmp_path)))

    assert found["room_cpu:cluster"].severity is WARNING
    assert found["room_cpu:cluster"].text.startswith("CPU: pods ask for 3.7 of 4.0 cores (92 %)")
    assert (found["room_memory:cluster"].value, found["room_memory:cluster"].unit) == (6.2, "%")


def test_what_is_over_or_only_begins_is_no_alarm(server: ApiServer, tmp_path: Path) -> None:
    """A young pod, one restart, a rollout, a later success, old failures: nothing to look at."""
    young = api.unplaced("report", "0/5 nodes are available")
    young["metadata"]["creationTimestamp"] = ago(minutes=3)
    rolling = api.workload("web", 4, 3)
    moved = {"type": "Progressing", "reason": "ReplicaSetUpdated", "lastUpdateTime": ago(minutes=1)}
    rolling["status"]["conditions"].append(moved)
    old = api.pod("batch")
    old["status"] = {"phase": "Failed", "reason": "Evicted", "startTime": ago(days=9)}
    server.add("pods", young, ended(api.pod("web"), restarts=1, code=1, minutes=4), old)
    server.add("deployments", rolling)
    server.add("jobs", api.job("backup-29551440", failed=True, cron_job="backup", hours=9))
    server.add("jobs", api.job("backup-29551500", failed=False, cron_job="backup", hours=1))
    server.add("jobs", api.job("migrate", failed=True, hours=24 * 20))
    found = look(access(server, tmp_path)).findings

    assert {it.severity for it in found if it.resource != "deployments"} == {INFO, Severity.OK}


def test_a_crash_between_two_restarts_is_a_crash(server: ApiServer, tmp_path: Path) -> None:
    """A container that happens to run just now, minutes after its ninth crash, keeps crashing."""
    server.add("pods", ended(api.pod("web"), restarts=9, code=1, minutes=2))
    assert "crash:shop/deployment/web" in by_key(look(access(server, tmp_path)))


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
