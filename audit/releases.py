"""In which state is each version of each period's release?

Invariants:
1. requested, approved, published, in this order; each names what it is about by `content_sha256`, the hash of every
   file that leaves, so that nothing else can be published than what was asked for and approved; `datasets_sha256`, the
   hash of the data files alone, tells whether a version says anything new;
2. whoever approves is not the one who requested;
3. a published version is superseded by the next one, or withdrawn; it stays, byte for byte, whatever follows;
4. what does not fit what stood before counts for nothing: an approval of what nobody asked for, a withdrawal of what
   does not stand, a request whose embargo is no moment.

A consolidation that nobody has asked to publish is a draft: it is no version yet and stands in no event here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from audit.events import (
    Entry,
    ReleaseApproved,
    ReleasePublished,
    ReleaseRequested,
    ReleaseWithdrawn,
    Restatement,
)

State = Literal["requested", "approved", "published", "superseded", "withdrawn"]


@dataclass(frozen=True)
class Version:
    """One version of one period, as the events up to now leave it. Moments are those of the ledger, in UTC."""

    period: str
    version: int
    state: State
    datasets_sha256: str
    requested_by: str = ""
    requested_at: str = ""
    reason: str = ""
    restatement: Restatement = "first"
    embargo_until: str | None = None
    approved_by: str = ""
    approved_at: str = ""
    published_at: str = ""
    manifest_sha256: str = ""
    content_sha256: str | None = None
    read_first_sha256: str | None = None
    requested_seq: int = 0
    withdrawn_at: str = ""
    withdrawn_because: str = ""
    # Under which accounts it was asked for and approved, and with whose keys; the keys are blank before persons signed.
    requested_account: str = ""
    approved_account: str = ""
    requested_key: str = ""
    approved_key: str = ""

    @property
    def is_of_one_account(self) -> bool:
        """Whether one account asked for it and approved it."""
        return bool(self.approved_account) and self.requested_account == self.approved_account

    @property
    def number(self) -> str:
        """The version as people write it: v1, v2, ..."""
        return f"v{self.version}"


def _supersede(found: dict[tuple[str, int], Version], period: str) -> None:
    for key, one in found.items():
        if key[0] == period and one.state == "published":
            found[key] = replace(one, state="superseded")


def is_moment(embargo: str | None) -> bool:
    """Tell whether an embargo, where there is one, is a moment that can be compared with others: it names its zone."""
    try:
        return embargo is None or datetime.fromisoformat(embargo).tzinfo is not None
    except ValueError:
        return False


def _stands(found: Mapping[tuple[str, int], Version], event: ReleaseWithdrawn) -> bool:
    version = found.get((event.period, event.version))
    return version is not None and version.state == "published"


def versions(entries: Iterable[Entry], period: str | None = None) -> tuple[Version, ...]:
    """Return the versions of one period, or of all, by period and number."""
    found: dict[tuple[str, int], Version] = {}
    for entry in entries:
        for event in entry.events:
            match event:
                case ReleaseRequested() if is_moment(event.embargo_until):
                    found[event.period, event.version] = Version(
                        event.period, event.version, "requested", event.datasets_sha256, entry.actor, entry.at,
                        event.reason, event.restatement, event.embargo_until, content_sha256=event.content_sha256,
                        read_first_sha256=event.read_first_sha256,
                        requested_seq=entry.seq, requested_account=entry.os_user, requested_key=entry.signed_by or "",
                    )  # fmt: skip
                case ReleaseApproved() if (event.period, event.version) in found:
                    key = event.period, event.version
                    found[key] = replace(
                        found[key], state="approved", approved_by=entry.actor, approved_at=entry.at,
                        approved_account=entry.os_user, approved_key=entry.signed_by or "",
                    )  # fmt: skip
                case ReleasePublished():
                    _supersede(found, event.period)
                    key = event.period, event.version
                    # Releases of before requests were recorded name their approver themselves.
                    before = found.get(key) or Version(
                        *key, "approved", event.datasets_sha256, entry.actor, entry.at, approved_by=event.approved_by
                    )
                    found[key] = replace(
                        before, state="published", published_at=entry.at, manifest_sha256=event.manifest_sha256
                    )
                case ReleaseWithdrawn() if _stands(found, event):
                    key = event.period, event.version
                    found[key] = replace(
                        found[key], state="withdrawn", withdrawn_at=entry.at, withdrawn_because=event.reason
                    )
                case _:
                    pass
    return tuple(one for key, one in sorted(found.items()) if period in (None, key[0]))


def asked_for(entries: Iterable[Entry], period: str) -> Version | None:
    """Return the version that is requested or approved and not yet published."""
    last = versions(entries, period)[-1:]
    return next((one for one in last if one.state in ("requested", "approved")), None)


def published(entries: Iterable[Entry], period: str) -> tuple[Version, ...]:
    """Return the versions that left the house, superseded and withdrawn ones too, oldest first."""
    return tuple(one for one in versions(entries, period) if one.published_at)


def publications(entries: Iterable[Entry]) -> list[ReleasePublished]:
    """Return every publication that was committed, of any period, oldest first."""
    return [event for entry in entries for event in entry.events if isinstance(event, ReleasePublished)]


def in_force(entries: Iterable[Entry], period: str) -> Version | None:
    """Return the version that stands: published, neither superseded nor withdrawn."""
    return next((one for one in versions(entries, period) if one.state == "published"), None)


def next_version(entries: Iterable[Entry], period: str) -> int:
    """Return the number of the version that is asked for now, or would be: one more than what left the house."""
    found = versions(entries, period)
    last = next((one for one in found[-1:] if one.state in ("requested", "approved")), None)
    return last.version if last is not None else sum(bool(one.published_at) for one in found) + 1


def definitions_of(entries: Iterable[Entry], period: str, version: int) -> str | None:
    """Return the hash of what columns and indicators meant in a version; None for one of before it was recorded."""
    found = None
    for entry in entries:
        for event in entry.events:
            if isinstance(event, ReleaseRequested) and (event.period, event.version) == (period, version):
                found = event.definitions_sha256
    return found


def edition(entries: Iterable[Entry], period: str, version: int, restatement: Restatement) -> str:
    """Return the semantic version of a version: 1.0.0, then a step up for each restatement, by its kind."""
    before = [one.restatement for one in versions(entries, period) if one.version < version]
    major, minor = 0, 0
    for kind in (*before, restatement):
        if kind == "minor":
            minor += 1
        else:
            major, minor = major + 1, 0
    return f"{major}.{minor}.0"
