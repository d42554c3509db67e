"""Every command of the program, asked of the program itself, and what a person would see of a run of one."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
import typer
from typer.core import TyperGroup

from motcua.app import app
from motcua.cli import main


def _leaves(command: object, words: tuple[str, ...] = ()) -> Iterator[str]:
    if isinstance(command, TyperGroup):
        for name, inner in command.commands.items():
            yield from _leaves(inner, (*words, name))
    else:
        yield " ".join(words)


def every_command() -> frozenset[str]:
    """Return the words of every command that the program knows."""
    return frozenset(_leaves(typer.main.get_command(app)))


@dataclass(frozen=True)
class Ran:
    """What a person saw of one run."""

    status: int
    output: str
    errors: str


def run(words: Sequence[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ran:
    """Run the program in this process, as its entry point does."""
    monkeypatch.setattr("sys.argv", ["motcua", *words])
    monkeypatch.setattr(os, "nice", lambda _: 0)
    capsys.readouterr()
    status: int | str | None = 0
    try:
        main()
    except SystemExit as end:
        status = end.code
    seen = capsys.readouterr()
    return Ran(int(status or 0), seen.out, seen.err)
