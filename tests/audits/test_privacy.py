"""No applicant's name, phone, address or identity number leaves the vault, whichever column it slid into."""

import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from motcua.cli import app
from sources.logs.reader import open_source
from tests.support.office import HEADINGS, PERIOD, Office, csv_of, drawn, titles
from warehouse import vault

PERSONAL_HEADINGS = ("Chủ hồ sơ", "Số điện thoại", "Địa chỉ", "Số CCCD", "Cán bộ xử lý")
# Invented values of a shape of their own, one for each column that they slide into.
NAME = "Người Thử Nghiệm"
SLID = (
    f"{NAME} Cột Mã Hồ Sơ", f"{NAME} Cột Thủ Tục", f"{NAME} Cột Phòng Ban", f"{NAME} Cột Hình Thức",
    f"{NAME} Cột Trạng Thái", f"{NAME} Cột Ngày Nhận", f"{NAME} Cột Hẹn Trả", f"{NAME} Cột Kết Thúc",
)  # fmt: skip
PHONE, IDENTITY, ADDRESS = "0905017017", "056099017017", "Số 17, đường Thử Nghiệm"


def personal_values(office: Office) -> set[str]:
    """Return every personal value of the demo's log, read from the original in the vault."""
    log = next(
        s for s in json.loads(printed(office, "status", "--json"))["submissions"] if s["file_name"].startswith("so")
    )
    with vault.opened(office.workspace, log["taken"]["file_sha256"]) as path:
        rows = [row.cells for batch in open_source(path, ".xlsx").batches for row in batch]
    headings = next(cells for cells in rows if PERSONAL_HEADINGS[0] in cells)
    columns = [headings.index(heading) for heading in PERSONAL_HEADINGS if heading in headings]
    return {cells[n] for cells in rows[rows.index(headings) + 2 :] for n in columns if cells[n].strip()}


def printed(office: Office, *words: str) -> str:
    done = CliRunner(env={"COLUMNS": "400"}).invoke(app, [*words, "-w", str(office.workspace.root)])
    assert done.exit_code in (0, 1), done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output


def everything_printed(office: Office) -> Iterator[tuple[str, str]]:
    numbers = [one["taken"]["number"] for one in json.loads(printed(office, "status", "--json"))["submissions"]]
    figures = ("overdue_share", "online_share", "online_share_all", "satisfaction", "II.06a.received_total")
    originals = sorted(path.name.partition(".")[0] for path in office.workspace.vault.glob(f"*/{'?' * 64}.sealed"))
    commands: list[Sequence[str]] = [("status",), ("status", PERIOD), ("verify",)]
    commands += [("show", number) for number in numbers]
    commands += [("explain", PERIOD, figure) for figure in figures]
    commands += [("check", str(as_sent(office, sha256))) for sha256 in originals]
    for words in commands:
        yield " ".join(words), printed(office, *words)
        if words[0] != "verify":
            yield f"{' '.join(words)} --json", printed(office, *words, "--json")


def as_sent(office: Office, sha256: str) -> Path:
    """Copy an original out of the vault under a name with the suffix of its kind."""
    content = vault.content(office.workspace, sha256)
    path = office.workspace.root.parent / f"{sha256[:12]}{'.xlsx' if content.startswith(b'PK') else '.csv'}"
    path.write_bytes(content)
    return path


