"""What can the ledger say?

One model per kind of event. A commit is one ledger line with the events of one command's step; what an event states is
never changed, later events supersede it. Counts and days are exact; fractions are written as text.
"""

from datetime import date, datetime, tzinfo
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Role = Literal["analyst", "quality_manager", "approver", "auditor", "schedule"]
# first: nothing was published before; minor: values differ from the version before; major: columns or definitions do.
Restatement = Literal["first", "minor", "major"]
Grade = Literal["major", "minor", "observation"]
# Where a nonconformity comes from; what a rule finds in the data comes from a rule.
Source = Literal["rule", "internal_audit", "external_audit", "complaint", "management_review", "supplier", "person"]
CauseMethod = Literal["5-why", "ishikawa"]
ActionKind = Literal["correction", "corrective", "improvement"]
Outcome = Literal["effective", "ineffective", "corrected"]
# What took a finding away: a file that came, was withdrawn or corrected, another plan, other rules, or time.
TakenAwayBy = Literal["received", "withdrawn", "corrected", "plan", "rules", "measured"]


class Event(BaseModel):
    """Base of all events: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class StoredFile(Event):
    """A file that a commit names: where it is in the workspace, its hash and its size."""

    path: str
    sha256: str
    size: int


class KeyStated(Event):
    """A key of `keys/` as the record knows it: its file's name, length and hash. Of the signing key the public half."""

    name: str
    size: int
    sha256: str


class WorkspaceCreated(Event):
    """The workspace was made from a plan."""

    event: Literal["workspace_created"] = "workspace_created"
    plan_id: str
    signing_public_key: str | None = None
    # Whether every decision is signed by who takes it, from the first on; the key with which the schedule signs.
    persons_sign: bool = False
    schedule_public_key: str | None = None
    # The plan that is in force from the beginning; records of before plans changed by decision do not name it.
    plan_sha256: str | None = None
    keys: tuple[KeyStated, ...] = ()
    settings_sha256: str | None = None


class KeysFirstSeen(Event):
    """What a workspace of before keys were recorded held when they first were; nobody vouches for the time before.

    `unsigned_from` is the first line that no signature covered then: a program of before signed at a command's end.
    """

    event: Literal["keys_first_seen"] = "keys_first_seen"
    keys: tuple[KeyStated, ...]
    unsigned_from: int | None = None


class SettingsChanged(Event):
    """`motcua.toml` was found to be another than the record knew, by the first command that wrote since."""

    event: Literal["settings_changed"] = "settings_changed"
    settings_sha256: str


class TornLineSetAside(Event):
    """A half-written last line, never committed, was moved to a file of its own."""

    event: Literal["torn_line_set_aside"] = "torn_line_set_aside"
    size: int
    sha256: str
    moved_to: str


class ReleaseSetAside(Event):
    """A folder that lay among the releases though no commit names it was moved away, as it was."""

    event: Literal["release_set_aside"] = "release_set_aside"
    moved_to: str
    manifest_sha256: str | None


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
    lock_sha256: str = ""
    # What was stated when it came, so that it can be read again as it was then.
    stated_sender: str | None = None
    stated_period: str | None = None
    stated_exported_at: str | None = None


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


class SubmissionReinstated(Event):
    """A submission that was withdrawn by mistake counts again, as it did before."""

    event: Literal["submission_reinstated"] = "submission_reinstated"
    number: str
    reason: str


class ReceiptMended(Event):
    """A submission officially came on another day than was stated, or by other evidence; what was stated stays."""

    event: Literal["receipt_mended"] = "receipt_mended"
    number: str
    officially_received_on: date
    evidence: str
    reason: str


class SenderMended(Event):
    """A submission was sent by another, or is about another period, than was stated; null: that stays as it was."""

    event: Literal["sender_mended"] = "sender_mended"
    number: str
    stated_sender: str | None
    stated_period: str | None
    reason: str
    evidence: str = ""


