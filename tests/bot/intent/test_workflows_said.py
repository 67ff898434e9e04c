"""Work in stages and templates, as people ask for them."""

from __future__ import annotations

import pytest

from bot.intent.intents import (
    DefineWorkflow,
    ListTemplates,
    SaveTemplate,
    Stage,
    Step,
    Unclear,
    UseTemplate,
)
from tests.bot.intent.said import LEAVES_ALONE, read_here, runs


def stage(*said: str, only_if: str | None = None, otherwise: tuple[str, ...] = ()) -> Stage:
    """Write a stage as "alex: check cost", "summary"."""
    return Stage(steps=_steps(said), only_if=only_if, otherwise=_steps(otherwise))


def _steps(said: tuple[str, ...]) -> tuple[Step, ...]:
    cut = [one.rpartition(": ") for one in said]
    return tuple(Step(work=work, agent=agent or None) for agent, _, work in cut)


THREE = (stage("alex: check cost"), stage("oliver: audit access"), stage("anna: summarise"))
PLAIN = (stage("cost report"), stage("security audit"), stage("summary"))


@pytest.mark.parametrize(
    "text",
    [
        "first alex checks cost, then oliver audits access, then anna summarises",
        "alex checks cost, then oliver audits access and then anna summarises",
        "alex checks cost; then oliver audits access; finally anna summarises",
        "have alex check cost, after that have oliver audit access, then let anna summarise",
        "@alex check cost -> @oliver audit access -> @anna summarise",
        "workflow: 1. alex checks cost 2. oliver audits access 3. anna summarises",
        "create a workflow: alex checks cost, then oliver audits access, then anna summarises",
        (
            "make one workflow of three steps - step 1 alex checks cost, "
            "step 2 oliver audits access, step 3 anna summarises"
        ),
        "workflow with 3 steps: 1) alex checks cost 2) oliver audits access 3) anna summarises",
        (
            "pipeline: stage one: alex checks cost, stage two: oliver audits access, "
            "stage three: anna summarises"
        ),
        "alex should check cost, followed by oliver audits access, and finally anna summarises",
    ],
)
@pytest.mark.parametrize("when", ["", ", every Monday at 9am"])
def test_a_sequence_is_read_in_its_order(text: str, when: str) -> None:
    """Each piece is a stage of its own, with its agent."""
    reading = read_here(text + when)

    assert isinstance(reading.intent, DefineWorkflow)
    assert reading.intent.stages == THREE
    assert runs(reading.intent.schedule, 1) == (["Mon 09 09:00"] if when else [])


@pytest.mark.parametrize(
    "text",
    [
        "cost report -> security audit -> summary",
        "cost report => security audit => summary",
        "cost report → security audit → summary",
        "build a pipeline: cost report, then security audit, then summary",
        "start with the cost report, followed by the security audit, and finally a summary",
        "workflow:\n1. cost report\n2. security audit\n3. summary",
        "workflow:\n- cost report\n- security audit\n- summary",
    ],
)
def test_arrows_and_lists_are_stages(text: str) -> None:
    """Arrows, numbers, lines and "then" say the same."""
    intent = read_here(text).intent

    assert isinstance(intent, DefineWorkflow)
    assert intent.stages == PLAIN
    assert intent.name == "Cost report, security audit, summary"


@pytest.mark.parametrize(
    "text",
    [
        "alex and oliver check the account in parallel, then anna summarises",
        "let alex and oliver check the account at the same time, then anna summarises",
        "in parallel alex and oliver check the account, then anna summarises",
    ],
)
def test_steps_in_parallel_share_a_stage(text: str) -> None:
    """Both work at once on what was said of both, and the next stage waits for them."""
    intent = read_here(text).intent

    assert isinstance(intent, DefineWorkflow)
    together = stage("alex: check the account", "oliver: check the account")
    assert intent.stages == (together, stage("anna: summarise"))


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("check costs daily at 7am, and if any is above $500 page oncall",
         stage("page oncall", only_if="any is above $500")),
        ("check costs daily at 7am; if severity is high, notify #sec, otherwise post a summary",
         stage("notify #sec", only_if="severity is high", otherwise=("post a summary",))),
        ("check costs daily at 7am, if the total is over 90% then alert #ops else do nothing",
         stage("alert #ops", only_if="total is over 90%")),
        ("check costs daily at 7am, unless all is well notify #sec",
         stage("notify #sec", only_if="not (all is well)")),
    ],
)  # fmt: skip
def test_a_condition_belongs_to_its_stage(text: str, last: Stage) -> None:
    """The condition and the other branch are read with the step they decide."""
    intent = read_here(text).intent

    assert isinstance(intent, DefineWorkflow)
    assert intent.stages == (stage("check costs"), last)
    assert runs(intent.schedule, 1) == ["Fri 06 07:00"]


