"""Does this release still hold exactly what was published?

Usage: python verify.py [DIR] [--against CHECKPOINT]
  DIR         the release's folder; default: the folder of this file
  CHECKPOINT  a checkpoint kept elsewhere, or a folder of them: this release's ledger must agree with each

Checked: every file against the manifest; data against their description; what the ledger says of this release (asked
for by somebody, approved by somebody else, these very data files, no version left out, every expected report received
or waived); the ledger's chain against the signed checkpoint and against the heads of earlier releases; the folders of
other versions that lie beside this one; both signatures, where openssl is at hand.

It needs Python 3.8 or later and nothing else, so that anybody can check a release on any computer. It reads and never
writes. Exit status: 0 everything holds, 1 something does not (each failure on a line), 2 wrong usage.
What it cannot know: whether the whole folder, this file included, was replaced together with the key. So compare the
printed ledger head, manifest hash and key hash with those in the signed letter or in an older copy.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

MANIFEST, LEDGER, CHECKPOINT = "manifest.sha256", "ledger.jsonl", "checkpoint.txt"
PACKAGE, GATE, KEY, RELEASE = "datapackage.json", "gate.json", "public_key.pem", "release.json"
REPORTING = "data/reporting.csv"
CHECKPOINT_SIGNATURE, MANIFEST_SIGNATURE = "checkpoint.sig", "manifest.sig"
# What is signed by which file: the manifest stands for every file, the checkpoint for the ledger so far.
SIGNED = ((MANIFEST, MANIFEST_SIGNATURE), (CHECKPOINT, CHECKPOINT_SIGNATURE))
ZERO = "0" * 64
_HEX = re.compile("[0-9a-f]{64}")
_MANIFEST_LINE = re.compile("([0-9a-f]{64})  (.+)")
_OPENSSL_VERSION = re.compile(r"OpenSSL (\d+)\.")
_TIMEOUT_SECONDS = 60
_VERSION = re.compile(r"v([1-9][0-9]*)")
_RECEIVED = ("on_time", "late", "provisional", "not_determined")
_WAIVED_BY = {"missing": "P001", "not_due": "P001", "rejected": "P003"}


class UnreadableError(Exception):
    """Raised where a file of the release cannot be read for what it should be."""


def check_manifest(folder: Path) -> list[str]:
    """Return what is wrong between the files of the folder and the manifest."""
    try:
        text = _text(folder, MANIFEST)
    except UnreadableError as error:
        return [str(error)]
    problems = []
    named: dict[str, str] = {}
    for number, line in enumerate(text.rstrip("\n").split("\n"), start=1):
        parts = _MANIFEST_LINE.fullmatch(line)
        if parts is None or parts.group(2) in named:
            problems.append(
                f"{MANIFEST}, dòng {number}: không đúng dạng hoặc trùng / line {number}: malformed or repeated"
            )
        else:
            named[parts.group(2)] = parts.group(1)
    present = _files(folder)
    for path, digest in named.items():
        if path not in present:
            problems.append(f"{path}: thiếu tệp / file is missing")
        elif _file_hash(folder / path) != digest:
            problems.append(f"{path}: nội dung đã thay đổi so với {MANIFEST} / content differs from {MANIFEST}")
    for path in sorted(present - set(named) - {MANIFEST, MANIFEST_SIGNATURE}):
        problems.append(f"{path}: tệp thừa, không có trong {MANIFEST} / file that {MANIFEST} does not name")
    return problems


def check_ledger(folder: Path) -> list[str]:
    """Return where the chain of the ledger breaks."""
    try:
        lines = _ledger_lines(folder)
    except UnreadableError as error:
        return [str(error)]
    problems = []
    previous, expected = ZERO, 1
    for number, line in enumerate(lines, start=1):
        place = f"{LEDGER}, dòng {number}"
        entry = _canonical_object(line)
        if entry is None:
            problems.append(f"{place}: không phải JSON chuẩn tắc / line {number}: not canonical JSON")
            expected += 1
        else:
            seq = entry.get("seq")
            if type(seq) is not int or seq != expected:
                problems.append(f"{place}: seq là {seq!r}, phải là {expected} / seq is {seq!r}, should be {expected}")
            # One removed line is one break, not one for every line after it.
            expected = seq + 1 if type(seq) is int else expected + 1
            if entry.get("previous") != previous:
                problems.append(f"{place}: previous không khớp dòng trước / is not the hash of the line before")
        previous = hashlib.sha256(line).hexdigest()
    return problems


def check_checkpoint(folder: Path) -> list[str]:
    """Return where the signed checkpoint and the ledger disagree."""
    try:
        text, lines = _text(folder, CHECKPOINT), _ledger_lines(folder)
    except UnreadableError as error:
        return [str(error)]
    parts = text.split("\n")
    if len(parts) != 4 or parts[3] or not parts[0] or not _HEX.fullmatch(parts[2]):
        return [f"{CHECKPOINT}: không đủ ba dòng origin, size, head / not the three lines origin, size, head"]
    problems = []
    if parts[1] != str(len(lines)):
        problems.append(
            f"{CHECKPOINT}: size {parts[1]}, {LEDGER} có {len(lines)} dòng / {LEDGER} has {len(lines)} lines"
        )
    if parts[2] != hashlib.sha256(lines[-1]).hexdigest():
        problems.append(f"{CHECKPOINT}: head không khớp dòng cuối {LEDGER} / is not the hash of the last line")
    return problems


def check_datapackage(folder: Path) -> list[str]:
    """Return where the data files differ from what datapackage.json says of them."""
    try:
        resources = _json_object(folder, PACKAGE).get("resources")
    except UnreadableError as error:
        return [str(error)]
    if not isinstance(resources, list) or not resources:
        return [f"{PACKAGE}: không liệt kê tập dữ liệu nào / lists no dataset"]
    problems = []
    listed: set[str] = set()
    for number, resource in enumerate(resources, start=1):
        path = resource.get("path") if isinstance(resource, dict) else None
        if not isinstance(path, str) or path in listed:
            problems.append(f"{PACKAGE}, resource {number}: đường dẫn thiếu hoặc trùng / path is missing or repeated")
            continue
        listed.add(path)
        problems += _check_resource(folder, path, resource.get("bytes"), resource.get("hash"))
    for path in sorted(listed):
        stem, _, kind = path.rpartition(".")
        twin = f"{stem}.{'parquet' if kind == 'csv' else 'csv'}"
        if twin not in listed:
            problems.append(f"{PACKAGE}: có {path} nhưng thiếu {twin} / {path} is listed without {twin}")
    for path in sorted(name for name in _files(folder) if name.startswith("data/") and name not in listed):
        problems.append(f"{path}: không có trong {PACKAGE} / not listed in {PACKAGE}")
    return problems


def check_gate(folder: Path) -> list[str]:
    """Return whether the release went out although its gate did not say yes."""
    try:
        success = _json_object(folder, GATE).get("success")
    except UnreadableError as error:
        return [str(error)]
    return [] if success is True else [f"{GATE}: success không phải true / success is not true"]


def check_record(folder: Path) -> list[str]:
    """Return where the release is not what the ledger says of it: asked for, approved, these very data, no gap."""
    try:
        stated = _json_object(folder, RELEASE)
        lines = _ledger_lines(folder)
    except UnreadableError as error:
        return [str(error)]
    period, version = stated.get("period"), stated.get("version")
    if not isinstance(period, str) or type(version) is not int:
        return [f"{RELEASE}: không nêu kỳ, phiên bản / does not state period and version"]
    events = list(_events(lines))
    name = f"{period} v{version}"
    asked = [(entry, event) for entry, event in events if _is(event, "release_requested", period, version)]
    if not asked:
        return [f"{LEDGER}: không có đề nghị công bố {name} / nobody asked for {name}"]
    request_entry, request = asked[-1]
    problems = _check_approval(folder, name, request_entry, request, events)
    problems += _check_versions(lines, period, version, events)
    problems += _check_reports(folder, request, events)
    return problems + _check_place(folder, period, version, lines)


def _check_approval(
    folder: Path,
    name: str,
    request_entry: dict[str, object],
    request: dict[str, object],
    events: list[tuple[dict[str, object], dict[str, object]]],
) -> list[str]:
    period, version = request.get("period"), request.get("version")
    approved = [(entry, event) for entry, event in events if _is(event, "release_approved", period, version)]
    if not approved or _number(approved[-1][0].get("seq")) < _number(request_entry.get("seq")):
        return [f"{LEDGER}: {name} chưa được duyệt / was not approved"]
    problems = []
    if approved[-1][0].get("actor") == request_entry.get("actor"):
        problems.append(f"{LEDGER}: {name} do chính người đề nghị duyệt / was approved by the one who asked for it")
    data = {path: _file_hash(folder / path) for path in _files(folder) if path.startswith("data/")}
    said = hashlib.sha256("".join(f"{data[path]}  {path}\n" for path in sorted(data)).encode()).hexdigest()
    if {said} != {request.get("datasets_sha256"), approved[-1][1].get("datasets_sha256")}:
        problems.append(f"data/: không phải dữ liệu đã duyệt của {name} / are not the data that were approved")
    return problems


def _check_versions(
    lines: list[bytes], period: str, version: int, events: list[tuple[dict[str, object], dict[str, object]]]
) -> list[str]:
    """Return which version is left out, and which earlier release this ledger does not extend."""
    problems = []
    before = set()
    for entry, event in events:
        if event.get("event") != "release_published":
            continue
        name = f"{event.get('period')} v{event.get('version')}"
        size, head = _number(event.get("ledger_size")), event.get("ledger_head")
        if not 0 < size < _number(entry.get("seq")) or hashlib.sha256(lines[size - 1]).hexdigest() != head:
            problems.append(f"{LEDGER}: không nối tiếp sổ cái của {name} / does not extend the ledger of {name}")
        if event.get("period") == period:
            before.add(event.get("version"))
    for number in range(1, version):
        if number not in before:
            problems.append(f"{LEDGER}: thiếu {period} v{number} trước v{version} / {period} v{number} is left out")
    if version in before:
        problems.append(f"{RELEASE}: {period} v{version} đã công bố trước đó / was published before already")
    return problems


def _check_reports(
    folder: Path, request: dict[str, object], events: list[tuple[dict[str, object], dict[str, object]]]
) -> list[str]:
    """Return which expected report is neither received, by a submission of the ledger, nor waived there."""
    try:
        rows = list(csv.DictReader(io.StringIO(_text(folder, REPORTING).lstrip("\ufeff"), newline="")))
    except UnreadableError as error:
        return [str(error)]
    told = {f"{row.get('report_type')}/{row.get('unit_code')}": row for row in rows}
    taken = {event.get("number") for _, event in events if event.get("event") == "submission_taken"}
    taken -= {event.get("number") for _, event in events if event.get("event") == "submission_withdrawn"}
    revoked = {event.get("number") for _, event in events if event.get("event") == "waiver_revoked"}
    waived = {
        (event.get("rule_id"), event.get("unit_code"))
        for _, event in events
        if event.get("event") == "waiver_granted"
        and event.get("period") == request.get("period")
        and event.get("number") not in revoked
    }
    expected = request.get("expected_reports")
    problems = []
    for name in expected if isinstance(expected, list) else []:
        row = told.get(str(name))
        state = row.get("state") if row is not None else None
        unit = str(name).partition("/")[2]
        if row is None or state is None:
            problems.append(f"{REPORTING}: thiếu báo cáo phải có {name} / expected report {name} is left out")
        elif state in _RECEIVED and (row.get("submission") in taken or state == "not_determined"):
            continue
        elif state in _RECEIVED:
            problems.append(f"{REPORTING}: {name}: sổ cái không có lần nộp / no such submission in the ledger")
        elif (_WAIVED_BY.get(state), unit) not in waived:
            problems.append(f"{REPORTING}: {name}: chưa nhận, chưa được chấp nhận thiếu / neither received nor waived")
    return problems


def _check_place(folder: Path, period: str, version: int, lines: list[bytes]) -> list[str]:
    """Return where the folder, or those of other versions beside it, speak against this one.

    Only a folder that lies as the department keeps it, PERIOD/vN/official, says anything by its place.
    """
    version_folder, period_folder = folder.resolve().parent, folder.resolve().parent.parent
    here = _VERSION.fullmatch(version_folder.name)
    if here is None:
        return []
    problems = []
    if int(here.group(1)) != version or period_folder.name != period:
        place = f"{period_folder.name}/{version_folder.name}"
        problems.append(
            f"{RELEASE}: là {period} v{version}, nằm ở chỗ của {place} / is {period} v{version}, in place of {place}"
        )
    for other in sorted(period_folder.iterdir()):
        number = _VERSION.fullmatch(other.name)
        if number is None or int(number.group(1)) == int(here.group(1)):
            continue
        try:
            theirs = _ledger_lines(other / folder.resolve().name)
        except UnreadableError:
            problems.append(f"{other.name}: không có sổ cái / has no ledger")
            continue
        shared = min(len(lines), len(theirs))
        if lines[:shared] != theirs[:shared] or (len(theirs) < len(lines)) != (int(number.group(1)) < version):
            problems.append(f"{other.name}: sổ cái không cùng một dòng / its ledger and this one are not one record")
    return problems


def check_against(folder: Path, place: Path) -> list[str]:
    """Return which checkpoints kept elsewhere the ledger does not agree with."""
    try:
        lines = _ledger_lines(folder)
    except UnreadableError as error:
        return [str(error)]
    paths = sorted(place.glob("*.checkpoint")) if place.is_dir() else [place]
    if not paths:
        return [f"{place}: không có tệp .checkpoint nào / holds no .checkpoint file"]
    problems = []
    for path in paths:
        parts = path.read_text("utf-8", "replace").split("\n")
        if len(parts) < 3 or not parts[1].isdigit() or not _HEX.fullmatch(parts[2]):
            problems.append(f"{path.name}: không phải điểm kiểm tra / is not a checkpoint")
        elif int(parts[1]) > len(lines):
            problems.append(
                f"{LEDGER}: có {len(lines)} dòng, {path.name} ghi {parts[1]}: bản cũ hơn hoặc bị cắt"
                f" / is older than {path.name}, or cut off"
            )
        elif int(parts[1]) < 1 or hashlib.sha256(lines[int(parts[1]) - 1]).hexdigest() != parts[2]:
            problems.append(f"{LEDGER}, dòng {parts[1]}: khác {path.name} / is not the line of {path.name}")
    return problems


def openssl_command(signed: str, signature: str) -> list[str]:
    """Return the arguments with which openssl checks one signature."""
    return ["pkeyutl", "-verify", "-pubin", "-inkey", KEY, "-rawin", "-in", signed, "-sigfile", signature]


def check_signatures(folder: Path) -> tuple[list[str], str]:
    """Return what is wrong with the signatures, and one line that says what was checked."""
    needed = (KEY, *(name for pair in SIGNED for name in pair))
    missing = [f"{name}: thiếu tệp / file is missing" for name in needed if not (folder / name).is_file()]
    if missing:
        return missing, ""
    program = shutil.which("openssl")
    if program is None:
        return [], "Chữ ký: chưa kiểm tra, không tìm thấy openssl / Signatures: not checked: openssl not found"
    try:
        version = _run([program, "version"], folder).stdout.decode(errors="replace").strip()
        major = _OPENSSL_VERSION.match(version)
        if major is None or int(major.group(1)) < 3:
            return [], f"Chữ ký: chưa kiểm tra, cần OpenSSL 3 ({version}) / Signatures: not checked: needs OpenSSL 3"
        answers = [(pair, _run([program, *openssl_command(*pair)], folder).returncode) for pair in SIGNED]
    except (OSError, subprocess.TimeoutExpired):
        return [], "Chữ ký: chưa kiểm tra, openssl không chạy được / Signatures: not checked: openssl does not run"
    wrong = [
        f"{signature}: chữ ký không khớp {signed} / the signature is not of {signed} by {KEY}"
        for (signed, signature), status in answers
        if status != 0
    ]
    return wrong, "" if wrong else f"Chữ ký: khớp ({version}) / Signatures: good"


def check_content(folder: Path) -> list[str]:
    """Return every problem of the release but those of its signatures."""
    return [*check_files(folder), *check_record(folder)]


def check_files(folder: Path) -> list[str]:
    """Return every problem of the files by themselves, whatever the ledger says of the release."""
    return [
        *check_manifest(folder),
        *check_ledger(folder),
        *check_checkpoint(folder),
        *check_gate(folder),
        *check_datapackage(folder),
    ]


def main(argv: list[str]) -> int:
    """Check the release in the folder that the arguments name, say what holds and what does not."""
    argv, against = _split(argv)
    is_wrong = len(argv) > 1 or any(one.startswith("-") or not Path(one).is_dir() for one in argv)
    if is_wrong or (against is not None and not against.exists()):
        _say("Cách dùng / Usage: python verify.py [DIR] [--against CHECKPOINT]")
        return 2
    folder = Path(argv[0]) if argv else Path(__file__).resolve().parent
    problems = check_content(folder)
    problems += check_against(folder, against) if against is not None else []
    _say("Lệnh kiểm tra chữ ký, chạy trong thư mục này / Commands that check the signatures, run in this folder:")
    for pair in SIGNED:
        _say("  openssl " + " ".join(openssl_command(*pair)))
    wrong, checked = check_signatures(folder)
    if checked:
        _say(checked)
    for name in (MANIFEST, KEY):
        if (folder / name).is_file():
            _say(f"sha256 {name}: {_file_hash(folder / name)}")
    _say_checkpoint(folder)
    problems += wrong
    for problem in problems:
        _say(f"SAI / FAILED  {problem}")
    if problems:
        _say(f"Bản công bố KHÔNG nguyên vẹn: {len(problems)} lỗi / The release does NOT hold: {len(problems)} failures")
        return 1
    _say("Bản công bố còn nguyên vẹn / The release holds")
    return 0


def _split(argv: list[str]) -> tuple[list[str], Path | None]:
    """Return the arguments without --against, and the path that it names."""
    if len(argv) >= 2 and argv[-2] == "--against":
        return argv[:-2], Path(argv[-1])
    return argv, None


def _number(value: object) -> int:
    return value if type(value) is int else 0


def _is(event: dict[str, object], kind: str, period: object, version: object) -> bool:
    return (event.get("event"), event.get("period"), event.get("version")) == (kind, period, version)


def _events(lines: list[bytes]) -> list[tuple[dict[str, object], dict[str, object]]]:
    """Return every event of the ledger with its entry; a line that is none has none (the chain says so)."""
    found = []
    for line in lines:
        entry = _canonical_object(line)
        events = entry.get("events") if entry is not None else None
        for event in events if isinstance(events, list) else []:
            if entry is not None and isinstance(event, dict):
                found.append((entry, event))
    return found


def _check_resource(folder: Path, path: str, size: object, digest: object) -> list[str]:
    if path not in _files(folder):
        return [f"{path}: có trong {PACKAGE} nhưng thiếu tệp / listed in {PACKAGE}, file is missing"]
    problems = []
    actual = (folder / path).stat().st_size
    if type(size) is not int or size != actual:
        problems.append(f"{path}: {PACKAGE} ghi {size} byte, tệp có {actual} / states {size} bytes, file has {actual}")
    if digest != f"sha256:{_file_hash(folder / path)}":
        problems.append(f"{path}: sha256 khác {PACKAGE} / sha256 differs from {PACKAGE}")
    return problems


def _files(folder: Path) -> set[str]:
    """Return the relative POSIX path of all that is in the folder and is not a folder (links count as files)."""
    found: set[str] = set()
    for parent, folders, names in os.walk(folder):
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        found.update((Path(parent) / name).relative_to(folder).as_posix() for name in [*names, *links])
    return found


def _file_hash(path: Path) -> str:
    # A link is not the file that was published, whatever stands behind it.
    if path.is_symlink() or not path.is_file():
        return ""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def _content(folder: Path, name: str) -> bytes:
    path = folder / name
    if path.is_symlink() or not path.is_file():
        raise UnreadableError(f"{name}: thiếu tệp / file is missing")
    return path.read_bytes()


def _text(folder: Path, name: str) -> str:
    try:
        return _content(folder, name).decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableError(f"{name}: không phải văn bản UTF-8 / not UTF-8 text") from None


def _json_object(folder: Path, name: str) -> dict[str, object]:
    try:
        value = json.loads(_text(folder, name))
    except (ValueError, RecursionError):
        raise UnreadableError(f"{name}: không phải JSON / not JSON") from None
    if not isinstance(value, dict):
        raise UnreadableError(f"{name}: không phải một đối tượng JSON / not a JSON object")
    return value


def _ledger_lines(folder: Path) -> list[bytes]:
    content = _content(folder, LEDGER)
    if not content.endswith(b"\n"):
        raise UnreadableError(f"{LEDGER}: trống hoặc dòng cuối bị cắt / empty, or its last line is cut off")
    return content[:-1].split(b"\n")


def _canonical_object(line: bytes) -> dict[str, object] | None:
    try:
        value = json.loads(line.decode("utf-8"))
        written = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and written == line else None


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, cwd=folder, capture_output=True, timeout=_TIMEOUT_SECONDS, check=False)


def _say_checkpoint(folder: Path) -> None:
    try:
        parts = _text(folder, CHECKPOINT).split("\n")
    except UnreadableError:
        return
    if len(parts) == 4:
        _say(f"Sổ cái / Ledger: {parts[1]} dòng / lines, head {parts[2]}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A Windows console may not speak Vietnamese; a report with marks is better than a traceback.
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(sys.argv[1:]))
