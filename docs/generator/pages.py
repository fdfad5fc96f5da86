"""Every generated page of docs/reference, by the file it stands in."""

from pathlib import Path

from generator import (
    city_files,
    commands,
    errors,
    language,
    permissions,
    quarantine,
    scoring,
    units,
)


def pages(root: Path) -> dict[Path, str]:
    """File -> text of each generated page."""
    reference = root / "docs/reference"
    return {
        reference / "city-files.md": city_files.page(),
        reference / "cli.md": commands.page(),
        reference / "errors.md": errors.page(),
        reference / "language.md": language.page(root),
        reference / "permissions.md": permissions.page(),
        reference / "quarantine.md": quarantine.page(),
        reference / "scoring.md": scoring.page(),
        reference / "units.md": units.page(),
    }
