/** Judges a promise against a record: was its entry taken in time (9.7)? */

import { type Bytes, isEqual } from "../encoding/bytes.ts";
import { KIND } from "../entries/bodies.ts";
import type { Entry } from "../entries/entry.ts";
import { entryHash } from "../identities.ts";
import { Ledger, type Place, isLedgerKind } from "../ledger/ledger.ts";
import { Refused } from "../ledger/refusal.ts";
import type { GatewayPromise } from "../log/promise.ts";
import type { RecordContents } from "./files.ts";
import { ProvenBallots, tryDecode } from "./proven.ts";

/** A record's contents and its checkpoint's time. */
export type TimedContents = Pick<RecordContents, "blocks" | "entries" | "tree"> & {
  readonly timeUnixS: bigint;
};

export type Verdict = "kept" | "broken" | "void" | "open" | "not judged";

/**
 * Judges a promise whose form and signature hold.
 *
 * @param followed the election that the record is verified for.
 */
export function judgePromise(
  contents: TimedContents,
  followed: Bytes | null,
  promise: GatewayPromise,
  entry: Bytes,
): Verdict {
  const { blocks, entries, timeUnixS } = contents;
  const length = BigInt(entries.length);
  const index = entries.findIndex((other) => isEqual(other, entry));
  const decoded = tryDecode(entry);
  const isOthers =
    decoded !== null &&
    !isLedgerKind(decoded) &&
    (followed === null || !isEqual(decoded.scope, followed));
  if (isOthers) return index >= 0 ? "kept" : "not judged";
  const deadline = blocks.find((block) => block.timeUnixS >= promise.timeUnixS);
  const end = deadline?.size ?? length;
  if (index >= 0 && BigInt(index) < end) return "kept";
  const isDue = deadline !== undefined || timeUnixS >= promise.timeUnixS;
  if (!isDue || length < promise.size) return "open";
  if (promise.size > end) return "broken";
  const trial = new Trial(contents, followed, entry, decoded);
  return trial.isAccepted(Number(promise.size), Number(end)) ? "broken" : "void";
}

/** Tries an entry at positions of the log, each after the entries before it. */
class Trial {
  private readonly contents: TimedContents;
  private readonly followed: Bytes | null;
  private readonly bytes: Bytes;
  private readonly entry: Entry | null;
  private readonly proven: ProvenBallots;
  private isProven = false;

  constructor(contents: TimedContents, followed: Bytes | null, bytes: Bytes, entry: Entry | null) {
    this.contents = contents;
    this.followed = followed;
    this.bytes = bytes;
    this.entry = entry;
    this.proven = new ProvenBallots(contents.entries);
  }

  /** Whether the rules accept the entry at every position from `start` to `end`. */
  isAccepted(start: number, end: number): boolean {
    let ledger = this.replay(new Ledger(this.followed), 0, start);
    for (let position = start; position <= end; position++) {
      try {
        ledger = this.attempt(ledger, position);
      } catch (error) {
        if (error instanceof Refused) return false;
        throw error;
      }
      this.replay(ledger, position, position + 1);
    }
    return true;
  }

  /** Tries the entry at a position; gives the ledger as it is without it. */
  private attempt(ledger: Ledger, position: number): Ledger {
    if (this.entry?.kind === KIND.cast) {
      ledger.checkCast(this.entry, entryHash(this.bytes), this.isProven);
      // Signature and proofs do not depend on the position.
      this.isProven = true;
      return ledger;
    }
    ledger.judge(this.bytes, this.place(position));
    return this.replay(new Ledger(this.followed), 0, position);
  }

  private replay(ledger: Ledger, start: number, end: number): Ledger {
    const { entries } = this.contents;
    for (let index = start; index < Math.min(end, entries.length); index++) {
      const bytes = entries[index];
      if (bytes === undefined) continue;
      try {
        ledger.judge(bytes, this.place(index), this.proven.has(ledger, index));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
      }
    }
    return ledger;
  }

  private place(index: number): Place {
    const { blocks, tree } = this.contents;
    const block = blocks.find(({ size }) => size > BigInt(index)) ?? blocks.at(-1);
    // An entry tried past the end is in no tree; no rule asks for a root there.
    const size = Math.min(index + 1, tree.size);
    return {
      index,
      blockTimeUnixS: block?.timeUnixS ?? 0n,
      state: () => ({ size: BigInt(size), root: tree.rootAt(size) }),
    };
  }
}
