/** Verifies a whole record: the numbered checks of section 14. */

import { type Bytes, toHex } from "../encoding/bytes.ts";
import { KIND } from "../entries/bodies.ts";
import { InvalidCheckpoint, InvalidPromise } from "../errors.ts";
import { Ledger } from "../ledger/ledger.ts";
import { type Membership, cosignersOf } from "../ledger/membership.ts";
import { type CheckId, Refused } from "../ledger/refusal.ts";
import { type Block } from "../log/blocks.ts";
import { type Checkpoint, checkMemberLines, checkOperatorLines } from "../log/checkpoint.ts";
import { checkPromise, readPromiseFile } from "../log/promise.ts";
import { BlockChecker } from "./blocks.ts";
import { type RecordContents, type RecordFiles, readRecord } from "./files.ts";
import { type Failure, Findings } from "./findings.ts";
import { judgePromise } from "./promises.ts";
import { ProvenBallots, tryDecode } from "./proven.ts";

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

/** What beside the record's files a verification can be asked for. */
export interface Options {
  /** The election to follow; without it the first that is announced. */
  readonly election?: Bytes;
  /** Promise files by name. */
  readonly promises?: ReadonlyMap<string, Bytes>;
}

/** Verifies a record, and promises given beside it. */
export function verifyRecord(files: RecordFiles, options: Options = {}): Report {
  const findings = new Findings();
  const contents = readRecord(files, findings);
  if (contents === null) return report(findings, null);
  const followed = options.election ?? firstAnnounced(contents.entries);
  const ledger = new Ledger(followed);
  judgeBlocks(contents, ledger, findings);
  if (ledger.identity === null) findings.fail("C03", null, "the log founds no ledger");
  const timeUnixS = checkCheckpoint(contents, ledger, findings);
  if (options.election !== undefined && ledger.election === null) {
    findings.fail("C09", null, "the election is not announced");
  }
  for (const [name, file] of options.promises ?? []) {
    checkPromiseFile(file, name, { ...contents, timeUnixS }, ledger, findings, followed);
  }
  return report(findings, ledger);
}

function checkPromiseFile(
  file: Bytes,
  name: string,
  contents: RecordContents & { readonly timeUnixS: bigint },
  ledger: Ledger,
  findings: Findings,
  followed: Bytes | null,
): void {
  findings.count("C25");
  try {
    const { promise, entry } = readPromiseFile(file);
    checkPromise(promise, ledger.identity?.ledgerId ?? new Uint8Array(), ledger.gateways);
    if (judgePromise(contents, followed, promise, entry) === "broken") {
      findings.fail("C25", null, `${name}: the promise is broken`);
    }
  } catch (error) {
    if (!(error instanceof InvalidPromise)) throw error;
    findings.fail("C25", null, `${name}: ${error.message}`);
  }
}

function report(findings: Findings, ledger: Ledger | null): Report {
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
  if (bits.length > 0) findings.count("C10", 2 + 2 * Math.max(...bits));
  return {
    valid: findings.failures.length === 0,
    election: election === null ? null : toHex(election.id),
    phase: election?.phase ?? null,
    result,
    failures: findings.failures,
    checked: findings.checked(),
  };
}

/** The scope of the first well-formed announce. */
function firstAnnounced(entries: readonly Bytes[]): Bytes | null {
  for (const bytes of entries) {
    const entry = tryDecode(bytes);
    if (entry?.kind === KIND.announce) return entry.scope;
  }
  return null;
}

/** Judges all entries, block after block, each with its block's time. */
function judgeBlocks(contents: RecordContents, ledger: Ledger, findings: Findings): void {
  const { blocks, entries } = contents;
  const checker = new BlockChecker(contents, ledger, findings);
  const proven = new ProvenBallots(entries);
  let index = 0;
  let last: Block | null = null;
  for (const block of blocks) {
    const end = checker.begin(block);
    last = block;
    for (; index < end; index++) judgeEntry(contents, ledger, findings, proven, index, block);
    checker.finish(block);
  }
  // Entries past the last usable block take its time; without a block nothing is judged.
  for (; last !== null && index < entries.length; index++) {
    judgeEntry(contents, ledger, findings, proven, index, last);
  }
  checker.end();
}

function judgeEntry(
  { entries, tree }: RecordContents,
  ledger: Ledger,
  findings: Findings,
  proven: ProvenBallots,
  index: number,
  block: Block,
): void {
  const bytes = entries[index];
  if (bytes === undefined) return;
  const size = index + 1;
  const state = (): { size: bigint; root: Bytes } => ({
    size: BigInt(size),
    root: tree.rootAt(size),
  });
  findings.countEntry(tryDecode(bytes));
  try {
    const isProven = proven.has(ledger, index);
    ledger.judge(bytes, { index, blockTimeUnixS: block.timeUnixS, state }, isProven);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    findings.refuse(error, index);
  }
}

/** Checks the checkpoint's signatures; gives its time, 0 where they do not hold. */
function checkCheckpoint(contents: RecordContents, ledger: Ledger, findings: Findings): bigint {
  const { checkpoint, blocks } = contents;
  const { identity, membership } = ledger;
  if (identity === null || membership === null) return 0n;
  findings.count("C04", checkpoint.lines.length);
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
    findings.fail("C04", null, error.message);
    return 0n;
  }
}

function checkLines(checkpoint: Checkpoint, membership: Membership): bigint {
  const [operator] = membership.members;
  if (membership.keeper === "operator" && operator !== undefined) {
    return checkOperatorLines(checkpoint, operator);
  }
  return checkMemberLines(checkpoint, cosignersOf(membership));
}
