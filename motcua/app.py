"""The application that every command registers with, and its exit statuses."""

import typer

REFUSED = 1
MISUSED = 2
INTERRUPTED = 130

app = typer.Typer(
    name="motcua",
    help="Số liệu cải cách hành chính theo quý, truy được đến từng ô. / Quarterly figures, each traceable to its cell.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
