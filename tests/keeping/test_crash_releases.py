"""Killed while somebody is appointed, a nonconformity closed, a finding waived, a release asked for, approved,
published, withdrawn: run again, each ends as if nothing had happened.

This file is also a program, as tests/keeping/test_crash_keeping.py is, whose means it uses.
"""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

from audit import releases
from audit.authority import roles
from audit.events import NonconformityContained
from audit.ledger import Ledger
from audit.register import register
from audit.waivers import waivers
from flows.intake.intake import take_in
from flows.keeping.create import create
from flows.measures.consolidate import consolidate
from flows.register.steps import close_corrected, take_step
from flows.release.decisions import approve, request, withdraw_release
from flows.release.publish import publish
from flows.release.waive import revoke, waive
from tests.keeping.test_crash import CHECKOUT, KILL_POINTS, answer_of
from tests.keeping.test_crash_keeping import AT, REASON, killed_everywhere, the_approver, the_door, wrong_ends
from tests.keeping.test_erasure import ROW
from tests.support.office import KEY, PERIOD, log, small_plan
from tests.support.people import APPROVER, FOUNDER, appointed, sealing_of, seeded
from warehouse.workspace import Workspace

# `python -m tests.keeping.test_crash_releases FOLDER 1000` tries every point.
MOST_POINTS = max(8, KILL_POINTS // 4)
# Just before a commit's line is written, and just after: there are nine.
AROUND = range(2)
FATAL = "D001"
UNSOUND = ROW.replace("10/01/2022 08:00:00", "31/02/2022 08:00:00").replace("Đã có kết quả", "Đang xử lý")
DOSSIERS = "\n".join([UNSOUND, *(ROW.replace("-0001", f"-{number:04}") for number in range(2, 31))])
UNTIL = date(2022, 4, 19)


def consolidated(place: Path) -> None:
    """Lay out a workspace whose quarter has fatal findings and was consolidated."""
    workspace = create(place / "workspace", small_plan(place / "plan"), the_door(), KEY, sealing_of(FOUNDER))
    (workspace.inbox / "so.csv").write_bytes(log(DOSSIERS))
    take_in(workspace, the_door(), [])
    consolidate(workspace, the_door(), workspace.plan.period(PERIOD))


def decide(place: Path) -> None:
    """Go on from wherever the record is: appoint, contain, close, waive, ask, approve, publish, withdraw, revoke."""
    workspace, door = Workspace(place / "workspace"), the_door()
    period, approver = workspace.plan.period(PERIOD), the_approver()
    if APPROVER not in roles(Ledger(workspace.ledger).entries):
        appointed(workspace, APPROVER, "approver", AT, seeded(APPROVER))
    [item] = [one for one in register(Ledger(workspace.ledger).entries).values() if one.identity.rule_id == FATAL]
    if item.state == "open":
        event = NonconformityContained(number=item.number, correction=REASON)
        take_step(workspace, door, "record_nonconformity", event)
    if item.state in ("open", "contained"):
        close_corrected(workspace, door, [item.number], None, REASON)
    if not waivers(Ledger(workspace.ledger).entries):
        waive(workspace, door, period, FATAL, None, REASON, UNTIL)
    if not releases.published(Ledger(workspace.ledger).entries, PERIOD):
        asked = request(workspace, door, period, "")
        assert not asked.reasons, asked.reasons
        waiting = releases.asked_for(Ledger(workspace.ledger).entries, PERIOD)
        if waiting is not None and waiting.state == "requested":
            approve(workspace, approver, period)
        published = publish(workspace, door, period)
        assert not published.reasons, published.reasons
    if releases.in_force(Ledger(workspace.ledger).entries, PERIOD) is not None:
        withdraw_release(workspace, approver, period, REASON)
    if waivers(Ledger(workspace.ledger).entries)[0].revoked_at is None:
        revoke(workspace, approver, "W-0001", REASON)
    take_in(workspace, door, [])


def test_decisions_killed_at_a_write_and_made_again_end_as_if_undisturbed(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "tests.keeping.test_crash_releases", str(tmp_path), str(MOST_POINTS)]
    answer = answer_of(subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=CHECKOUT))
    undisturbed = answer["undisturbed"]
    assert undisturbed["problems"] == []
    for part in ("official", "open"):
        assert f"workspace/releases/{PERIOD}/v1/{part}/manifest.sha256" in undisturbed["content"]
    assert wrong_ends(answer) == {}
    assert answer["count"] >= MOST_POINTS


if __name__ == "__main__":
    print(json.dumps(killed_everywhere(Path(sys.argv[1]), consolidated, decide, int(sys.argv[2]), AROUND)))  # noqa: T201
