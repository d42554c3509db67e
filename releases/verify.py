"""Does this release still hold exactly what was published?

Usage: python verify.py [DIR] [--against CHECKPOINT]
  DIR         the release's folder; default: the folder of this file
  CHECKPOINT  a checkpoint kept elsewhere, or a folder of them: this release's ledger must agree with each

Checked: every file against the manifest; data against their description; both signatures, here, with no other program;
the ledger's chain against the signed checkpoint and against the heads of earlier releases; what the ledger says of this
release: asked for and approved by two people who might do that then, each with a key of their own where persons sign,
these very files and no others, no version left out, every expected report received or waived; the folders of other
versions that lie beside this one, and the open part that does.

It needs Python 3.8 or later and nothing else, so that anybody can check a release on any computer. It reads and never
writes. Exit status: 0 everything holds, 1 something does not (each failure on a line), 2 wrong usage, 3 nothing is
wrong but something could not be checked (each on a line). What was not checked does not hold.
What it cannot know: whether the whole folder, this file included, was replaced together with the key. So compare the
printed ledger head, manifest hash and key hash with those in the signed letter or in an older copy.
"""

from __future__ import annotations

import sys

if __name__ == "__main__" and not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
    # Nothing that lies in the folder may stand in for what Python brings along.
    del sys.path[0]

import base64
import csv
import hashlib
import io
import json
import os
import re
import unicodedata
from functools import lru_cache
from pathlib import Path

MANIFEST, LEDGER, CHECKPOINT = "manifest.sha256", "ledger.jsonl", "checkpoint.txt"
CONTENT = "content.sha256"
PACKAGE, GATE, KEY, RELEASE = "datapackage.json", "gate.json", "public_key.pem", "release.json"
REPORTING = "data/reporting.csv"
CHECKPOINT_SIGNATURE, MANIFEST_SIGNATURE = "checkpoint.sig", "manifest.sig"
# What is signed by which file: the manifest stands for every file, the checkpoint for the ledger so far.
SIGNED = ((MANIFEST, MANIFEST_SIGNATURE), (CHECKPOINT, CHECKPOINT_SIGNATURE))
ZERO = "0" * 64
_ED25519 = bytes.fromhex("302a300506032b6570032100")
# What the department adds when it publishes, each checked by itself.
_OWN = {MANIFEST, MANIFEST_SIGNATURE, CONTENT, KEY, RELEASE, LEDGER, CHECKPOINT, CHECKPOINT_SIGNATURE}
_OPEN_OWN = {MANIFEST, MANIFEST_SIGNATURE, KEY}
# Whose roles suffice for what is taken in and decided. What is taken in is signed by the schedule alone.
_OFFICE, _TAKERS = frozenset({"analyst", "quality_manager"}), frozenset({"analyst", "schedule"})
_DECIDERS, _MANAGER = frozenset({"approver", "quality_manager"}), frozenset({"quality_manager"})
TAKEN_IN = {
    "submission_taken": _TAKERS,
    "submission_seen_again": _TAKERS,
    "answer_taken": _OFFICE,
    "period_consolidated": _TAKERS,
    "nonconformity_opened": _TAKERS,
    "nonconformity_observed": _TAKERS,
    "nonconformity_gone": _TAKERS,
    "nonconformity_returned": _TAKERS,
}
DECIDED = {
    "person_appointed": _MANAGER,
    "person_dismissed": _MANAGER,
    "key_revoked": _MANAGER,
    "signing_key_replaced": _MANAGER,
    "pseudonym_key_replaced": _MANAGER,
    "schedule_key_replaced": _MANAGER,
    "submission_withdrawn": _OFFICE,
    "submission_reinstated": _OFFICE,
    "receipt_mended": _OFFICE,
    "sender_mended": _OFFICE,
    "correction_declared": _OFFICE,
    "warning_justified": _OFFICE,
    "waiver_granted": _DECIDERS,
    "waiver_revoked": _DECIDERS,
    "nonconformity_recorded": _OFFICE,
    "nonconformity_contained": _OFFICE,
    "nonconformity_analysed": _OFFICE,
    "nonconformity_planned": _MANAGER,
    "nonconformity_acted": _OFFICE,
    "nonconformity_implemented": _OFFICE,
    "nonconformity_verifying": _MANAGER,
    "nonconformity_closed": _MANAGER,
    "nonconformity_cancelled": _MANAGER,
    "nonconformity_reopened": _MANAGER,
    "nonconformity_linked": _OFFICE,
    "plan_proposed": _OFFICE,
    "plan_accepted": _DECIDERS,
    "plan_rejected": _DECIDERS,
    "original_erased": frozenset({"approver"}),
    "original_key_lost": frozenset({"approver"}),
    "release_requested": _OFFICE,
    "release_approved": frozenset({"approver"}),
    "release_withdrawn": frozenset({"approver"}),
    "release_published": frozenset({"analyst", "approver"}),
    "publication_refused": _OFFICE | {"approver"},
}
# The first of these says that roles were recorded by then.
_OF_ROLES = {"person_appointed", "person_dismissed", "person_enrolled", "action_refused", "release_requested",
             "keys_first_seen"}  # fmt: skip
