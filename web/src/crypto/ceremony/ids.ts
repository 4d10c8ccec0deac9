/** The names of a ceremony's attempt and of the joint key that it makes (3, 7). */

import { type Bytes, u32 } from "../encoding/bytes.ts";
import { frame, sha256 } from "../hash.ts";

/** A trustee taking part, by its index from 1. */
export interface Participant {
  readonly index: number;
  readonly signingKey: Bytes;
}

/** What every proof of one attempt is bound to. */
export interface Attempt {
  readonly ceremonyId: Bytes;
  /** t: how many trustees decrypt. */
  readonly threshold: number;
  /** m: how many slots the joint key has. */
  readonly slots: number;
}

/**
 * The ceremony id of an attempt.
 *
 * @param participants those taking part, by ascending index.
 */
export function ceremonyIdOf(
  electionId: Bytes,
  attempt: number,
  { threshold, slots }: Pick<Attempt, "threshold" | "slots">,
  participants: readonly Participant[],
): Bytes {
  const trustees = participants.flatMap(({ index, signingKey }) => [u32(index), signingKey]);
  const numbers = [u32(attempt), u32(threshold), u32(slots)];
  return sha256(frame("ceremony", electionId, ...numbers, ...trustees));
}

/** The joint key digest, over the attempt's commit, reveal and deal entries in log order. */
export function jointKeyDigestOf(ceremonyId: Bytes, entryHashes: readonly Bytes[]): Bytes {
  return sha256(frame("joint key", ceremonyId, ...entryHashes));
}
