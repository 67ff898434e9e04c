"""A Kubernetes API on loopback, for Kai: lists in pages, refusals and silence as a real one's."""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.scheduler.agents.briefs import TUESDAY

Json = dict[str, Any]
TOKEN = "canary-token"
GROUPS = {
    "api/v1": ("nodes", "namespaces", "pods", "persistentvolumeclaims", "events", "secrets"),
    "apis/apps/v1": ("deployments", "statefulsets", "daemonsets"),
    "apis/batch/v1": ("jobs", "cronjobs"),
}


@dataclass(slots=True, kw_only=True)
class ApiServer:
    """What the API holds and how it behaves; `asked` is every request it got.

    `forbidden` kinds are answered with 403, `silent` ones (and "version") with nothing at all, and
    `expiring` ones lose their continue token once. `page` is the most that a page holds.
    """

    objects: dict[str, list[Json]] = field(default_factory=dict)
    forbidden: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    expiring: set[str] = field(default_factory=set)
    page: int = 500
    token: str = TOKEN
    tls: ssl.SSLContext | None = None
    port: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def add(self, plural: str, *items: Json) -> None:
        """Put objects into the cluster."""
        self.objects.setdefault(plural, []).extend(items)

    def answer(self, path: str, query: dict[str, list[str]], token: str) -> tuple[int, Json]:
        """Answer a GET as the API does."""
        if token.lower() != f"bearer {self.token}":
            return 401, status(401, "Unauthorized")
        if path == "/version":
            return 200, {"major": "1", "minor": "34", "gitVersion": "v1.34.1"}
        group, _, rest = path.strip("/").partition("/v1/")
        place, plural = rest.split("/")[1:] if rest.startswith("namespaces/") else ("", rest)
        if plural not in GROUPS.get(f"{group}/v1", ()):
            return 404, status(404, "the server could not find the requested resource")
        if plural in self.forbidden:
            user = 'User "system:serviceaccount:ops:chatcron"'
            return 403, status(
                403, f'{plural} is forbidden: {user} cannot list resource "{plural}"'
            )
        found = self.objects.get(plural, [])
        if place:
            found = [it for it in found if it["metadata"].get("namespace") == place]
        if query.get("fieldSelector") == ["type=Warning"]:
            found = [it for it in found if it.get("type") == "Warning"]
        return self._page(plural, found, query)

    def _page(
        self, plural: str, found: list[Json], query: dict[str, list[str]]
    ) -> tuple[int, Json]:
        start = int(query.get("continue", ["0"])[0])
        if start and plural in self.expiring:
            self.expiring.remove(plural)
            gone = status(410, "The provided continue parameter is too old")
            return 410, gone | {"metadata": {"continue": str(start)}}
        end = start + min(self.page, int(query.get("limit", [str(len(found))])[0]))
        more = {"continue": str(end)} if end < len(found) else {}
        items = found[start:end]
        return 200, {"kind": "List", "apiVersion": "v1", "metadata": more, "items": items}

    def kubeconfig(
        self,
        folder: Path,
        *,
        context: str = "admin@prod",
        token: str = TOKEN,
        trusted: bytes = b"",
    ) -> str:
        """Write a kubeconfig for this server, with the certificate it trusts; give its path."""
        scheme = "https" if self.tls else "http"
        reached = {
            "server": f"{scheme}://127.0.0.1:{self.port}",
            "certificate-authority-data": base64.b64encode(trusted).decode(),
        }
        written = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": context,
            "clusters": [{"name": "c", "cluster": reached}],
            "users": [{"name": "u", "user": {"token": token}}],
            "contexts": [{"name": context, "context": {"cluster": "c", "user": "u"}}],
        }
        path = folder / "kubeconfig"
        path.write_text(json.dumps(written))
        return str(path)


def _handler(server: ApiServer) -> type[BaseHTTPRequestHandler]:
    """Give what answers one connection."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:  # a client that was killed
                self.close_connection = True

        def parse_request(self) -> bool:
            is_good = super().parse_request()
            server.asked.append((self.command, urlsplit(self.path).path))
            return is_good

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path.rpartition("/")[2] in server.silent:
                server.is_over.wait()
                self.close_connection = True
                return
            token = self.headers.get("Authorization", "")
            code, answer = server.answer(url.path, parse_qs(url.query), token)
            body = json.dumps(answer).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name there
            """Say nothing."""

    return Handler


@contextmanager
def serving(server: ApiServer) -> Iterator[ApiServer]:
    """Serve on a free port of loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(server)) as listening:
        if server.tls:
            listening.socket = server.tls.wrap_socket(listening.socket, server_side=True)
        listening.daemon_threads = True
        listening.block_on_close = False
        server.port = listening.server_port
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.is_over.set()
            listening.shutdown()
            thread.join()


def status(code: int, message: str) -> Json:
    """Give the Status object of a refusal."""
    return {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code} | {
        "message": message
    }


def ago(**span: float) -> str:
    """Write a moment before the briefs' moment, as the API does."""
    return at(TUESDAY - timedelta(**span))


