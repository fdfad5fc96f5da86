"""The commands that the papers show, run anew: what stands under each is what it really prints.

A block fenced as `console` is run: a line after `$ ` is a command, the lines under it its output. A
comment `<!-- before: command -->` is run and not shown. All papers of one language share one empty
folder that holds the repository's `cities`.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType

_BLOCK = re.compile(r"```console\n(?P<body>.*?)```|<!-- before: (?P<hidden>.+?) -->", re.S)
_WIDTH = "100"


class Session:
    """A folder in which the commands of the papers run, and what each of them gave."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._held = tempfile.TemporaryDirectory()
        self._given: dict[tuple[str, str], str] = {}

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._held.cleanup()

    def renewed(self, paper: Path) -> str:
        """A paper with the output of each command as it is now."""
        language = language_of(paper)

        def block(match: re.Match[str]) -> str:
            if match["hidden"]:
                self.run(match["hidden"], language)
                return match[0]
            lines = [f"$ {one}\n{self.run(one, language)}" for one in commands_of(match["body"])]
            return "```console\n" + "".join(lines) + "```"

        return _BLOCK.sub(block, paper.read_text(encoding="utf-8"))

    def folder(self, language: str) -> Path:
        """Where the commands of one language run."""
        folder = Path(self._held.name) / language
        if not folder.exists():
            folder.mkdir()
            (folder / "cities").symlink_to(self._root / "cities")
        return folder

    def run(self, command: str, language: str) -> str:
        """What a command prints; raises when it ends as no documented command may."""
        key = (language, command)
        if key in self._given:
            return self._given[key]
        here = Path(sys.executable).parent
        environment = {
            **os.environ,
            "CITYFORGE_LANG": language,
            "COLUMNS": _WIDTH,
            "PATH": f"{here}{os.pathsep}{os.environ['PATH']}",
        }
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder(language),
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode in (1, 2, 127):
            raise RuntimeError(f"{command}\n{done.stdout}")
        output = "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())
        if "--out" in command:
            # Slow, and the same command gives the same files: once is enough.
            self._given[key] = output
        return output


def language_of(paper: Path) -> str:
    """The language of a paper, by its name."""
    return "zh" if paper.name.endswith(".zh.md") else "en"


def commands_of(body: str) -> list[str]:
    """The commands of a block, without `$ `."""
    return [line[2:] for line in body.splitlines() if line.startswith("$ ")]


def papers(root: Path) -> list[Path]:
    """Every paper that shows a command with its output."""
    found = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    return sorted(file for file in found if "```console" in file.read_text(encoding="utf-8"))
