"""What a member's node answers besides: cosignatures to the others, figures to monitoring."""

import asyncio
from collections.abc import Iterator, Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hanpyo.ledger.checkpoint import CHECKPOINT_BYTES_MAX, decode_checkpoint, encode_checkpoint
from hanpyo.node.consortium.ledger import ConsensusLedger
from hanpyo.node.consortium.witnesses import Witness, witnessed_text
from hanpyo.node.http.answers import TEXT, answer
from hanpyo.node.http.bodies import read_body
from hanpyo.node.http.metrics import Figure, ledger_figures

LATEST = "latest"


class MembersApi:
    """The routes over one member's ledger."""

    def __init__(self, ledger: ConsensusLedger, witnesses: Sequence[Witness] = ()) -> None:
        self._ledger = ledger
        self._witnesses = witnesses

    def routes(self) -> list[Route]:
        """Give all routes."""
        return [
            Route("/cosignatures", self.take, methods=["POST"]),
            Route("/cosignatures/{size}", self.give),
            Route("/witnessed", self.witnessed),
        ]

    async def take(self, request: Request) -> Response:
        """Take another member's cosignature: a checkpoint's text with one line or more."""
        signed = decode_checkpoint(await read_body(request, CHECKPOINT_BYTES_MAX))
        await asyncio.to_thread(self._ledger.exchange.cosignatures.add, signed)
        return answer(b"", TEXT)

    async def give(self, request: Request) -> Response:
        """Give all cosignatures of a size at hand, or of the newest."""
        asked = request.path_params["size"]
        if asked != LATEST and not (asked.isascii() and asked.isdecimal() and len(asked) < 20):
            raise HTTPException(404)
        found = self._ledger.exchange.cosignatures.gathered(None if asked == LATEST else int(asked))
        if found is None:
            raise HTTPException(404)
        return answer(encode_checkpoint(found), TEXT)

    async def witnessed(self, _request: Request) -> Response:
        """Give the newest checkpoint that outside witnesses cosigned, with their lines."""
        found = witnessed_text(self._witnesses)
        if found is None:
            raise HTTPException(404)
        return answer(found, TEXT)


def member_figures(ledger: ConsensusLedger, witnesses: Sequence[Witness] = ()) -> Iterator[Figure]:
    """Give what a member's node can tell besides."""
    yield from ledger_figures(ledger)
    waiting, sender = ledger.gateway.waiting(), ledger.sender
    yield Figure("engine_height", "The consensus engine's height.", ledger.engine_height)
    yield Figure("queued", "Entries that wait to be sent.", waiting)
    yield Figure("under_way", "Entries that were sent and are not decided.", sender.under_way)
    yield Figure("window", "Batches that may be under way.", sender.window)
    yield Figure("resent_total", "Batches that were sent again.", sender.resent, is_counter=True)
    checked = ledger.checked
    yield Figure("checked_total", "Entries whose proofs were checked.", checked, is_counter=True)
    publisher = ledger.publisher
    yield Figure("round", "The round in which the engine last agreed.", publisher.round)
    yield Figure("absent_signers", "Validators missing under the last block.", publisher.absent)
    yield Figure("conflicts", "Signatures of other logs that were kept.", ledger.exchange.conflicts)
    seen, size = ledger.exchange.cosignatures.seen(), ledger.head.size
    for number, name in ledger.member_names().items():
        label = f'{{member="{number}",name="{_escaped(name)}"}}'
        behind = size - seen.get(number, 0)
        yield Figure("behind", "Entries that a member has not cosigned.", behind, label=label)
    for witness in witnesses:
        label = f'{{witness="{_escaped(witness.witness.name)}"}}'
        seen_size = witness.newest.checkpoint.size if witness.newest is not None else 0
        missing = size - seen_size
        yield Figure("unwitnessed", "Entries without a witness.", missing, label=label)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
