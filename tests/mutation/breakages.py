"""Does each test that guards against an attack fail once the mend that it guards is taken out?

`python -m tests.mutation.breakages [WORD ...]` makes each breakage of `breakages.toml` whose attack, files or tests
hold every word, one after the other in a copy of the checkout, runs its tests, and lists each that noticed nothing.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from subprocess import PIPE, STDOUT

CHECKOUT = Path(__file__).parents[2]
LISTED = Path(__file__).with_name("breakages.toml")
# A test that waits longer waits for what never comes: its breakage is noticed.
SECONDS = 600
FAILED = 1
# What Python compiled before is known by second and size: each change has a second of its own.
_seconds = count(1_000_000_000)


@dataclass(frozen=True)
class Change:
    """A text that stands once in a file, and what a careless hand would put in its place."""

    file: str
    was: str
    now: str


@dataclass(frozen=True)
class Breakage:
    """A mend taken out or bent: against which attack, where, and which tests have to fail then."""

    attack: str
    changes: tuple[Change, ...]
    tests: tuple[str, ...]

    def holds(self, words: Sequence[str]) -> bool:
        """Tell whether every word stands in the attack, a file or a test."""
        told = " ".join((self.attack, *(change.file for change in self.changes), *self.tests))
        return all(word in told for word in words)


def breakages() -> tuple[Breakage, ...]:
    """Return every breakage that is listed."""
    return tuple(
        Breakage(
            one["attack"],
            tuple(Change(part["file"], part["was"], part["now"]) for part in (one, *one.get("also", ()))),
            tuple(one["tests"]),
        )
        for one in tomllib.loads(LISTED.read_text("utf-8"))["breakage"]
    )


@contextmanager
def copied() -> Iterator[Path]:
    """Hand out a copy of the checkout as it lies there, with the data that its tests look for beside it."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, check=True).stdout.decode()
    with tempfile.TemporaryDirectory() as folder:
        copy, data = Path(folder) / "checkout", CHECKOUT.parent / "shared"
        for name in listed.strip("\0").split("\0"):
            if (CHECKOUT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(CHECKOUT / name, copy / name)
        if data.exists():
            copy.with_name(data.name).symlink_to(data)
        yield copy


def _write(copy: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        (copy / name).write_text(text, "utf-8")
        second = next(_seconds)
        os.utime(copy / name, (second, second))


@contextmanager
def broken(copy: Path, changes: Sequence[Change]) -> Iterator[None]:
    """Make changes in a copy, and take them back."""
    sound = {change.file: (copy / change.file).read_text("utf-8") for change in changes}
    texts = dict(sound)
    for change in changes:
        texts[change.file] = texts[change.file].replace(change.was, change.now)
    _write(copy, texts)
    try:
        yield
    finally:
        _write(copy, sound)


def unnoticed(copy: Path, breakage: Breakage) -> list[str]:
    """Make a breakage in a copy and run its tests; return each that did not fail."""
    command = [sys.executable, "-m", "pytest", *breakage.tests, "--tb=line", "-p", "no:cacheprovider"]
    with (
        broken(copy, breakage.changes),
        subprocess.Popen(command, cwd=copy, stdout=PIPE, stderr=STDOUT, text=True, start_new_session=True) as running,
    ):
        try:
            said, _ = running.communicate(timeout=SECONDS)
        except BaseException as error:
            # What it started is of its session, and waits as well.
            os.killpg(running.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                return []
            raise
    if running.returncode != FAILED:
        # Nothing failed, or nothing could be run: neither says that the mend was missed.
        return [*breakage.tests, *said.splitlines()[-3:]]
    failed = [line.partition(" ")[2] for line in said.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    return [test for test in breakage.tests if not any(_is_of(test, line) for line in failed)]


def _is_of(test: str, line: str) -> bool:
    """Tell whether a line of the summary is about a test, with or without its parameters."""
    return line.startswith(test) and line[len(test) :][:1] in ("", " ", "[")


def main(arguments: Sequence[str]) -> int:
    """Make breakages and say which of them a test did not notice; 1 where there is any."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.breakages")
    parser.add_argument("word", nargs="*")
    words = parser.parse_args(arguments).word
    chosen = [one for one in breakages() if one.holds(words)]
    missed = 0
    with copied() as copy:
        for breakage in chosen:
            alive = unnoticed(copy, breakage)
            missed += bool(alive)
            if alive:
                change = breakage.changes[0]
                print(f"{breakage.attack}: {change.file}: {change.was!r} as {change.now!r} was not noticed by")
                print("".join(f"    {test}\n" for test in alive), flush=True)
    print(f"{len(chosen)} breakages, {missed} of them not noticed")
    return 1 if missed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
