"""A Kubernetes API, read with the official client: it lists, page by page, and can do nothing else.

Used by `tools.cluster_review`, in a child process. The client is an extra and imported when a
cluster is reached, never before. No address, token or server message leaves this file.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from scheduler.agents.tools.checkup import MIB
from scheduler.agents.tools.cluster_objects import Json, parts, text
from scheduler.agents.tools.cluster_scope import Access, Kind
from scheduler.agents.tools.inspection import listed, printable
from scheduler.errors import NotConnected, Temporary

if TYPE_CHECKING:
    from kubernetes.client import ApiClient, Configuration

PAGE = 500
MOST = 20_000
PAGE_BYTES = 64 * MIB
CONNECT_S = 5.0
WHOLE_S = 240.0
_PATHS = {
    Kind.NODES: "/api/v1",
    Kind.PODS: "/api/v1",
    Kind.CLAIMS: "/api/v1",
    Kind.EVENTS: "/api/v1",
    Kind.DEPLOYMENTS: "/apis/apps/v1",
    Kind.STATEFUL_SETS: "/apis/apps/v1",
    Kind.DAEMON_SETS: "/apis/apps/v1",
    Kind.JOBS: "/apis/batch/v1",
    Kind.CRON_JOBS: "/apis/batch/v1",
}
_CLUSTER_WIDE = frozenset({"nodes", "namespaces"})
_UNREADABLE = "My access to the cluster can't be used: a part of it is missing or can't be read."
_UNREADABLE_FIX = "Try the file that KUBECONFIG names with `kubectl get nodes`."
_REFUSED = "The cluster refused my credentials."
_REFUSED_FIX = (
    "Renew the user in the file that KUBECONFIG names. If it logs in with a program (aws, gcloud, "
    "kubelogin), that program must be installed beside me and work without a terminal."
)


class Unread(Exception):
    """A kind could not be listed, or not to its end; the message ends a sentence."""


def is_installed() -> bool:
    """Say whether the client is there, without importing it."""
    return importlib.util.find_spec("kubernetes") is not None


def has_account(access: Access) -> bool:
    """Say whether we run as a pod that was given a service account."""
    return bool(access.host and access.port) and Path(access.account, "token").is_file()


@contextmanager
def connected(access: Access) -> Iterator[Api]:
    """Give the API of a cluster; raises NotConnected for a configuration that can't be used."""
    from kubernetes.client import ApiClient, Configuration  # a second, and an extra

    configuration = Configuration()
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # the client logs what a log-in program prints
    try:
        name = _configure(configuration, access)
        configuration.retries = False
        with ApiClient(configuration) as client:
            try:
                yield Api(client, name, access.answer_s)
            finally:
                client.rest_client.pool_manager.clear()
    finally:
        logging.disable(before)


def _configure(configuration: Configuration, access: Access) -> str:
    """Fill in how the cluster is reached; give the name of the context, if there is one."""
    try:
        if access.kubeconfig is None:
            _read_account(configuration, access)
            return ""
        return _read_kubeconfig(configuration, access, access.kubeconfig)
    except NotConnected:
        raise
    except Exception:  # an edge: the loaders raise whatever a file they did not expect leads to
        raise NotConnected(_UNREADABLE, fix=_UNREADABLE_FIX) from None


def _read_account(configuration: Configuration, access: Access) -> None:
    from kubernetes.config.incluster_config import InClusterConfigLoader

    loader = InClusterConfigLoader(
        token_filename=str(Path(access.account, "token")),
        cert_filename=str(Path(access.account, "ca.crt")),
        environ={
            "KUBERNETES_SERVICE_HOST": access.host or "",
            "KUBERNETES_SERVICE_PORT": access.port or "",
        },
    )
    loader.load_and_set(configuration)


def _read_kubeconfig(configuration: Configuration, access: Access, paths: str) -> str:
    from kubernetes.config import kube_config

    merged = kube_config.KubeConfigMerger(paths).config.value
    names = [str(each["name"]) for each in merged["contexts"]]
    name = access.context or str(merged["current-context"])
    if name not in names:
        has = listed(names) or "none"
        raise NotConnected(
            f"The kubeconfig has no context {printable(name)}.",
            fix=f"Set CHATCRON_KUBE_CONTEXT to one of those it has ({has}).",
        )
    kube_config.load_kube_config(
        paths,
        name,
        client_configuration=configuration,
        persist_config=False,
        temp_file_path=access.scratch,
    )
    return name