class CorrectionDeclared(Event):
    """A cell of a submission is to be read otherwise: what it holds, what it should hold, why, by what evidence.

    The file stays as it came. `cell` is that of a report; a log's cell is named by row and column of the vocabulary.
    `is_shape` where `expected` is the shape of words that may name somebody.
    """

    event: Literal["correction_declared"] = "correction_declared"
    number: str
    submission: str
    sheet: str
    row: int
    cell: str | None
    column_name: str | None
    expected: str
    replacement: str
    is_shape: bool = False
    reason: str
    evidence: str


class SubmissionRevalidated(Event):
    """A submission was read again, because of these; `taken` is what is known of it from then on.

    What was found before stays in the record and in the store.
    """

    event: Literal["submission_revalidated"] = "submission_revalidated"
    because: tuple[Literal["correction", "statement", "plan", "rules"], ...]
    taken: SubmissionTaken


class OriginalErased(Event):
    """A decision ordered an original erased: its key is destroyed. Hash, figures and this record stay."""

    event: Literal["original_erased"] = "original_erased"
    number: str
    file_sha256: str
    decision: str
    reason: str


class OriginalKeyLost(Event):
    """A decision took note that an original's key is lost: it cannot be read any more, though nobody erased it."""

    event: Literal["original_key_lost"] = "original_key_lost"
    number: str
    file_sha256: str
    decision: str
    reason: str


class SigningKeyReplaced(Event):
    """From the next signature on another key signs. `agreed_by_old` is the old key's signature of the new public key.

    Without it the old private key was lost: then the decision behind the reason is all that speaks for the new one.
    """

    event: Literal["signing_key_replaced"] = "signing_key_replaced"
    old_public_key: str | None
    new_public_key: str
    agreed_by_old: str | None
    reason: str


class PseudonymKeyReplaced(Event):
    """From the next submission on applicants' codes are made with another key: they differ from those before."""

    event: Literal["pseudonym_key_replaced"] = "pseudonym_key_replaced"
    new_key_sha256: str
    reason: str


class ScheduleKeyReplaced(Event):
    """From the next line on the schedule signs with another key; what it signed before stays as good as it was."""

    event: Literal["schedule_key_replaced"] = "schedule_key_replaced"
    new_public_key: str
    reason: str


class CheckpointCopyFailed(Event):
    """After a release the signed checkpoint could not be copied to its second place."""

    event: Literal["checkpoint_copy_failed"] = "checkpoint_copy_failed"
    size: int
    problem: str


class AnswerTaken(Event):
    """The answer to a submission was taken out of the vault, for its sender."""

    event: Literal["answer_taken"] = "answer_taken"
    number: str
    sha256: str
    size: int


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
    lock_sha256: str = ""


class NonconformityOpened(Event):
    """A rule opened a nonconformity. Its identity is rule × unit × period × dataset.

    `recurrence_of` is that of the period before, of the same rule and unit: then it is graded a step higher.
    """

    event: Literal["nonconformity_opened"] = "nonconformity_opened"
    number: str
    rule_id: str
    rule_version: int
    unit_code: str
    period: str
    dataset: str
    grade: Grade
    clause: str
    checked_count: int
    failing_count: int
    evidence: tuple[str, ...]
    # Not known of what was opened before they were recorded.
    process: str = ""
    owner: str = ""
    due_on: date | None = None
    recurrence_of: str | None = None


class NonconformityObserved(Event):
    """A later consolidation saw an open nonconformity with other quantities."""

    event: Literal["nonconformity_observed"] = "nonconformity_observed"
    number: str
    checked_count: int
    failing_count: int


class NonconformityGone(Event):
    """A later consolidation no longer finds what opened a nonconformity; `submission` is what took it away, if one did.

    It stays as it is until somebody decides.
    """

    event: Literal["nonconformity_gone"] = "nonconformity_gone"
    number: str
    because: TakenAwayBy
    submission: str | None = None


