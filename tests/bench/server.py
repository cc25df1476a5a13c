"""The production server, for as long as a block runs."""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Server:
    def __init__(self, data: str = "") -> None:
        self.environment = os.environ | ({"BACKWELL_DATA": data} if data else {})

    def __enter__(self) -> "Server":
        self.port = free_port()
        self.process = subprocess.Popen(
            [
                str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1",
                "--port", str(self.port), "--workers", "2", "--blocking-threads", "1", "--no-ws",
                "--log-level", "error", "config.wsgi:application",
            ],
            cwd=ROOT,
            env=self.environment,
        )  # fmt: skip
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return self
            except OSError:
                time.sleep(0.1)
        raise SystemExit("The server did not start.")

    def __exit__(self, *exception: object) -> None:
        self.process.terminate()
        self.process.wait(10)

    def peak_worker_memory_mb(self) -> float:
        peaks = [0]
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text()
            except OSError:
                continue
            parent = re.search(r"^PPid:\s+(\d+)", text, re.M)
            peak = re.search(r"^VmHWM:\s+(\d+) kB", text, re.M)
            if parent and peak and int(parent[1]) == self.process.pid:
                peaks.append(int(peak[1]))
        return max(peaks) / 1024
