#!/usr/bin/env python3
"""Write what is generated in the papers: docs/reference, and the real output of every command.

`--check` writes nothing and names what is stale. `--pages` leaves the commands unrun (they take a
minute). `--picture` also takes docs/images/report.png anew, with Debian's Chromium.
"""

import sys
from pathlib import Path

from generator import pages, picture, transcripts

ROOT = Path(__file__).resolve().parents[1]


def main(options: list[str]) -> int:
    """0 when all is written or current, 1 when --check found something stale."""
    wanted = pages.pages(ROOT)
    if "--pages" not in options:
        with transcripts.Session(ROOT) as session:
            for paper in transcripts.papers(ROOT):
                wanted[paper] = session.renewed(paper)
            if "--picture" in options:
                picture.take(session, ROOT / "docs/images/report.png")
    stale = [file for file, text in wanted.items() if not _is_current(file, text)]
    for file in stale:
        sys.stdout.write(f"{file.relative_to(ROOT)}\n")
        if "--check" not in options:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(wanted[file], encoding="utf-8")
    return 1 if stale and "--check" in options else 0


def _is_current(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
