"""Kai lists what a cluster has and no more: he finds what is wrong and names what he can't see."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.agents import cluster_asked, cluster_report
from scheduler.agents.kai import Kai
from scheduler.agents.tools import cluster, cluster_review
from scheduler.agents.tools.cluster_scope import Access
from scheduler.reports import compare
from storage.reports import Finding, Report, Severity
from tests.scheduler.agents import cluster as api
from tests.scheduler.agents.briefs import TUESDAY, brief
from tests.scheduler.agents.cluster import ApiServer, ago, ended, serving
from tests.scheduler.agents.cluster_fills import clean, faulty

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
