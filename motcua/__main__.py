"""Run the command line with `python -m motcua`."""

import signal
import sys

try:
    from motcua.cli import main
except KeyboardInterrupt:
    # Importing takes most of a second, in which somebody may have thought better of it.
    sys.stderr.write("motcua: đã dừng / stopped\n")
    sys.exit(130)

try:
    main()
finally:
    # What follows is over in a moment: another Ctrl+C has nothing left to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
