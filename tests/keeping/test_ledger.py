"""The record: any edit of it is seen and named, nothing can be taken back, and nonconformities keep their numbers."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from audit.chain import ZERO, Break, NotCanonicalError, canonical, first_break, line_hash, parse
from audit.events import (
    Entry,
    NonconformityObserved,
    NonconformityOpened,
    PeriodConsolidated,
    SubmissionWithdrawn,
    TornLineSetAside,
)
from audit.ledger import BrokenLedgerError, Ledger, Stamp
from audit.register import register
from audit.review import EVIDENCE_LIMIT, Breach, Seen, TakenAway, review
from audit.steps import Identity, Nonconformity
from tests.support.office import Office

STAMP = Stamp(datetime(2022, 3, 20, 2, 0, tzinfo=UTC), "Người Thử Nghiệm 017", "thu-nghiem")
PERIODS = ("2022-Q1", "2022-Q2")

TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
EXACT = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
BODIES = st.lists(st.dictionaries(TEXTS, EXACT, max_size=3), min_size=2, max_size=6)


def chained(bodies: Sequence[dict[str, object]]) -> list[bytes]:
    lines: list[bytes] = []
    for seq, body in enumerate(bodies, start=1):
        previous = line_hash(lines[-1]) if lines else ZERO
        lines.append(canonical({"body": body, "seq": seq, "previous": previous}))  # type: ignore[dict-item]
    return lines


CHAINS = BODIES.map(chained)


@given(CHAINS)
def test_a_chain_as_it_was_written_holds(lines: list[bytes]) -> None:
    assert first_break(lines) is None
    assert [parse(line)["seq"] for line in lines] == list(range(1, len(lines) + 1))


@given(CHAINS, st.data())
def test_any_changed_byte_before_the_last_line_is_named_at_its_line_or_the_next(
    lines: list[bytes], data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(lines) - 2))
    place = data.draw(st.integers(0, len(lines[number]) - 1))
    byte = data.draw(st.integers(0, 255))
    assume(lines[number][place] != byte)
    # A line is what stands between two newlines: to add one is to add a line.
    assume(byte != ord("\n"))
    lines[number] = lines[number][:place] + bytes([byte]) + lines[number][place + 1 :]
    broken = first_break(lines)
    assert broken is not None
    assert broken.line in (number + 1, number + 2)


@given(CHAINS, st.data())
def test_a_removed_line_is_named_where_it_is_missing(lines: list[bytes], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(lines) - 2))
    broken = first_break(lines[:number] + lines[number + 1 :])
    assert broken is not None
    assert broken.line == number + 1


@given(CHAINS, st.data())
def test_two_lines_that_changed_places_are_named_at_the_first(lines: list[bytes], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(lines) - 2))
    second = data.draw(st.integers(first + 1, len(lines) - 1))
    lines[first], lines[second] = lines[second], lines[first]
    broken = first_break(lines)
    assert broken is not None
    assert broken.line == first + 1


@given(CHAINS, st.dictionaries(TEXTS, EXACT, max_size=2), st.data())
def test_an_inserted_line_is_named_even_where_it_names_the_line_before_it(
    lines: list[bytes], body: dict[str, object], data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(lines) - 1))
    previous = line_hash(lines[number - 1]) if number else ZERO
    forged = canonical({"body": body, "seq": number + 1, "previous": previous})  # type: ignore[dict-item]
    assume(forged != lines[number])
    broken = first_break([*lines[:number], forged, *lines[number:]])
    assert broken is not None
    assert broken.line == number + 2


@given(CHAINS, st.data())
def test_a_line_with_another_number_is_named_though_every_line_names_the_one_before_it(
    lines: list[bytes], data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(lines) - 1))
    seq = data.draw(st.integers() | st.none() | st.text(max_size=3))
    assume(seq != number + 1)
    rewritten: list[bytes] = []
    for place, line in enumerate(lines):
        value = parse(line) | {"previous": line_hash(rewritten[-1]) if rewritten else ZERO}
        rewritten.append(canonical(value | ({"seq": seq} if place == number else {})))
    assert first_break(rewritten) == Break(number + 1, f"seq is {seq!r} and should be {number + 1}")


def test_a_line_that_says_the_same_in_other_bytes_is_not_the_same_line() -> None:
    [first, second] = chained([{"actor": "Người Thử Nghiệm 017"}, {}])
    spaced = json.dumps(json.loads(first), sort_keys=True, ensure_ascii=False).encode()
    escaped = json.dumps(json.loads(first), sort_keys=True, separators=(",", ":")).encode()
    unsorted = b'{"seq":1,"previous":"' + ZERO.encode() + b'","body":{}}'
    for line in (spaced, escaped, unsorted):
        assert first_break([line, second]) == Break(1, "is not in canonical form")
    assert first_break([b"[1]"]) == Break(1, "is not a JSON object")
    repeated = first[:-1] + b',"seq":1}'
    assert first_break([repeated]) == Break(1, "is not in canonical form")


@given(EXACT)
def test_canonical_bytes_say_one_value_in_one_way(value: object) -> None:
    written = canonical(value)  # type: ignore[arg-type]
    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written
    assert b"\n" not in written


@given(EXACT, st.floats(), st.sampled_from(["bare", "in a list", "in a mapping", "deep"]))
def test_a_float_is_refused_wherever_it_stands(value: object, fraction: float, where: str) -> None:
    shapes = {
        "bare": fraction,
        "in a list": [value, fraction],
        "in a mapping": {"share": fraction, "other": value},
        "deep": {"a": [{"b": (fraction,)}]},
    }
    with pytest.raises(NotCanonicalError, match="float"):
        canonical(shapes[where])  # type: ignore[arg-type]


def test_a_float_that_somebody_wrote_into_a_line_breaks_the_chain() -> None:
    line = b'{"previous":"' + ZERO.encode() + b'","seq":1,"share":0.5}'
    broken = first_break([line])
    assert broken is not None
    assert broken.line == 1


def withdrawn(number: int) -> SubmissionWithdrawn:
    return SubmissionWithdrawn(number=f"S-{number:04d}", reason="gửi nhầm")


@given(st.lists(st.lists(st.integers(1, 9999), max_size=3), min_size=1, max_size=5))
def test_appending_leaves_every_earlier_byte_as_it_was(commits: list[list[int]]) -> None:
    # Hypothesis runs many examples in one test: each has a file of its own.
    path = Path(os.environ["PYTEST_LEDGERS"]) / hashlib.sha256(repr(commits).encode()).hexdigest()
    path.unlink(missing_ok=True)
    before = b""
    for commit in commits:
        Ledger(path).append(STAMP, "withdraw", [withdrawn(number) for number in commit])
        after = path.read_bytes()
        assert after.startswith(before)
        assert after.count(b"\n") == before.count(b"\n") + 1
        before = after
    read = Ledger(path)
    assert [list(entry.events) for entry in read.entries] == [[withdrawn(n) for n in commit] for commit in commits]
    assert [entry.seq for entry in read.entries] == list(range(1, len(commits) + 1))


@pytest.fixture(autouse=True)
def _ledgers(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_LEDGERS", str(tmp_path_factory.mktemp("ledgers")))


def test_the_ledger_can_add_and_nothing_else() -> None:
    public = {name for name in vars(Ledger) if not name.startswith("_")}
    assert public == {"size", "head", "head_at", "up_to", "as_known_on", "drop_torn_line", "draft", "append"}


def test_an_entry_and_its_events_cannot_be_changed(tmp_path: Path) -> None:
    entry = Ledger(tmp_path / "ledger.jsonl").append(STAMP, "withdraw", [withdrawn(1)])
    for thing, name in ((entry, "actor"), (entry.events[0], "reason")):
        with pytest.raises(ValueError, match="frozen"):
            setattr(thing, name, "khác")


def test_a_ledger_with_a_changed_line_is_not_opened_and_says_which(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    for number in (1, 2, 3):
        Ledger(path).append(STAMP, "withdraw", [withdrawn(number)])
    path.write_bytes(path.read_bytes().replace(b"S-0002", b"S-0009"))
    with pytest.raises(BrokenLedgerError, match="line 3"):
        Ledger(path)


def test_the_moment_of_a_commit_is_written_in_utc_to_the_second(tmp_path: Path) -> None:
    khanh_hoa = timezone(timedelta(hours=7))
    stamp = Stamp(datetime(2022, 3, 20, 6, 30, 15, 999_999, khanh_hoa), "Người Thử Nghiệm 017", "thu-nghiem")
    assert Ledger(tmp_path / "ledger.jsonl").append(stamp, "withdraw", []).at == "2022-03-19T23:30:15Z"


@pytest.mark.parametrize("rest", [b'{"actor":"Ng', b"\xc6", b" ", b"{}"])
def test_half_a_line_is_set_aside_with_a_record_and_what_was_committed_stays(office: Office, rest: bytes) -> None:
    whole = office.workspace.ledger.read_bytes()
    office.workspace.ledger.write_bytes(whole + rest)
    assert office.ledger.torn is not None
    assert office.sweep() == []
    assert office.workspace.ledger.read_bytes().startswith(whole)
    sha256 = hashlib.sha256(rest).hexdigest()
    recorded = [event for entry in office.ledger.entries for event in entry.events]
    assert recorded[-1] == TornLineSetAside(size=len(rest), sha256=sha256, moved_to=f"torn/{sha256}.bin")
    assert (office.workspace.torn / f"{sha256}.bin").read_bytes() == rest
    size = office.ledger.size
    office.sweep()
    assert office.ledger.size == size, "one torn line is recorded once"


IDENTITIES = st.builds(
    Identity,
    st.sampled_from(["D001", "D016", "R003"]),
    st.sampled_from(["", "BT", "TV"]),
    st.sampled_from(PERIODS),
    st.just("dossiers"),
)
QUANTITIES = st.integers(1, 3)


def breach(identity: Identity, failing: int) -> Breach:
    places = tuple(f"cell {n}" for n in range(EVIDENCE_LIMIT + 5))
    return Breach(identity, 1, "minor", "8.7", failing + 10, failing, places)


REVIEWS = st.lists(
    st.tuples(st.sampled_from(PERIODS), st.dictionaries(IDENTITIES, QUANTITIES, max_size=5)), min_size=1, max_size=6
)


def consolidation(period: str) -> PeriodConsolidated:
    return PeriodConsolidated(
        period=period, as_of_seq=1, inputs_sha256=ZERO, submissions=(), rules_sha256=ZERO, plan_sha256=ZERO,
        indicators_sha256=ZERO, code_sha256=ZERO,
    )  # fmt: skip


def entry_of(seq: int, events: Sequence[object], consolidated: str | None = None) -> Entry:
    """Return a line with these events, and with a consolidation where a period is named."""
    if consolidated is not None:
        events = [consolidation(consolidated), *events]
    return Entry.model_validate(
        {
            "seq": seq, "at": f"2022-03-20T02:00:{seq:02d}Z", "actor": "Người Thử Nghiệm 017",
            "os_user": "thu-nghiem", "kind": "consolidate", "events": events, "files": [], "previous": ZERO,
        }
    )  # fmt: skip


def seen(breaches: Sequence[Breach], period: str) -> Seen:
    """Return what a consolidation found that knows of no period before; whatever is gone was withdrawn."""
    return Seen(period, breaches, lambda _: TakenAway("withdrawn", "S-0001"))


def by_identity(found: Mapping[str, Nonconformity]) -> dict[Identity, Nonconformity]:
    return {item.identity: item for item in found.values()}


def reviewed(reviews: Sequence[tuple[str, dict[Identity, int]]]) -> list[dict[Identity, Nonconformity]]:
    """Return the register after each review."""
    entries: list[Entry] = []
    states = []
    for period, found in reviews:
        breaches = [breach(identity, failing) for identity, failing in found.items() if identity.period == period]
        entries.append(entry_of(len(entries) + 1, review(register(entries), seen(breaches, period)), period))
        states.append(by_identity(register(entries)))
    return states


@given(REVIEWS)
def test_numbers_of_a_period_have_no_gap_and_are_never_given_twice(
    reviews: list[tuple[str, dict[Identity, int]]],
) -> None:
    last = reviewed(reviews)[-1]
    for period in PERIODS:
        numbers = [found.number for identity, found in last.items() if identity.period == period]
        assert numbers == [f"NC-{period}-{n:03d}" for n in range(1, len(numbers) + 1)]


@given(REVIEWS)
def test_a_review_opens_what_is_new_and_takes_nothing_away(reviews: list[tuple[str, dict[Identity, int]]]) -> None:
    before: dict[Identity, Nonconformity] = {}
    for (period, found), after in zip(reviews, reviewed(reviews), strict=True):
        met = {identity: failing for identity, failing in found.items() if identity.period == period}
        assert set(after) == set(before) | set(met)
        for identity, known in before.items():
            now = after[identity]
            assert (now.number, now.state, now.opened_at) == (known.number, "open", known.opened_at)
            assert now.failing_count == met.get(identity, known.failing_count)
        before = after


@given(st.dictionaries(IDENTITIES, QUANTITIES, max_size=5))
def test_a_second_review_of_the_same_breaches_says_nothing(found: dict[Identity, int]) -> None:
    for period in PERIODS:
        breaches = [breach(identity, failing) for identity, failing in found.items() if identity.period == period]
        first = review({}, seen(breaches, period))
        assert all(isinstance(event, NonconformityOpened) for event in first)
        assert review(register([entry_of(1, first, period)]), seen(list(reversed(breaches)), period)) == ()


def test_a_passing_run_closes_nothing_and_other_quantities_are_observed() -> None:
    identity = Identity("D001", "BT", "2022-Q1", "dossiers")
    opened = entry_of(1, review({}, seen([breach(identity, 2)], "2022-Q1")), "2022-Q1")
    gone = entry_of(2, review(register([opened]), seen([], "2022-Q1")), "2022-Q1")
    after = register([opened, gone])["NC-2022-Q1-001"]
    assert (after.state, after.gone_at, after.gone_submission) == ("open", "2022-03-20T02:00:02Z", "S-0001")
    assert review(register([opened, gone]), seen([], "2022-Q1")) == ()
    later = review(register([opened]), seen([breach(identity, 3)], "2022-Q1"))
    assert later == (NonconformityObserved(number="NC-2022-Q1-001", checked_count=13, failing_count=3),)
    now = register([opened, entry_of(2, later, "2022-Q1")])["NC-2022-Q1-001"]
    assert (now.state, now.opened_at, now.failing_count) == ("open", "2022-03-20T02:00:01Z", 3)


def test_a_nonconformity_keeps_no_more_evidence_than_its_limit() -> None:
    [opened] = review({}, seen([breach(Identity("D001", "BT", "2022-Q1", "dossiers"), 2)], "2022-Q1"))
    assert isinstance(opened, NonconformityOpened)
    assert opened.evidence == tuple(f"cell {n}" for n in range(EVIDENCE_LIMIT))
