/** The names of things: ids and digests made from their bytes (3). */

import { type Bytes, toHex } from "./encoding/bytes.ts";
import { encodeUtf8 } from "./encoding/text.ts";
import { frame, sha256 } from "./hash.ts";

const CHAIN_ID_DIGITS = 32;

/** The ledger id, from entry 0's bytes. */
export function ledgerIdOf(entry0: Bytes): Bytes {
  return sha256(entry0);
}

/** The chain id, from the bytes of the entry that names the first validators. */
export function chainIdOf(consortiumEntry: Bytes): string {
  return toHex(sha256(consortiumEntry)).slice(0, CHAIN_ID_DIGITS);
}

export function manifestDigest(manifest: Bytes): Bytes {
  return sha256(manifest);
}

export function electionIdOf(ledgerId: Bytes, manifest: Bytes): Bytes {
  return sha256(frame("election", ledgerId, manifest));
}

export function entryHash(entry: Bytes): Bytes {
  return sha256(entry);
}

/** The commitment of a roll row to a voter's reference. */
export function rowCommitment(salt: Bytes, reference: string): Bytes {
  return sha256(frame("roll row", salt, encodeUtf8(reference)));
}