class NonconformityReturned(Event):
    """A later consolidation finds again what was gone."""

    event: Literal["nonconformity_returned"] = "nonconformity_returned"
    number: str
    checked_count: int
    failing_count: int


class NonconformityRecorded(Event):
    """Somebody recorded a nonconformity that no rule found: of an audit, a complaint, a review, or seen by a person."""

    event: Literal["nonconformity_recorded"] = "nonconformity_recorded"
    number: str
    source: Source
    period: str
    unit_code: str
    clause: str
    process: str
    grade: Grade
    description: str
    owner: str
    due_on: date | None


class NonconformityContained(Event):
    """What was done at once: the fault contained, what could be mended mended. `owner` where it passes to another."""

    event: Literal["nonconformity_contained"] = "nonconformity_contained"
    number: str
    correction: str
    owner: str | None = None


class NonconformityAnalysed(Event):
    """Why it happened, by which method, and whether the like happened or could happen elsewhere."""

    event: Literal["nonconformity_analysed"] = "nonconformity_analysed"
    number: str
    method: CauseMethod
    cause: str
    similar: str


class PlannedAction(Event):
    """One action of a plan: what, of which kind, whose, by when."""

    number: int
    kind: ActionKind
    text: str
    owner: str
    due_on: date


class Criterion(Event):
    """By what it is known whether the actions worked, fixed before any is done.

    The rule holds for the unit in each of so many later periods that begin after the last action.
    """

    rule_id: str
    unit_code: str
    period_count: int = Field(ge=1)
    fixed_on: date


class NonconformityPlanned(Event):
    """What is to be done about the cause, and by what it will be known that it worked."""

    event: Literal["nonconformity_planned"] = "nonconformity_planned"
    number: str
    actions: tuple[PlannedAction, ...]
    criterion: Criterion


class NonconformityActed(Event):
    """An action of the plan was done, on a day, as the evidence shows."""

    event: Literal["nonconformity_acted"] = "nonconformity_acted"
    number: str
    action: int
    done_on: date
    evidence: str


class NonconformityImplemented(Event):
    """Every action was done; whether risks and the system were changed, and why (ISO 9001:2015, 10.2.1 e, f)."""

    event: Literal["nonconformity_implemented"] = "nonconformity_implemented"
    number: str
    risks: str
    system: str


class NonconformityVerifying(Event):
    """Somebody else than the owner looked at the evidence; from now on later data decide."""

    event: Literal["nonconformity_verifying"] = "nonconformity_verifying"
    number: str


class EffectCheck(Event):
    """What the consolidation `seq` of a later period said of a criterion; `first_day` is the period's."""

    period: str
    first_day: date
    seq: int
    holds: bool
    checked_count: int
    failing_count: int


class NonconformityClosed(Event):
    """A nonconformity was closed: corrected where no action on its cause is needed, else as its checks turned out.

    One whose actions did not work goes on in the one that `followed_by` names.
    """

    event: Literal["nonconformity_closed"] = "nonconformity_closed"
    number: str
    outcome: Outcome
    reason: str
    checks: tuple[EffectCheck, ...] = ()
    followed_by: str | None = None


class NonconformityCancelled(Event):
    """It was none, or is another's duplicate: it stays in the register, and says why."""

    event: Literal["nonconformity_cancelled"] = "nonconformity_cancelled"
    number: str
    reason: str
    duplicate_of: str | None = None


class NonconformityReopened(Event):
    """What was closed or cancelled is open again; what was found and done before stays in its history."""

    event: Literal["nonconformity_reopened"] = "nonconformity_reopened"
    number: str
    reason: str


class NonconformityLinked(Event):
    """Two nonconformities belong together: `number` recurs after `to`, or is only related to it."""

    event: Literal["nonconformity_linked"] = "nonconformity_linked"
    number: str
    to: str
    is_recurrence: bool


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


