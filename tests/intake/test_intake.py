"""Files of every shape come in; what cannot be read is a rejected submission with one sentence, never an exception."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from flows.entry.door import MisuseError
from flows.intake.check import check
from flows.intake.submission import show, withdraw
from flows.intake.submissions import submissions
from flows.measures.explain import explain
from schemas.plan import load_plan
from tests.support.office import (
    HEADINGS,
    PERIOD,
    PLANS,
    Cells,
    Office,
    ReadLog,
    csv_of,
    drawn,
    log,
    report,
    small_plan,
    titles,
    xlsx_of,
)
from warehouse import vault

TABLE = """
H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Đã có kết quả | 05/01/2022 08:00:00 | 26/01/2022 | 20/01/2022 09:00:00
H32.15-220106-0002 | 1.003676 | QLVHGD | BCCI       | Đang xử lý    | 06/01/2022 08:00:00 | 28/03/2022 |
"""
DOSSIERS = drawn(TABLE)
CODES = ["H32.15-220105-0001", "H32.15-220106-0002"]


def codes(one: ReadLog) -> list[object]:
    return [row["dossier_code"] for row in one.table("dossier_row")]


def ignored(one: ReadLog) -> list[object]:
    return [reason for _, fate, reason in one.fates if fate == "ignored"]


def shifted(rows: Cells, columns: int) -> Cells:
    return [[""] * columns + row for row in rows]


@pytest.mark.parametrize("name", ["so.csv", "so.xlsx"])
@pytest.mark.parametrize("above", [0, 1, 7, 40])
@pytest.mark.parametrize("left", [0, 1, 3])
def test_the_header_is_found_by_its_headings_at_any_position(name: str, above: int, left: int, tmp_path: Path) -> None:
    empty: Cells = [["", "Ghi chú của Người Thử Nghiệm 017"], *([[]] * (above - 1))] if above else []
    rows = shifted([*empty, list(HEADINGS), *DOSSIERS], left)
    one = ReadLog(tmp_path, csv_of(rows) if name.endswith("csv") else xlsx_of(rows), name)
    assert (codes(one), one.rules) == (CODES, set())
    assert [row["row"] for row in one.table("dossier_row")] == [above + 2, above + 3]


def test_headings_may_change_places_and_spelling(tmp_path: Path) -> None:
    order = [7, 0, 4, 2, 6, 1, 3, 5]
    spelt = {"Số hồ sơ": "MÃ  HỒ SƠ", "Ngày kết thúc xử lý": "Ngày có kết quả", "Hình thức nộp": "hình thức nộp"}
    headings = [spelt.get(HEADINGS[n], HEADINGS[n]) for n in order]
    one = ReadLog(tmp_path, csv_of([headings, *[[row[n] for n in order] for row in DOSSIERS]]))
    plain = ReadLog(tmp_path / "plain", csv_of([HEADINGS, *DOSSIERS]))
    assert [row | {"file_sha256": ""} for row in one.table("dossier_row")] == [
        row | {"file_sha256": ""} for row in plain.table("dossier_row")
    ]


def test_a_two_row_header_number_section_total_and_blank_rows_are_no_data(tmp_path: Path) -> None:
    group = ["Hồ sơ", "", "Phòng ban", "Hình thức nộp", "Trạng thái hồ sơ", "Thời gian", "", ""]
    under = ["Số hồ sơ", "Mã thủ tục", "", "", "", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý"]
    numbers = [f"({n})" for n in range(1, 9)]
    section = ["I. Trên hệ thống của tỉnh", *[""] * 7]
    total = ["TỔNG CỘNG", "2 hồ sơ", *[""] * 6]
    rows = [*titles(), group, under, numbers, section, DOSSIERS[0], [""] * 8, DOSSIERS[1], total]
    one = ReadLog(tmp_path, xlsx_of(rows), "so.xlsx")
    assert codes(one) == CODES
    assert ignored(one) == ["title"] * 3 + ["header"] * 2 + ["number", "section", "blank", "total"]
    assert one.reading.window == (date(2021, 12, 15), date(2022, 3, 14))
    assert one.reading.exported_at == datetime(2022, 3, 15, 8)


def test_title_rows_that_touch_the_header_still_say_window_and_export(tmp_path: Path) -> None:
    one = ReadLog(tmp_path, log(TABLE, titles()[:2]))
    assert ignored(one) == ["title", "title", "header"]
    assert one.reading.exported_at == datetime(2022, 3, 15, 8)
    assert one.reading.window == (date(2021, 12, 15), date(2022, 3, 14))


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_is_no_part_of_the_first_heading(mark: bytes, tmp_path: Path) -> None:
    one = ReadLog(tmp_path, mark + csv_of([HEADINGS, *DOSSIERS]))
    assert (codes(one), one.rules) == (CODES, set())
    assert one.reading.encoding == ("utf-8-sig" if mark else "utf-8")


def test_the_delimiter_that_was_found_is_recorded_with_the_submission(office: Office) -> None:
    for number, delimiter in enumerate(",;\t|", start=1):
        content = log(TABLE).replace(b",", delimiter.encode()) + b"\n" * number
        taken = office.take(content, f"so-{number}.csv")
        assert taken.state == "accepted"
        assert submissions(office.ledger.entries)[-1].taken.delimiter == delimiter


def event_log() -> bytes:
    headings = (
        "case:concept:name",
        "case:department",
        "case:startdate",
        "case:deadline",
        "case:enddate",
        "case:channel",
    )
    events = """
        case-1 | General | 2011-10-11 13:42:22.688000+02:00 | 2011-12-06 13:41:31.788000+01:00 | | Post
        case-2 | General | 2011-10-12 13:42:22.688000+02:00 | 2011-12-06 13:41:31.788000+01:00 | | Desk
        case-1 | General | 2011-10-11 13:42:22.688000+02:00 | 2011-12-06 13:41:31.788000+01:00 | | Post
        case-2 | General | 2011-10-12 13:42:22.688000+02:00 | 2011-12-07 13:41:31.788000+01:00 | | Desk
    """
    return log(events, [], headings)


FAULTY = """
H32.15-220105-0001 | 1.003654 | QLVHGD | Trực tuyến | Treo       | 05/01/2022 | 26/01/2022 |
H32.15-220106-0002 | 1.003676 | QLVHGD | BCCI       | Đang xử lý | 06/01/2022 | 28/03/2022 |
H32.15-220106-0002 | 1.003676 | QLVHGD | BCCI       | Đang xử lý | 06/01/2022 | 28/03/2022 |
H32.15-220107-0003 | 1.003676 | QLVHGD | BCCI       | Đang xử lý | 07/01/2022 | 28/03/2022
TỔNG CỘNG          | 3 hồ sơ  |        |            |            |            |            |
"""


@pytest.mark.parametrize(
    ("content", "name", "plan", "counts"),
    [
        (log(FAULTY), "so.csv", "svhtt-khanh-hoa-2022", (9, 1, 3, 5)),
        (xlsx_of([*titles(), HEADINGS, *drawn(FAULTY)]), "so.xlsx", "svhtt-khanh-hoa-2022", (9, 2, 2, 5)),
        (event_log(), "so.csv", "receipt-log-2011", (5, 2, 2, 1)),
        (report("TV", {}), "TV.xlsx", "svhtt-khanh-hoa-2022", None),
        (report("TV", {"A7.1": "khoảng 120"}), "TV.xlsx", "svhtt-khanh-hoa-2022", None),
    ],
    ids=["csv", "xlsx", "events", "report", "faulty report"],
)
def test_read_is_accepted_and_rejected_and_ignored(
    content: bytes, name: str, plan: str, counts: tuple[int, ...] | None, tmp_path: Path
) -> None:
    one = ReadLog(tmp_path, content, name, load_plan(PLANS / plan))
    reading = one.reading
    read = (reading.read_count, reading.accepted_count, reading.rejected_count, reading.ignored_count)
    assert read[0] == sum(read[1:])
    assert counts is None or read == counts
    fates = [fate for _, fate, _ in one.fates]
    assert (fates.count("rejected"), fates.count("ignored")) == read[2:]
    assert read[0] > 0


def test_every_submission_of_the_demo_closes_its_account(shared_demo: Office) -> None:
    taken = [one.taken for one in submissions(shared_demo.ledger.entries)]
    assert len(taken) == 17
    for one in taken:
        assert one.read_count == one.accepted_count + one.rejected_count + one.ignored_count
    assert taken[-1].read_count > 400


REFUSED = {
    "unknown kind.pdf": b"%PDF-1.7 Th\xe1\xbb\xad nghi\xe1\xbb\x87m",
    "no suffix": log(TABLE),
    "broken.xlsx": b"PK\x03\x04" + b"\x00" * 300,
    "text.xlsx": log(TABLE),
    "cut.xlsx": xlsx_of([HEADINGS, *DOSSIERS])[:2000],
    "unknown encoding.csv": "番号,状態\n1,処理中\n".encode("shift_jis"),
    "no header.csv": csv_of(DOSSIERS),
    "empty.csv": b"",
    "empty.xlsx": xlsx_of([]),
    "blank lines.csv": b"\n\n\n",
    "illegal day above.csv": log(TABLE, titles(first="31/02/2022")),
    "only titles.csv": csv_of(titles()),
    "no accepted row.csv": log("H32.15-220105-0001 | 1.003654 | QLVHGD | BCCI | Treo | 05/01/2022 | 26/01/2022 |"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_a_rejected_submission_with_one_sentence(name: str, office: Office) -> None:
    taken = office.take(REFUSED[name], name)
    assert (taken.state, taken.number) == ("rejected", "S-0001")
    assert taken.reading is not None
    sentence = taken.reading.refusal
    assert " / " in sentence
    assert 20 < len(sentence) < 300
    assert "\n" not in sentence
    assert "Traceback" not in sentence
    known = {row["rule_id"]: row["severity"] for row in office.findings()}
    assert "fatal" in known.values()
    assert set(known) == ({"D004"} if name == "no accepted row.csv" else {"D020"})
    assert vault.content(office.workspace, hashlib.sha256(REFUSED[name]).hexdigest()) == REFUSED[name]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("unknown encoding.csv", "The encoding of the file is none that is known"),
        ("broken.xlsx", "does not open as an Excel workbook"),
        ("unknown kind.pdf", "Only .csv, .tsv, .txt, .xls"),
        ("no header.csv", "No header row"),
        ("no accepted row.csv", "No dossier row was accepted"),
    ],
)
def test_the_sentence_says_what_is_wrong(name: str, said: str, tmp_path: Path) -> None:
    assert said in ReadLog(tmp_path, REFUSED[name], name).reading.refusal


def test_the_same_bytes_twice_are_one_submission_seen_twice(office: Office) -> None:
    first = office.take(log(TABLE), "so.csv")
    again = office.take(log(TABLE), "tên khác.csv", date(2022, 3, 16))
    assert (first.number, first.is_seen_again) == ("S-0001", False)
    assert (again.number, again.is_seen_again, again.state) == ("S-0001", True, "accepted")
    assert [one.taken.number for one in submissions(office.ledger.entries)] == ["S-0001"]
    event = office.ledger.entries[-1].events[0].model_dump()
    assert (event["event"], event["officially_received_on"]) == ("submission_seen_again", date(2022, 3, 16))
    office.consolidate()
    assert office.totals()["received_total"] == 2
    other = office.take(log(TABLE) + b"\n", "so.csv")
    assert (other.number, other.is_seen_again) == ("S-0002", False)


REGISTER = "file,officially_received_on,evidence,sender,exported_at\n"


def test_the_inbox_register_says_when_and_how_each_file_was_received(office: Office) -> None:
    inbox = office.workspace.inbox
    (inbox / "a.csv").write_bytes(csv_of([HEADINGS, *DOSSIERS]))
    (inbox / "b.csv").write_bytes(csv_of([HEADINGS, DOSSIERS[1]]))
    line = "a.csv,2022-03-14,E-Office số 017,Văn phòng,2022-03-13T17:00:00\n"
    (inbox / "received.csv").write_text("\ufeff" + REGISTER + line, "utf-8")
    office.sweep()
    stated, unstated = [one.taken for one in submissions(office.ledger.entries)]
    assert (stated.officially_received_on, stated.evidence) == (date(2022, 3, 14), "E-Office số 017")
    assert (stated.sender, stated.exported_at) == ("VP", "2022-03-13 17:00:00")
    # 02:00 UTC on the 20th is the 20th in the plan's zone; what is not stated is the day of arrival.
    assert unstated.officially_received_on == date(2022, 3, 20)
    assert stated.recorded_at == unstated.recorded_at == "2022-03-20T09:00:00+07:00"
    assert sorted(path.name for path in inbox.iterdir()) == ["received.csv"]


def motcua(office: Office, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "motcua", *arguments, "-w", str(office.workspace.root)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "MOTCUA_ACTOR": "Người Dùng Giả Định 01"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("lines", "place", "said"),
    [
        ("a.csv,14-03-2022,E-Office số 017,,\n", "line 2", "YYYY-MM-DD"),
        ("b.csv,2022-03-14,E-Office số 016,,\na.csv,2022-03-14,E-Office số 017,,hôm qua\n", "line 3", "YYYY-MM-DD"),
        ("a.csv,2022-03-14,E-Office số 017,Phòng Tổng hợp,\n", "line 2", "Phòng Tổng hợp .*is not a unit"),
        ("a.csv,2022-03-14,,,\n", "line 2", "evidence"),
        ("a.csv,2022-03-14\n", "line 2", "fields"),
    ],
)
def test_a_wrong_line_of_the_register_is_named_and_nothing_is_taken(
    lines: str, place: str, said: str, office: Office
) -> None:
    (office.workspace.inbox / "a.csv").write_bytes(log(TABLE))
    (office.workspace.inbox / "received.csv").write_text(REGISTER + lines, "utf-8")
    with pytest.raises(MisuseError, match=rf"received\.csv, .*{place}: .*{said}"):
        office.sweep()
    assert submissions(office.ledger.entries) == []
    assert (office.workspace.inbox / "a.csv").read_bytes() == log(TABLE)


def test_a_wrong_line_of_the_register_is_one_line_and_exit_2(office: Office) -> None:
    (office.workspace.inbox / "received.csv").write_text(REGISTER + "a.csv,31/02/2022,E-Office số 017,,\n", "utf-8")
    status, error = motcua(office, "intake")
    assert (status, error.count("\n")) == (2, 1), error
    assert re.search(r"received\.csv, .*line 2: .*YYYY-MM-DD", error)


@pytest.mark.parametrize(
    ("day", "exported"),
    [("14/03/2022", "15/03/2022 08:00"), ("4/3/2022", "15/3/2022 08:00:00"), ("2022-03-14", "2022-03-15T08:00:00")],
)
def test_a_day_of_the_register_is_written_as_people_write_it(day: str, exported: str, office: Office) -> None:
    (office.workspace.inbox / "a.csv").write_bytes(log(TABLE))
    line = f"a.csv,{day},E-Office số 017,,{exported}\n"
    (office.workspace.inbox / "received.csv").write_text(REGISTER + line, "utf-8")
    office.sweep()
    [taken] = [one.taken for one in submissions(office.ledger.entries)]
    assert taken.officially_received_on == date(2022, 3, 4 if day.startswith("4/") else 14)


def test_a_register_that_is_not_utf_8_is_named(office: Office) -> None:
    (office.workspace.inbox / "received.csv").write_bytes(REGISTER.encode() + b"a.csv,2022-03-14,c\xf4ng v\xe3n 17,,\n")
    with pytest.raises(MisuseError, match=r"received\.csv"):
        office.sweep()


def test_a_register_with_other_columns_is_refused_at_its_first_line(office: Office) -> None:
    (office.workspace.inbox / "received.csv").write_text("tệp,ngày\n", "utf-8")
    with pytest.raises(MisuseError, match=r"received\.csv, .*line 1"):
        office.sweep()


def test_a_withdrawn_submission_stays_and_no_longer_counts(office: Office) -> None:
    office.take(log(TABLE))
    office.consolidate()
    assert office.totals()["received_total"] == 2
    withdraw(office.workspace, office.door, "s-0001", "gửi nhầm tệp")
    office.consolidate()
    assert office.totals() == {}
    kept = show(office.workspace, "S-0001")
    assert kept.submission.is_withdrawn
    assert kept.submission.taken.accepted_count == 2
    with pytest.raises(MisuseError, match="S-0001"):
        withdraw(office.workspace, office.door, "S-0001", "lần nữa")
    with pytest.raises(MisuseError, match="S-0009"):
        withdraw(office.workspace, office.door, "S-0009", "không có")
    with pytest.raises(MisuseError):
        explain(office.workspace, office.workspace.plan, office.workspace.plan.period("2022-Q2"), "overdue_share", None)


def test_a_corrected_report_after_a_rejected_one_counts_from_its_own_day(tmp_path: Path) -> None:
    office = Office.new(tmp_path, small_plan(tmp_path / "plan", sender="TV"))
    assert office.take(report("TV", {"A7.1": "khoảng 120"}), "TV.xlsx", date(2022, 3, 10)).state == "rejected"
    office.consolidate()
    assert [row["state"] for row in office.table("expected_report")] == ["rejected"]
    assert office.take(report("TV", {"A7.1": 120}), "TV-2.xlsx", date(2022, 3, 15)).state == "accepted"
    office.consolidate()
    (row,) = office.table("expected_report")
    assert (row["state"], row["submission"], row["officially_received_on"]) == ("late", "S-0002", date(2022, 3, 15))
    assert office.outcomes("P003") == {"pass"}
    # A run that passes closes nothing.
    rules = [item.identity.rule_id for item in office.nonconformities]
    assert rules == ["P003", "R001", "P002"]


def state_of(root: Path) -> dict[str, str]:
    paths: Sequence[Path] = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_a_dry_run_gives_the_same_answer_and_stores_nothing(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "thử.csv"
    file.write_bytes(log(FAULTY))
    before = state_of(office.workspace.root)
    checked = check(office.workspace, office.door, file)
    assert state_of(office.workspace.root) == before
    assert file.read_bytes() == log(FAULTY)
    taken = office.take(log(FAULTY), "thử.csv")
    assert taken.reading is not None
    counts = ("state", "read_count", "accepted_count", "rejected_count", "ignored_count", "finding_count")
    assert [getattr(checked.reading, name) for name in counts] == [getattr(taken.reading, name) for name in counts]
    assert {row["rule_id"] for row in checked.findings.to_pylist()} == {row["rule_id"] for row in office.findings()}


def test_no_name_of_an_applicant_leaves_the_vault(office: Office) -> None:
    headings = [*HEADINGS, "Chủ hồ sơ", "Số điện thoại"]
    person = "Người Thử Nghiệm 017 | 0900000017"
    slid = f"Người Thử Nghiệm 017 | 1.003654 | VP | Người Thử Nghiệm 017 | Người Thử Nghiệm 017 | 05/01/2022 | Người Thử Nghiệm 017 | | {person}"
    sound = f"H32.15-220106-0002 | 1.003676 | VP | BCCI | Đang xử lý | 06/01/2022 | 28/03/2022 | | {person}"
    office.take(log(f"{slid}\n{sound}", None, headings), "Người Thử Nghiệm 017.csv")
    office.consolidate(PERIOD)
    needles = ("Thử Nghiệm 017".encode(), b"0900000017")
    outside = [
        path
        for path in office.workspace.root.rglob("*")
        if path.is_file() and office.workspace.vault not in path.parents
    ]
    assert len(outside) > 10
    for path in outside:
        content = path.read_bytes()
        assert not any(needle in content for needle in needles), path
    assert "Thử Nghiệm 017" not in str(office.findings())
