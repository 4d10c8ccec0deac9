/** What the ledger shows of one row: its credential, and which of its ballots counts. */

import { ballotHash } from "../crypto/ballot/tracker.ts";
import { type Bytes, isEqual } from "../crypto/encoding/bytes.ts";
import { KIND } from "../crypto/entries/bodies.ts";
import type { Cast } from "../crypto/entries/entry.ts";
import type { Proven } from "./reader.ts";

/** A ballot of a row, and what became of it. */
export interface RecordedBallot {
  readonly index: number;
  /** The whole hash; its first 120 bits are the ballot number. */
  readonly hash: Bytes;
  readonly sequence: number;
  readonly fate: "counts" | "superseded" | "void";
}

export interface RowRecord {
  readonly row: number;
  /** The current credential; `null` before enrollment. */
  readonly credential: Bytes | null;
  readonly replaced: number;
  readonly ballots: readonly RecordedBallot[];
}

/**
 * Reads a row's enrollments, replacements and ballots.
 *
 * @param acts proven, in log order; what is not of this row is passed over: a look-up is a hint.
 */
export function readRow(row: number, acts: readonly Proven[]): RowRecord {
  let credential: Bytes | null = null;
  let replaced = 0;
  const casts: { index: number; cast: Cast }[] = [];
  for (const { index, entry } of acts) {
    if (entry.kind === KIND.cast) {
      if (credential !== null && isEqual(entry.credential, credential)) {
        casts.push({ index, cast: entry });
      }
    } else if (entry.kind === KIND.enroll && credential === null) {
      const own = entry.body.enrollments.find(([number]) => Number(number) === row);
      credential = own?.[1] ?? null;
    } else if (entry.kind === KIND.replace && Number(entry.body.row) === row) {
      credential = entry.body.credential;
      replaced += 1;
    }
  }
  return { row, credential, replaced, ballots: judged(casts, credential) };
}

function judged(
  casts: readonly { index: number; cast: Cast }[],
  credential: Bytes | null,
): RecordedBallot[] {
  const isCurrent = (cast: Cast): boolean =>
    credential !== null && isEqual(cast.credential, credential);
  const last = casts.findLast(({ cast }) => isCurrent(cast))?.index;
  return casts.map(({ index, cast }) => ({
    index,
    hash: ballotHash(cast.scope, cast.ballot),
    sequence: Number(cast.sequence),
    fate: index === last ? "counts" : isCurrent(cast) ? "superseded" : "void",
  }));
}

/** The highest sequence number that the row's current credential recorded; 0: none. */
export function recordedSequence({ ballots }: RowRecord): number {
  return ballots.find(({ fate }) => fate === "counts")?.sequence ?? 0;
}
