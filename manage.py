#!/usr/bin/env python
import os
import sys


def main() -> None:
    # `manage.py demo` is the one command that must work on a machine where nothing is set yet.
    if sys.argv[1:2] == ["demo"]:
        os.environ.setdefault("BACKWELL_MODE", "demo")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
