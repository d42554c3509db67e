"""What fixes what reading a file gives, beside its bytes?"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.limits import Limits
from schemas.plan import Plan, load_plan
from schemas.rules import Rules
from warehouse.workspace import Workspace

if TYPE_CHECKING:
    from sources.logs.profile import Profile
    from sources.reports.profile import ReportProfile


@dataclass(frozen=True)
class RuleBook:
    """Everything that fixes what reading a file gives, beside its bytes."""

    plan: Plan
    rules: Rules
    profiles: tuple["Profile", ...]
    pseudonym_key: bytes = field(repr=False)
    limits: Limits = field(default_factory=Limits)
    day: date = date.min
    report_profiles: tuple["ReportProfile", ...] = ()


@dataclass(frozen=True)
class BookOrder:
    """What another process needs to open the same rule book."""

    plan_folder: Path
    plan_sha256: str
    day: date
    pseudonym_key: bytes = field(repr=False)
    limits: Limits


class ChangedMeanwhileError(RuntimeError):
    """Raised where plan or rules are no longer those under which a command began: nothing is read."""


def rule_book(workspace: Workspace, day: date) -> RuleBook:
    """Return what fixes the reading of files in this workspace on a day."""
    plan, settings = workspace.plan, workspace.settings
    return _book(plan, day, workspace.plan_folder, workspace.pseudonym_key(), settings.reading)


def _book(plan: Plan, day: date, plan_folder: Path, pseudonym_key: bytes, limits: Limits) -> RuleBook:
    # Importing them takes seconds, in which readers of files can start beside.
    from sources.logs.profile import load_profiles
    from sources.reports.profile import load_report_profiles

    profiles, own_forms = load_profiles(plan_folder), load_report_profiles(plan)
    return RuleBook(plan, plan.catalogue.on(day), profiles, pseudonym_key, limits, day, own_forms)


def order_of(book: RuleBook) -> BookOrder:
    """Return what another process needs to open this rule book."""
    return BookOrder(book.plan.folder, book.plan.sha256, book.day, book.pseudonym_key, book.limits)


def open_book(order: BookOrder) -> RuleBook:
    """Open the rule book that was ordered; ChangedMeanwhileError where its files have changed since."""
    plan = load_plan(order.plan_folder)
    if plan.sha256 != order.plan_sha256:
        raise ChangedMeanwhileError("the plan was changed while files were read: run the command again")
    return _book(plan, order.day, order.plan_folder, order.pseudonym_key, order.limits)
