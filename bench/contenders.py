"""Contenders of a bench, each in a process of its own, asked in turns; its peak memory is its own.

A contender is a class named "module:Class", made of the enterprises at hand and the policies. Its
heavy imports happen in its own process only.
"""

import gc
import importlib
import multiprocessing
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

import numpy as np
import pyarrow as pa

import kernel_workload as workload

THREADS = 2
FILE = "enterprises.arrow"


@dataclass(frozen=True, slots=True)
class Contender:
    """The near end of a process.

    rows    of its sample: each `every`-th of the enterprises
    """

    rows: int
    every: int
    policies: int
    _process: SpawnProcess
    _pipe: Connection

    @property
    def decisions(self) -> int:
        return self.rows * self.policies

    def ask(self, verb: str, *given: object) -> object:
        return self._told(verb, given)[1]

    def seconds(self, verb: str, *given: object) -> float:
        return self._told(verb, given)[0]

    def turn(self, verb: str, numbers: Sequence[int]) -> list[float]:
        """Seconds of each of several small works done one after another, warm as in real use."""
        self._pipe.send(("turn", (verb, numbers)))
        return list(self._pipe.recv())

    def peak(self) -> float:
        """The most memory since the columns were at hand, in MiB."""
        self._pipe.send(("peak", ()))
        return float(self._pipe.recv())

    def stop(self) -> None:
        self._pipe.send(("stop", ()))
        self._process.join()

    def _told(self, verb: str, given: tuple[object, ...]) -> tuple[float, object]:
        self._pipe.send((verb, given))
        seconds, result = self._pipe.recv()
        return float(seconds), result


def start(of: str, folder: Path, *, policies: int, most: int | None = None) -> Contender:
    """Start a contender over the enterprises in the folder, or over about `most` of them."""
    os.environ["POLARS_MAX_THREADS"] = str(THREADS)
    context = multiprocessing.get_context("spawn")
    near, far = context.Pipe()
    process = context.Process(target=_serve, args=(far, of, folder, policies, most))
    process.start()
    far.close()  # so that a process that died is seen as the end of the pipe
    rows, every = near.recv()
    return Contender(rows, every, policies, process, near)


def save(table: pa.Table, folder: Path) -> None:
    """The enterprises for all contenders."""
    with pa.OSFile(str(folder / FILE), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def _serve(pipe: Connection, of: str, folder: Path, policies: int, most: int | None) -> None:
    module, name = of.split(":")
    table = _enterprises(folder)
    every = -(-table.num_rows // most) if most else 1
    table = table if every == 1 else table.take(np.arange(0, table.num_rows, every))
    rows = table.num_rows
    made = getattr(importlib.import_module(module), name)(table, workload.policies(policies))
    del table
    # What was prepared stays; else the collector looks it all over in the midst of a small work.
    gc.collect()
    gc.freeze()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts from here
    pipe.send((rows, every))
    while True:
        verb, given = pipe.recv()
        if verb == "stop":
            return
        if verb == "peak":
            pipe.send(peak_mebibytes())
            continue
        if verb == "turn":
            name, numbers = given
            pipe.send([_timed(getattr(made, name), number)[0] for number in numbers])
            continue
        pipe.send(_timed(getattr(made, verb), *given))


def _timed(work: Callable[..., object], *given: object) -> tuple[float, object]:
    began = time.perf_counter()
    result = work(*given)
    return time.perf_counter() - began, result


def _enterprises(folder: Path) -> pa.Table:
    with pa.memory_map(str(folder / FILE)) as file:
        return pa.ipc.open_file(file).read_all()


def peak_mebibytes() -> float:
    """Of this process alone: what getrusage tells may be the parent's before the fork."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