@pytest.mark.parametrize(
    "text",
    [
        "after the backup check, run the restore test",
        "after the backup check finishes, run the restore test",
        "when the backup check completes run the restore test",
        "once the backup check is done, run the restore test",
        "run the restore test after the backup check",
        "run the restore test once the backup check succeeds",
    ],
)
def test_a_task_may_start_another(text: str) -> None:
    """The first task is the trigger, the second the work."""
    intent = read_here(text).intent

    assert isinstance(intent, DefineWorkflow)
    assert intent.after is not None
    assert intent.after.text == "backup check"
    assert intent.stages == (stage("run the restore test"),)


def test_a_failure_may_start_a_task() -> None:
    """What runs only when another failed says so."""
    intent = read_here("when the cost report fails, run the billing probe").intent

    assert isinstance(intent, DefineWorkflow)
    assert intent.stages == (stage("run the billing probe", only_if="it failed"),)


def test_a_named_workflow_keeps_its_name() -> None:
    """The name that was given stands before the stages."""
    intent = read_here(
        "create a workflow called Month end: cost report, then summary, on the 1st at 9am"
    ).intent

    assert isinstance(intent, DefineWorkflow)
    assert (intent.name, len(intent.stages)) == ("Month end", 2)


@pytest.mark.parametrize(
    "text",
    [
        "ok then see you at 5", "let's eat, then talk", "if it's 5 then go home",
        "when the report is done I'll go home", "after lunch we talk", "then what?",
        "I checked the disks and then restarted them", "prod -> staging",
        "what if the audit fails?",
        "we moved from Jenkins -> GitHub Actions", "the pipeline is broken again",
        "the workflow runs every day at 8", "our deploy pipeline takes 20 minutes",
        "after the deploy everything was slow", "first come, first served, every day",
    ],
)  # fmt: skip
def test_talk_of_order_and_condition_is_no_workflow(text: str) -> None:
    """A "then", an "if" or an arrow alone makes no work."""
    assert read_here(text).intent.kind in LEAVES_ALONE


def test_a_workflow_without_steps_is_asked_for_them() -> None:
    """Who wants a workflow and says none is given an example."""
    intent = read_here("create a workflow").intent

    assert isinstance(intent, Unclear)
    assert "->" in intent.question


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("save the cost report as a template called eu-costs", "eu-costs"),
        ("turn the cost report into a template named eu-costs", "eu-costs"),
        ("create a template from the cost report called eu-costs", "eu-costs"),
        ("keep the cost report as a template under “eu-costs”", "eu-costs"),
        ("make the cost report a template", "cost report"),
        ("can you save the cost report as a template?", "cost report"),
    ],
)
def test_a_task_is_kept_as_a_template(text: str, name: str) -> None:
    """The task and the template's name are told apart; without one the task's is taken."""
    intent = read_here(text).intent

    assert isinstance(intent, SaveTemplate)
    assert (intent.ref.text, intent.name) == ("cost report", name)


def test_this_is_the_threads_task() -> None:
    """In a task's thread "this" is kept; elsewhere it is asked which."""
    assert isinstance(
        read_here("save this as a template called eu-costs", in_thread=True).intent, SaveTemplate
    )
    elsewhere = read_here("save this as a template called eu-costs").intent
    assert isinstance(elsewhere, Unclear)
    assert elsewhere.reason == "no_task"


@pytest.mark.parametrize(
    "text",
    [
        "create a task from template eu-costs with env=prod, region=eu-west-1 {}",
        "use the template eu-costs for env=prod and region=eu-west-1 {}",
        "use the eu-costs template with env=prod and region=eu-west-1, {}",
        "new task from the eu-costs template env=prod region=eu-west-1 {}",
        "{} from template eu-costs env=prod region=eu-west-1",
    ],
)
def test_a_template_is_used_with_its_values(text: str) -> None:
    """Name, variables and schedule are read in any order."""
    intent = read_here(text.format("every Monday at 9am")).intent

    assert isinstance(intent, UseTemplate)
    assert intent.template == "eu-costs"
    assert intent.variables == (("env", "prod"), ("region", "eu-west-1"))
    assert runs(intent.schedule, 1) == ["Mon 09 09:00"]


def test_the_words_of_a_templates_name_are_no_time() -> None:
    """A weekly template's name sets no schedule."""
    intent = read_here("use the Weekly Security Audit template").intent

    assert isinstance(intent, UseTemplate)
    assert (intent.template, intent.schedule) == ("Weekly Security Audit", None)


@pytest.mark.parametrize(
    "text",
    ["which templates are there?", "what templates do we have?", "list templates", "templates",
     "show me the templates", "list all templates please", "are there any templates?"],
)  # fmt: skip
def test_templates_are_listed(text: str) -> None:
    """Who asks for templates is shown them."""
    assert isinstance(read_here(text).intent, ListTemplates)


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "said",
    [
        "from 31 {{env}} \u200b pause \u200b\n \u200b then",
        "a\nthen",
        "check the pods\n\nthen\n",
        "then\nif\n",
    ],
)
def test_a_line_that_only_joins_comes_to_an_end(said: str) -> None:
    """A new line before a joint that nothing follows is read, and read once."""
    assert read_here(said).intent.kind
