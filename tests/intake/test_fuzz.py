"""Five hundred mutated workbooks: every one is read or rejected with one sentence, within the reader's memory."""

import hashlib
import io
import random
import resource
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flows.intake.isolation import close_idle_readers, read_in_order
from flows.intake.reader import Request, Unread
from flows.intake.reading import Reading, SourceFile, Stated
from flows.intake.rule_book import order_of, rule_book
from tests.intake.test_intake import DOSSIERS, HEADINGS
from tests.support.office import AFTER_THE_CUT_OFF, Office, report, small_plan, titles, xlsx_of
from tests.support.workbooks import ods_of, xlsb_of

SEED = 2022
COUNT = 500
MEMORY_MEBIBYTES = 1024
OLD_WORKBOOKS = Path(__file__).parents[3] / "shared" / "data" / "legacy_vietnamese"


def flipped(content: bytes, rng: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(rng.randrange(1, 40)):
        damaged[rng.randrange(len(damaged))] = rng.randrange(256)
    return bytes(damaged)


def cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content))]


def packed_again(content: bytes, change: dict[str, bytes | None]) -> bytes:
    """Pack a workbook again with some parts changed, and those that are None left out."""
    saved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change.get(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
    return saved.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def without_parts(content: bytes, rng: random.Random) -> bytes:
    names = list(parts(content))
    return packed_again(content, dict.fromkeys(rng.sample(names, rng.randrange(1, 4))))


def part_flipped(content: bytes, rng: random.Random) -> bytes:
    name, part = rng.choice(list(parts(content).items()))
    return packed_again(content, {name: flipped(part, rng)})


def part_cut(content: bytes, rng: random.Random) -> bytes:
    name, part = rng.choice(list(parts(content).items()))
    return packed_again(content, {name: cut(part, rng)})


def parts_swapped(content: bytes, rng: random.Random) -> bytes:
    (one, first), (other, second) = rng.sample(list(parts(content).items()), 2)
    return packed_again(content, {one: second, other: first})


def numbers_changed(content: bytes, rng: random.Random) -> bytes:
    """Change digits inside one part: references, counts and indices that lead nowhere."""
    name, part = rng.choice(list(parts(content).items()))
    places = [n for n, byte in enumerate(part) if 48 <= byte <= 57]
    damaged = bytearray(part)
    for place in rng.sample(places, min(len(places), 8)):
        damaged[place : place + 1] = rng.choice((b"9", b"0", b"99999999", b"-1"))
    return packed_again(content, {name: bytes(damaged)})


def sizes_lied_about(content: bytes, rng: random.Random) -> bytes:
    told = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 18), (b"PK\x01\x02", 20)):
        place = told.find(mark)
        while place >= 0:
            if rng.random() < 0.4:
                which = place + offset + rng.choice((0, 4))
                struct.pack_into("<I", told, which, rng.choice((0, 1, 1 << 20, 0x7FFFFFFF, 0xFFFFFFFF)))
            place = told.find(mark, place + 4)
    return bytes(told)


MUTATIONS = (
    *(flipped, cut, without_parts, part_flipped),
    *(part_cut, parts_swapped, numbers_changed, sizes_lied_about),
)


# An old workbook is no archive: only its bytes as a whole can be changed.
OF_BYTES = (flipped, cut)


def mutated(sources: list[tuple[str, bytes]]) -> Iterator[tuple[str, str, bytes]]:
    """Yield how a workbook was changed, its suffix and its bytes."""
    rng = random.Random(SEED)
    for n in range(COUNT):
        suffix, content = rng.choice(sources)
        mutations = OF_BYTES if suffix == ".xls" else MUTATIONS
        mutation = mutations[n % len(mutations)]
        yield f"{mutation.__name__}{suffix}", suffix, mutation(content, rng)


def sources_of_every_format() -> list[tuple[str, bytes]]:
    rows = [*titles(), HEADINGS, *DOSSIERS]
    old = [(".xls", path.read_bytes()) for path in sorted(OLD_WORKBOOKS.glob("*.xls"))[:2]]
    return [
        (".xlsx", report("TV", {})),
        (".xlsx", xlsx_of(rows)),
        (".ods", ods_of(rows)),
        (".xlsb", xlsb_of(rows)),
        *old,
    ]


@pytest.fixture
def workspace(tmp_path: Path) -> Office:
    return Office.new(tmp_path, small_plan(tmp_path / "plan", sender="TV"))


def test_500_mutated_workbooks_are_each_read_or_rejected_with_one_sentence(workspace: Office, tmp_path: Path) -> None:
    close_idle_readers()
    sources = sources_of_every_format()
    book = rule_book(workspace.workspace, AFTER_THE_CUT_OFF.date())
    limits = book.limits.model_copy(update={"memory_mebibytes": MEMORY_MEBIBYTES, "clock_seconds": 120})
    order = order_of(replace(book, limits=limits))
    stated = Stated(AFTER_THE_CUT_OFF.date(), "E-Office số 017")
    names = []

    def requests() -> Iterator[Request]:
        for n, (name, suffix, content) in enumerate(mutated(sources)):
            path = tmp_path / f"{n}{suffix}"
            path.write_bytes(content)
            names.append(name)
            file = SourceFile(path, hashlib.sha256(content).hexdigest(), suffix, "x")
            yield Request(file, stated, order, tmp_path / "tables")

    answers = list(read_in_order(requests(), 2))
    close_idle_readers()
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < MEMORY_MEBIBYTES * 1024
    assert len(answers) == COUNT
    became: Counter[str] = Counter()
    for name, answer in zip(names, answers, strict=True):
        if isinstance(answer, Unread):
            assert "The program failed" not in answer.why, (name, answer)
            assert answer.why.count(" / ") == 1
            # A reader that a signal ends is a rejection like any other.
            became["rejected"] += 1
            continue
        assert isinstance(answer, Reading)
        became[answer.state] += 1
        if answer.state == "rejected":
            assert answer.refusal, name
            assert "\n" not in answer.refusal
        assert answer.read_count == answer.accepted_count + answer.rejected_count + answer.ignored_count
    assert became["accepted"] > 20, became
    assert became["rejected"] > 100, became
