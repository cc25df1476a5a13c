"""`make bench`: today, check-off, catalogue search and caseload against bare Django views in the same server.

Real and bare requests alternate in short slices of one run, so that a machine that slows down slows both; what is
printed are ratios, with the medians behind them. Then the same again with a thousand times the check-offs. Writes
docs/benchmark.md. Options: --quick (a smoke run), --rows N (the large table), --seconds N (a slice).
"""

import argparse
import os
import re
import shutil
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
os.environ["BACKWELL_DATA"] = os.environ.get("BENCH_DATA") or tempfile.mkdtemp(prefix="backwell-bench-")
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"

import django

django.setup()

from django.utils import timezone

from clinic.caseload.standings import keep_standings
from exercises.figures import Kind, render
from exercises.figures.pictures import filmed, posed
from tests.bench import crowd, data, pictures, safety
from tests.bench.load import Figures, request, run
from tests.bench.server import Server

CLIENTS = (1, 8, 32)
KINDS: tuple[Kind, ...] = ("thumb", "still", "move")


@dataclass(frozen=True)
class Case:
    name: str
    real: Callable[[], bytes]
    bare: Callable[[], bytes]
    floor: float
    goal: float


@dataclass(frozen=True)
class Measured:
    case: str
    clients: int
    rows: int
    real: Figures
    bare: Figures
    ratio: float