def at(moment: datetime) -> str:
    """Write a moment as the API does."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def meta(name: str, namespace: str = "", **more: object) -> Json:
    """Give the metadata of an object."""
    place = {"namespace": namespace} if namespace else {}
    return {"name": name, "creationTimestamp": ago(days=30)} | place | more


def node(name: str, *, cordoned: bool = False, **conditions: str) -> Json:
    """Give a node that is ready unless told otherwise."""
    states = {"Ready": "True", "MemoryPressure": "False", "DiskPressure": "False"} | conditions
    return {
        "metadata": meta(name),
        "spec": {"unschedulable": True} if cordoned else {},
        "status": {
            "allocatable": {"cpu": "4", "memory": "16Gi", "pods": "110"},
            "conditions": [
                {"type": kind, "status": state, "lastTransitionTime": ago(minutes=25)}
                | ({"message": "container runtime is down"} if kind == "Ready" else {})
                for kind, state in states.items()
            ],
        },
    }


def pod(owner: str, number: int = 1, *, namespace: str = "shop", kind: str = "ReplicaSet") -> Json:
    """Give a pod of a deployment (or other owner) that runs and is ready."""
    ending = f"-{'bcdfghjklm'[number]}x2lz"
    maker = f"{owner}-6d4f9c7b8" if kind == "ReplicaSet" else owner
    labels = {"pod-template-hash": "6d4f9c7b8"} if kind == "ReplicaSet" else {}
    owners = [{"kind": kind, "name": maker, "controller": True}]
    limits = {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}}
    return {
        "metadata": meta(
            f"{maker}{ending}", namespace, labels=labels, ownerReferences=owners if kind else []
        ),
        "spec": {
            "nodeName": "worker-1",
            "containers": [{"name": "app", "image": "registry/app:1.4.2", "resources": limits}],
        },
        "status": {
            "phase": "Running",
            "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": ago(days=2)}],
            "containerStatuses": [
                {
                    "name": "app",
                    "image": "registry/app:1.4.2",
                    "ready": True,
                    "restartCount": 0,
                    "state": {"running": {"startedAt": ago(days=2)}},
                }
            ],
        },
    }


def waiting(owner: str, reason: str, message: str = "", **more: Any) -> Json:
    """Give a pod whose container waits for a reason."""
    made = pod(owner, **more)
    made["status"]["containerStatuses"][0] |= {
        "ready": False,
        "state": {"waiting": {"reason": reason, "message": message}},
    }
    return made


def ended(made: Json, *, restarts: int, code: int, reason: str = "Error", **span: float) -> Json:
    """Let a pod's container have ended before, some time ago."""
    made["status"]["containerStatuses"][0] |= {
        "restartCount": restarts,
        "lastState": {
            "terminated": {"exitCode": code, "reason": reason, "finishedAt": ago(**span)}
        },
    }
    return made


def unplaced(owner: str, why: str, **more: Any) -> Json:
    """Give a pod that no node takes, three hours old."""
    made = pod(owner, **more)
    made["metadata"]["creationTimestamp"] = ago(hours=3)
    del made["spec"]["nodeName"]
    placed = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": why}
    made["status"] = {"phase": "Pending", "conditions": [placed]}
    return made


def workload(name: str, due: int, there: int, *, namespace: str = "shop", **more: Any) -> Json:
    """Give a deployment or stateful set with so many of its replicas."""
    state = "True" if there >= due else "False"
    since = {"type": "Available", "status": state, "lastTransitionTime": ago(hours=2)}
    return {
        "metadata": meta(name, namespace),
        "spec": {"replicas": due},
        "status": {"availableReplicas": there, "readyReplicas": there, "conditions": [since]}
        | more,
    }


def daemon(name: str, due: int, there: int, *, namespace: str = "shop") -> Json:
    """Give a daemon set with so many of its pods."""
    counts = {"desiredNumberScheduled": due, "numberAvailable": there}
    return {"metadata": meta(name, namespace), "spec": {}, "status": counts}


def job(name: str, *, failed: bool, cron_job: str = "", hours: float = 5, **more: Any) -> Json:
    """Give a Job that ended some hours ago."""
    owners = [{"kind": "CronJob", "name": cron_job, "controller": True}] if cron_job else []
    over = {"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded"}
    done = {"conditions": [over | {"lastTransitionTime": ago(hours=hours)}]}
    return {
        "metadata": meta(name, more.get("namespace", "shop"), ownerReferences=owners),
        "spec": {},
        "status": done if failed else {"completionTime": ago(hours=hours)},
    }


def cron_job(name: str, schedule: str, *, last: str, suspended: bool = False) -> Json:
    """Give a CronJob that last started at a moment."""
    return {
        "metadata": meta(name, "shop"),
        "spec": {"schedule": schedule, "suspend": suspended},
        "status": {"lastScheduleTime": last},
    }


def claim(name: str, phase: str) -> Json:
    """Give a volume claim."""
    spec = {"storageClassName": "fast"}
    return {"metadata": meta(name, "shop"), "spec": spec, "status": {"phase": phase}}


def event(about: Json, kind: str, reason: str, message: str, *, count: int = 1) -> Json:
    """Give a warning event of four minutes ago."""
    ref = about["metadata"]
    return {
        "metadata": meta(f"{ref['name']}.17a", ref.get("namespace", "default")),
        "involvedObject": {
            "kind": kind,
            "name": ref["name"],
            "namespace": ref.get("namespace", ""),
        },
        "type": "Warning",
        "reason": reason,
        "message": message,
        "count": count,
        "lastTimestamp": ago(minutes=4),
    }


def meta_of(name: str) -> Json:
    """Give an object of a name in the shop, of which nothing but that matters."""
    return {"metadata": meta(name, "shop")}
