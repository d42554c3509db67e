"""An unknown log gives the draft of a profile, which proposes, says what it could not tell, and binds nobody."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.run import invented_office
from flows.desk.profile import profile
from flows.entry.door import MisuseError
from schemas.headings import PROCEDURE_NAME, load_headings
from schemas.plan import PlanError, load_plan
from schemas.vocabulary import COLUMNS, LABEL_VALUES
from sources.drafts.dates import read_dates
from sources.drafts.draft import Draft
from sources.drafts.profile import draft_profile
from sources.drafts.toml import as_toml
from sources.logs.profile import load_profile
from tests.support.office import HEADINGS, PLAN, PLANS, Office, ReadLog, csv_of, drawn, log, titles, xlsx_of
from tests.support.workbooks import ods_of, xlsb_of
from tests.support.workbooks import xlsx_of as book_of

DATA = Path(__file__).parents[3] / "shared" / "data"
RECEIPT = DATA / "receipt" / "receipt.csv"
LIMITS = DATA / "procedures" / "tthc_207_channels.csv"
LEGACY = DATA / "legacy_vietnamese"
VOCABULARY = load_headings()
CHECKOUT = Path(__file__).parents[2]


def drafted(folder: Path, content: bytes, name: str = "la.csv", plan_id: str = "svhtt-khanh-hoa-2022") -> Draft:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return draft_profile(path, path.suffix, load_plan(PLANS / plan_id), VOCABULARY, "nhap")


def asked(draft: Draft) -> dict[str, str]:
    return {question.key: question.text for question in draft.questions}


def answered(text: str, *confirmed: str, labels: Mapping[str, str] | None = None) -> str:
    """Answer in the file as a person would: give labels their meaning, and take what is confirmed out of the list."""
    for label, meaning in (labels or {}).items():
        blank = f'"{label}" = ""'
        assert blank in text
        text = text.replace(blank, f'"{label}" = "{meaning}"')
    found = re.search(r"needs_confirmation = (\[.*\])", text)
    assert found is not None
    left = [key for key in json.loads(found[1]) if key not in confirmed]
    return text.replace(found[1], json.dumps(left))


def plan_with(folder: Path, plan_id: str, text: str) -> Path:
    """Lay out a bundled plan whose profiles are put aside for this one."""
    shutil.copytree(PLANS / plan_id, folder)
    for path in (folder / "profiles").glob("*.toml"):
        path.unlink()
    (folder / "profiles" / "nhap.toml").write_text(text, "utf-8")
    return folder


needs_receipt = pytest.mark.skipif(not RECEIPT.is_file(), reason="the receipt log is not on this machine")


@needs_receipt
def test_the_receipt_log_needs_the_fold_rule_and_two_confirmations(tmp_path: Path) -> None:
    content = RECEIPT.read_bytes()
    draft = drafted(tmp_path, content, "receipt.csv", "receipt-log-2011")
    assert set(asked(draft)) == {"fold", "coverage", "columns.channel.values"}
    text = as_toml(draft)
    labels = {"e-mail": "in_person", "Intern": "in_person"}
    for kept in ("fold", "coverage", "columns.channel.values"):
        others = {"fold", "coverage", "columns.channel.values"} - {kept}
        path = tmp_path / "nhap.toml"
        path.write_text(answered(text, *others, labels=labels), "utf-8")
        with pytest.raises(PlanError, match=kept):
            load_profile(path)
    whole = answered(text, "fold", "coverage", "columns.channel.values", labels=labels)
    plan = load_plan(plan_with(tmp_path / "plan", "receipt-log-2011", whole))
    ours = ReadLog(tmp_path / "ours", content, "receipt.csv", plan)
    bundled = ReadLog(tmp_path / "bundled", content, "receipt.csv", load_plan(PLANS / "receipt-log-2011"))
    rows = ours.table("dossier_row")
    assert rows == bundled.table("dossier_row")
    assert ours.table("finding") == bundled.table("finding")
    assert len(rows) == 1434
    assert Counter(row["channel"] for row in rows) == {"online": 1250, "in_person": 109 + 21 + 1, "postal": 53}
    assert sum(row["finished_at"] is None for row in rows) == 105
    assert (ours.reading.coverage, ours.reading.exported_at) == (bundled.reading.coverage, bundled.reading.exported_at)


@pytest.fixture(scope="module")
def demo_log() -> bytes:
    return invented_office().log_file(PLAN.period("2022-Q1")).content


def test_every_column_of_the_demos_log_is_found(demo_log: bytes, tmp_path: Path) -> None:
    draft = drafted(tmp_path, demo_log, "so.xlsx")
    bundled = load_profile(PLANS / "svhtt-khanh-hoa-2022" / "profiles" / "one-stop-vn.toml").document
    # Of each column of the bundled profile the demo's log has one heading, and the draft that one.
    assert {column.name for column in draft.columns} == set(bundled.columns)
    for column in draft.columns:
        assert column.heading in bundled.columns[column.name].headings
        assert column.personal == bundled.columns[column.name].personal
        known = bundled.columns[column.name].values
        assert {label: meaning for label, meaning in column.values.items() if meaning}.items() <= known.items()
    assert draft.unused == ("STT", "Tên thủ tục hành chính")
    assert (draft.grain, draft.coverage) == ("row", "active_in_window")
    # What the demo plants: a label that nobody knows, and days that there are not.
    assert set(asked(draft)) == {"coverage", "columns.status.values", "columns.finished_at.formats"}
    assert "Treo" in asked(draft)["columns.status.values"]
    assert "2 trong" in asked(draft)["columns.finished_at.formats"]


def test_the_confirmed_draft_reads_the_demos_log_as_the_bundled_profile_does(demo_log: bytes, tmp_path: Path) -> None:
    draft = drafted(tmp_path, demo_log, "so.xlsx")
    text = answered(as_toml(draft).replace('"Treo" = ""\n', ""), *asked(draft))
    plan = load_plan(plan_with(tmp_path / "plan", "svhtt-khanh-hoa-2022", text))
    ours, bundled = (ReadLog(tmp_path / name, demo_log, "so.xlsx", p) for name, p in (("a", plan), ("b", PLAN)))
    assert ours.table("dossier_row") == bundled.table("dossier_row")
    assert ours.table("finding") == bundled.table("finding")
    assert ours.reading.window == bundled.reading.window
    assert ours.reading.exported_at == bundled.reading.exported_at


ROWS = """
H32.15-220105-0001 | 1.003654 | QLVHGD   | Trực tuyến | Đang xử lý    | 05/01/2022 | 26/01/2022 |
H32.15-220113-0002 | 1.003676 | Văn phòng | Trực tiếp  | Đã có kết quả | 13/01/2022 | 28/02/2022 | 20/01/2022
"""


def test_headings_that_nobody_knows_are_recognised_by_content_or_asked_about(tmp_path: Path) -> None:
    unknown = ("Cột a", "Cột b", "Cột c", "Cột d", "Cột e", "Cột f", "Cột g", "Cột h")
    draft = drafted(tmp_path, log(ROWS, headings=unknown))
    assert {column.name: column.heading for column in draft.columns} == {
        "dossier_code": "Cột a",
        "procedure_code": "Cột b",
        "handling_office": "Cột c",
        "channel": "Cột d",
        "status": "Cột e",
    }
    questions = asked(draft)
    found = {f"columns.{name}" for name in ("dossier_code", "procedure_code", "handling_office", "channel", "status")}
    # Which date is which no content tells: the columns that hold dates are named.
    dates = {"columns.received_at", "columns.due_at", "columns.finished_at"}
    assert set(questions) == {*found, *dates, "coverage"}
    for key in dates:
        assert all(f"“{heading}”" in questions[key] for heading in ("Cột f", "Cột g", "Cột h"))


def test_swapped_headings_are_asked_about(tmp_path: Path) -> None:
    swapped = list(HEADINGS)
    swapped[5], swapped[6] = swapped[6], swapped[5]
    swapped[3], swapped[4] = swapped[4], swapped[3]
    questions = asked(drafted(tmp_path, log(ROWS, headings=swapped)))
    assert "swapped headings" in questions["columns.due_at"]
    assert "is it this column at all" in questions["columns.channel.values"]
    assert "is it this column at all" in questions["columns.status.values"]


def test_a_code_under_the_heading_of_another_is_asked_about(tmp_path: Path) -> None:
    swapped = [HEADINGS[1], HEADINGS[0], *HEADINGS[2:]]
    assert {"columns.dossier_code", "columns.procedure_code"} <= set(asked(drafted(tmp_path, log(ROWS, None, swapped))))


def test_a_heading_that_is_nearly_known_is_proposed_and_asked_about(tmp_path: Path) -> None:
    near = ["Số hồ sơ (mã)", *HEADINGS[1:5], "Ngày tiep nhận", *HEADINGS[6:]]
    draft = drafted(tmp_path, log(ROWS, headings=near))
    assert {"received_at", "dossier_code"} <= {column.name for column in draft.columns}
    assert "“Ngày tiếp nhận”" in asked(draft)["columns.received_at"]


def test_a_column_without_which_nothing_is_counted_is_asked_for(tmp_path: Path) -> None:
    shorter = "\n".join("|".join(line.split("|")[:-1]) for line in ROWS.strip().splitlines())
    assert "columns.finished_at" in asked(drafted(tmp_path, log(shorter, headings=HEADINGS[:-1])))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    rows = [HEADINGS, *drawn(ROWS)]
    draft = drafted(tmp_path, "\n".join(delimiter.join(row) for row in rows).encode())
    assert (draft.delimiter, draft.row_count) == (delimiter, 2)
    assert "columns.dossier_code" not in asked(draft)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".ods"])
def test_a_log_is_drafted_alike_from_every_format(tmp_path: Path, suffix: str) -> None:
    rows = [*titles(), HEADINGS, *drawn(ROWS)]
    content = {".xlsx": xlsx_of, ".xlsm": xlsx_of, ".xlsb": xlsb_of, ".ods": ods_of}.get(suffix, csv_of)(rows)
    draft = drafted(tmp_path, content, f"la{suffix}")
    like = drafted(tmp_path / "csv", csv_of(rows))
    assert (draft.columns, draft.questions, draft.row_count) == (like.columns, like.questions, 2)


OLD_LOG = LEGACY / "2009-xls.xls"


@pytest.mark.skipif(not OLD_LOG.is_file(), reason="../shared/data/legacy_vietnamese is absent")
def test_an_old_workbook_in_a_font_of_its_own_is_drafted_in_unicode(tmp_path: Path) -> None:
    draft = drafted(tmp_path, OLD_LOG.read_bytes(), "la.xls")
    assert "tcvn3" in draft.encoding


def test_of_a_workbook_the_sheet_is_described_that_has_a_known_heading(tmp_path: Path) -> None:
    content = book_of({"Hướng dẫn": [["Cách ghi", "Giải thích"], ["x", "y"]], "Sổ": [HEADINGS, *drawn(ROWS)]})
    assert drafted(tmp_path, content, "la.xlsx").row_count == 2


@pytest.mark.skipif(not LIMITS.is_file(), reason="../shared/data/procedures is absent")
def test_the_time_limits_of_a_catalogue_are_counted_by_unit_and_none_is_guessed(tmp_path: Path) -> None:
    (note,) = [note for note in drafted(tmp_path, LIMITS.read_bytes()).notes if "thời hạn" in note]
    numbers = [int(number) for number in re.findall(r"\b\d+\b", note)]
    assert numbers == [176, 186, 44, 7, 49]


@pytest.mark.parametrize(
    ("first_received", "finished", "coverage"),
    [
        ("15/12/2021", "20/12/2021", "received_in_window"),
        ("10/12/2021", "20/12/2021", "active_in_window"),
        ("10/12/2021", "", "active_in_window"),
        ("10/12/2021", "14/12/2021", "full_snapshot"),
    ],
)
def test_the_coverage_is_guessed_from_the_window_and_asked_about(
    tmp_path: Path, first_received: str, finished: str, coverage: str
) -> None:
    row = f"H32.15-211210-0001 | 1.003654 | VP | BCCI | Đang xử lý | {first_received} | 31/12/2021 | {finished}"
    draft = drafted(tmp_path, log(f"{row}\n{ROWS}"))
    assert draft.coverage == coverage
    assert "coverage" in asked(draft)


def test_events_that_differ_within_a_dossier_are_folded_by_a_rule_that_is_asked_about(tmp_path: Path) -> None:
    table = """
    H32.15-220113-0001 | 1.003654 | QLVHGD | BCCI | Đang xử lý    | 13/01/2022 | 26/01/2022 |
    H32.15-220113-0001 | 1.003654 | QLVHGD | BCCI | Đã có kết quả | 14/01/2022 | 26/01/2022 | 20/01/2022
    """
    draft = drafted(tmp_path, log(table))
    folds = {column.name: column.fold for column in draft.columns}
    assert draft.grain == "event"
    assert (folds["received_at"], folds["status"], folds["channel"]) == ("min", "last", "same")
    assert "received_at: 1 (min)" in asked(draft)["fold"]


DAYS = st.lists(st.dates(date(2000, 1, 1), date(2030, 12, 31)), min_size=1, max_size=8)


@given(DAYS, st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y"]))
def test_day_and_month_are_told_apart_by_a_day_above_twelve_alone(days: list[date], pattern: str) -> None:
    cells = pl.Series([day.strftime(pattern) for day in days], dtype=pl.String)
    found = read_dates(cells, VOCABULARY.date_order, "Asia/Ho_Chi_Minh")
    is_told = any(day.day > 12 for day in days)
    assert found.is_proven == is_told
    assert bool(found.rivals) != is_told
    if is_told:
        assert found.order == ("dmy" if pattern.startswith("%d") else "mdy")
        assert found.formats == (pattern,)


@pytest.mark.parametrize(
    ("received", "is_asked"),
    [("05/01/2022", True), ("12/12/2021", True), ("13/01/2022", False)],
)
def test_a_column_without_a_day_above_twelve_is_undecided(tmp_path: Path, received: str, is_asked: bool) -> None:
    row = f"H32.15-220105-0001 | 1.003654 | VP | BCCI | Đang xử lý | {received} | 26/01/2022 |"
    questions = asked(drafted(tmp_path, log(row)))
    assert ("columns.received_at.formats" in questions) == is_asked
    assert "columns.due_at.formats" not in questions


def test_an_undecided_column_is_proposed_as_the_proven_ones_of_its_file_are(tmp_path: Path) -> None:
    row = "H32.15-220105-0001 | 1.003654 | VP | BCCI | Đang xử lý | 01/05/2022 | 01/26/2022 |"
    draft = drafted(tmp_path, log(row))
    formats = {column.name: column.dates.formats for column in draft.columns if column.dates is not None}
    assert formats["received_at"] == formats["due_at"] == ("%m/%d/%Y",)
    assert "columns.received_at.formats" in asked(draft)


PERSONS = ("Nguyễn Thị Giả Định", "0000 111 222", "Công dân Thử Nghiệm 03", "gia.dinh@thu.nghiem", "000011112222")


@pytest.mark.parametrize("with_headings", [True, False])
def test_nothing_that_may_be_personal_is_shown(tmp_path: Path, with_headings: bool) -> None:
    name, phone, other, mail, identity = PERSONS
    headings = [*HEADINGS, "Chủ hồ sơ", "Số điện thoại", "Người nhận thay", "Liên hệ", "Ý kiến"]
    table = f"""
    H32.15-220105-0001 | 1.003654 | {name}  | {phone}    | {other}    | {mail}     | 26/01/2022 | | {other} | {phone} | {name} | {phone} | {identity}
    H32.15-220113-0002 | {other}  | {phone} | {name}     | Đang xử lý | 13/01/2022 | 28/02/2022 | | {name}  | {phone} | {name} | {mail}  | {name}
    {identity}         | 1.003676 | VP      | {identity} | {mail}     | 13/01/2022 | {name}     | | {other} | {phone} | {name} | {phone} | {other}
    """
    above = [[f"Người lập: {name}, {phone}"], [f"Liên hệ {mail}"], *titles()]
    rows = drawn(table)
    content = csv_of([*above, headings, *rows]) if with_headings else csv_of([[name, other, mail], *rows])
    path = tmp_path / "la.csv"
    path.write_bytes(content)
    office = Office.new(tmp_path, PLANS / "svhtt-khanh-hoa-2022")
    said = []
    for extra in (["--json"], []):
        command = [sys.executable, "-m", "motcua", "profile", str(path), "--workspace", str(office.workspace.root)]
        done = subprocess.run([*command, *extra], capture_output=True, text=True, cwd=CHECKOUT, check=False)
        said.append(done.stdout + done.stderr)
        assert done.returncode == (0 if with_headings else 2), done.stderr
    assert "Traceback" not in "".join(said)
    # A name in capitals or a number without its spaces would be seen too.
    plain = re.sub(r"[\s.]", "", "".join(said)).lower()
    for person in PERSONS:
        assert re.sub(r"[\s.]", "", person).lower() not in plain
    if with_headings:
        assert "personal_11" in said[1]


def test_a_label_that_stands_among_the_applicants_is_not_shown(tmp_path: Path) -> None:
    row = "H32.15-220113-0001 | 1.003654 | VP | {} | Đang xử lý | 13/01/2022 | 26/01/2022 | | {}"
    content = log("\n".join((row.format("Mơ", "Người Thử Nghiệm Mơ"), row.format("Fax", "Người Thử Nghiệm 02"))),
                  headings=(*HEADINGS, "Chủ hồ sơ"))  # fmt: skip
    text = as_toml(drafted(tmp_path, content))
    assert '"Fax" = ""' in text
    assert "Mơ" not in text


def test_an_office_that_the_plan_does_not_have_is_noted_with_the_nearest(tmp_path: Path) -> None:
    row = "H32.15-220113-0003 | 1.003654 | Phòng Quản lý văn hóa | BCCI | Đang xử lý | 13/01/2022 | 26/01/2022 |"
    notes = " ".join(drafted(tmp_path, log(f"{ROWS}{row}")).notes)
    assert "nearest: Phòng Quản lý văn hóa và gia đình (QLVHGD)" in notes


def test_the_same_log_gives_the_same_draft(tmp_path: Path) -> None:
    one, two = (as_toml(drafted(tmp_path / name, log(ROWS))) for name in ("a", "b"))
    assert one == two


def test_an_unconfirmed_profile_is_named_and_refused_in_one_line(tmp_path: Path) -> None:
    office = Office.new(tmp_path, PLANS / "svhtt-khanh-hoa-2022")
    path = tmp_path / "la.csv"
    path.write_bytes(log(ROWS))
    out = office.workspace.plan_folder / "profiles" / "nhap.toml"
    profile(PLAN, path, out)
    size = office.ledger.size
    at = ["-w", str(office.workspace.root)]
    for command, said in (
        (["intake", str(path), "--actor", office.door.stamp.actor], "propose"),
        (["plan", "check"], "coverage"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "motcua", *command, *at], capture_output=True, text=True, cwd=CHECKOUT, check=False
        )
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
        assert "nhap.toml" in done.stderr
        assert said in done.stderr
    assert office.ledger.size == size


def test_a_label_without_a_meaning_is_refused_once_all_is_confirmed(tmp_path: Path) -> None:
    row = "H32.15-220113-0003 | 1.003654 | VP | Fax | Đang xử lý | 13/01/2022 | 26/01/2022 |"
    draft = drafted(tmp_path, log(f"{ROWS}{row}"))
    path = tmp_path / "nhap.toml"
    path.write_text(answered(as_toml(draft), *asked(draft)), "utf-8")
    with pytest.raises(PlanError, match="Fax"):
        load_profile(path)


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    path, out = tmp_path / "la.csv", tmp_path / "nhap.toml"
    path.write_bytes(log(ROWS))
    out.write_text("của người khác", "utf-8")
    with pytest.raises(MisuseError, match=r"nhap\.toml"):
        profile(PLAN, path, out)
    assert out.read_text("utf-8") == "của người khác"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"mot dong\n", "chỉ có chữ\nkhông có bảng\n".encode()])
def test_a_file_without_a_table_is_said_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "la.csv"
    path.write_bytes(content)
    with pytest.raises(MisuseError):
        profile(PLAN, path, None)


def test_the_vocabulary_knows_only_columns_and_meanings_that_there_are() -> None:
    for name, column in VOCABULARY.columns.items():
        assert column.personal is not None or name in (*COLUMNS, PROCEDURE_NAME)
        assert set(column.values.values()) <= set(LABEL_VALUES.get(name, ()))
        assert all(VOCABULARY.label(name, label) == meaning for label, meaning in column.values.items())


def test_every_heading_and_label_of_the_bundled_profiles_is_in_the_vocabulary() -> None:
    for path in sorted(PLANS.glob("*/profiles/*.toml")):
        for name, column in load_profile(path).document.columns.items():
            assert [heading for heading in column.headings if VOCABULARY.column_of(heading) != name] == []


def test_days_are_local_to_the_plan(tmp_path: Path) -> None:
    start = date(2022, 1, 13)
    rows = [
        [f"H32.15-{start + timedelta(days=n):%y%m%d}-0001", "1.003654", "VP", "BCCI", "Đang xử lý",
         f"{start + timedelta(days=n)} 20:00:00+00:00", f"{start + timedelta(days=n + 9)} 20:00:00+00:00", ""]
        for n in range(3)
    ]  # fmt: skip
    draft = drafted(tmp_path, csv_of([HEADINGS, *rows]))
    assert draft.date_formats == ("%Y-%m-%d %H:%M:%S%.f%z",)
