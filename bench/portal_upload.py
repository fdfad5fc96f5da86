"""A million rows brought through the web: uploaded, checked, submitted, approved, taken in.

    python bench/portal_upload.py [--rows 1000000] [--home FOLDER]

The portal is served as in portal.py, over the same home. A bureau's reporter uploads the first so
many rows of its accounts, its checker approves. Told are the seconds of each step, how often the
progress that the page shows moved, and the most memory of server and worker together.
"""

import argparse
import re
import tempfile
import threading
import time
from itertools import islice
from pathlib import Path

import httpx
import psutil

import portal
from shown import say, table

DATASET = "accounts"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--home", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = (given.home or Path(name) / "home").resolve()
        portal.prepare(home, 600_000)
        file = Path(name) / "企业财务.csv"
        with (home / "data" / f"{DATASET}.csv").open("rb") as whole, file.open("wb") as part:
            part.writelines(islice(whole, given.rows + 1))
        say(f"{given.rows:,} rows, {file.stat().st_size / 2**20:,.0f} MiB")
        with portal.database(home / "postgresql") as url, portal.served(home, url) as server:
            deliver(file, server)


def deliver(file: Path, server: psutil.Process) -> None:
    memory = _Memory(server)
    reporter, checker = signed_in("bureau-reporter"), signed_in("bureau-checker")
    lines = []
    began = time.perf_counter()
    with file.open("rb") as stream:
        where = post(reporter, f"/data/sets/{DATASET}/upload/", files={"file": (file.name, stream)})
    lines.append(("uploaded", f"{time.perf_counter() - began:.1f} s", ""))
    for client, step, fields in (
        (None, "checked", {}),
        (reporter, "submit", {"words": "分批报送，其余随后"}),
        (checker, "approve", {}),
    ):
        began = time.perf_counter()
        if client is not None:
            post(client, f"{where}{step}/", data=fields)
        seen = worked(reporter, where)
        lines.append((step, f"{time.perf_counter() - began:.1f} s", f"{len(seen)} times"))
        if refused := re.findall(r'class="notice error"[^>]*>([^<]+)', reporter.get(where).text):
            raise SystemExit(f"{step}: {refused}")
    lights = re.findall(r'class="light ([a-z]+)"', reporter.get(where).text)
    say()
    table(("step", "", "progress moved"), lines)
    before, most = memory.stop()
    say(f"server and worker: {before:,.0f} MiB before, {most:,.0f} MiB at most; ends {lights[:1]}")


def worked(client: httpx.Client, where: str) -> set[str]:
    """Wait until nothing is at work on it; the shares that the page showed."""
    seen = set()
    while True:
        answer = client.get(f"{where}progress/")
        seen |= set(re.findall(r"<progress[^>]*value=\"([^\"]+)\"", answer.text))
        if "HX-Refresh" in answer.headers:
            return seen
        time.sleep(0.5)


def signed_in(who: str) -> httpx.Client:
    client = httpx.Client(base_url=f"http://127.0.0.1:{portal.PORT}", timeout=600)
    token = _token(client, "/sign-in/")
    fields = {"username": who, "password": portal.PASSWORD, "csrfmiddlewaretoken": token}
    answer = client.post("/sign-in/", data=fields)
    if answer.status_code != 302:
        raise SystemExit(f"{who} is not let in: {answer.status_code}")
    return client


def post(client: httpx.Client, url: str, **sent: object) -> str:
    """Where it leads to."""
    token = {"X-CSRFToken": _token(client, "/me/")}
    answer = client.post(url, headers=token, **sent)
    if answer.status_code != 302:
        raise SystemExit(f"{url}: {answer.status_code} {answer.text[:2000]}")
    return answer.headers["location"]


def _token(client: httpx.Client, page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(page).text)
    assert found
    return found[1]


class _Memory:
    """The most resident memory of the server's processes, looked at ten times a second."""

    def __init__(self, server: psutil.Process) -> None:
        self._server, self._goes_on = server, True
        self._before = self._most = portal.resident(server)
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def stop(self) -> tuple[float, float]:
        """As it was at first, and the most."""
        self._goes_on = False
        self._thread.join()
        return self._before, self._most

    def _look(self) -> None:
        while self._goes_on:
            self._most = max(self._most, portal.resident(self._server))
            time.sleep(0.1)


if __name__ == "__main__":
    main()
