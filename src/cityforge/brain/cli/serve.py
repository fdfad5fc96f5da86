"""cityforge serve: the newest report on a local web address."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated

import typer

from cityforge.brain.cli import terminal
from cityforge.brain.errors import RunRefused, Text

_TRIES = 20


class _Report(SimpleHTTPRequestHandler):
    """Serves one file, whatever is asked: no other file of the machine can be reached."""

    def __init__(self, *args: object, file: Path, **named: object) -> None:
        self.file = file
        super().__init__(*args, **named)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        body = self.file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the terminal shows the address, not the traffic."""


def serve(
    run: Annotated[Path, typer.Argument(help="运行结果文件夹 · snapshot folder")],
    port: Annotated[int, typer.Option(help="端口 · port (the next free one if taken)")] = 8000,
) -> None:
    """在本机打开最新的报告 · serve the newest report on this machine"""
    from cityforge.brain.api import snapshots

    file = snapshots.find_snapshot(run) / "report.html"
    if not file.is_file():
        raise RunRefused(Text(zh=f"没有报告：{file}", en=f"there is no report: {file}"))
    server = _bind(partial(_Report, file=file), port)
    address = f"http://127.0.0.1:{server.server_port}/"
    terminal.say(
        Text(
            zh=f"报告：{address}   （Ctrl+C 结束）",
            en=f"Report: {address}   (Ctrl+C to stop)",
        )
    )
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def _bind(handler: partial[_Report], port: int) -> ThreadingHTTPServer:
    for candidate in range(port, port + _TRIES):
        try:
            return ThreadingHTTPServer(("127.0.0.1", candidate), handler)
        except OSError:
            continue
    raise RunRefused(
        Text(
            zh=f"端口 {port} 至 {port + _TRIES - 1} 都被占用；用 --port 另选",
            en=f"ports {port} to {port + _TRIES - 1} are all taken; choose one with --port",
        )
    )
