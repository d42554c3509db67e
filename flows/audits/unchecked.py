"""What does a verification not do, and what would? What is not evaluated does not pass, so it is said."""

from audit import releases
from audit.events import PeriodConsolidated, SubmissionRevalidated, SubmissionTaken
from audit.ledger import Ledger
from audit.persons import persons
from warehouse.workspace import Workspace


def unchecked(workspace: Workspace, ledger: Ledger, *, has_copies: bool) -> list[str]:
    """Return what was not checked, each with the command that checks it; `has_copies` of the signed head were."""
    found = [*_not_computed(workspace, ledger)]
    if not has_copies:
        found.append(
            f"{workspace.checkpoint.name}: không so với bản sao nào để ở nơi khác / compared with no copy kept"
            " elsewhere: an older state of the whole workspace would not be told: --against FOLDER, or checkpoint_copy"
            " in motcua.toml"
        )
    if sealed := len(persons(ledger.entries).in_force):
        found.append(
            f"keys/people/: {sealed} khóa niêm phong: chỉ đọc nhãn / sealed keys: their labels alone were read, only"
            " their passphrases open them; whoever signs is told of a damaged one"
        )
    return found


def _not_computed(workspace: Workspace, ledger: Ledger) -> list[str]:
    """Return that what was taken in and consolidated was not computed again: nobody signs those lines."""
    events = [event for entry in ledger.entries for event in entry.events]
    taken = sum(isinstance(event, SubmissionTaken | SubmissionRevalidated) for event in events)
    consolidated = sum(isinstance(event, PeriodConsolidated) for event in events)
    if not taken + consolidated:
        return []
    last = releases.publications(ledger.entries)[-1:]
    how = [f"motcua reproduce {event.period} {event.version} DIR" for event in last] or [
        "chưa có bản công bố / nothing is published yet: motcua reproduce"
    ]
    return [
        f"store/: {taken} lần đọc, {consolidated} lần tổng hợp: so hàm băm, chưa tính lại từ bản gốc"
        " / read and consolidated: compared with the hashes of the record alone, not computed again from the originals:"
        f" {how[0]}"
    ]