_SCHEDULE = "schedule"
_HEX = re.compile("[0-9a-f]{64}")
_MANIFEST_LINE = re.compile("([0-9a-f]{64})  (.+)")
_VERSION = re.compile(r"v([1-9][0-9]*)")
# 2022-Q1, 2022-9M, 2022-Y: what a department calls the folder of a period.
_PERIOD = re.compile(r"[0-9]{4}-[0-9A-Z]{1,3}")
_RECEIVED = ("on_time", "late", "provisional", "not_determined")
_STANDING = ("submission_taken", "submission_withdrawn", "submission_reinstated")
_WAIVED_BY = {"missing": "P001", "not_due": "P001", "rejected": "P003"}

# Names are folded as the department folds them; nothing of it can be imported here.
# Capitals that look like another Latin letter than their small form does: folded before the case is.
_CAPITALS = str.maketrans("ΝΗΥΖВНМТК", "nhyzbhmtk")
# By what they are drawn like, after the case was folded.
_DRAWN_LIKE = {
    "a": "аαɑ", "b": "вьβƅ", "c": "сϲⅽ", "d": "ԁⅾ", "e": "еєε", "g": "ɡց", "h": "һհн", "j": "јϳ", "k": "кκ",
    "l": "i1|ıіιӏɩǀ", "m": "мⅿ", "n": "пոռη", "o": "0оοօ", "p": "рρ", "q": "ԛգ", "r": "гⲅ", "s": "ѕʂ", "t": "тτ",
    "u": "иυսʋ", "v": "νѵ", "w": "ԝωաѡ", "x": "хχ", "y": "уγүყ", "z": "ᴢ", "đ": "ðɖ", "ï": "ї", "ë": "ё", "ơ": "ო",
}  # fmt: skip
_FOLDED = str.maketrans({one: latin for latin, alike in _DRAWN_LIKE.items() for one in alike})
_TONES = "\u0300\u0301\u0303\u0309\u0323"
# Marks that are drawn like a Vietnamese one.
_MARKS = str.maketrans("\u030c\u0342\u0326\u0329", "\u0306\u0303\u0323\u0323")
# What Unicode calls a Latin letter that is drawn as a plain one, in another dress.
_DRESSED = re.compile(
    r"LATIN (?:SMALL |CAPITAL )?LETTER"
    r"(?: (?:SMALL|CAPITAL|DOTLESS|SCRIPT|INSULAR|BLACKLETTER|BARRED|OPEN|STIRRUP|LENIS))* ([A-Z])(?: BAR| WITH .+)?"
)
# Drawn as nothing beside a letter (an apostrophe), or as a space between two.
_APOSTROPHES = re.compile("['`´‘’‛ʹʻʼʽʾʿˈꞌꞋ＇]")
_PUNCTUATION = frozenset("PZ")


class UnreadableError(Exception):
    """Raised where a file of the release cannot be read for what it should be."""


def check_manifest(folder: Path) -> list[str]:
    """Return what is wrong between the files of the folder and the manifest."""
    try:
        text = _text(folder, MANIFEST)
    except UnreadableError as error:
        return [str(error)]
    named, problems = _named(text)
    present = _files(folder)
    for path, digest in named.items():
        if path not in present:
            problems.append(f"{path}: thiếu tệp / file is missing")
        elif _file_hash(folder / path) != digest:
            problems.append(f"{path}: nội dung đã thay đổi so với {MANIFEST} / content differs from {MANIFEST}")
    for path in sorted(present - set(named) - {MANIFEST, MANIFEST_SIGNATURE}):
        problems.append(f"{path}: tệp thừa, không có trong {MANIFEST} / file that {MANIFEST} does not name")
    return problems


def _named(text: str) -> tuple[dict[str, str], list[str]]:
    """Return each path of a list of hashes with its own, and what is wrong with its lines."""
    named: dict[str, str] = {}
    problems = []
    for number, line in enumerate(text.rstrip("\n").split("\n"), start=1):
        parts = _MANIFEST_LINE.fullmatch(line)
        if parts is None or parts.group(2) in named:
            problems.append(
                f"{MANIFEST}, dòng {number}: không đúng dạng hoặc trùng / line {number}: malformed or repeated"
            )
        else:
            named[parts.group(2)] = parts.group(1)
    return named, problems


