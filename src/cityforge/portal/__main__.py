"""`python -m cityforge.portal …`: Django's commands, and `serve`."""

import os
import sys
from pathlib import Path


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cityforge.portal.settings")
    home = Path(os.environ.get("CITYFORGE_HOME", "portal"))
    home.mkdir(parents=True, exist_ok=True)
    if sys.argv[1:2] == ["serve"]:
        serve(sys.argv[2:])
        return
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def serve(options: list[str]) -> None:
    """Bring the database and the static files up to date, then serve: `--port 8000 --host …`."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    if os.environ.get("CITYFORGE_DEMO") == "1":
        call_command("demo_accounts")
    settings = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--no-ws"]
    command = [sys.executable, "-m", "granian", *settings, *options]
    os.execv(sys.executable, [*command, "cityforge.portal.wsgi:application"])


if __name__ == "__main__":
    main()
