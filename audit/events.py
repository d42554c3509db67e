"""What can the ledger say?

One model per kind of event. A commit is one ledger line with the events of one command's step; what an event states is
never changed, later events supersede it. Counts and days are exact; fractions are written as text.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class Event(BaseModel):
    """Base of all events: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class StoredFile(Event):
    """A file that a commit names: where it is in the workspace, its hash and its size."""

    path: str
    sha256: str
    size: int


class WorkspaceCreated(Event):
    """The workspace was made from a plan."""

    event: Literal["workspace_created"] = "workspace_created"
    plan_id: str


class TornLineSetAside(Event):
    """A half-written last line, never committed, was moved to a file of its own."""

    event: Literal["torn_line_set_aside"] = "torn_line_set_aside"
    size: int
    sha256: str
    moved_to: str


class SubmissionTaken(Event):
    """A file was taken in and read, whatever became of it."""

    event: Literal["submission_taken"] = "submission_taken"
    number: str
    kind: Literal["dossier_log", "unit_report"]
    file_sha256: str
    file_size: int
    suffix: str
    sender: str | None
    unit_code: str | None
    period: str | None
    report_type: str | None
    profile_id: str | None
    profile_sha256: str | None
    encoding: str | None
    delimiter: str | None = None
    coverage: str | None
    window_first_day: date | None
    window_last_day: date | None
    exported_at: str | None
    officially_received_on: date
    evidence: str
    recorded_at: str
    state: Literal["accepted", "rejected"]
    is_blank: bool
    refusal: str
    read_count: int
    accepted_count: int
    rejected_count: int
    ignored_count: int
    rules_sha256: str
    plan_sha256: str
    code_sha256: str


class SubmissionSeenAgain(Event):
    """The same bytes came once more: one submission, seen twice."""

    event: Literal["submission_seen_again"] = "submission_seen_again"
    number: str
    officially_received_on: date
    evidence: str


class SubmissionWithdrawn(Event):
    """A wrong file no longer counts; it stays."""

    event: Literal["submission_withdrawn"] = "submission_withdrawn"
    number: str
    reason: str


class PeriodConsolidated(Event):
    """A period was measured as known at this commit; `inputs_sha256` names all that it was computed from."""

    event: Literal["period_consolidated"] = "period_consolidated"
    period: str
    as_of_seq: int
    inputs_sha256: str
    submissions: tuple[str, ...]
    rules_sha256: str
    plan_sha256: str
    indicators_sha256: str
    code_sha256: str


class NonconformityOpened(Event):
    """A nonconformity was opened. Its identity is rule × unit × period × dataset."""

    event: Literal["nonconformity_opened"] = "nonconformity_opened"
    number: str
    rule_id: str
    rule_version: int
    unit_code: str
    period: str
    dataset: str
    grade: Literal["major", "minor", "observation"]
    clause: str
    checked_count: int
    failing_count: int
    evidence: tuple[str, ...]


class NonconformityObserved(Event):
    """A later consolidation saw an open nonconformity with other quantities."""

    event: Literal["nonconformity_observed"] = "nonconformity_observed"
    number: str
    checked_count: int
    failing_count: int


class WarningJustified(Event):
    """Somebody said why the warnings of one rule and unit may stand in a period's release; `failing_count` are covered.

    A later count above that needs a justification of its own.
    """

    event: Literal["warning_justified"] = "warning_justified"
    period: str
    rule_id: str
    unit_code: str
    failing_count: int
    reason: str


class PublicationRefused(Event):
    """The gate refused a period, with all its reasons."""

    event: Literal["publication_refused"] = "publication_refused"
    period: str
    inputs_sha256: str
    approved_by: str
    reasons: tuple[str, ...]


class ReleasePublished(Event):
    """A version of a period was published.

    `manifest_sha256` covers every file of it, `datasets_sha256` only what it says: the same says nothing new.
    """

    event: Literal["release_published"] = "release_published"
    period: str
    version: int
    consolidation_seq: int
    datasets_sha256: str
    manifest_sha256: str
    approved_by: str
    ledger_size: int
    ledger_head: str


AnyEvent = Annotated[
    WorkspaceCreated
    | TornLineSetAside
    | SubmissionTaken
    | SubmissionSeenAgain
    | SubmissionWithdrawn
    | PeriodConsolidated
    | NonconformityOpened
    | NonconformityObserved
    | WarningJustified
    | PublicationRefused
    | ReleasePublished,
    Field(discriminator="event"),
]


class Entry(Event):
    """One commit: one line of the ledger."""

    seq: int
    at: str
    actor: str
    os_user: str
    kind: str
    events: tuple[AnyEvent, ...]
    files: tuple[StoredFile, ...]
    previous: str


ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)
