"""What was decided about an original: erased, or its key declared lost?"""

from collections.abc import Iterable, Mapping

from audit.events import Entry, OriginalErased, OriginalKeyLost

Fate = OriginalErased | OriginalKeyLost


def fates(entries: Iterable[Entry]) -> Mapping[str, Fate]:
    """Return what was decided about originals, by the hash of each; an erasure is the last word."""
    found: dict[str, Fate] = {}
    for entry in entries:
        for event in entry.events:
            if isinstance(event, OriginalErased):
                found[event.file_sha256] = event
            elif isinstance(event, OriginalKeyLost):
                found.setdefault(event.file_sha256, event)
    return found


def erased(entries: Iterable[Entry]) -> frozenset[str]:
    """Return the hashes of the originals that decisions erased."""
    return frozenset(sha256 for sha256, fate in fates(entries).items() if isinstance(fate, OriginalErased))


def fate_text(fate: Fate) -> str:
    """Return one line that says what became of an original."""
    if isinstance(fate, OriginalErased):
        return f"bản gốc đã xóa theo quyết định {fate.decision} / the original was erased ({fate.reason})"
    return f"khóa của bản gốc đã mất, theo quyết định {fate.decision} / the original's key is lost ({fate.reason})"