def check_ledger(folder: Path) -> list[str]:
    """Return where the chain of the ledger breaks; of two lines that do not fit, the one that was changed."""
    try:
        lines = _ledger_lines(folder)
        head = _checkpoint(folder)[2]
    except UnreadableError as error:
        return [str(error)] if str(error).startswith(LEDGER) else []
    entries = [_canonical_object(line) for line in lines]
    hashes = [hashlib.sha256(line).hexdigest() for line in lines]
    problems = []
    previous, expected = ZERO, 1
    for number, entry in enumerate(entries, start=1):
        if entry is None:
            problems.append(f"{LEDGER}, dòng {number}: không phải JSON chuẩn tắc / line {number}: not canonical JSON")
            expected += 1
        else:
            seq = entry.get("seq")
            is_next = type(seq) is int and seq == expected
            if not is_next:
                place = f"{LEDGER}, dòng {number}"
                problems.append(f"{place}: seq là {seq!r}, phải là {expected} / seq is {seq!r}, should be {expected}")
            # One removed line is one break, not one for every line after it.
            expected = seq + 1 if type(seq) is int else expected + 1
            if entry.get("previous") != previous:
                following = entries[number] if number < len(entries) else {"previous": head}
                is_whole = following is not None and following.get("previous") == hashes[number - 1]
                changed = number - 1 if is_next and is_whole and number > 1 else number
                place = f"{LEDGER}, dòng {changed}"
                problems.append(f"{place}: không khớp dòng {number} / line {changed} was changed, or one beside it")
        previous = hashes[number - 1]
    return problems


def check_checkpoint(folder: Path) -> list[str]:
    """Return where the signed checkpoint and the ledger disagree, and every line that it does not cover."""
    try:
        (_, size, head), lines = _checkpoint(folder), _ledger_lines(folder)
    except UnreadableError as error:
        return [str(error)]
    problems = []
    if size != len(lines):
        problems.append(f"{CHECKPOINT}: size {size}, {LEDGER} có {len(lines)} dòng / {LEDGER} has {len(lines)} lines")
    for number in range(size + 1, len(lines) + 1):
        problems.append(f"{LEDGER}, dòng {number}: chưa ký / line {number} is not signed")
    if head != hashlib.sha256(lines[-1]).hexdigest():
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
    problems += _check_statement(stated, request_entry, request, events)
    problems += check_authority(lines)
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
    if _text_of(approved[-1][0].get("at")) < _text_of(request_entry.get("at")):
        problems.append(f"{LEDGER}: {name} được duyệt trước khi đề nghị / was approved before it was asked for")
    return problems + _check_listing(folder, request, approved[-1][1])


def _check_listing(folder: Path, request: dict[str, object], approval: dict[str, object]) -> list[str]:
    """Return which file is not the one that was asked for and approved, or that nobody approved."""
    said = request.get("content_sha256")
    if said is None and approval.get("content_sha256") is None:
        return []
    try:
        content = _content(folder, CONTENT)
        named, _ = _named(content.decode("utf-8", "replace"))
    except UnreadableError as error:
        return [str(error)]
    if {hashlib.sha256(content).hexdigest()} != {said, approval.get("content_sha256")}:
        return [f"{CONTENT}: không phải nội dung đã duyệt / is not the list of what was approved"]
    problems = []
    for part, own in (("official", _OWN), ("open", _OPEN_OWN)):
        place = folder if part == "official" else folder.resolve().parent / part
        if part == "open" and (folder.resolve().name != "official" or not place.is_dir()):
            continue
        wanted = {path[len(part) + 1 :]: digest for path, digest in named.items() if path.startswith(f"{part}/")}
        where = "" if part == "official" else "../open/"
        for path, digest in sorted(wanted.items()):
            if _file_hash(place / path) != digest:
                problems.append(f"{where}{path}: không phải tệp đã duyệt / is not the file that was approved")
        for path in sorted(_files(place) - set(wanted) - own):
            problems.append(f"{where}{path}: không ai duyệt tệp này / nobody approved this file")
        problems += _check_open_seal(folder, place) if part == "open" and wanted else []
    return problems


def _check_open_seal(folder: Path, place: Path) -> list[str]:
    """Return what is wrong with the list of the open part that lies beside this one, its signature and its key."""
    problems = [f"../open/{problem}" for problem in check_manifest(place)]
    try:
        key, own = _content(folder, KEY), _content(place, KEY)
        raw, manifest, signature = _raw_key(key), _content(place, MANIFEST), _content(place, MANIFEST_SIGNATURE)
    except UnreadableError as error:
        return [*problems, f"../open/{error}"]
    if own != key:
        problems.append(f"../open/{KEY}: không phải khóa của phần này / is not the key of this part")
    if raw is None or not is_signature(raw, manifest, signature):
        problems.append(
            f"../open/{MANIFEST_SIGNATURE}: chữ ký không khớp / the signature is not of {MANIFEST} by {KEY}"
        )
    return problems


