"""How does a file reach the disk whole, or not at all?"""

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from warehouse.modes import OWNER_ONLY

_BLOCK = 1 << 20
TEMPORARY = ".tmp-"


def sha256_of(path: Path) -> str:
    """Return the hash of a file's content, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def temporary_beside(path: Path) -> Path:
    """Return where a file is written before it is renamed; left-overs of a killed process bear this name."""
    return path.with_name(f"{TEMPORARY}{os.getpid()}-{path.name}")


def is_temporary(name: str, of: str) -> bool:
    """Tell whether a file of this name is what a killed process left of writing another."""
    return name.startswith(TEMPORARY) and name.endswith(f"-{of}")


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file, then fsync it and rename it to its place; it is its owner's alone."""
    temporary = temporary_beside(path)
    try:
        write(temporary)
        temporary.chmod(OWNER_ONLY)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_bytes(path: Path, content: bytes) -> None:
    """Write bytes whole or not at all."""

    def fill(temporary: Path) -> None:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "wb") as file:
            file.write(content)

    write_whole(path, fill)


def replace_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files (relative POSIX path to content) as a folder for its owner alone, in the place of an earlier one.

    Whoever looks sees the earlier folder, none, or the new one, each whole.
    """
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    for left in folder.parent.iterdir():
        if is_temporary(left.name, folder.name):
            shutil.rmtree(left)
    made = temporary_beside(folder)
    try:
        made.mkdir(mode=0o700)
        for path, content in sorted(files.items()):
            target = made / path
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_bytes(target, content)
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    sync_folder(folder.parent)


def destroy_file(path: Path) -> None:
    """Overwrite a file, then remove its name, both on disk before this returns; nothing where there is none.

    What a disk keeps beneath its file system, or in copies of its own, is out of reach from here.
    """
    try:
        with path.open("r+b") as file:
            left = path.stat().st_size
            while left:
                left -= file.write(bytes(min(_BLOCK, left)))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    path.unlink()
    sync_folder(path.parent)
