"""A closed-loop load generator: each client sends its next request when the answer to the last is in."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

Request = bytes


@dataclass(frozen=True)
class Figures:
    """Requests a second, and the answer times in milliseconds."""

    per_second: float
    p50: float
    p95: float
    p99: float
    errors: int


def request(method: str, path: str, *, headers: dict[str, str], body: bytes = b"") -> Request:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lower = head.lower()
    at = lower.find(b"content-length:")
    if at >= 0:
        size = int(lower[at + 15 : lower.index(b"\r", at)])
        await reader.readexactly(size)
        return status, size
    size = 0
    while chunk := int((await reader.readline()).strip() or b"0", 16):
        await reader.readexactly(chunk + 2)
        size += chunk
    await reader.readline()
    return status, size


async def _client(
    port: int, make: Callable[[], Request], until: float, times: list[float], errors: list[int]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (start := time.perf_counter()) < until:
        writer.write(make())
        status, _ = await _answer(reader)
        times.append(time.perf_counter() - start)
        if status >= 400:
            errors.append(status)
    writer.close()


def run(port: int, make: Callable[[], Request], *, clients: int, seconds: float) -> Figures:
    async def all_clients() -> None:
        until = time.perf_counter() + seconds
        await asyncio.gather(*(_client(port, make, until, times, errors) for _ in range(clients)))

    times: list[float] = []
    errors: list[int] = []
    began = time.perf_counter()
    asyncio.run(all_clients())
    took = time.perf_counter() - began
    times.sort()

    def at(share: float) -> float:
        return times[min(len(times) - 1, int(len(times) * share))] * 1000

    return Figures(len(times) / took, at(0.5), at(0.95), at(0.99), len(errors))
