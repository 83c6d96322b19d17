#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys


def main() -> None:
    """Run the management command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "planner.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except SystemExit as end:
        # Settings that cannot be read are the worst that `doctor` can find; elsewhere the line alone ends with 1.
        if sys.argv[1:2] != ["doctor"] or not isinstance(end.code, str):
            raise
        sys.stderr.write(f"FAULT   settings  {end.code}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
