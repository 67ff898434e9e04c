"""Two clusters to look at: one in order, and one with a fault of each kind."""

from __future__ import annotations

from tests.scheduler.agents.cluster import (
    ApiServer,
    ago,
    claim,
    cron_job,
    daemon,
    ended,
    event,
    job,
    meta,
    meta_of,
    node,
    pod,
    unplaced,
    waiting,
    workload,
)


def clean(server: ApiServer) -> ApiServer:
    """Fill a cluster in which nothing is wrong."""
    server.add("namespaces", *({"metadata": meta(it)} for it in ("shop", "payments")))
    server.add("nodes", node("worker-1"), node("worker-2"))
    server.add("pods", pod("web"), pod("web", 2), pod("db", kind="StatefulSet"))
    server.add("pods", pod("api", namespace="payments"))
    server.add("deployments", workload("web", 2, 2), workload("api", 1, 1, namespace="payments"))
    server.add("statefulsets", workload("db", 1, 1))
    server.add("daemonsets", daemon("logs", 2, 2))
    server.add("jobs", job("backup-29550000", failed=False, cron_job="backup"))
    server.add("cronjobs", cron_job("backup", "0 2 * * *", last=ago(hours=5)))
    server.add("persistentvolumeclaims", claim("data", "Bound"))
    quiet = event(pod("web"), "Pod", "Unhealthy", "Readiness probe failed", count=40)
    server.add("events", quiet | {"lastTimestamp": ago(hours=3)})
    server.add("events", quiet | {"type": "Normal", "reason": "Pulled"})
    return server


def faulty(server: ApiServer) -> ApiServer:
    """Fill a cluster with one fault of each kind."""
    clean(server)
    server.add("nodes", node("worker-3", Ready="False"), node("worker-4", DiskPressure="True"))
    server.add("nodes", node("worker-5", cordoned=True))
    crash = [waiting("checkout", "CrashLoopBackOff", number=it) for it in (1, 2)]
    server.add("pods", *(ended(it, restarts=214, code=1, minutes=3) for it in crash))
    pull = 'failed to pull image "registry/cart:2.0": not found'
    server.add("pods", waiting("cart", "ErrImagePull", pull), pod("cart", 2))
    missing = 'secret "mail-password" not found'
    server.add("pods", waiting("mail", "CreateContainerConfigError", missing))
    server.add("pods", ended(pod("search"), restarts=2, code=137, reason="OOMKilled", hours=2))
    server.add("pods", ended(pod("feed"), restarts=12, code=137, hours=3))
    server.add("pods", unplaced("report", "0/5 nodes are available: 5 Insufficient cpu."))
    evicted = pod("batch")
    evicted["status"] = {"phase": "Failed", "reason": "Evicted", "startTime": ago(hours=1)}
    lost = pod("lonely")
    lost["status"]["phase"] = "Unknown"
    unready = pod("slow")
    unready["status"]["conditions"][0] |= {"status": "False"}
    unready["status"]["containerStatuses"][0]["ready"] = False
    leaving = pod("old")
    leaving["metadata"]["deletionTimestamp"] = ago(hours=2)
    loose = pod("loose")
    loose["spec"]["containers"][0] |= {"image": "registry:5000/loose", "resources": {}}
    server.add("pods", evicted, lost, unready, leaving, loose)
    _short_of_what_is_due(server)
    quota = 'pods "web-6d4f9c7b8-" is forbidden: exceeded quota'
    gone = pod("ghost")
    server.add("events", event(meta_of("web-6d4f9c7b8"), "ReplicaSet", "FailedCreate", quota))
    server.add("events", event(gone, "Pod", "BackOff", "Back-off restarting", count=9))
    server.add("events", event(crash[0], "Pod", "BackOff", "Back-off restarting", count=700))
    return server


def _short_of_what_is_due(server: ApiServer) -> None:
    server.add("deployments", workload("checkout", 2, 0), workload("cart", 2, 1))
    server.add("statefulsets", workload("queue", 3, 2))
    server.add("daemonsets", daemon("agent", 5, 4))
    server.add("jobs", job("backup-29551440", failed=True, cron_job="backup", hours=2))
    server.add("jobs", job("migrate", failed=True))
    server.add("cronjobs", cron_job("reindex", "*/15 * * * *", last=ago(days=2)))
    server.add("cronjobs", cron_job("cleanup", "0 3 * * *", last=ago(days=60), suspended=True))
    server.add("persistentvolumeclaims", claim("uploads", "Pending"), claim("gone", "Lost"))
    using = {"persistentVolumeClaim": {"claimName": "uploads"}}
    server.objects["pods"][0]["spec"]["volumes"] = [using]
