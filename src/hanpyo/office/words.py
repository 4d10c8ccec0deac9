"""What an act does, in one sentence, for the person who is to sign it."""

from datetime import datetime

from hanpyo.election.manifest import Manifest
from hanpyo.errors import InvalidQuery
from hanpyo.ledger.bodies import (
    Announce,
    Body,
    Cancel,
    Close,
    Drop,
    Extend,
    Lost,
    NotOpenable,
    Open,
    Pause,
    Replace,
    Resume,
    RollChange,
    RollSeal,
)

_REASONED: dict[type[Body], str] = {
    Pause: "Pauses voting",
    Resume: "Resumes voting",
    Cancel: "Cancels the election, without a result and for good",
    NotOpenable: "Ends the election without a result, because too few trustees are left",
}


def describe(body: Body, manifest: Manifest) -> str:
    """Say in one sentence what an act of organizers or registrar does.

    Raises:
        InvalidQuery: they do not sign such acts.
    """
    match body:
        case Announce():
            sentence = f"Announces the election {first_text(manifest)!r}."
        case RollSeal(count, weight, _):
            sentence = f"Seals the roll with {count} rows of total weight {weight}."
        case RollChange(new, changed):
            sentence = f"Adds {len(new)} rows to the roll and changes {len(changed)}."
        case Replace(row=row):
            sentence = f"Replaces the credential of row {row} and voids its ballot, if it has one."
        case Drop(_, index, reason):
            sentence = f"Goes on without {trustee_name(manifest, index)}: {reason}"
        case Open():
            sentence = "Opens voting."
        case Close():
            sentence = "Closes voting. It cannot be opened again."
        case Pause(reason) | Resume(reason) | Cancel(reason) | NotOpenable(reason):
            sentence = f"{_REASONED[type(body)]}: {reason}"
        case Extend(end, reason):
            sentence = f"Moves the end of voting to {moment(end)}: {reason}"
        case Lost(indexes, reason):
            names = ", ".join(trustee_name(manifest, index) for index in indexes)
            sentence = f"Declares {names} lost: {reason}"
        case _:
            raise InvalidQuery("this is no act that organizers or the registrar sign")
    return sentence


def first_text(manifest: Manifest) -> str:
    """Give the election's title in its first language."""
    return next(iter(manifest.title.values()))


def trustee_name(manifest: Manifest, index: int) -> str:
    """Name a trustee by index and name."""
    parties = manifest.trustees.parties
    name = parties[index - 1].name if 1 <= index <= len(parties) else "unknown"
    return f"trustee {index} ({name})"


def moment(time_unix_s: int) -> str:
    """Write a time with this machine's zone."""
    return datetime.fromtimestamp(time_unix_s).astimezone().isoformat(sep=" ")
