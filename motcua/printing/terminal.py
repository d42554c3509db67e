"""How does an answer look in a terminal? Short tables, Vietnamese first.

Whatever is printed is text: brackets are no markup, control and format characters are spelled out. Styles are given by
our own words alone (`styled`), into which values are set as the text that they are.
"""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, HighlighterType, JustifyMethod, OverflowMethod, RenderResult
from rich.style import Style
from rich.table import Table
from rich.text import Span, Text

from schemas.text import visible

_PLACE = "{}"
# What is no terminal (a pipe, a file, a pager) is read in one later; a usual one has this many columns.
_PIPED_WIDTH = 100

STATES = {
    "not_due": "chưa đến hạn",
    "on_time": "đúng hạn",
    "late": "[yellow]trễ hạn[/]",
    "missing": "[red]chưa gửi[/]",
    "rejected": "[red]bị trả lại[/]",
    "accepted": "chấp nhận",
    "met": "[green]đạt[/]",
    "missed": "[red]không đạt[/]",
    "no_cases": "không phát sinh",
    "no_data": "không có số liệu",
    "provisional": "tạm tính",
    "not_determined": "chưa xác định",
    "done_on_time": "xong đúng hạn",
    "done_late": "xong trễ hạn",
    "overdue": "[red]quá hạn[/]",
    "done": "đã xong",
    "open": "mở",
    "fatal": "[red]chặn[/]",
    "warning": "[yellow]cảnh báo[/]",
    "info": "thông tin",
    "major": "[red]nặng[/]",
    "minor": "nhẹ",
    "observation": "khuyến nghị",
    "requested": "[yellow]đề nghị / requested[/]",
    "approved": "[yellow]đã duyệt / approved[/]",
    "published": "[green]đã công bố / published[/]",
    "superseded": "đã thay / superseded",
    "withdrawn": "[red]đã thu hồi / withdrawn[/]",
}
KINDS = {"dossier_log": "sổ hồ sơ", "unit_report": "báo cáo"}


class _Fitting(Table):
    """A table that fits the terminal; one that is piped fits a usual terminal. What is long breaks, nothing is cut."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render within the width there is."""
        width = options.max_width if console.is_terminal else min(options.max_width, _PIPED_WIDTH)
        yield from super().__rich_console__(console, options.update(max_width=width))


class PlainConsole(Console):
    """A console to which every string is text that somebody may have sent; our own line breaks stay."""

    def on_broken_pipe(self) -> None:
        """Leave it to the program's end to say nothing: whoever read the output has had enough of it."""
        raise BrokenPipeError

    def render_str(
        self,
        text: str,
        *,
        style: str | Style = "",
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        emoji: bool | None = None,
        markup: bool | None = None,
        highlight: bool | None = None,
        highlighter: HighlighterType | None = None,
    ) -> Text:
        """Return a string as the text that it is."""
        return super().render_str(
            visible(text, kept="\n"), style=style, justify=justify, overflow=overflow, emoji=emoji, markup=markup,
            highlight=highlight, highlighter=highlighter,
        )  # fmt: skip


def console() -> Console:
    """Return the console for answers; wide enough for sentences where the output is no terminal."""
    found = PlainConsole(highlight=False, soft_wrap=False, markup=False, emoji=False)
    is_terminal = found.is_terminal
    return found if is_terminal else PlainConsole(highlight=False, width=140, markup=False, emoji=False)


def styled(template: str, *values: object) -> Text:
    """Return our own words with their styles, and a value at each `{}` as the text that it is."""
    ours = Text.from_markup(template, emoji=False)
    texts = [str(value) if isinstance(value, Text) else visible(str(value)) for value in values]
    pieces = ours.plain.split(_PLACE)
    if len(pieces) != len(texts) + 1:
        raise ValueError(f"{template!r} has {len(pieces) - 1} places for {len(texts)} values")
    starts = [sum(map(len, pieces[: n + 1])) + n * len(_PLACE) for n in range(len(texts))]

    def moved(at: int) -> int:
        return at + sum(len(text) - len(_PLACE) for text, start in zip(texts, starts, strict=True) if start < at)

    plain = pieces[0] + "".join(text + piece for text, piece in zip(texts, pieces[1:], strict=True))
    return Text(plain, spans=[Span(moved(span.start), moved(span.end), span.style) for span in ours.spans])


def word(state: object) -> Text:
    """Return what people read for a state."""
    if state is None:
        return Text()
    known = STATES.get(str(state))
    return styled(known) if known is not None else Text(visible(str(state)))


def table(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    right: Sequence[int] = (),
    whole: Sequence[int] = (),
) -> Table:
    """Return a table; `right` names the positions of columns that hold numbers, `whole` of those that never break.

    A number by which people look something up is copied and searched for: it stays in one piece.
    """
    shown = _Fitting(
        title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0)
    )
    for position, column in enumerate(columns):
        shown.add_column(
            column, justify="right" if position in right else "left", overflow="fold", no_wrap=position in whole
        )
    for row in rows:
        shown.add_row(*("" if cell is None else cell if isinstance(cell, Text) else visible(str(cell)) for cell in row))
    return shown