def not_official(folder: Path) -> str | None:
    """Return in one sentence why a folder cannot be checked as the official part of a release; None where it can."""
    if any(os.path.lexists(folder / name) for name in (LEDGER, CHECKPOINT, RELEASE, CONTENT, GATE)):
        return None
    if (folder / "official").is_dir():
        return f"{folder}: hãy nêu phần chính thức / name its official part: {folder / 'official'}"
    if os.path.lexists(folder / MANIFEST):
        return (
            f"{folder}: là phần mở, không có sổ cái để kiểm / is an open part, which carries no ledger to be checked:"
            f" hãy nêu phần chính thức nằm bên cạnh / name the official part beside it, or: sha256sum -c {MANIFEST}"
        )
    return f"{folder}: không phải bản công bố / is no release: hãy nêu thư mục official / name the folder official"


def open_part_apart(folder: Path) -> str | None:
    """Return that the open part was not looked at, where one was approved and does not lie beside this one."""
    try:
        named, _ = _named(_text(folder, CONTENT))
    except UnreadableError:
        return None
    count = sum(path.startswith("open/") for path in named)
    here = folder.resolve()
    if not count or (here.name == "official" and (here.parent / "open").is_dir()):
        return None
    return f"open/: phần mở không nằm bên cạnh / the open part does not lie beside this folder: {count} tệp / files"


def _check_statement(
    stated: dict[str, object],
    request_entry: dict[str, object],
    request: dict[str, object],
    events: list[tuple[dict[str, object], dict[str, object]]],
) -> list[str]:
    """Return which line of release.json says something else than the ledger."""
    period, version = request.get("period"), request.get("version")
    approved = [entry for entry, event in events if _is(event, "release_approved", period, version)]
    known = {
        "requested_by": request_entry.get("actor"),
        "approved_by": approved[-1].get("actor") if approved else None,
        "reason": request.get("reason"),
        "datasets_sha256": request.get("datasets_sha256"),
        "content_sha256": request.get("content_sha256"),
    }
    return [
        f"{RELEASE}: {name} khác sổ cái / differs from {LEDGER}"
        for name, value in known.items()
        if name in stated and stated[name] != value
    ]


def check_authority(lines: list[bytes]) -> list[str]:
    """Return which decision behind a release was not its actor's to take then, or was not signed as it had to be."""
    people, problems = _People(), []
    for number, line in enumerate(lines, start=1):
        entry = _canonical_object(line)
        if entry is None:
            continue
        problems += [f"{LEDGER}, dòng {number}: {text}" for text in people.follow(entry)]
    return problems


