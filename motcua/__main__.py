"""Run the command line with `python -m motcua`."""

from motcua.cli import main

main()
