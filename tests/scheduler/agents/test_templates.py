"""A template is taken only where it is plainly meant, and work finds the agent of its topic."""

from __future__ import annotations

import pytest

from scheduler.agents import ROSTER
from scheduler.templates import (
    DAILY_COST_REPORT,
    DATABASE_HEALTH_CHECK,
    INFRASTRUCTURE_SUMMARY,
    K8S_CLUSTER_REVIEW,
    TEMPLATES,
    WEEKLY_SECURITY_AUDIT,
    Template,
    choose_agent,
    match,
)


@pytest.mark.parametrize(
    "words",
    ["daily cost report", "Daily Cost Report", "the daily cloud cost report", "cost summary"],
)
def test_a_cost_report_is_the_template(words: str) -> None:
    """Nobody has to be named for it."""
    assert match(None, words) is DAILY_COST_REPORT
    assert match("alex", words) is DAILY_COST_REPORT


@pytest.mark.parametrize(
    "words", ["database health check", "check database health", "daily postgres health report"]
)
def test_a_database_health_check_is_the_template(words: str) -> None:
    """Nobody has to be named for it."""
    assert match(None, words) is DATABASE_HEALTH_CHECK


@pytest.mark.parametrize(
    ("words", "template"),
    [
        ("weekly security audit", WEEKLY_SECURITY_AUDIT),
        ("a security audit", WEEKLY_SECURITY_AUDIT),
        ("k8s cluster review", K8S_CLUSTER_REVIEW),
        ("review the Kubernetes cluster", K8S_CLUSTER_REVIEW),
        ("infrastructure summary", INFRASTRUCTURE_SUMMARY),
        ("a summary of our infrastructure", INFRASTRUCTURE_SUMMARY),
    ],
)
def test_the_others_are_meant_by_their_names(words: str, template: Template) -> None:
    """Each is taken by its own words, for nobody in particular and for its own agent."""
    assert match(None, words) is template
    assert match(template.agent, words) is template


def test_every_agent_has_a_template_that_its_name_finds() -> None:
    """The five come in the agents' order, and saying a name means that template."""
    assert tuple(template.agent for template in TEMPLATES) == ROSTER
    assert [match(None, template.name) for template in TEMPLATES] == list(TEMPLATES)
    assert all(template.cadence for template in TEMPLATES)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "report",
        "security audit on all AWS accounts",
        "weekly infrastructure review",
        "weekly infrastructure summary",
        "monthly executive summary",
        "pod health review",
        "weekly cost report",
        "cost report for the EC2 fleet",
        "delete the cost report",
        "analyze EC2 utilization",
        "health check",
        "cluster health check",
        "database backup check",
    ],
)
def test_anything_more_is_no_template(words: str) -> None:
    """A word that the template does not account for means other work."""
    assert match(None, words) is None


def test_another_agent_keeps_the_work() -> None:
    """A person who names somebody else means somebody else."""
    assert match("anna", "daily cost report") is None


@pytest.mark.parametrize(
    ("words", "agent"),
    [
        ("analyze EC2 utilization", "alex"),
        ("cost of the database", "alex"),
        ("look for slow queries in Postgres", "tony"),
        ("restarting pods", "kai"),
        ("expiring TLS certificates", "oliver"),
        ("secrets in the cluster", "anna"),
        ("weekly infrastructure review", "anna"),
        ("", "anna"),
    ],
)
def test_work_goes_to_the_agent_of_its_topic(words: str, agent: str) -> None:
    """Anna gets what nobody's topic covers, or what covers several."""
    assert choose_agent(words) == agent
