"""How is a run named, and where on its page do tables and summaries stand?"""

from collections.abc import Sequence
from uuid import UUID

from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run

from flows.flow_run.account import Table
from schemas.plan import Plan
from schemas.plan_models import Period


def label(plan: Plan, what: str, periods: Sequence[Period], inputs: str) -> None:
    """Name the run that is running: what it does, period, department, and what it was computed from."""
    parts = [f"{what} {', '.join(period.id for period in periods)}".rstrip(), inputs, plan.document.name_vi]
    name = " · ".join(part for part in parts if part)
    tags = {*flow_run.get_tags(), plan.document.id, *(period.id for period in periods)}
    with get_client(sync_client=True) as client:
        client.update_flow_run(UUID(flow_run.get_id()), name=name, tags=sorted(tags))


def show_table(plan: Plan, name: str, title: str, rows: Table) -> None:
    """Show a table on the run's page; one without rows says so."""
    if rows:
        create_table_artifact(table=rows, key=_key(plan, name), description=title)
    else:
        create_markdown_artifact(markdown=f"{title}: không có", key=_key(plan, name), description=title)


def show_summary(plan: Plan, name: str, markdown: str) -> None:
    """Show a summary on the run's page."""
    create_markdown_artifact(markdown=markdown, key=_key(plan, name), description=markdown.splitlines()[0].lstrip("# "))


def _key(plan: Plan, name: str) -> str:
    return f"{plan.document.id}-{name}".lower()
