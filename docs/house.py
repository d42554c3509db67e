"""Which room is whose, to somebody who opens the house for the first time?

Nothing is said here twice: a floor and a room say in their own `__init__.py` which question they answer, a file in its
first line; the arrows are the import contracts of `pyproject.toml`.
"""

import ast
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path


def said(path: Path) -> str:
    """Return the docstring of a module; blank where it has none."""
    return ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""


def _question(path: Path) -> str:
    return said(path).partition("\n\n")[0].replace("\n", " ")


def _used_by_others(path: Path) -> str:
    paragraphs = said(path).split("\n\n")
    return next((text.replace("\n", " ") for text in paragraphs if text.startswith("Others use")), "")


def layers_of(checkout: Path) -> Mapping[str, Sequence[str]]:
    """Return the layers of each floor whose rooms are ordered, the highest first, as the contracts write them."""
    written = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    return {
        container: contract["layers"]
        for contract in written
        if contract["type"] == "layers"
        for container in contract.get("containers", ())
    }


def floors_of(checkout: Path) -> Sequence[str]:
    """Return the top-level packages of the product from the highest layer to the lowest."""
    written = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    top = next(one for one in written if one["type"] == "layers" and "containers" not in one)
    return [name.strip() for layer in top["layers"] for name in layer.split("|")]


def _files(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.py")):
        if path.name != "__init__.py":
            yield f"| `{path.name}` | {_question(path).replace('|', chr(92) + '|')} |"


def _table(folder: Path) -> list[str]:
    rows = list(_files(folder))
    return ["| file | question |", "| --- | --- |", *rows, ""] if rows else []


def house_document(checkout: Path, command: str) -> str:
    """Return house.md."""
    lines = [
        "# Ngôi nhà / the house",
        "",
        f"Tệp này được sinh ra, không sửa tay / generated, not edited: `{command}` writes it from the first lines"
        " of the code and the import contracts in `pyproject.toml`.",
        "",
        "A floor may import the floors after it, a room the rooms after it; `make check` holds both. What stands beside"
        " a bar on one line does not know its neighbour.",
        "",
    ]
    arrows = layers_of(checkout)
    for floor in floors_of(checkout):
        folder = checkout / floor
        lines += [f"## {floor}/", "", _question(folder / "__init__.py"), ""]
        if floor in arrows:
            lines += [f"Arrows / chiều nhập: `{' > '.join(arrows[floor])}`", ""]
        lines += _table(folder)
        for room in sorted(path.parent for path in folder.glob("*/__init__.py")):
            lines += [f"### {room.relative_to(checkout).as_posix()}/", "", _question(room / "__init__.py"), ""]
            used = _used_by_others(room / "__init__.py")
            lines += [used, ""] if used else []
            lines += _table(room)
    return "\n".join(lines).rstrip() + "\n"
