"""What a person sees of `motcua nc`: the register, one of it, each step, and one sentence where a step lacks something."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.review import Breach, Seen, TakenAway, review
from audit.steps import Identity, Nonconformity
from tests.keeping.test_ledger import entry_of
from tests.register.test_life import LETTERS
from tests.support.commands import Ran, run
from tests.support.office import PERIOD, Office, log, small_plan
from tests.support.people import FOUNDER, signing
from tests.support.rule_cases.base import OVERDUE

FIRST = "NC-2022-Q1-001"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office with a dossier that was overdue without an apology letter."""
    office = Office.new(tmp_path, small_plan(tmp_path / "plan"))
    office.take(log(f"{OVERDUE} | |", headings=LETTERS))
    office.consolidate()
    return office


def nc(office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> Ran:
    with signing(FOUNDER) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return run(["nc", *words, "-w", str(office.workspace.root)], monkeypatch, capsys)


def test_a_major_one_goes_through_its_steps_and_shows_them(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*words: str) -> Ran:
        return nc(office, monkeypatch, capsys, *words)

    listed = told("list", "--open")
    assert (listed.status, FIRST in listed.output, "Mới mở" in listed.output) == (0, True, True)
    early = told("close", FIRST, "--corrected", "--reason", "xong")
    assert (early.status, early.errors.count("\n")) == (2, 1)
    assert "is major or recurs" in early.errors
    assert told("contain", FIRST, "--correction", "gửi thư xin lỗi").status == 0
    analysed = told("analyse", FIRST, "--method", "ishikawa", "--cause", "thiếu người", "--similar", "không")
    assert analysed.output == f"{FIRST}: Đã phân tích nguyên nhân / analysed\n"
    wrong = told("plan", FIRST, "--periods", "1", "--action", "nhắc hạn")
    assert (wrong.status, "--action nhắc hạn: viết / write" in wrong.errors) == (2, True)
    assert told("plan", FIRST, "--periods", "1", "--action", "29/04/2027|QLVHGD|nhắc hạn").status == 0
    shown = told("show", FIRST)
    for said in ("1. nhắc hạn (QLVHGD, 29/04/2027): chưa xong", "holds in 1 later periods", "thiếu người"):
        assert said in shown.output
    assert told("implement", FIRST, "--risks", "a", "--system", "b").status == 2


def test_what_a_person_finds_is_recorded_closed_and_opened_again(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*words: str) -> Ran:
        return nc(office, monkeypatch, capsys, *words)

    about = ("--description", "thiếu biên bản", "--clause", "9.2", "--process", "Đánh giá", "--period", PERIOD)
    assert "NC-2022-Q1-002: Mới mở" in told("open", *about, "--source", "internal_audit", "--unit", "TV").output
    assert told("open", *about, "--source", "rule").status == 2
    assert told("contain", "nc-2022-q1-002", "--correction", "lập lại", "--owner", "Người Thử Nghiệm 019").status == 0
    found = json.loads(told("list", "--json").output)
    [own] = [one["item"] for one in found if one["item"]["number"] == "NC-2022-Q1-002"]
    assert (own["owner"], own["source"], own["description"]) == (
        "Người Thử Nghiệm 019", "internal_audit", "thiếu biên bản",
    )  # fmt: skip
    assert told("close", "NC-2022-Q1-002", "--corrected", "--reason", "đã lập").status == 0
    assert told("reopen", "NC-2022-Q1-002", "--reason", "lại thiếu").status == 0
    contained = told("cancel", "NC-2022-Q1-002", "--reason", "trùng", "--duplicate-of", FIRST)
    assert (contained.status, contained.errors.count("\n"), "contained it" in contained.errors) == (2, 1, True)
    assert told("open", *about, "--source", "internal_audit", "--unit", "TV").status == 0
    duplicate = told("cancel", "NC-2022-Q1-003", "--reason", "trùng", "--duplicate-of", FIRST)
    assert duplicate.output == "NC-2022-Q1-003: Trùng lặp / duplicate\n"
    assert "internal_audit" in told("pareto").output
    missing = told("show", "NC-2022-Q1-099")
    assert (missing.status, "there is no such nonconformity" in missing.errors) == (2, True)
    nothing = told("close", "--corrected", "--all-gone", PERIOD, "--reason", "x")
    assert (nothing.status, "nothing waits to be closed" in nothing.errors) == (2, True)


def test_what_recurs_is_graded_up_by_one_step() -> None:
    from audit.register import register

    def found(period: str, before: frozenset[str], known: dict[str, Nonconformity]) -> tuple[object, ...]:
        breach = Breach(Identity("D001", "VP", period, "dossier"), 1, "observation", "8.7", 5, 1, ())
        return review(known, Seen(period, [breach], lambda _: TakenAway("measured"), before))

    first = entry_of(1, found("2022-Q1", frozenset(), {}), "2022-Q1")
    second = entry_of(2, found("2022-Q2", frozenset({"2022-Q1"}), register([first])), "2022-Q2")
    again = register([first, second])["NC-2022-Q2-001"]
    assert (again.grade, again.recurrence_of, again.recurrence_count) == ("minor", FIRST, 1)