class _People:
    """Who may do what, line after line: roles, and the keys that they are bound to where persons sign."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}
        self.public: dict[str, bytes] = {}
        self.roles: dict[str, dict[str, str | None]] = {}
        self.sign = False
        self.schedule: bytes | None = None
        self.know_roles = False
        self.asked: dict[tuple[object, object], dict[str, object]] = {}

    def follow(self, entry: dict[str, object]) -> list[str]:
        """Take up one line; return what does not fit in it."""
        actor, events = _text_of(entry.get("actor")), _events_of(entry)
        kinds = {_text_of(event.get("event")) for event in events}
        self.know_roles = self.know_roles or bool(kinds & _OF_ROLES)
        problems = []
        if "workspace_created" in kinds and entry.get("seq") != 1:
            problems.append("thư mục đã được tạo trước đó / the workspace was made before")
        for event in events:
            if event.get("event") == "person_enrolled" and not self._is_enrolment(entry, event):
                name = _text_of(event.get("name"))
                problems.append(f"ghi danh khóa không hợp lệ / this enrols no key: {name}")
        is_signed = self._is_signed(entry, events)
        must = (self.sign and bool(kinds & set(DECIDED))) or (actor == _SCHEDULE and self.schedule is not None)
        if (must or entry.get("signed_by") is not None) and not is_signed:
            problems.append(f"chữ ký của {actor} thiếu hoặc sai / the signature of {actor} is missing or wrong")
        held = self._held(actor)
        for event in events if self.know_roles else ():
            kind = _text_of(event.get("event"))
            needed = {**TAKEN_IN, **DECIDED}.get(kind)
            if needed is not None and not held & needed and not self._is_own_revocation(entry, event):
                problems.append(f"{actor} không được làm việc này / might not do this: {kind}")
        counts = not self.sign or (is_signed and "quality_manager" in held)
        for event in events:
            problems += self._take_up(entry, event, may_appoint=counts)
        return problems

    @staticmethod
    def _is_own_revocation(entry: dict[str, object], event: dict[str, object]) -> bool:
        is_own = name_key(_text_of(event.get("name"))) == name_key(_text_of(entry.get("actor")))
        return event.get("event") == "key_revoked" and is_own

    def _take_up(self, entry: dict[str, object], event: dict[str, object], *, may_appoint: bool) -> list[str]:
        kind, actor, name = event.get("event"), _text_of(entry.get("actor")), _text_of(event.get("name"))
        if kind == "workspace_created" and entry.get("seq") == 1:
            self.roles[name_key(actor)] = {"analyst": None, "quality_manager": None}
            self.sign = self.sign or event.get("persons_sign") is True
            self.schedule = _raw_key(_text_of(event.get("schedule_public_key")).encode())
        elif kind == "schedule_key_replaced" and may_appoint:
            self.schedule = _raw_key(_text_of(event.get("new_public_key")).encode())
        elif kind == "person_enrolled":
            self._enrol(entry, event)
        elif kind == "key_revoked" and (may_appoint or self._is_own_revocation(entry, event)):
            if self._is_signed(entry, [event]) and self.keys.get(name_key(name)) == event.get("fingerprint"):
                del self.keys[name_key(name)]
                self.roles.pop(name_key(name), None)
        elif kind == "person_appointed" and may_appoint:
            key = self.keys.get(name_key(name))
            if not self.sign or (key is not None and key == event.get("key_fingerprint")):
                self.roles.setdefault(name_key(name), {})[_text_of(event.get("role"))] = key
        elif kind == "person_dismissed" and may_appoint:
            self.roles.get(name_key(name), {}).pop(_text_of(event.get("role")), None)
        elif kind == "release_requested":
            self.asked[event.get("period"), event.get("version")] = entry
        elif kind == "release_approved":
            return self._approve(entry, event)
        return []

    def _approve(self, entry: dict[str, object], event: dict[str, object]) -> list[str]:
        asked = self.asked.get((event.get("period"), event.get("version")))
        name = f"{event.get('period')} v{event.get('version')}"
        if asked is None:
            return [f"{name} được duyệt mà chưa ai đề nghị / was approved, nobody asked for it"]
        is_one_key = entry.get("signed_by") is not None and entry.get("signed_by") == asked.get("signed_by")
        if is_one_key or name_key(_text_of(entry.get("actor"))) == name_key(_text_of(asked.get("actor"))):
            return [f"{name} do chính người đề nghị duyệt / was approved by the one who asked for it"]
        account = entry.get("os_user")
        if (
            entry.get("signed_by") is not None
            and account == asked.get("os_user")
            and event.get("one_account") is not True
        ):
            return [f"{name} do tài khoản đã đề nghị duyệt / was approved under the account that asked: {account}"]
        return []

    def _is_enrolment(self, entry: dict[str, object], event: dict[str, object]) -> bool:
        """Tell whether a line puts a key in force: its actor's own, new, under a name that has none, signed by it."""
        actor, name, key = (
            name_key(_text_of(entry.get("actor"))),
            name_key(_text_of(event.get("name"))),
            event.get("fingerprint"),
        )
        raw = _raw_key(_text_of(event.get("public_key")).encode())
        is_new = name not in self.keys and key not in self.public and name != _SCHEDULE
        if raw is None or not is_new or actor != name or hashlib.sha256(raw).hexdigest() != key:
            return False
        return entry.get("signed_by") == key and self._signature_holds(entry, raw)

    def _enrol(self, entry: dict[str, object], event: dict[str, object]) -> None:
        raw = _raw_key(_text_of(event.get("public_key")).encode())
        if raw is not None and self._is_enrolment(entry, event):
            key = _text_of(event.get("fingerprint"))
            self.keys[name_key(_text_of(event.get("name")))], self.public[key], self.sign = key, raw, True

    def _held(self, name: str) -> set[str]:
        if name == _SCHEDULE:
            return {_SCHEDULE}
        key = self.keys.get(name_key(name))
        return {role for role, to in self.roles.get(name_key(name), {}).items() if to is None or to == key}

    def _is_signed(self, entry: dict[str, object], events: list[dict[str, object]]) -> bool:
        """Tell whether a line bears the signature of its actor's key in force, or of the key that it brings."""
        brought = [event for event in events if event.get("event") == "person_enrolled"]
        if brought:
            return self._is_enrolment(entry, brought[0])
        actor = _text_of(entry.get("actor"))
        if actor == _SCHEDULE:
            known = self.schedule
            is_named = known is not None and hashlib.sha256(known).hexdigest() == entry.get("signed_by")
            return known is not None and is_named and self._signature_holds(entry, known)
        key = self.keys.get(name_key(actor))
        return key is not None and key == entry.get("signed_by") and self._signature_holds(entry, self.public[key])

    @staticmethod
    def _signature_holds(entry: dict[str, object], raw: bytes) -> bool:
        signed = {name: value for name, value in entry.items() if name != "signature"}
        try:
            signature = bytes.fromhex(_text_of(entry.get("signature")))
        except ValueError:
            return False
        return is_signature(raw, b"motcua entry v1\n" + _canonical(signed), signature)


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
    except (UnreadableError, csv.Error) as error:
        return [f"{REPORTING}: {error}" if isinstance(error, csv.Error) else str(error)]
    told = {f"{row.get('report_type')}/{row.get('unit_code')}": row for row in rows}
    # Whether a submission counts is what was said of it last.
    said = {event.get("number"): kind for _, event in events if (kind := event.get("event")) in _STANDING}
    taken = {number for number, kind in said.items() if kind != "submission_withdrawn"}
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

    Only a folder that lies as the department keeps it, PERIOD/vN/official, says anything by its place: a copy on a
    stick or in a mail lies anywhere.
    """
    version_folder, period_folder = folder.resolve().parent, folder.resolve().parent.parent
    here = _VERSION.fullmatch(version_folder.name)
    if here is None or (period_folder.name != period and not _PERIOD.fullmatch(period_folder.name)):
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
        if len(parts) < 3 or not parts[1].isdecimal() or not _HEX.fullmatch(parts[2]):
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
    """Return the arguments with which openssl checks one signature as well, for whoever would rather trust it."""
    return ["pkeyutl", "-verify", "-pubin", "-inkey", KEY, "-rawin", "-in", signed, "-sigfile", signature]


def check_signatures(folder: Path) -> list[str]:
    """Return what is wrong with the signatures, and with the key that they are checked with."""
    needed = (KEY, *(name for pair in SIGNED for name in pair))
    missing = [f"{name}: thiếu tệp / file is missing" for name in needed if not (folder / name).is_file()]
    if missing:
        return missing
    pem = _content(folder, KEY)
    raw = _raw_key(pem)
    if raw is None:
        return [f"{KEY}: không phải khóa Ed25519 / is no Ed25519 key"]
    problems = [
        f"{signature}: chữ ký không khớp {signed} / the signature is not of {signed} by {KEY}"
        for signed, signature in SIGNED
        if not is_signature(raw, _content(folder, signed), _content(folder, signature))
    ]
    stated = _key_in_force(folder)
    if stated is not None and stated.encode() != pem:
        problems.append(f"{KEY}: không phải khóa mà sổ cái ghi / is not the key that {LEDGER} says is in force")
    return problems


def unchecked(folder: Path) -> list[str]:
    """Return what this release does not say, so that it cannot be checked."""
    try:
        stated, lines = _json_object(folder, RELEASE), _ledger_lines(folder)
    except UnreadableError:
        return []
    found = []
    if _key_in_force(folder) is None:
        found.append(f"{KEY}: sổ cái không nêu khóa / {LEDGER} states no key: compare its hash with the letter's")
    asked = [e for _, e in _events(lines) if _is(e, "release_requested", stated.get("period"), stated.get("version"))]
    apart = open_part_apart(folder)
    if apart is not None:
        found.append(apart)
    if asked and asked[-1].get("content_sha256") is None:
        found.append(
            "báo cáo, phần mở, mô tả: đề nghị chỉ nêu dữ liệu / workbook, open part, descriptions: the request names"
            " the data alone"
        )
    return found


def _key_in_force(folder: Path) -> str | None:
    """Return the key that the ledger says signs it."""
    stated = None
    try:
        events = _events(_ledger_lines(folder))
    except UnreadableError:
        return None
    for _, event in events:
        if event.get("event") == "workspace_created":
            stated = event.get("signing_public_key")
        elif event.get("event") == "signing_key_replaced":
            stated = event.get("new_public_key")
    return stated if isinstance(stated, str) else None


def is_signature(public: bytes, content: bytes, signature: bytes) -> bool:
    """Tell whether an Ed25519 signature (RFC 8032, 5.1.7) is of this content under this 32-byte public key.

    Every encoding but the one canonical one is refused, and so are the points of small order: no signer makes any.
    """
    if len(public) != 32 or len(signature) != 64:
        return False
    key, point, scalar = _decoded(public), _decoded(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or point is None or scalar >= _ORDER or _is_small(key) or _is_small(point):
        return False
    digest = hashlib.sha512(signature[:32] + public + content).digest()
    challenge = int.from_bytes(digest, "little") % _ORDER
    return _encoded(_sum_of(scalar, _BASE, challenge, _negative(key))) == signature[:32]


# The curve of RFC 8032, 5.1, in extended coordinates (X, Y, Z, T): x = X/Z, y = Y/Z, x*y = T/Z.
_PRIME = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _PRIME - 2, _PRIME) % _PRIME
_ROOT = pow(2, (_PRIME - 1) // 4, _PRIME)
_NEUTRAL = (0, 1, 1, 0)


def _added(one: tuple[int, int, int, int], two: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = two
    a, b = (y1 - x1) * (y2 - x2) % _PRIME, (y1 + x1) * (y2 + x2) % _PRIME
    c, d = 2 * t1 * t2 * _D % _PRIME, 2 * z1 * z2 % _PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _PRIME, g * h % _PRIME, f * g % _PRIME, e * h % _PRIME


def _negative(point: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    return -point[0] % _PRIME, point[1], point[2], -point[3] % _PRIME


def _sum_of(
    first: int, one: tuple[int, int, int, int], second: int, two: tuple[int, int, int, int]
) -> tuple[int, int, int, int]:
    """Return first times one plus second times two."""
    steps = {(1, 0): one, (0, 1): two, (1, 1): _added(one, two)}
    found = _NEUTRAL
    for bit in range(max(first.bit_length(), second.bit_length()) - 1, -1, -1):
        found = _added(found, found)
        step = steps.get((first >> bit & 1, second >> bit & 1))
        found = found if step is None else _added(found, step)
    return found


def _is_small(point: tuple[int, int, int, int]) -> bool:
    for _ in range(3):
        point = _added(point, point)
    return point[0] == 0 and point[1] == point[2]


def _encoded(point: tuple[int, int, int, int]) -> bytes:
    inverse = pow(point[2], _PRIME - 2, _PRIME)
    x, y = point[0] * inverse % _PRIME, point[1] * inverse % _PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decoded(encoded: bytes) -> tuple[int, int, int, int] | None:
    """Return the point of these 32 bytes; None where they are not the one encoding of a point of the curve."""
    value = int.from_bytes(encoded, "little")
    y, sign = value & (1 << 255) - 1, value >> 255
    if y >= _PRIME:
        return None
    u, v = (y * y - 1) % _PRIME, (_D * y * y + 1) % _PRIME
    x = u * pow(v, 3, _PRIME) * pow(u * pow(v, 7, _PRIME), (_PRIME - 5) // 8, _PRIME) % _PRIME
    if v * x * x % _PRIME == -u % _PRIME:
        x = x * _ROOT % _PRIME
    if v * x * x % _PRIME != u or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else _PRIME - x
    return x, y, 1, x * y % _PRIME


_BASE = _decoded((4 * pow(5, _PRIME - 2, _PRIME) % _PRIME).to_bytes(32, "little")) or _NEUTRAL


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
    other = not_official(folder)
    if other is not None:
        _say(other)
        return 2
    problems = check_content(folder)
    problems += check_against(folder, against) if against is not None else []
    problems += check_signatures(folder)
    _say("Chữ ký được kiểm tra tại đây; bằng openssl / Signatures are checked here; with openssl, in this folder:")
    for pair in SIGNED:
        _say("  openssl " + " ".join(openssl_command(*pair)))
    for name in (MANIFEST, KEY):
        if (folder / name).is_file():
            _say(f"sha256 {name}: {_file_hash(folder / name)}")
    _say_decisions(folder)
    _say_checkpoint(folder)
    for problem in problems:
        _say(f"SAI / FAILED  {problem}")
    missing = unchecked(folder)
    for what in missing:
        _say(f"CHƯA KIỂM TRA / NOT CHECKED  {what}")
    if problems:
        _say(f"Bản công bố KHÔNG nguyên vẹn: {len(problems)} lỗi / The release does NOT hold: {len(problems)} failures")
        return 1
    if missing:
        _say(
            f"Không thấy sai, nhưng {len(missing)} điều CHƯA kiểm tra được"
            f" / Nothing is wrong, but {len(missing)} could NOT be checked"
        )
        return 3
    _say("Bản công bố còn nguyên vẹn / The release holds")
    return 0


def _split(argv: list[str]) -> tuple[list[str], Path | None]:
    """Return the arguments without --against, and the path that it names."""
    if len(argv) >= 2 and argv[-2] == "--against":
        return argv[:-2], Path(argv[-1])
    return argv, None


def _number(value: object) -> int:
    return value if type(value) is int else 0


def _text_of(value: object) -> str:
    return value if isinstance(value, str) else ""


def name_key(name: str) -> str:
    """Return the key by which two names count as one person's: names that are drawn alike are one name."""
    name = _APOSTROPHES.sub("", name)
    text = unicodedata.normalize("NFKC", name).translate(_CAPITALS)
    seen = "".join(one for one in text if unicodedata.category(one) not in ("Cc", "Cf") or one.isspace())
    folded = unicodedata.normalize("NFC", seen.casefold()).translate(_FOLDED)
    words = []
    for word in "".join(map(_spaced, folded)).split():
        # Both ways of placing a tone mark (hóa, hoá) are one name.
        letters = "".join(map(_undressed, unicodedata.normalize("NFD", word).translate(_MARKS)))
        tones = "".join(one for one in letters if one in _TONES)
        bare = unicodedata.normalize("NFC", "".join(one for one in letters if one not in _TONES)).translate(_FOLDED)
        words.append(bare.replace("rn", "m").replace("vv", "w") + tones)
    return " ".join(words)


