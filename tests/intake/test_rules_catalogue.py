"""Every rule of the catalogue sees what it should, lets its corrected neighbour pass, and is missed when it is gone."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

import flows.intake.validate
import flows.intake.validate_log
import schemas.dossier
import sources.logs.cast
import sources.logs.rows
import sql
from schemas.plan import load_plan
from schemas.rules import RULES_FILE, Rule, load_rules
from sources.files.source import Remark, SourceRow, UnreadableError
from sources.logs.correction import CorrectedRows
from sources.logs.log import OpenLog
from sources.reports.evaluation import Evaluation
from tests.support.office import PLANS, ReadLog, log
from tests.support.rule_cases import CASES

CHECKOUT = Path(__file__).parents[2]
RULES = load_rules()
# The rules of unit reports have their cases in test_report_*.
REPORT_TESTS = [*CHECKOUT.glob("tests/reports/test_*.py"), CHECKOUT / "tests" / "intake" / "test_report_correction.py"]
REPORT_RULES = {rule.id for rule in RULES.of_kind("report")}
OPENS_ONE = {rule.id for rule in RULES.values() if rule.severity == "fatal" and rule.grade is not None}
OF_FILES = tuple(rule for rule in RULES.of_kind("cast", "column", "row", "within_file"))
OF_PERIODS = RULES.of_kind(
    *("across_files", "across_periods", "reporting", "identity", "target", "in_period", "task", "plan")
)


def test_every_rule_of_the_catalogue_has_a_case() -> None:
    assert set(CASES) == set(RULES) - REPORT_RULES
    tested = "".join(path.read_text("utf-8") for path in REPORT_TESTS)
    assert [rule_id for rule_id in sorted(REPORT_RULES) if f'"{rule_id}"' not in tested] == []


@pytest.mark.parametrize("rule_id", CASES)
def test_a_fault_breaks_exactly_its_rule(rule_id: str, tmp_path: Path) -> None:
    case = CASES[rule_id]
    seen = case.broken(tmp_path, rule_id)
    assert seen.rules == {rule_id} | case.also
    assert "fail" in seen.outcomes
    # A fatal rule with a grade opens a nonconformity, a warning none.
    if RULES[rule_id] in OF_PERIODS:
        assert seen.opened == seen.rules & OPENS_ONE


@pytest.mark.parametrize("rule_id", CASES)
def test_the_corrected_neighbour_passes(rule_id: str, tmp_path: Path) -> None:
    seen = CASES[rule_id].sound(tmp_path, rule_id)
    assert (seen.rules, seen.outcomes, seen.opened) == (frozenset(), {"pass"}, frozenset())


def without_row_check(rule_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rest = schemas.dossier.row_checks

    def fewer(*arguments: object) -> tuple[schemas.dossier.RowCheck, ...]:
        return tuple(check for check in rest(*arguments) if check.rule_id != rule_id)  # type: ignore[arg-type]

    monkeypatch.setattr(flows.intake.validate_log, "row_checks", fewer)


def without_cast_rule(rule_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if rule_id == "D001":
        monkeypatch.setattr(sources.logs.cast, "DATE_RULE", None)
        return
    rest = {column: known for column, known in sources.logs.cast.CAST_RULES.items() if known != rule_id}
    assert rest != sources.logs.cast.CAST_RULES
    monkeypatch.setattr(sources.logs.cast, "CAST_RULES", rest)


def without_offenders(rule_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stands = sql.Method.query

    def query(method: sql.Method, name: str) -> str:
        text = stands(method, name)
        return f"SELECT * FROM ({text.strip().rstrip(';')}) LIMIT 0" if name.endswith(f"/{rule_id}") else text

    monkeypatch.setattr(sql.Method, "query", query)


# What sees that a line, a heading, the file or a number in place of a text is not as it should be.
OF_LINES = {
    "D019": ("_is_ragged", False),
    "D063": ("_repeated_headings", []),
    "D064": ("_without_heading", []),
    "D066": ("_encoding", []),
    "D067": ("_is_repeated_header", False),
    "D071": ("_torn_above", []),
}
OF_NUMBERS = {"D069": ("serial_moment", None), "D070": ("as_number", False)}
OF_DAMAGE = {rule_id: damage for damage, rule_id in sources.logs.rows.DAMAGE_RULES.items()}


def without_line_rule(rule_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, answer = OF_LINES[rule_id]
    monkeypatch.setattr(sources.logs.rows.RowSorter, name, lambda *_: answer)


def without_number_rule(rule_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, answer = OF_NUMBERS[rule_id]
    monkeypatch.setattr(sources.logs.cast, name, lambda *_: answer)


def without_damage_rule(rule_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sources.logs.rows.DAMAGE_RULES, OF_DAMAGE[rule_id])


def without_refusal(_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows.intake.validate, "UnreadableError", ZeroDivisionError)


def without_finding(rule_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    find = Evaluation.find

    def finds_others(reading: Evaluation, found: str, expected: str, **place: object) -> None:
        if found != rule_id:
            find(reading, found, expected, **place)  # type: ignore[arg-type]

    monkeypatch.setattr(Evaluation, "find", finds_others)


def without_remarks(rule_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    every = flows.intake.validate_log.remarks_of

    def fewer(log: OpenLog, ignored_rows: Iterable[int]) -> tuple[Remark, ...]:
        return tuple(remark for remark in every(log, ignored_rows) if remark.rule_id != rule_id)

    monkeypatch.setattr(flows.intake.validate_log, "remarks_of", fewer)


def without_unfit(_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Blind(CorrectedRows):
        def __iter__(self) -> Iterator[list[SourceRow]]:
            yield from super().__iter__()
            self.unfit = []

    monkeypatch.setattr(flows.intake.validate_log, "CorrectedRows", Blind)


def without_file_name(_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows.intake.validate_log, "name_remarks", lambda *_: ())


def removal(rule: Rule) -> Callable[[str, pytest.MonkeyPatch], None]:
    if rule.id in ("D020", "D090"):
        return without_refusal if rule.id == "D020" else without_unfit
    if rule.kind == "file":
        return without_file_name if rule.id == "D080" else without_remarks
    for rules, removed in (
        (OF_LINES, without_line_rule),
        (OF_NUMBERS, without_number_rule),
        (OF_DAMAGE, without_damage_rule),
    ):
        if rule.id in rules:
            return removed
    if rule.kind == "cast":
        return without_cast_rule
    if rule.kind == "free_form":
        return without_finding
    return without_row_check if rule.kind in ("column", "row") else without_offenders


# All queries of rules are taken away by one way: one of them shows that it works. What notices a query that sees less
# or more is its drawn table (tests/queries).
OF_QUERIES = [rule_id for rule_id in CASES if removal(RULES[rule_id]) is without_offenders]
REMOVED = [rule_id for rule_id in CASES if rule_id not in OF_QUERIES[1:]]


@pytest.mark.parametrize("rule_id", REMOVED)
def test_a_case_fails_without_its_rule(rule_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    removal(RULES[rule_id])(rule_id, monkeypatch)
    try:
        seen = CASES[rule_id].broken(tmp_path, rule_id)
    except UnreadableError:
        assert rule_id == "D020"
        return
    assert rule_id not in seen.rules


@pytest.mark.parametrize("rule", OF_FILES, ids=lambda rule: rule.id)
def test_a_fatal_rule_rejects_the_row_and_a_warning_keeps_it(rule: Rule, tmp_path: Path) -> None:
    if rule.id in ("D020", "D090"):
        pytest.skip("it rejects the whole file: test_intake; it is about a correction: test_correction")
    CASES[rule.id].broken(tmp_path, rule.id)
    one = ReadLog(tmp_path / "again", (tmp_path / "so.csv").read_bytes())
    rejected = {reason for _, fate, reason in one.fates if fate == "rejected"}
    also = {rule_id for rule_id in CASES[rule.id].also if RULES[rule_id].severity == "fatal"}
    assert rejected - also == ({rule.id} if rule.severity == "fatal" else set())


def test_one_bad_cell_hides_no_other(tmp_path: Path) -> None:
    one = ReadLog(
        tmp_path,
        log("220105-1 | 1.999999 | Phòng Tổng hợp | Qua Zalo | Treo | 31/02/2022 | | 06/01/2022"),
    )
    assert one.rules == {"D001", "D003", "D004", "D005", "D006", "D007", "D012", "D014"}


def test_rows_of_one_code_that_differ_are_all_rejected_and_identical_ones_from_the_second_on(tmp_path: Path) -> None:
    one = ReadLog(
        tmp_path,
        log(
            """
            H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
            H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 05/01/2022 | 26/01/2022 |
            H32.15-220106-0002 | 1.003654 | QLVHGD | Trực tuyến | Đang xử lý | 06/01/2022 | 26/01/2022 |
            H32.15-220106-0002 | 1.003654 | QLVHGD | Trực tiếp  | Đang xử lý | 06/01/2022 | 26/01/2022 |
            """
        ),
    )
    assert [row for row, fate, _ in one.fates if fate == "rejected"] == [6, 7, 8]


def test_a_rule_whose_columns_the_source_lacks_is_not_evaluated_which_is_no_pass(tmp_path: Path) -> None:
    headings = (
        "case:concept:name",
        "case:department",
        "case:startdate",
        "case:deadline",
        "case:enddate",
        "case:channel",
    )
    event = "case-1 | General | 2011-10-11 13:42:22.688000+02:00 | 2011-12-06 13:41:31.788000+01:00 | | Post"
    one = ReadLog(tmp_path, log(event, [], headings), plan=load_plan(PLANS / "receipt-log-2011"))
    outcomes = {rule.id: one.outcomes(rule.id) for rule in OF_FILES if rule.id != "D020"}
    # It says nothing of status, supplement, pick-up, letter or applicant; its code holds neither a date nor an agency.
    not_evaluated = {
        *("D004", "D010", "D013", "D021", "D022", "D023", "D025", "D026", "D027", "D028"),
        *("D029", "D030", "D031", "D032", "D034", "D035", "D036", "D068"),
    }
    assert {rule_id for rule_id, outcome in outcomes.items() if outcome == {"not_evaluated"}} == not_evaluated
    assert {rule_id for rule_id, outcome in outcomes.items() if outcome != {"pass"}} == not_evaluated


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    content = RULES_FILE.read_text("utf-8")
    first = content.index("[[rule]]")
    block = content[first : content.index("[[rule]]", first + 1)]
    doubled = tmp_path / "rules.toml"
    doubled.write_text(content + "\n" + block, "utf-8")
    with pytest.raises(ValueError, match="D001 stands twice"):
        load_rules(doubled)


def test_what_opens_a_nonconformity_has_its_clause_and_its_process() -> None:
    assert [rule.label for rule in RULES.values() if rule.grade is not None and not rule.clause] == []
    assert all(rule.process for rule in RULES.values())
