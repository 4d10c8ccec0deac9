/** Finding a vote again: every entry that is shown is proven to stand in the log. */

import { ballotHash, trackerOf } from "../crypto/ballot/tracker.ts";
import { type Bytes, isEqual } from "../crypto/encoding/bytes.ts";
import { KIND } from "../crypto/entries/bodies.ts";
import type { LedgerReader } from "../node/reader.ts";
import { type RecordedBallot, type RowRecord, readRow } from "../node/row.ts";
import type { Asked } from "./asked.ts";

export interface Found {
  readonly record: RowRecord;
  /** The ballot asked for, or the one that counts where a row was asked for. */
  readonly ballot: RecordedBallot | null;
}

/** Looks in one checked state of the ledger; `null`: nothing is recorded under it. */
export async function find(
  reader: LedgerReader,
  election: Bytes,
  asked: Asked,
): Promise<Found | null> {
  if (asked.kind === "row") {
    const record = readRow(asked.row, await reader.findRow(election, asked.row));
    return { record, ballot: record.ballots.find(({ fate }) => fate === "counts") ?? null };
  }
  const entry = (await reader.findBallot(election, asked.start))?.entry;
  if (entry?.kind !== KIND.cast || !isEqual(entry.scope, election)) return null;
  const hash = ballotHash(election, entry.ballot);
  if (trackerOf(hash) !== asked.tracker) return null;
  const row = await rowOf(reader, election, entry.credential);
  if (row === null) return null;
  const record = readRow(row, await reader.findRow(election, row));
  const ballot = record.ballots.find((each) => isEqual(each.hash, hash));
  return ballot === undefined ? null : { record, ballot };
}

/** The row that a credential was bound to. */
async function rowOf(
  reader: LedgerReader,
  election: Bytes,
  credential: Bytes,
): Promise<number | null> {
  const indexes = await reader.indexes(election, [KIND.enroll, KIND.replace]);
  // The newest first: most who look have just joined.
  for (const index of indexes.reverse()) {
    const { entry } = await reader.proven(index);
    if (entry.kind === KIND.replace && isEqual(entry.body.credential, credential)) {
      return Number(entry.body.row);
    }
    if (entry.kind !== KIND.enroll) continue;
    const own = entry.body.enrollments.find(([, key]) => isEqual(key, credential));
    if (own !== undefined) return Number(own[0]);
  }
  return null;
}
