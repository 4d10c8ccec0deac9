/** Testing a device on a second one: what the two codes carry, and making a ballot again (8.6). */

import { type BallotSetting, proveBallot } from "../crypto/ballot/ballot.ts";
import { ballotHash } from "../crypto/ballot/tracker.ts";
import { decodeBase64, encodeBase64 } from "../crypto/encoding/base64.ts";
import { type Bytes, isEqual } from "../crypto/encoding/bytes.ts";
import { type CborValue, encodeCbor } from "../crypto/encoding/cbor.ts";
import { decodeExactly, digest, fields, list, uintOf } from "../crypto/entries/schema.ts";
import { InvalidProof } from "../crypto/errors.ts";

/** A ballot opened to a second device; it is never cast. */
export interface Challenge {
  readonly electionId: Bytes;
  readonly row: number;
  readonly style: number;
  readonly hash: Bytes;
  readonly seed: Bytes;
  readonly scores: readonly (readonly bigint[])[];
}

const SCORE_MAX = 2 ** 32 - 1;
const schema = fields({
  electionId: [0, digest],
  row: [1, uintOf(0, 2 ** 24 - 1)],
  style: [2, uintOf(0, 63)],
  hash: [3, digest],
  seed: [4, digest],
  scores: [5, list(list(uintOf(0, SCORE_MAX), 1, 512), 1, 64)],
});

/** Writes a challenge as the text of a QR code or link. */
export function encodeChallenge(challenge: Challenge): string {
  const { electionId, row, style, hash, seed, scores } = challenge;
  const items: CborValue[] = [electionId, BigInt(row), BigInt(style), hash, seed, scores];
  const text = encodeBase64(encodeCbor(new Map(items.entries())));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Reads a challenge from a link. */
export function decodeChallenge(text: string): Challenge {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  const padded = plain + "=".repeat((4 - (plain.length % 4)) % 4);
  const found = decodeExactly(schema, decodeBase64(padded));
  return {
    ...found,
    scores: found.scores.map((contest) => contest.map(BigInt)),
  };
}

/**
 * Makes the ballot again from its seed, and compares the whole hash.
 *
 * @param shown the hash that the first device showed before it was told to open the ballot.
 * @param credential the row's X, from a node of this device's own choice.
 * @throws InvalidProof where the first device made another ballot than it says.
 */
export function checkChallenge(
  setting: BallotSetting,
  challenge: Challenge,
  shown: Bytes,
  credential: Bytes,
): void {
  const { style, seed, scores } = challenge;
  const isOther = !isEqual(challenge.electionId, setting.electionId);
  if (isOther || !isEqual(shown, challenge.hash)) {
    throw new InvalidProof("another ballot was shown before");
  }
  const { bytes } = proveBallot(setting, { style, credential }, scores, seed);
  if (!isEqual(ballotHash(setting.electionId, bytes), shown)) {
    throw new InvalidProof("the ballot that was shown does not hold these selections");
  }
}
