"""What a stranger wrote is text wherever it is shown: it steers no terminal, is no markup, breaks no line."""

import ast
import io
import json
import re
import unicodedata
from pathlib import Path

import pytest
from rich.text import Text

from motcua.printing import show
from motcua.printing.terminal import PlainConsole, console, styled, table, word
from schemas.text import visible

CHECKOUT = Path(__file__).parents[2]
ESC, BEL, RLO, ZERO_WIDTH, NEXT_LINE, LINE_SEPARATOR = "\x1b", "\x07", "\u202e", "\u200b", "\x85", "\u2028"
HOSTILE = (
    f"{ESC}[31mđỏ{ESC}[0m", f"{ESC}]8;;http://x.example{BEL}liên kết", f"báo-cáo{RLO}xslx.exe", f"a{ZERO_WIDTH}b",
    f"hai{NEXT_LINE}dòng", f"hai{LINE_SEPARATOR}dòng", "hai\r\ndòng", "\x9b31m", "[red]đỏ[/]", "[/]", "[link=http://x.example]x[/link]",
    "[bold", "\\[red]", "{}", "{0}", ":warning:", "khong-utf8-\udcff",
)  # fmt: skip
MARKUP = re.compile(r"\[/?(?:red|green|yellow|bold|dim|blue|cyan|magenta|italic|link)?[^\]\s]*\]")


def printed(what: object) -> str:
    """Return what a terminal with colours would be sent."""
    sent = io.StringIO()
    PlainConsole(file=sent, force_terminal=True, width=400, markup=False, emoji=False, highlight=False).print(what)
    return re.sub(r"\x1b\[[\d;]*m", "", sent.getvalue())


def unseen(text: str) -> set[str]:
    return {c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}


@pytest.mark.parametrize("payload", HOSTILE)
def test_no_payload_steers_the_terminal_and_each_is_shown_as_it_stands(payload: str) -> None:
    shown = visible(payload)
    lines = [
        printed(payload),
        printed(f"tệp {payload}"),
        printed(styled("[bold]{}[/] và [red]{}[/]", payload, 1)),
        printed(word(payload)),
        printed(table(payload, (payload, "x"), [[payload, payload], [Text(visible(payload)), None]])),
    ]
    for line in lines:
        assert unseen(line) == set()
        expected = shown.replace("\\n", "\n") if "\\n" in shown and line in lines[:2] else shown
        assert expected in line or shown in line


@pytest.mark.parametrize("payload", HOSTILE)
def test_json_holds_the_payload_and_no_character_that_steers(payload: str) -> None:
    said = show.as_json({"file": payload, payload: [payload]})
    assert unseen(said) == set()
    assert json.loads(said) == {"file": payload, payload: [payload]}


def test_styles_lie_where_our_own_words_put_them_whatever_the_values_are_long() -> None:
    text = styled("[bold]{}[/] · {} · [red]{}[/]", "[red]", "x" * 40, "{}")
    styles = {str(span.style): text.plain[span.start : span.end] for span in text.spans}
    assert (text.plain, styles) == (f"[red] · {'x' * 40} · {{}}", {"bold": "[red]", "red": "{}"})
    with pytest.raises(ValueError, match="places"):
        styled("[bold]{}[/]")


def test_no_value_is_set_into_markup_by_hand() -> None:
    """An f-string with our markup in it would show the brackets, and none may go round `styled`."""
    wrong = []
    for path in sorted((CHECKOUT / "motcua").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                words = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
                wrong += [f"{path.name}:{node.lineno}"] if MARKUP.search(words) else []
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Console", "Text.from_markup"):
                wrong += [f"{path.name}:{node.lineno}"] if path.name != "terminal.py" else []
    assert wrong == []
    assert isinstance(console(), PlainConsole)


def test_a_piped_table_fits_a_usual_terminal_and_cuts_nothing() -> None:
    words = [f"chữ{n}" for n in range(120)]
    sent = io.StringIO()
    rows = [["S-0001", " ".join(words), "9/12", "a" * 150]]
    PlainConsole(file=sent, width=140, markup=False, emoji=False, highlight=False).print(
        table("Tên / title", ("Số", "Nội dung", "Không đạt", "Tệp"), rows, right=(2,))
    )
    lines = sent.getvalue().splitlines()
    assert max(map(len, lines)) == 100
    assert set(words) <= set(sent.getvalue().split())
    assert sent.getvalue().count("a") >= 150
    assert "…" not in sent.getvalue()