class PersonEnrolled(Event):
    """Somebody brought a key of their own; the line that says so is signed by that very key.

    `fingerprint` is the sha256 of the 32 bytes of the Ed25519 public key, whose PEM is `public_key`.
    """

    event: Literal["person_enrolled"] = "person_enrolled"
    name: str
    public_key: str
    fingerprint: str


class KeyRevoked(Event):
    """Somebody's key no longer counts from the next line on; their roles lapse until they are appointed anew."""

    event: Literal["key_revoked"] = "key_revoked"
    name: str
    fingerprint: str
    reason: str


class PersonAppointed(Event):
    """Somebody was given a role: a name together with the key that the appointing quality manager saw.

    Without a key in lines from before persons signed.
    """

    event: Literal["person_appointed"] = "person_appointed"
    name: str
    role: Role
    key_fingerprint: str | None = None


class PersonDismissed(Event):
    """Somebody no longer holds a role."""

    event: Literal["person_dismissed"] = "person_dismissed"
    name: str
    role: Role


class ActionRefused(Event):
    """Somebody wanted to do what is not theirs to do; `held` are the roles that they had."""

    event: Literal["action_refused"] = "action_refused"
    action: str
    subject: str
    held: tuple[Role, ...]
    why: str


class WaiverGranted(Event):
    """An exception: the verdict of one rule on one unit and period is accepted through `last_day_on`.

    Who grants it is the commit's actor; `failing_count` is how much failed on that day.
    """

    event: Literal["waiver_granted"] = "waiver_granted"
    number: str
    rule_id: str
    unit_code: str
    period: str
    reason: str
    last_day_on: date
    failing_count: int


class WaiverRevoked(Event):
    """An exception no longer holds; it stays in the record."""

    event: Literal["waiver_revoked"] = "waiver_revoked"
    number: str
    reason: str


class ReleaseRequested(Event):
    """Somebody asks to publish a version: exactly the files whose hash, `content_sha256`, is named.

    `expected_reports` are those that the plan expects of the period, as "type/unit", so that whoever checks the release
    can account for each.
    """

    event: Literal["release_requested"] = "release_requested"
    period: str
    version: int
    consolidation_seq: int
    datasets_sha256: str
    definitions_sha256: str
    restatement: Restatement
    reason: str
    embargo_until: str | None
    expected_reports: tuple[str, ...]
    # Covers every byte that leaves; not known of what was asked for before it was.
    content_sha256: str | None = None
    read_first_sha256: str | None = None


class ReleaseApproved(Event):
    """Somebody else than who asked agrees to publish these very files.

    `one_account` where both did it under one account of the system, as the plan allows.
    """

    event: Literal["release_approved"] = "release_approved"
    period: str
    version: int
    datasets_sha256: str
    content_sha256: str | None = None
    one_account: bool = False


class ReleaseWithdrawn(Event):
    """A published version no longer stands; its files stay as they are."""

    event: Literal["release_withdrawn"] = "release_withdrawn"
    period: str
    version: int
    reason: str


class PlanKeyChange(Event):
    """One difference between two plans: in which file, at which key, from what to what.

    `text` is a file whose order, comments or spacing alone differ. Of what was added or removed whole, `before` or
    `after` is blank.
    """

    file: str
    kind: Literal["changed", "added", "removed", "text", "content"]
    key: str
    before: str = ""
    after: str = ""


class VerdictTurned(Event):
    """A target's verdict that a plan turns, all else being equal."""

    period: str
    target_id: str
    before: str
    after: str


class PlanEffect(Event):
    """What a proposed plan changes of one period that was consolidated, all else being equal.

    `figure_count` counts figures and counts of the form; each stands in the store beside the proposal. `problem` says
    why it could not be told.
    """

    period: str
    figure_count: int
    verdicts: tuple[VerdictTurned, ...]
    problem: str = ""