def fetch(port: int, raw: bytes) -> tuple[int, bytes]:
    with socket.create_connection(("127.0.0.1", port)) as s:
        s.sendall(raw.replace(b"\r\nHost", b"\r\nConnection: close\r\nHost", 1))
        answer = b"".join(iter(lambda: s.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"chunked" in head.lower():
        whole, rest = b"", body
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            whole, rest = whole + rest[: int(size, 16)], rest[int(size, 16) + 2 :]
        body = whole
    return int(head[9:12]), body


def cases(world: data.World) -> list[Case]:
    patients = [{"Cookie": p.cookie} for p in world.patients]
    clinician = {"Cookie": world.clinician_cookie}
    who = cycle(patients)
    ticks = cycle(world.ticks)
    words = cycle(["bridge", "knee chest", "hamstrng", "gluteus", "chair stretch", "plank"])
    flip = count()

    def today() -> bytes:
        return request("GET", "/today/", headers=next(who))

    def check_off() -> bytes:
        tick = next(ticks)
        done = (next(flip) // len(world.ticks) + 1) % 2
        body = f"day={world.day}&tick={tick.value}.{done}&csrfmiddlewaretoken={tick.token}".encode()
        headers = {"Cookie": tick.cookie, "HX-Request": "true", "Origin": "http://127.0.0.1"}
        return request("POST", "/today/check/", headers=headers, body=body)

    def search() -> bytes:
        headers = clinician | {"HX-Request": "true", "HX-Target": "results"}
        return request("GET", f"/exercises/?q={next(words).replace(' ', '+')}", headers=headers)

    def caseload() -> bytes:
        return request("GET", "/clinic/", headers=clinician)

    def bare(name: str, headers: dict[str, str]) -> Callable[[], bytes]:
        return lambda: request("GET", f"/bare/{name}/", headers=headers)

    return [
        # Before anybody ticks: a timer brings the standings up to date, and none runs here.
        Case("caseload", caseload, bare("caseload", clinician), 0.0, 0.0),
        Case("today", today, bare("today", patients[0]), 0.7, 1.0),
        Case(
            "check-off",
            check_off,
            lambda: request("POST", "/bare-insert/", headers=patients[0], body=b"x=1"),
            0.5,
            0.9,
        ),
        Case("search", search, bare("search", clinician), 0.7, 0.9),
    ]


def write_bare_templates(port: int, some: list[Case]) -> None:
    """Flat templates as large as the real answers, so that rendering and sending weigh the same."""
    folder = Path(os.environ["BACKWELL_DATA"]) / "templates"
    folder.mkdir(exist_ok=True)
    for case in some:
        status, body = fetch(port, case.real())
        if status != 200:
            raise SystemExit(f"{case.name} answered {status}: {body[:300]!r}")
        print(f"  {case.name}: {len(body):,} bytes")
        text = re.sub(r"[{}%]", "-", body.decode())
        (folder / f"bare-{case.name}.html").write_text("<p>{{ row.text }}</p>" + text)


def compare(port: int, case: Case, *, clients: int, rows: int, seconds: float, rounds: int) -> Measured:
    pairs = []
    for _ in range(rounds):
        real = run(port, case.real, clients=clients, seconds=seconds)
        bare = run(port, case.bare, clients=clients, seconds=seconds)
        pairs.append((real, bare))
    ratio = statistics.median(real.per_second / bare.per_second for real, bare in pairs)
    middle = sorted(pairs, key=lambda p: p[0].per_second / p[1].per_second)[len(pairs) // 2]
    return Measured(case.name, clients, rows, middle[0], middle[1], ratio)


def figures_per_second() -> dict[str, float]:
    """Drawn anew, in one process, over the whole catalogue: what a fresh server pays once per figure."""
    poses = [file.read_text() for file in sorted((ROOT / "exercises" / "content" / "poses").glob("*.pose"))]
    rates = {}
    for kind in KINDS:
        posed.cache_clear()
        filmed.cache_clear()
        start = time.perf_counter()
        for pose in poses:
            render(pose, kind, title="", desc="")
        rates[kind] = len(poses) / (time.perf_counter() - start)
    return rates


def report(results: list[Measured], growth: dict[str, float], memory: float, rows: int, more: list[str]) -> str:
    lines = [
        "# Benchmark",
        "",
        "Made by `make bench`: production settings, granian with 2 workers, SQLite with synchronous=FULL, the load",
        "generator on the same two cores. Each real page alternates with a bare Django view in the same server and behind",
        "the same middleware: one indexed SELECT and a flat template of the same size, or one INSERT. The ratio is the",
        "median of real / bare requests per second, pair by pair; 1.0 means as fast as the bare view.",
        "",
        "| what | clients | ratio | requests/s | p50 ms | p95 ms | p99 ms | bare requests/s | bare p95 ms | errors |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for m in results:
        real, bare = m.real, m.bare
        lines.append(
            f"| {m.case} | {m.clients} | **{m.ratio:.2f}** | {real.per_second:.0f} | {real.p50:.1f} | {real.p95:.1f} | "
            f"{real.p99:.1f} | {bare.per_second:.0f} | {bare.p95:.1f} | {real.errors + bare.errors} |"
        )
    lines += [
        "",
        f"The same pages with {rows:,} check-offs against 1,000 (requests per second relative to the bare view):",
        "",
    ]
    lines += ["| what | large / small |", "|---|--:|"]
    lines += [f"| {name} | {share:.2f} |" for name, share in growth.items()]
    drawn = ", ".join(f"{rate:.0f} {kind}" for kind, rate in figures_per_second().items())
    lines += ["", f"Exercise figures drawn per second, before they are kept: {drawn}.", *more]
    lines += ["", f"Peak memory of a worker: {memory:.0f} MB."]
    return "\n".join(lines) + "\n"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument(
        "--crowd", action="store_true", help="only the caseload of a big clinic against a small one's"
    )
    options.add_argument("--quick", action="store_true")
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--seconds", type=float, default=3.0)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    rows = 20_000 if chosen.quick else chosen.rows
    seconds, rounds = (0.5, 1) if chosen.quick else (chosen.seconds, chosen.rounds)

    world = data.make_world(check_offs=1_000)
    if chosen.crowd:
        print(crowd.line(seconds=seconds, rounds=rounds, quick=chosen.quick))
        return
    results: list[Measured] = []
    at_8: dict[int, dict[str, float]] = {}
    memory = 0.0
    for size in (1_000, rows):
        if size > 1_000:
            print(f"Adding check-offs up to {size:,} …")
            data.grow(world, to=size)
        keep_standings(timezone.now(), anew=True)
        some = cases(world)
        with Server() as server:
            write_bare_templates(server.port, some)
            for case in some:
                for clients in CLIENTS if size == 1_000 else (8,):
                    found = compare(server.port, case, clients=clients, rows=size, seconds=seconds, rounds=rounds)
                    print(
                        f"{size:>9,} rows {case.name:10} {clients:>3} clients  ratio {found.ratio:.2f}  errors {found.real.errors}"
                    )
                    if size == 1_000:
                        results.append(found)
                    if clients == 8:
                        at_8.setdefault(size, {})[case.name] = found.ratio
            memory = max(memory, server.peak_worker_memory_mb())
            more = pictures.lines(server.port)
    # Last, for it changes a patient.
    patient = world.patients[0].patient
    draft = safety.draft_of(patient)
    with Server() as server:
        clinician = {"Cookie": world.clinician_cookie}
        more += [
            "",
            safety.matching(patient, draft, lambda path: fetch(server.port, request("GET", path, headers=clinician))),
        ]
    more += ["", crowd.line(seconds=seconds, rounds=rounds, quick=chosen.quick)]
    growth = {name: at_8[rows][name] / at_8[1_000][name] for name in at_8[rows]}
    text = report(results, growth, memory, rows, more)
    print(text)
    if not chosen.quick:
        (ROOT / "docs" / "benchmark.md").write_text(text)
    if "BENCH_DATA" not in os.environ:
        shutil.rmtree(os.environ["BACKWELL_DATA"], ignore_errors=True)
    if any(m.real.errors or m.bare.errors for m in results):
        sys.exit("Some requests failed.")


if __name__ == "__main__":
    main()