def _spaced(one: str) -> str:
    """Return a space for punctuation: it tells no two people apart."""
    return " " if unicodedata.category(one)[0] in _PUNCTUATION or one in "+&" or one.isspace() else one


@lru_cache(maxsize=4096)
def _undressed(one: str) -> str:
    """Return the plain letter that a Latin one is drawn as; the letter itself where it is none, or Vietnamese."""
    dressed = None if one == "đ" or one.isascii() else _DRESSED.fullmatch(unicodedata.name(one, ""))
    return dressed.group(1).lower() if dressed is not None else one


def _raw_key(pem: bytes) -> bytes | None:
    """Return the 32 bytes of an Ed25519 public key in PEM; None for anything else."""
    lines = pem.decode("ascii", "replace").split("\n")
    if len(lines) != 4 or (lines[0], *lines[2:]) != ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----", ""):
        return None
    try:
        content = base64.b64decode(lines[1], validate=True)
    except ValueError:
        return None
    return content[12:] if len(content) == 44 and content.startswith(_ED25519) else None


def _is(event: dict[str, object], kind: str, period: object, version: object) -> bool:
    return (event.get("event"), event.get("period"), event.get("version")) == (kind, period, version)


def _events(lines: list[bytes]) -> list[tuple[dict[str, object], dict[str, object]]]:
    """Return every event of the ledger with its entry; a line that is none has none (the chain says so)."""
    entries = (entry for entry in map(_canonical_object, lines) if entry is not None)
    return [(entry, event) for entry in entries for event in _events_of(entry)]


