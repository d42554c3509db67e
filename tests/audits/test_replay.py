"""A past verdict is reached again under any version of its rule; nothing is written."""

from pathlib import Path

import pytest

from flows.audits.replay import replay, rule_versions
from flows.entry.door import MisuseError
from flows.intake.correct import Place, correct
from schemas.catalogue import OVERLAY
from tests.intake.test_rule_versions import A_MINUTE_EARLY, LENIENT, ON_A_SUNDAY, office_with, opened_again
from tests.support.office import Office, log


def everything_in(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def changes(office: Office, *rules: str) -> list[tuple[str, str, str, str | None, str | None]]:
    found = replay(office.workspace, rule_versions(office.workspace.plan, rules)).changes
    return [
        (one.of, one.rule_id, one.unit_code, one.before.outcome if one.before else None,
         one.after.outcome if one.after else None)
        for one in found
    ]  # fmt: skip


def test_version_1_over_what_version_2_judged_lists_the_changed_verdict_and_version_2_nothing(tmp_path: Path) -> None:
    office = office_with(tmp_path, LENIENT)
    office.take(log(A_MINUTE_EARLY))
    before = everything_in(office.workspace.root)
    assert changes(office, "D009@1") == [("S-0001", "D009", "QLVHGD", "pass", "fail")]
    assert changes(office, "D009@2") == []
    assert everything_in(office.workspace.root) == before


def test_a_version_that_came_later_is_asked_about_an_earlier_submission(tmp_path: Path) -> None:
    office = office_with(tmp_path)
    office.take(log(A_MINUTE_EARLY))
    (office.workspace.plan_folder / OVERLAY).write_text(f"[[rule]]\n{LENIENT}", "utf-8")
    again = opened_again(office)
    assert changes(again, "D009") == [("S-0001", "D009", "QLVHGD", "fail", "pass")]
    assert changes(again, "d009@1") == []


def test_the_verdict_in_force_is_asked_with_the_corrections_behind_it(tmp_path: Path) -> None:
    office = office_with(tmp_path, LENIENT)
    office.take(log(A_MINUTE_EARLY))
    place = Place(dossier=A_MINUTE_EARLY.split(" | ")[0], field="finished_at")
    finished = A_MINUTE_EARLY.rsplit(" | ", 1)[1]
    correct(office.workspace, office.door, "S-0001", place, finished, "05/01/2022 08:31", "gõ nhầm", "Phiếu 017")
    assert changes(office, "D009@1") == []


def test_a_consolidation_is_reviewed_again_as_it_was(tmp_path: Path) -> None:
    """A submission that came after it does not count, though it would break the rule."""
    office = office_with(tmp_path)
    office.take(log(A_MINUTE_EARLY))
    office.consolidate()
    office.take(log(ON_A_SUNDAY), "so-2.csv")
    assert changes(office, "C003") == []
    office.consolidate()
    done = replay(office.workspace, rule_versions(office.workspace.plan, ["C003"]))
    assert (done.consolidation_count, done.changes) == (2, ())


def test_what_there_is_not_is_a_persons_mistake(tmp_path: Path) -> None:
    office = office_with(tmp_path)
    for name in ("D999", "D009@7", "D009@x"):
        with pytest.raises(MisuseError, match="there is no such rule"):
            rule_versions(office.workspace.plan, [name])
    with pytest.raises(MisuseError, match="S-0009"):
        replay(office.workspace, rule_versions(office.workspace.plan, ["D009"]), ["S-0009"])


def test_every_rule_at_its_recorded_version_changes_nothing_in_the_demo(shared_demo: Office) -> None:
    rules = shared_demo.workspace.plan.catalogue.versions
    done = replay(shared_demo.workspace, rules)
    assert (done.submission_count, done.consolidation_count) == (17, 1)
    assert done.changes == ()