def texts_of(path: Path) -> Iterator[str]:
    """Yield what a file holds: its bytes as text, and what is in it once decoded."""
    yield path.read_bytes().decode("utf-8", "replace")
    if path.suffix == ".parquet":
        yield json.dumps(pq.read_table(path).to_pylist(), ensure_ascii=False, default=str)
        yield str(pq.read_schema(path).metadata)
    elif path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as parts:
            yield from (parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
        for sheet in openpyxl.load_workbook(path).worksheets:
            yield "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            connection.execute("SET VARIABLE workspace = $1", [str(path.parent)])
            names = connection.execute(
                "SELECT table_schema || '.' || table_name FROM information_schema.tables"
            ).fetchall()
            for (name,) in names:
                yield json.dumps(connection.execute(f"FROM {name}").fetchall(), ensure_ascii=False, default=str)


def outside_the_vault(office: Office) -> list[Path]:
    root = office.workspace.root
    return sorted(p for p in root.rglob("*") if p.is_file() and not p.is_relative_to(office.workspace.vault))


def leaks(office: Office, values: set[str]) -> list[str]:
    """Return each place outside the vault, on disk or on the screen, that shows one of these values."""
    found = []
    for path in outside_the_vault(office):
        whole = "\n".join(texts_of(path))
        found += [f"{office.workspace.relative(path)}: {value}" for value in values if value in whole]
    for words, output in everything_printed(office):
        found += [f"motcua {words}: {value}" for value in values if value in output]
    return found


def test_no_personal_value_of_the_demo_stands_outside_the_vault(shared_demo: Office) -> None:
    values = personal_values(shared_demo)
    assert len(values) > 1_200, "names, phones, addresses and identity numbers of some 400 dossiers"
    assert f"{NAME} 001" in values
    assert leaks(shared_demo, values | {"đường Thử Nghiệm", "Cán bộ Thử Nghiệm"}) == []


def test_the_search_sees_what_it_searches_for(demo: Office) -> None:
    """The same search, let loose on the vault and on planted files, finds the values."""
    table = max((demo.workspace.store / "dossier_row").iterdir(), key=lambda path: path.stat().st_size)
    key = pq.read_table(table).column("dossier_code")[0].as_py()
    assert key in "\n".join(texts_of(table)), "the Parquet content is compressed: bytes alone would not show it"
    workbook = next(demo.workspace.releases.rglob("report.xlsx"))
    assert "TỔNG CỘNG" in "\n".join(texts_of(workbook))
    (demo.workspace.root / "note.txt").write_text(f"{NAME} 003", "utf-8")
    assert leaks(demo, {f"{NAME} 003"}) == [f"note.txt: {NAME} 003"]


@pytest.fixture
def slid(demo: Office) -> Office:
    """The demo with one more log, in which a personal value stands in the place of every other column in turn."""
    sound = drawn(
        "000.00.15.H32-220105-0901 | 1.004650 | QLVHGD | Trực tiếp | Đã có kết quả | 05/01/2022 08:00:00 |"
        " 12/01/2022 08:00:00 | 10/01/2022 08:00:00"
    )[0]
    rows = []
    for value in (*SLID, PHONE, IDENTITY, ADDRESS):
        columns = [SLID.index(value)] if value in SLID else range(len(sound))
        for column in columns:
            row = [*sound, f"{NAME} 901", PHONE, ADDRESS, IDENTITY]
            row[0] = f"000.00.15.H32-220105-{len(rows):04d}"
            row[column] = value
            rows.append(row)
    shifted = ["000.00.15.H32-220105-0902", f"{NAME} Lệch Hàng", *sound[1:-1], PHONE, ADDRESS, IDENTITY]
    too_long = [*shifted, f"{NAME} Thừa Ô"]
    total = [f"Tổng cộng do {NAME} Người Lập"]
    headings = [*HEADINGS, "Chủ hồ sơ", "Số điện thoại", "Địa chỉ", "Số CCCD"]
    title = [[f"Người lập: {NAME} Đầu Trang, {PHONE}"]]
    demo.take(csv_of([*title, *titles(), headings, *rows, shifted, too_long, total]), f"so-{NAME}.csv")
    demo.consolidate()
    demo.publish()
    return demo


def test_a_personal_value_that_slid_into_another_column_stays_in_the_vault(slid: Office) -> None:
    assert any(event.event == "submission_taken" and event.read_count > 30 for event in slid.ledger.entries[-3].events)
    values = {*SLID, PHONE, IDENTITY, ADDRESS, f"{NAME} Lệch Hàng", f"{NAME} Thừa Ô", f"{NAME} Người Lập"}
    assert leaks(slid, {*values, f"{NAME} Đầu Trang", f"{NAME} 901", NAME.upper(), NAME.casefold()}) == []


def test_a_file_named_after_a_person_is_called_so_in_the_vault_alone(slid: Office) -> None:
    name = f"so-{NAME}.csv"
    assert [p for p in outside_the_vault(slid) if name in p.name or name in "\n".join(texts_of(p))] == []
    assert name in printed(slid, "status", "--json"), "people of this machine see the name that they know"


def test_dossier_codes_stay_in_the_workspace(shared_demo: Office) -> None:
    codes = set[str]()
    for path in (shared_demo.workspace.store / "dossier_row").iterdir():
        codes |= set(pq.read_table(path).column("dossier_code").to_pylist()) - {None}
    assert len(codes) > 300
    record = [shared_demo.workspace.ledger, *(p for p in shared_demo.workspace.releases.rglob("*") if p.is_file())]
    found = [f"{path.name}: {code}" for path in record for text in texts_of(path) for code in codes if code in text]
    assert found == []


def test_vault_and_keys_are_open_to_their_owner_alone(slid: Office) -> None:
    for folder in (slid.workspace.vault, slid.workspace.keys):
        inside = list(folder.rglob("*"))
        assert {path.stat().st_mode & 0o777 for path in [folder, *inside] if path.is_dir()} == {0o700}, folder.name
        assert {path.stat().st_mode & 0o777 for path in inside if path.is_file()} == {0o600}, folder.name


def test_the_key_of_the_pseudonyms_is_nowhere_else(shared_demo: Office) -> None:
    key = shared_demo.workspace.pseudonym_key()
    holding = [
        p for p in outside_the_vault(shared_demo) if key in p.read_bytes() or key.hex() in "\n".join(texts_of(p))
    ]
    assert holding == [shared_demo.workspace.keys / "pseudonym.key"]
