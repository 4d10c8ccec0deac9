"""What monitoring asks of a node: figures in Prometheus' text form, and whether it is ready.

No figure tells anything about voters.
"""

import asyncio
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hanpyo.errors import ElectionError
from hanpyo.node.http.answers import TEXT, answer
from hanpyo.node.http.description import PROMETHEUS
from hanpyo.node.storage.stored import StoredLedger

READY_AGE_S = 120


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with what it means; counters only rise."""

    name: str
    meaning: str
    value: float
    is_counter: bool = False
    label: str = ""


Figures = Callable[[], Iterator[Figure]]


def render(figures: Iterator[Figure]) -> str:
    """Write figures in Prometheus' text form."""
    lines: list[str] = []
    said: set[str] = set()
    for each in figures:
        name = f"hanpyo_{each.name}"
        if name not in said:
            kind = "counter" if each.is_counter else "gauge"
            lines += [f"# HELP {name} {each.meaning}", f"# TYPE {name} {kind}"]
            said.add(name)
        lines.append(f"{name}{each.label} {each.value:g}")
    return "\n".join(lines) + "\n"


def ledger_figures(ledger: StoredLedger) -> Iterator[Figure]:
    """Give what every node and observer can tell."""
    head, alarm = ledger.head, ledger.alarm
    signed = head.checkpoint.timestamp_unix_s if head.checkpoint is not None else 0
    yield Figure("size", "Published entries.", head.size)
    yield Figure("height", "Published blocks.", head.height)
    yield Figure("alarm", "1 while the alarm is raised.", float(alarm is not None))
    age_s = time.time() - signed if signed else float("inf")
    yield Figure("checkpoint_age_seconds", "Age of the newest published checkpoint.", age_s)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    yield Figure("memory_bytes", "Most memory this process has held.", memory)


def metrics_routes(ledger: StoredLedger, figures: Figures) -> list[Route]:
    """Give the routes for monitoring."""

    async def metrics(_request: Request) -> Response:
        """Give figures for Prometheus."""
        text = await asyncio.to_thread(lambda: render(figures()))
        return answer(text.encode(), PROMETHEUS)

    async def ready(_request: Request) -> Response:
        """Tell whether the ledger answers with a fresh checkpoint: status 200, or 503."""
        is_ready = await asyncio.to_thread(_is_ready, ledger)
        return answer(b"ready\n" if is_ready else b"not ready\n", TEXT, 200 if is_ready else 503)

    return [Route("/metrics", metrics), Route("/ready", ready)]


def _is_ready(ledger: StoredLedger) -> bool:
    """Whether the ledger answers with a fresh checkpoint."""
    try:
        checkpoint = ledger.checkpoint()
    except ElectionError:
        return False
    return time.time() - checkpoint.timestamp_unix_s < READY_AGE_S
