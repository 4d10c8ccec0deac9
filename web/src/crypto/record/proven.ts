/** Checks ballots ahead of the rules, many at once, so that the rules need not (8.7). */

import { judgeBallots } from "../ballot/ballot.ts";
import { type Bytes, isEqual, toHex } from "../encoding/bytes.ts";
import { KIND } from "../entries/bodies.ts";
import { type Cast, type Entry, decodeEntry } from "../entries/entry.ts";
import { NotCanonical } from "../errors.ts";
import { entryHash } from "../identities.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { Refused } from "../ledger/refusal.ts";
import { readCast } from "../ledger/voting.ts";

const BATCH_MAX = 256;

/** Decodes an entry; `null` where it is none. */
export function tryDecode(bytes: Bytes): Entry | null {
  try {
    return decodeEntry(bytes);
  } catch (error) {
    if (error instanceof NotCanonical) return null;
    throw error;
  }
}

/** Ballots of a record whose signatures and proofs are known to hold. */
export class ProvenBallots {
  private readonly entries: readonly Bytes[];
  private readonly proven = new Set<string>();
  private checkedUpTo = 0;

  constructor(entries: readonly Bytes[]) {
    this.entries = entries;
  }

  /** Whether the entry is a ballot of the followed election whose proofs are known to hold. */
  has({ election }: Ledger, index: number): boolean {
    const setting = election?.setting ?? null;
    if (election === null || setting === null) return false;
    if (index >= this.checkedUpTo) {
      const casts = this.ahead(index, election.id);
      const readable = casts.flatMap((cast) => {
        try {
          return [{ ...cast, ballot: readCast(setting, cast.cast) }];
        } catch (error) {
          if (error instanceof Refused) return [];
          throw error;
        }
      });
      const verdicts = judgeBallots(
        setting,
        readable.map(({ ballot }) => ballot),
      );
      readable.forEach(({ hash }, i) => {
        if (verdicts[i] === true) this.proven.add(hash);
      });
    }
    const bytes = this.entries[index];
    return bytes !== undefined && this.proven.has(toHex(entryHash(bytes)));
  }

  /** The next ballots from `index` on. */
  private ahead(index: number, scope: Bytes): { hash: string; cast: Cast }[] {
    const casts: { hash: string; cast: Cast }[] = [];
    this.checkedUpTo = index;
    while (this.checkedUpTo < this.entries.length && casts.length < BATCH_MAX) {
      const bytes = this.entries[this.checkedUpTo++];
      const entry = bytes === undefined ? null : tryDecode(bytes);
      if (bytes === undefined || entry?.kind !== KIND.cast) continue;
      if (isEqual(entry.scope, scope)) casts.push({ hash: toHex(entryHash(bytes)), cast: entry });
    }
    return casts;
  }
}
