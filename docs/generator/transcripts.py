"""The commands that the papers show, run anew: what stands under each is what it really prints.

A block fenced as `console` is run: a line after `$ ` is a command, the lines under it its output. A
comment `<!-- before: command -->` is run and not shown. All papers of one language share one empty
folder that holds the repository's `cities`; the same command is run once.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType

_BLOCK = re.compile(r"```console\n(?P<body>.*?)```|<!-- before: (?P<hidden>.+?) -->", re.S)
_EXPORT = re.compile(r"export (\w+)=(\S+)")
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

    def renewed(self, text: str) -> str:
        """A paper with the output of each command as it is now."""
        language = {"CITYFORGE_LANG": "zh"}

        def block(match: re.Match[str]) -> str:
            if match["hidden"]:
                self.run(match["hidden"], language)
                return match[0]
            lines = []
            for command in commands_of(match["body"]):
                exported = _EXPORT.fullmatch(command)
                if exported:
                    language[exported[1]] = exported[2]
                output = "" if exported else self.run(command, language)
                lines.append(f"$ {command}\n{output}")
            return "```console\n" + "".join(lines) + "```"

        return _BLOCK.sub(block, text)

    def folder(self, language: str) -> Path:
        """Where the commands of one language run."""
        folder = Path(self._held.name) / language
        if not folder.exists():
            folder.mkdir()
            (folder / "cities").symlink_to(self._root / "cities")
        return folder

    def run(self, command: str, variables: dict[str, str]) -> str:
        """What a command prints; raises when it ends as no documented command may."""
        language = variables["CITYFORGE_LANG"]
        key = (language, command)
        if key not in self._given:
            here = Path(sys.executable).parent
            environment = {
                **os.environ,
                **variables,
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
            lines = [line.rstrip() for line in done.stdout.splitlines()]
            self._given[key] = "".join(f"{line}\n" for line in lines)
        return self._given[key]


def commands_of(body: str) -> list[str]:
    """The commands of a block, without `$ `."""
    return [line[2:] for line in body.splitlines() if line.startswith("$ ")]


def papers(root: Path) -> list[Path]:
    """Every paper that shows a command with its output."""
    found = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    return sorted(file for file in found if "```console" in file.read_text(encoding="utf-8"))
