"""`python -m cityforge.portal …`: Django's commands, and `serve`."""

import argparse
import os
import sys
from pathlib import Path


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityforge.portal.settings")
    home = Path(os.environ.get("CITYFORGE_HOME", "portal"))
    home.mkdir(parents=True, exist_ok=True)
    if not _is_set_up():
        sys.exit(2)
    if sys.argv[1:2] == ["serve"]:
        sys.exit(serve(sys.argv[2:]))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def _is_set_up() -> bool:
    """Whether the settings can be read; what is missing is said."""
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        settings.INSTALLED_APPS  # noqa: B018  # reads them
    except ImproperlyConfigured as error:
        sys.stderr.write(f"■ {error}\n")
        return False
    return True


def serve(options: list[str]) -> int:
    """`serve --port 8000 --host 127.0.0.1 [--no-worker]`."""
    from cityforge.portal import serving

    asked = argparse.ArgumentParser(prog="python -m cityforge.portal serve")
    asked.add_argument("--host", default="127.0.0.1")
    asked.add_argument("--port", type=int, default=8000)
    asked.add_argument("--no-worker", action="store_true")
    given = asked.parse_args(options)
    return serving.serve(given.host, given.port, worker=not given.no_worker)


if __name__ == "__main__":
    main()
