"""Spark is started with a Java that can run it, whatever the machine has; a master must answer."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from cityforge.brain.errors import EngineFailed

spark_start = pytest.importorskip(
    "cityforge.brain.engines.spark_start", reason="PySpark comes with the extra 'spark'"
)


def _machine(folder: Path, version: str) -> Path:
    """A machine's own Java that says its version and with what it was started."""
    java = folder / "own" / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f'#!/bin/sh\necho "java.specification.version = {version} $*" >&2\n')
    java.chmod(0o755)
    return java.parent.parent


def _started(folder: Path) -> str:
    """What the Java that Spark would start says of itself."""
    made = folder / "made"
    made.mkdir()
    with spark_start.java(made):
        java = f"{os.environ['JAVA_HOME']}/bin/java"
        options = ["--add-modules=jdk.incubator.vector", "-XshowSettings:properties", "-version"]
        return subprocess.run([java, *options], capture_output=True, text=True, check=True).stderr


@pytest.mark.parametrize("version", ["17", "21"])
def test_the_java_of_the_machine_starts_without_the_module(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(_machine(tmp_path, version)))
    assert _started(tmp_path) == (
        f"java.specification.version = {version} -XshowSettings:properties -version\n"
    )


@pytest.mark.parametrize("version", ["1.8", "11"])
def test_in_place_of_one_that_is_too_old_the_packaged_starts(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = _machine(tmp_path, version)
    monkeypatch.setenv("JAVA_HOME", str(own))
    said = _started(tmp_path)
    assert "java.home = " in said
    assert str(own) not in said
    assert os.environ["JAVA_HOME"] == str(own)


def test_where_java_home_leads_nowhere_the_packaged_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nowhere"))
    assert "java.home = " in _started(tmp_path)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_one_master_of_several_that_answers_is_enough() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        spark_start.reach(f"spark://127.0.0.1:9,127.0.0.1:{port}")
    with pytest.raises(EngineFailed, match="does not answer"):
        spark_start.reach(f"spark://127.0.0.1:9,127.0.0.1:{port}")
