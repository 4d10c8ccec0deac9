/** Verifies a record entry by entry, so that whoever drives it may pause, or go on as it grows. */

import { type Bytes, toHex } from "../encoding/bytes.ts";
import { KIND } from "../entries/bodies.ts";
import type { Entry } from "../entries/entry.ts";
import { InvalidCheckpoint } from "../errors.ts";
import { Ledger } from "../ledger/ledger.ts";
import { type Membership, cosignersOf } from "../ledger/membership.ts";
import { type CheckId, Refused } from "../ledger/refusal.ts";
import type { Block } from "../log/blocks.ts";
import { type Checkpoint, checkMemberLines, checkOperatorLines } from "../log/checkpoint.ts";
import { BlockChecker, type BlockSigners } from "./blocks.ts";
import type { RecordContents } from "./files.ts";
import type { Failure, Findings } from "./findings.ts";
import { tryDecode } from "./proven.ts";

export interface Report {
  readonly valid: boolean;
  /** The election id in hex, `null` where none is announced. */
  readonly election: string | null;
  readonly phase: string | null;
  /** For each contest with a result, its options' totals. */
  readonly result: Readonly<Record<string, Readonly<Record<string, bigint>>>>;
  readonly failures: readonly Failure[];
  readonly checked: Readonly<Record<CheckId, number>>;
}

/** An entry that was judged. */
export interface Judged {
  readonly index: number;
  /** The time of its block, seconds since 1970. */
  readonly timeUnixS: number;
  /** `null`: it is none. */
  readonly entry: Entry | null;
  readonly isAccepted: boolean;
}

/** The scope of the first well-formed announce. */
export function firstAnnounced(entries: readonly Bytes[]): Bytes | null {
  for (const bytes of entries) {
    const entry = tryDecode(bytes);
    if (entry?.kind === KIND.announce) return entry.scope;
  }
  return null;
}

export class Verifier {
  readonly contents: RecordContents;
  readonly findings: Findings;
  readonly followed: Bytes | null;
  readonly ledger: Ledger;
  /** The checkpoint's time, 0 where its signatures do not hold. */
  timeUnixS = 0n;
  private readonly isAsked: boolean;
  private readonly checker: BlockChecker;
  private index = 0;
  private nextBlock = 0;
  /** The block whose entries are judged, and the index after its last one. */
  private block: Block | null = null;
  private blockEnd = 0;

  /** @param election the election to follow; without it the first that is announced. */
  constructor(contents: RecordContents, findings: Findings, election?: Bytes) {
    this.contents = contents;
    this.findings = findings;
    this.isAsked = election !== undefined;
    this.followed = election ?? firstAnnounced(contents.entries);
    this.ledger = new Ledger(this.followed);
    this.checker = new BlockChecker(contents, this.ledger, findings);
  }

  /** The index of the entry that is judged next. */
  get next(): number {
    return this.index;
  }

  /** Whether entries are left to be judged; without a block nothing is. */
  get hasNext(): boolean {
    return this.index < this.contents.entries.length && this.contents.blocks.length > 0;
  }

  /**
   * Judges the next entry.
   *
   * @param isProven says of a ballot whether its signature and proofs are known to hold.
   */
  step(isProven: boolean): Judged {
    this.turnBlocks();
    const { index } = this;
    const bytes = this.contents.entries[index];
    // Entries past the last usable block take its time.
    const block = this.block ?? this.contents.blocks.at(-1);
    if (bytes === undefined || block === undefined) throw new RangeError("no entry is left");
    this.index += 1;
    const entry = tryDecode(bytes);
    this.findings.countEntry(entry);
    const timeUnixS = Number(block.timeUnixS);
    try {
      const place = { index, blockTimeUnixS: block.timeUnixS, state: () => this.stateAfter(index) };
      this.ledger.judge(bytes, place, isProven);
      return { index, timeUnixS, entry, isAccepted: true };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.findings.refuse(error, index);
      return { index, timeUnixS, entry, isAccepted: false };
    }
  }

  /** Judges what the record's end shows: its last blocks, their proofs, and its checkpoint. */
  conclude(): void {
    this.findings.forgetNow();
    this.turnBlocks();
    this.checker.end();
    const { ledger, findings } = this;
    if (ledger.identity === null) findings.failNow("C03", null, "the log founds no ledger");
    this.timeUnixS = this.checkCheckpoint();
    if (this.isAsked && ledger.election === null) {
      findings.failNow("C09", null, "the election is not announced");
    }
  }

  /** Who signed a block of a consortium whose entries were judged; `null`: it has no proof. */
  signersOf(block: Block): BlockSigners | null {
    return this.checker.signersOf(block);
  }

  report(): Report {
    return reportOf(this.findings, this.ledger);
  }

  /** Finishes every block whose entries were judged, and begins the one of the next entry. */
  private turnBlocks(): void {
    const { blocks } = this.contents;
    for (;;) {
      if (this.block !== null) {
        if (this.index < this.blockEnd) return;
        this.checker.finish(this.block);
        this.block = null;
      }
      const block = blocks[this.nextBlock];
      if (block === undefined) return;
      this.nextBlock += 1;
      this.blockEnd = this.checker.begin(block);
      this.block = block;
    }
  }

  private stateAfter(index: number): { size: bigint; root: Bytes } {
    const size = index + 1;
    return { size: BigInt(size), root: this.contents.tree.rootAt(size) };
  }

  private checkCheckpoint(): bigint {
    const { checkpoint, blocks } = this.contents;
    const { identity, membership } = this.ledger;
    if (identity === null || membership === null) return 0n;
    this.findings.count("C04", checkpoint.lines.length);
    try {
      if (checkpoint.origin !== identity.origin) throw new InvalidCheckpoint("another origin");
      const time = checkLines(checkpoint, membership);
      const last = blocks.at(-1);
      if (last !== undefined && time < last.timeUnixS) {
        throw new InvalidCheckpoint("its time lies before the last block's");
      }
      return time;
    } catch (error) {
      if (!(error instanceof InvalidCheckpoint)) throw error;
      this.findings.failNow("C04", null, error.message);
      return 0n;
    }
  }
}

/** Checks the signatures that are due on a checkpoint; gives its time. */
export function checkLines(checkpoint: Checkpoint, membership: Membership): bigint {
  const [operator] = membership.members;
  if (membership.keeper === "operator" && operator !== undefined) {
    return checkOperatorLines(checkpoint, operator);
  }
  return checkMemberLines(checkpoint, cosignersOf(membership));
}

/** The report of section 14; without a ledger of a record that is too broken to be judged. */
export function reportOf(findings: Findings, ledger: Ledger | null): Report {
  const election = ledger?.election ?? null;
  const result: Record<string, Record<string, bigint>> = {};
  election?.manifest.contests.forEach((contest, number) => {
    const { tally } = election;
    if (tally?.hasResult(number) !== true) return;
    const totals = tally.totalsOf(number);
    result[contest.id] = Object.fromEntries(
      contest.options.map((option, i) => [option.id, totals[i] ?? 0n]),
    );
  });
  const bits = election?.manifest.contests.map((contest) => contest.plan.bitCount) ?? [];
  const generators = bits.length > 0 ? 2 + 2 * Math.max(...bits) : 0;
  const { failures } = findings;
  return {
    valid: failures.length === 0,
    election: election === null ? null : toHex(election.id),
    phase: election?.phase ?? null,
    result,
    failures,
    checked: { ...findings.checked(), C10: generators },
  };
}
