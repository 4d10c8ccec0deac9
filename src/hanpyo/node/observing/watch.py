"""Running an observer: follow, serve the copy, and raise the alarm where it is heard."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2

from hanpyo.encoding import encode_json
from hanpyo.errors import DamagedLedger, ElectionError
from hanpyo.node.http.api import reading_app
from hanpyo.node.http.metrics import Figure, ledger_figures, metrics_routes
from hanpyo.node.http.remote import RemoteLedger
from hanpyo.node.http.serve import NodeServer
from hanpyo.node.keeper import Clock, system_clock
from hanpyo.node.observing.observer import LOOK_SECONDS, ObservedLedger, Observer
from hanpyo.node.settings import split_address

HOOK_SECONDS = 10.0
HOOK_TRIES = 3
PROOF_LOOKS = 60


@dataclass(frozen=True, slots=True)
class Post:
    """Where an observer stands.

    Attributes:
        folder: of its copy.
        urls: addresses of nodes; the next one is asked where one does not answer.
        listen: `host:port` at which the copy is served.
        web_hook: told of the alarm by POST of a JSON object; empty: none.
        exit_on_alarm: end then; otherwise the address goes on and says why at `/health`.
    """

    folder: Path
    urls: Sequence[str]
    listen: str
    web_hook: str = ""
    exit_on_alarm: bool = False


def observe(
    post: Post,
    *,
    clock: Clock = system_clock,
    threads: int = 1,
    on_ready: Callable[[str], None] = lambda _: None,
    on_alarm: Callable[[ElectionError], None] = lambda _: None,
) -> int:
    """Observe a ledger until SIGTERM or SIGINT, or until the alarm where that ends it.

    Returns:
        0 after a clean end, 1 where the alarm was raised.
    """

    def alarmed(error: ElectionError) -> None:
        on_alarm(error)
        if post.web_hook:
            call_hook(post.web_hook, error)

    host, port = split_address(post.listen)
    try:
        ledger = ObservedLedger.open(post.folder, clock, threads)
    except DamagedLedger as damage:
        alarmed(damage)
        return 1
    with ledger:
        sources = [RemoteLedger(url) for url in post.urls]
        observer = Observer(ledger, sources, clock, alarmed)
        observer.start()
        app = reading_app(ledger, metrics_routes(ledger, lambda: observer_figures(ledger)))
        try:
            has_to_end = (
                (lambda: ledger.alarm is not None) if post.exit_on_alarm else (lambda: False)
            )
            NodeServer(app, host, port, on_ready, has_to_end).run()
        finally:
            observer.stop()
            for source in sources:
                source.close()
    return 0 if ledger.alarm is None else 1


def catch_up(
    path: Path, urls: Sequence[str], *, clock: Clock = system_clock, threads: int = 1
) -> ObservedLedger:
    """Bring a copy up to date once; the caller closes it.

    Raises:
        ElectionError: what the alarm would say.
    """
    ledger = ObservedLedger.open(path, clock, threads)
    faults: list[ElectionError] = []
    sources = [RemoteLedger(url) for url in urls]
    try:
        observer = Observer(ledger, sources, clock, faults.append)
        for _ in range(len(sources) + PROOF_LOOKS):
            observer.look()
            if faults:
                raise faults[0]
            if ledger.head.checkpoint is not None and observer.is_up_to_date:
                return ledger
            time.sleep(LOOK_SECONDS)
        raise DamagedLedger("no source gave anything to copy")
    except BaseException:
        ledger.close()
        raise
    finally:
        for source in sources:
            source.close()


def call_hook(url: str, error: ElectionError) -> bool:
    """Tell a web hook of an alarm; what it says names entries and checks, never people."""
    body = encode_json({"alarm": str(error), "code": error.code})
    for _ in range(HOOK_TRIES):
        try:
            headers = {"content-type": "application/json"}
            httpx2.post(url, content=body, headers=headers, timeout=HOOK_SECONDS).raise_for_status()
        except httpx2.HTTPError:
            continue
        return True
    return False


def observer_figures(ledger: ObservedLedger) -> Iterator[Figure]:
    """Give what an observer can tell besides."""
    yield from ledger_figures(ledger)
    checked = ledger.follower.checked
    yield Figure("checked_total", "Entries whose proofs were checked.", checked, is_counter=True)