class Api:
    """Lists what a cluster has. `name` is that of the context, empty within the cluster."""

    def __init__(self, client: ApiClient, name: str, answer_s: float) -> None:
        self._client = client
        self.name = name
        self._answer_s = answer_s
        self._until = time.monotonic() + WHOLE_S

    def version(self) -> str:
        """Ask who is there; raises Temporary or NotConnected where no API answers."""
        try:
            status, answer = self._get("/version")
        except Unread as failure:
            raise Temporary(
                f"The cluster's API can't be reached: {failure}.",
                fix="Check that the API server is up and that I may reach it from here.",
            ) from None
        if status >= 500 or status == 429:
            raise Temporary(f"The cluster's API answers with an error ({status}).")
        if status == 200 and not text(answer, "gitVersion"):
            raise NotConnected(
                "What answers at the kubeconfig's address is not a Kubernetes API.",
                fix="Correct the server of the cluster in the file that KUBECONFIG names.",
            )
        return text(answer, "gitVersion")

    def of(self, kind: Kind, namespaces: Sequence[str], selector: str = "") -> Iterator[Json]:
        """List a kind, in the given namespaces or in all; raises Unread where that ends early."""
        yield from self._of(_PATHS[kind], kind.value, namespaces, selector)

    def namespaces(self) -> frozenset[str]:
        """Give the names of all namespaces; raises Unread."""
        found = self._of("/api/v1", "namespaces", ())
        return frozenset(text(each, "metadata", "name") for each in found)

    def _of(
        self, path: str, plural: str, namespaces: Sequence[str], selector: str = ""
    ) -> Iterator[Json]:
        places = [""] if plural in _CLUSTER_WIDE or not namespaces else list(namespaces)
        count = 0
        for place in places:
            inside = f"/namespaces/{quote(place, safe='')}" if place else ""
            for page in self._pages(f"{path}{inside}/{plural}", plural, selector):
                for item in page:
                    if count >= MOST:
                        raise Unread(f"only the first {MOST:,} were looked at")
                    count += 1
                    yield item

    def _pages(self, path: str, plural: str, selector: str) -> Iterator[list[Json]]:
        query = {"limit": str(PAGE)} | ({"fieldSelector": selector} if selector else {})
        while True:
            status, answer = self._get(path, query)
            after = text(answer, "metadata", "continue")
            if status != 200 and not (status == 410 and after):  # 410: go on with what it gives
                raise Unread(_why(status, plural))
            if status == 200 and not text(answer, "kind").endswith("List"):
                raise Unread("the answer can't be read")
            yield parts(answer, "items")
            if not after:
                return
            query["continue"] = after

    def _get(self, path: str, query: dict[str, str] | None = None) -> tuple[int, Json]:
        """Ask once: the only request there is, and it is a GET."""
        from kubernetes.client.exceptions import ApiException
        from urllib3 import exceptions as broken

        if time.monotonic() > self._until:
            raise Unread(f"the whole look is limited to {WHOLE_S:g} s")
        request = self._client.param_serialize(
            "GET",
            path,
            header_params={"Accept": "application/json", "User-Agent": "chatcron-kai"},
            auth_settings=["BearerToken"],
        )
        url = f"{request[1]}?{urlencode(query)}" if query else request[1]
        try:
            answer = self._client.rest_client.request(
                "GET", url, headers=request[2], _request_timeout=(CONNECT_S, self._answer_s)
            )
            body = answer.response.read(PAGE_BYTES + 1)
            answer.response.release_conn()
        except (broken.HTTPError, ApiException, OSError) as error:
            raise Unread(self._trouble(error)) from None
        return int(answer.status), _read(int(answer.status), body)

    def _trouble(self, error: BaseException) -> str:
        """Say why there is no answer; never in the words of the exception, which hold addresses."""
        from kubernetes.client.exceptions import ApiException
        from urllib3 import exceptions as broken

        match error:
            case broken.NewConnectionError():
                return "nothing takes the connection"
            case broken.TimeoutError():
                return f"no answer within {self._answer_s:g} s"
            case broken.SSLError() | ApiException():
                return "its certificate is not the one that the configuration expects"
        return "the connection broke"


def _read(status: int, body: bytes) -> Json:
    """Read an answer; raises NotConnected where it says that we are nobody it knows."""
    if len(body) > PAGE_BYTES:
        raise Unread(f"one answer is over {PAGE_BYTES // MIB} MiB")
    try:
        read = json.loads(body)
    except ValueError:
        read = None
    answer: Json = read if isinstance(read, dict) else {}
    is_nobody = status == 403 and "system:anonymous" in text(answer, "message")
    if status == 401 or is_nobody:
        raise NotConnected(_REFUSED, fix=_REFUSED_FIX)
    return answer


def _why(status: int, plural: str) -> str:
    match status:
        case 403:
            held = "does not hold" if plural in _CLUSTER_WIDE else "holds"
            return f"my user lacks the right to list {plural}, which the ClusterRole `view` {held}"
        case 404:
            return "this cluster does not know them"
        case 410:
            return "the list changed too fast to be read to its end"
    return f"the API answered with an error ({status})"
