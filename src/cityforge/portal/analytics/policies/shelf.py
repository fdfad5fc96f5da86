"""Putting a policy into the city folder: the whole folder checked first, the file never half there.

One at a time: whoever publishes, or mends what was left half done, holds the lock of the portal.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from cityforge.brain.api import cities
from cityforge.brain.errors import Text
from cityforge.portal.analytics.policies import in_force

_MODE = 0o644
NO_FOLDER = Text(
    zh="没有设置城市文件夹（CITYFORGE_CITY），不能发布",
    en="No city folder is set (CITYFORGE_CITY): nothing can be published.",
)
CHANGED = Text(
    zh="现行文件在起草以后被改过：先比较，再决定是否接着改",
    en="The file in force was changed since this draft began: compare, then take it over.",
)


class NotPut(Exception):
    """The folder was left as it was; why, and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.zh)
        self.text = text


@contextmanager
def locked(*, wait: bool) -> Iterator[bool]:
    """Whether the lock was had; it falls with the process that holds it."""
    home = Path(settings.HOME)
    home.mkdir(parents=True, exist_ok=True)
    with (home / "publishing.lock").open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def verify(policy: str, text: str) -> None:
    """Check the whole folder as it would be, and the examples of the policy. Raises NotPut."""
    root = in_force.folder()
    if root is None or in_force.file_of(policy) is None:
        raise NotPut(NO_FOLDER)
    with TemporaryDirectory(prefix="publishing-") as scratch:
        for file in cities.files(root):
            copy = Path(scratch) / file.relative_to(root)
            copy.parent.mkdir(exist_ok=True)
            copy.symlink_to(file.resolve())
        own = Path(scratch) / "policies" / f"{policy}.yaml"
        own.parent.mkdir(exist_ok=True)
        own.unlink(missing_ok=True)
        own.write_text(text, encoding="utf-8", newline="\n")
        checked = cities.read(Path(scratch))
    if checked.errors or checked.city is None or checked.book is None:
        first = checked.errors[0]
        raise NotPut(
            Text(
                zh=f"整个城市文件夹检查未通过：{first.say('zh')}",
                en=f"The whole city folder does not check: {first.say('en')}",
            )
        )
    examples = cities.examples_of_policy(checked.city, checked.book, policy)
    failing = next((one for one in examples if not one.passed), None)
    if failing is not None:
        says = failing.says
        raise NotPut(Text(zh=f"算例未通过：{says.zh}", en=f"An example fails: {says.en}"))


def put(policy: str, text: str, *, before: str) -> None:
    """Let the text be the policy's file, at once and lastingly.

    before   the digest of the file that it takes the place of; empty: there is none
    Raises NotPut where another stands there, or the folder cannot be written to.
    """
    file = in_force.file_of(policy)
    if file is None:
        raise NotPut(NO_FOLDER)
    part = _part(file)
    try:
        file.parent.mkdir(exist_ok=True)
        mode = file.stat().st_mode & 0o777 if file.exists() else _MODE
        with part.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        part.chmod(mode)
        if in_force.digest_of(policy) != before:
            raise NotPut(CHANGED)
        part.replace(file)
        _settle(file.parent)
    except OSError as error:
        raise NotPut(
            Text(
                zh=f"城市文件夹不能写（{error.strerror}），没有发布。请系统管理员给门户的运行账号"
                f"写权限：{file.parent}",
                en=f"The city folder cannot be written to ({error.strerror}); nothing was "
                f"published. Let the account that runs the portal write to {file.parent}.",
            )
        ) from error
    finally:
        clear(policy)


def clear(policy: str) -> None:
    """Drop what a stop may have left of a file that never took its name."""
    file = in_force.file_of(policy)
    try:
        if file is not None:
            _part(file).unlink(missing_ok=True)
    except OSError:
        return  # where nothing can be written there is nothing of it either


def is_writable() -> bool:
    """Whether a policy's file could be written: asked before, to say it in good time."""
    root = in_force.folder()
    if root is None:
        return False
    place = root / "policies"
    return os.access(place if place.is_dir() else root, os.W_OK | os.X_OK)


def _settle(folder: Path) -> None:
    """Have the new name of a file outlast a loss of power."""
    at = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(at)
    finally:
        os.close(at)


def _part(file: Path) -> Path:
    """Where a file is written before it takes its name; nothing reads it there."""
    return file.with_name(f".{file.stem}.part")
