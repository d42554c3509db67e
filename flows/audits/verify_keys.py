"""Are the keys in the workspace those that the record names?

The workspace's own by hash. A person's by what stands on the sealed file in the clear: nobody opens it without the
passphrase. Whoever keeps their key elsewhere (`--key FILE`) leaves none here, which is a note.
"""

from audit.ledger import Ledger
from audit.persons import PersonKey, persons
from audit.sealed_key import SealedKeyError, label
from flows.entry.keyring import key_path
from warehouse import keys
from warehouse.workspace import Workspace


def key_problems(workspace: Workspace, ledger: Ledger) -> list[str]:
    """Return what is wrong with each key that lies in the workspace, or should."""
    problems = [
        f"{workspace.relative(workspace.keys / name)}: {problem}"
        for name, problem in keys.amiss(workspace, ledger).items()
    ]
    for key in persons(ledger.entries).in_force:
        path = key_path(workspace, key.fingerprint)
        problem = _sealed_problem(key, path.read_bytes()) if path.is_file() else None
        if problem is not None:
            problems.append(f"{workspace.relative(path)}: khóa của / the key of {key.name}: {problem}")
    return problems


def key_notes(workspace: Workspace, ledger: Ledger) -> list[str]:
    """Return whose key in force does not lie here, and what lies among the keys of people and is nobody's."""
    known = persons(ledger.entries)
    notes = [
        f"{key.name}: khóa không nằm ở {workspace.relative(path)}: người ấy giữ tệp riêng, hoặc đã mất"
        f" / the key does not lie there: they keep it in a file of their own, or it is lost (docs/keys.md)"
        for key in known.in_force
        if not (path := key_path(workspace, key.fingerprint)).is_file()
    ]
    named = {key_path(workspace, fingerprint) for fingerprint in known.keys}
    found = sorted(workspace.people_keys.iterdir()) if workspace.people_keys.is_dir() else []
    return notes + [
        f"{workspace.relative(path)}: không phải khóa đã ghi danh của ai / is nobody's enrolled key"
        for path in found
        if path not in named
    ]


def key_count(ledger: Ledger) -> int:
    """Return how many keys the record says are in force."""
    return len(keys.expected(ledger)) + len(persons(ledger.entries).in_force)


def _sealed_problem(key: PersonKey, content: bytes) -> str | None:
    try:
        found = label(content)
    except SealedKeyError:
        return keys.NO_KEY
    return None if (found.name, found.fingerprint) == (key.name, key.fingerprint) else keys.FOREIGN
