"""The settings that decide what the agents look at; part of `bot.settings.Settings`."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, Field, SecretStr, field_validator


class SourceSettings(BaseModel):
    """Where each agent finds its data."""

    sample_data: bool = Field(
        False, alias="CHATCRON_SAMPLE_DATA", description="1 for labelled sample data, 0 for none"
    )
    billing: str | None = Field(
        None,
        alias="CHATCRON_BILLING",
        description="a file, folder or pattern of FOCUS billing files, CSV or Parquet",
    )
    tony_database_url: SecretStr | None = Field(
        None,
        alias="CHATCRON_TONY_DATABASE_URL",
        description="the database Tony checks, sqlite:/// or postgresql://",
    )
    oliver_hosts: str | None = Field(
        None,
        alias="CHATCRON_OLIVER_HOSTS",
        description="hosts, hosts with a port or http(s) addresses, with commas between them",
    )
    oliver_folders: str | None = Field(
        None,
        alias="CHATCRON_OLIVER_FOLDERS",
        description="whole paths of folders, with commas between them",
    )
    kubeconfig: str | None = Field(None, alias="KUBECONFIG", description="a path")
    kube_context: str | None = Field(
        None, alias="CHATCRON_KUBE_CONTEXT", description="the name of a context of the kubeconfig"
    )
    kube_namespaces: str | None = Field(
        None,
        alias="CHATCRON_KUBE_NAMESPACES",
        pattern=r"^[a-z0-9-]+(\s*,\s*[a-z0-9-]+)*$",
        description="names of namespaces, with commas between them",
    )
    kube_host: str | None = Field(
        None, alias="KUBERNETES_SERVICE_HOST", description="an address, which Kubernetes sets"
    )
    kube_port: str | None = Field(
        None, alias="KUBERNETES_SERVICE_PORT", description="a port, which Kubernetes sets"
    )

    @field_validator("oliver_hosts")
    @classmethod
    def _are_hosts(cls, value: str | None) -> str | None:
        from scheduler.agents.tools.hosts import parse_hosts  # loads all the agents

        parse_hosts(value or "")
        return value

    @field_validator("oliver_folders")
    @classmethod
    def _are_paths(cls, value: str | None) -> str | None:
        from scheduler.agents.tools.hosts import split_list  # loads all the agents

        if any(not Path(path).is_absolute() for path in split_list(value or "")):
            raise ValueError("path")
        return value