class PlanProposed(Event):
    """Somebody asks that the plan be changed: from which to which, why, on what evidence, and what it would change."""

    event: Literal["plan_proposed"] = "plan_proposed"
    number: str
    old_plan_sha256: str
    new_plan_sha256: str
    reason: str
    evidence_sha256: str
    evidence_size: int
    changes: tuple[PlanKeyChange, ...]
    effects: tuple[PlanEffect, ...]


class PlanAccepted(Event):
    """Somebody else than who proposed it agrees: this plan is in force from now on.

    `one_account` where both did it under one account of the system, as the plan in force before allows.
    """

    event: Literal["plan_accepted"] = "plan_accepted"
    number: str
    plan_sha256: str
    one_account: bool = False


class PlanRejected(Event):
    """A proposed plan does not come into force."""

    event: Literal["plan_rejected"] = "plan_rejected"
    number: str
    reason: str


class PublicationRefused(Event):
    """The gate refused a period, with all its reasons."""

    event: Literal["publication_refused"] = "publication_refused"
    period: str
    inputs_sha256: str
    reasons: tuple[str, ...]
    # Named by records of before requests were recorded.
    approved_by: str = ""


class ReleasePublished(Event):
    """A version of a period was published.

    `manifest_sha256` covers every file of it, `datasets_sha256` only what it says: the same says nothing new.
    `open_manifest_sha256` covers every file of its open part, where it has one.
    """

    event: Literal["release_published"] = "release_published"
    period: str
    version: int
    consolidation_seq: int
    datasets_sha256: str
    manifest_sha256: str
    open_manifest_sha256: str | None = None
    approved_by: str
    ledger_size: int
    ledger_head: str


AnyEvent = Annotated[
    WorkspaceCreated
    | KeysFirstSeen
    | SettingsChanged
    | TornLineSetAside
    | ReleaseSetAside
    | SubmissionTaken
    | SubmissionSeenAgain
    | SubmissionWithdrawn
    | SubmissionReinstated
    | ReceiptMended
    | SenderMended
    | CorrectionDeclared
    | SubmissionRevalidated
    | OriginalErased
    | OriginalKeyLost
    | SigningKeyReplaced
    | PseudonymKeyReplaced
    | ScheduleKeyReplaced
    | CheckpointCopyFailed
    | AnswerTaken
    | PeriodConsolidated
    | NonconformityOpened
    | NonconformityObserved
    | NonconformityGone
    | NonconformityReturned
    | NonconformityRecorded
    | NonconformityContained
    | NonconformityAnalysed
    | NonconformityPlanned
    | NonconformityActed
    | NonconformityImplemented
    | NonconformityVerifying
    | NonconformityClosed
    | NonconformityCancelled
    | NonconformityReopened
    | NonconformityLinked
    | WarningJustified
    | PersonEnrolled
    | KeyRevoked
    | PersonAppointed
    | PersonDismissed
    | ActionRefused
    | WaiverGranted
    | WaiverRevoked
    | ReleaseRequested
    | ReleaseApproved
    | ReleaseWithdrawn
    | PlanProposed
    | PlanAccepted
    | PlanRejected
    | PublicationRefused
    | ReleasePublished,
    Field(discriminator="event"),
]


class Entry(Event):
    """One commit: one line of the ledger.

    `signature` is the Ed25519 signature of the line without it (audit/persons.py), `signed_by` the fingerprint of the
    key; both are null where nobody signed, and absent from lines of before persons signed.
    """

    seq: int
    at: str
    actor: str
    os_user: str
    # What started it: a command, a Prefect flow, a schedule; blank in lines from before it was recorded.
    trigger: str = ""
    kind: str
    events: tuple[AnyEvent, ...]
    files: tuple[StoredFile, ...]
    previous: str
    signed_by: str | None = None
    signature: str | None = None

    def day_in(self, zone: tzinfo) -> date:
        """Return the day of this commit in a zone."""
        return datetime.fromisoformat(self.at).astimezone(zone).date()


ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)
