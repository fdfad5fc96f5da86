"""What stands where: tasks, storage, versions."""

import platform
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.db.models import Count
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cityforge.brain.errors import Text
from cityforge.portal.analytics import city_folder

_SHOWN = 12
STATES: dict[str, tuple[Text, str]] = {
    TaskResultStatus.READY: (Text(zh="排队", en="waiting"), "grey"),
    TaskResultStatus.RUNNING: (Text(zh="在做", en="running"), "amber"),
    TaskResultStatus.SUCCESSFUL: (Text(zh="完成", en="done"), "green"),
    TaskResultStatus.FAILED: (Text(zh="失败", en="failed"), "red"),
}
# What each task does, by the function that does it.
TASKS: dict[str, Text] = {
    "campaigns.tasks.send": Text(zh="发送推送", en="send a push"),
    "imports.tasks.check": Text(zh="检查上传的文件", en="check an upload"),
    "imports.tasks.stock": Text(zh="清点现有数据", en="count the data held"),
    "imports.tasks.take": Text(zh="接收报送", en="take a delivery in"),
    "notices.tasks.post_code": Text(zh="发送验证码", en="send a code"),
    "runs.tasks.compute": Text(zh="评价计算", en="compute a run"),
    "runs.tasks.index": Text(zh="更新企业库", en="make the list of enterprises anew"),
    "system.tasks.beat": Text(zh="检查后台是否在工作", en="see whether the background works"),
}


@dataclass(frozen=True, slots=True)
class Task:
    name: str
    title: Text
    state: Text
    light: str
    enqueued: datetime
    seconds: float | None
    error: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A folder or file: where it is, its size in bytes and how many files."""

    title: Text
    place: Path
    bytes: int
    files: int


def tasks() -> list[Task]:
    """The newest tasks."""
    return [
        Task(
            name=(name := one.task_path.removeprefix("cityforge.portal.")),
            title=TASKS.get(name) or Text(zh=name, en=name),
            state=STATES[one.status][0],
            light=STATES[one.status][1],
            enqueued=one.enqueued_at,
            seconds=(one.finished_at - one.started_at).total_seconds()
            if one.finished_at and one.started_at
            else None,
            error=one.exception_class_path,
        )
        for one in DBTaskResult.objects.order_by("-enqueued_at")[:_SHOWN]
    ]


def counts() -> list[tuple[Text, str, int]]:
    """How many tasks stand in each state."""
    found = dict(DBTaskResult.objects.order_by().values_list("status").annotate(n=Count("pk")))
    return [(title, light, found.get(state, 0)) for state, (title, light) in STATES.items()]


def running() -> int:
    return DBTaskResult.objects.running().count()


def forget(pk: str) -> None:
    """Take a task away again that was but to see whether it is done."""
    DBTaskResult.objects.filter(pk=pk).exclude(status=TaskResultStatus.RUNNING).delete()


def storage() -> list[Stored]:
    """What takes room."""
    found = [
        _folder(Text(zh="运行结果", en="Snapshots"), Path(settings.SNAPSHOTS)),
        _folder(Text(zh="各部门数据", en="Data of bureaus"), Path(settings.DATA)),
        _folder(Text(zh="上传的文件", en="Uploads"), Path(settings.FILES)),
    ]
    if connection.vendor == "sqlite":
        file = Path(settings.HOME) / "portal.sqlite3"
        size = sum(one.stat().st_size for one in file.parent.glob(f"{file.name}*"))
        return [Stored(Text(zh="数据库", en="Database"), file, size, 1), *found]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), pg_database_size(current_database())")
        name, size = cursor.fetchone()
    return [Stored(Text(zh="数据库", en="Database"), Path(name), size, 1), *found]


def _folder(title: Text, folder: Path) -> Stored:
    sizes = [one.stat().st_size for one in folder.rglob("*") if one.is_file()]
    return Stored(title, folder, sum(sizes), len(sizes))


def versions() -> list[tuple[Text, str]]:
    """What runs here."""
    run = city_folder.run()
    found = [
        (Text(zh="铸城", en="CityForge"), version("cityforge")),
        (Text(zh="Python", en="Python"), platform.python_version()),
        (Text(zh="Django", en="Django"), django.get_version()),
        (Text(zh="操作系统", en="Operating system"), platform.platform(terse=True)),
    ]
    if run is not None:
        found.append((Text(zh="最新运行", en="Newest run"), f"{run.id} ({run.version})"))
    return found
