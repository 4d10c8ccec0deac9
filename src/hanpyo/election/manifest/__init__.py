"""The manifest: everything that is fixed before an election opens. Source: protocol.md 3 and 4."""

from hanpyo.election.manifest.manifest import (
    District,
    Manifest,
    Organizers,
    Party,
    Trustees,
    election_id,
    manifest_digest,
)
from hanpyo.election.manifest.reading import decode_manifest, encode_manifest

__all__ = [
    "District",
    "Manifest",
    "Organizers",
    "Party",
    "Trustees",
    "decode_manifest",
    "election_id",
    "encode_manifest",
    "manifest_digest",
]
