"""How is a document of a plan written as the TOML that a person reads and edits?"""

import json
from collections.abc import Iterator, Mapping
from datetime import date

Entry = Mapping[str, object]


def as_toml(document: Entry, about: str = "") -> str:
    """Return a document as TOML: its values, its tables, then its lists of entries; the same gives the same text."""
    head = [f"# {line}" for line in about.splitlines()]
    return "\n".join([*head, *_table(document, "")]).strip("\n") + "\n"


def _table(entry: Entry, path: str) -> Iterator[str]:
    """Yield the lines of one table or entry, its own values first."""
    nested = {name: value for name, value in entry.items() if _is_table(value, path) or _are_entries(value)}
    for name, value in entry.items():
        if name not in nested:
            yield f"{_key(name)} = {_value(value)}"
    for name, value in nested.items():
        where = f"{path}.{_key(name)}" if path else _key(name)
        if isinstance(value, Mapping):
            yield from ("", f"[{where}]", *_table(value, where))
        elif isinstance(value, list):
            for one in value:
                yield from ("", f"[[{where}]]", *_table(one, where))


def _is_table(value: object, path: str) -> bool:
    """Tell whether a value is a table of its own: on the outermost level alone, elsewhere it stands in its line."""
    return isinstance(value, Mapping) and not path


def _are_entries(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else _text(name)


def _text(value: str) -> str:
    if "\\" in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    # JSON's strings are TOML's, but for DEL, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(_value(one) for one in value)}]"
    return str(value)