def _events_of(entry: dict[str, object]) -> list[dict[str, object]]:
    events = entry.get("events")
    return [event for event in events if isinstance(event, dict)] if isinstance(events, list) else []


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
        written = _canonical(value)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and written == line else None


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _checkpoint(folder: Path) -> tuple[str, int, str]:
    """Return origin, size and head of the checkpoint."""
    parts = _text(folder, CHECKPOINT).split("\n")
    if len(parts) != 4 or parts[3] or not parts[0] or not parts[1].isdecimal() or not _HEX.fullmatch(parts[2]):
        raise UnreadableError(
            f"{CHECKPOINT}: không đủ ba dòng origin, size, head / not the three lines origin, size, head"
        )
    return parts[0], int(parts[1]), parts[2]


def _say_decisions(folder: Path) -> None:
    """Say who asked for the release and who approved it, and where the record stood when its cover was written."""
    try:
        stated, events = _json_object(folder, RELEASE), _events(_ledger_lines(folder))
    except UnreadableError:
        return
    about = stated.get("period"), stated.get("version")
    for kind, words in (("release_requested", "Đề nghị / Requested"), ("release_approved", "Duyệt / Approved")):
        for entry, _ in [one for one in events if _is(one[1], kind, *about)][-1:]:
            _say(f"{words}: {entry.get('actor')}, {entry.get('at')}")
            if kind == "release_requested":
                size = _number(entry.get("seq")) - 1
                _say(f"Sổ cái khi đề nghị / Ledger at the request: {size} dòng / lines, head {entry.get('previous')}")


def _say_checkpoint(folder: Path) -> None:
    try:
        parts = _text(folder, CHECKPOINT).split("\n")
    except UnreadableError:
        return
    if len(parts) == 4:
        _say(f"Sổ cái / Ledger: {parts[1]} dòng / lines, head {parts[2]}")


def _say(line: str) -> None:
    """Write a line whose parts come out of the release: what would move the cursor or hide text is shown as a code."""
    shown = (one if one == "\n" or unicodedata.category(one)[0] != "C" else f"\\x{ord(one):02x}" for one in line)
    sys.stdout.write("".join(shown) + "\n")


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A Windows console may not speak Vietnamese; a report with marks is better than a traceback.
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(sys.argv[1:]))
