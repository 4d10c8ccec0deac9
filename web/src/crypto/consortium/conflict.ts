/** Conflict files: two checkpoints of one log that contradict each other (9.9). */

import { type Bytes, isEqual, toHex } from "../encoding/bytes.ts";
import { KIND } from "../entries/bodies.ts";
import { type Entry, decodeEntry } from "../entries/entry.ts";
import { decodeExactly, digest, fields, list, sizedBytes, tuple, uint } from "../entries/schema.ts";
import { InvalidCheckpoint, InvalidConflict, InvalidInclusion, NotCanonical } from "../errors.ts";
import { entryHash, ledgerIdOf } from "../identities.ts";
import { judgeFounding, judgeMembershipAct } from "../ledger/founding.ts";
import { type MemberState, type Membership, activeMembers } from "../ledger/membership.ts";
import { Refused } from "../ledger/refusal.ts";
import {
  type Checkpoint,
  cosignatureTime,
  hasLogLine,
  originOf,
  readCheckpoint,
} from "../log/checkpoint.ts";
import { checkInclusion } from "../log/merkle.ts";

const ENTRIES_MAX = 65_536;
const CHECKPOINT_BYTES_MAX = 65_535;

const conflictSchema = fields({
  entries: [0, list(sizedBytes(1, 65_535), 1, ENTRIES_MAX)],
  checkpoints: [1, list(sizedBytes(1, CHECKPOINT_BYTES_MAX), 2, 2)],
  index: [2, uint],
  leaves: [3, list(tuple(digest, list(digest, 0, 64)), 0, 2)],
});

interface Keeper {
  readonly membership: Membership;
  readonly origin: string;
}

/** Checks a conflict file; gives the numbers of the members it convicts, ascending. */
export function checkConflict(bytes: Bytes): number[] {
  try {
    const conflict = decodeExactly(conflictSchema, bytes);
    const keeper = judgeEntries(conflict.entries);
    const [left, right] = conflict.checkpoints.map(readCheckpoint);
    if (left === undefined || right === undefined) throw new NotCanonical("two checkpoints");
    const signers = new Set(signersOf(left, keeper));
    const both = signersOf(right, keeper).filter((member) => signers.has(member));
    checkContradiction([left, right], conflict.index, conflict.leaves);
    if (both.length === 0) throw new InvalidConflict("nobody signed both");
    return both.sort((a, b) => a - b);
  } catch (error) {
    const isRefusal =
      error instanceof NotCanonical ||
      error instanceof Refused ||
      error instanceof InvalidCheckpoint ||
      error instanceof InvalidInclusion;
    if (isRefusal) throw new InvalidConflict(error.message);
    throw error;
  }
}

/** The membership after the entries, each judged by the rules. */
function judgeEntries(entries: readonly Bytes[]): Keeper {
  const [first, ...others] = entries;
  if (first === undefined) throw new NotCanonical("no entry");
  const { membership, random } = judgeFounding(decodeEntry(first));
  const ledgerId = ledgerIdOf(first);
  const seen = new Set([toHex(ledgerId)]);
  let current = membership;
  for (const bytes of others) {
    const hash = toHex(entryHash(bytes));
    if (seen.has(hash)) throw new InvalidConflict("an entry stands twice");
    seen.add(hash);
    current = judgeNext(decodeEntry(bytes), current, ledgerId);
  }
  return { membership: current, origin: originOf(random) };
}

function judgeNext(entry: Entry, membership: Membership, ledgerId: Bytes): Membership {
  const isMembershipAct =
    entry.kind === KIND.consortium ||
    entry.kind === KIND.join ||
    entry.kind === KIND.leave ||
    entry.kind === KIND.rotate;
  if (!isMembershipAct || entry.scope.some((byte) => byte !== 0)) {
    throw new InvalidConflict("an entry that changes no membership");
  }
  // The file holds no block times; a hand-over's first time is compared with none.
  return judgeMembershipAct(entry, membership, ledgerId, 0n);
}

/** Whoever of the keepers signed; a line of a keeper that does not hold spoils the file. */
function signersOf(checkpoint: Checkpoint, { membership, origin }: Keeper): number[] {
  if (checkpoint.origin !== origin) throw new InvalidConflict("a checkpoint of another log");
  const [operator] = membership.members;
  const isFounded = operator?.validatorKey === null;
  const keepers: MemberState[] = activeMembers(membership);
  if (isFounded && !keepers.includes(operator)) keepers.push(operator);
  const signers = new Set<number>();
  for (const line of checkpoint.lines) {
    if (isFounded && line.keyName === origin) {
      if (!hasLogLine(checkpoint, line, operator.signingKey)) {
        throw new InvalidConflict("the log's signature does not hold");
      }
      signers.add(operator.number);
      continue;
    }
    const keeper = keepers.find(({ number }) => line.keyName === `${origin}/${number}`);
    if (keeper === undefined) continue;
    const cosigner = { member: keeper.number, cosigningKey: keeper.cosigningKey };
    if (cosignatureTime(checkpoint, line, cosigner) === null) {
      throw new InvalidConflict("a cosignature does not hold");
    }
    signers.add(keeper.number);
  }
  return [...signers];
}

function checkContradiction(
  checkpoints: readonly [Checkpoint, Checkpoint],
  index: bigint,
  leaves: readonly (readonly [Bytes, readonly Bytes[]])[],
): void {
  const [left, right] = checkpoints;
  if (left.size === right.size) {
    if (leaves.length > 0 || index !== 0n) throw new InvalidConflict("one size takes no leaves");
    if (isEqual(left.root, right.root)) throw new InvalidConflict("the roots are the same");
    return;
  }
  const [leftLeaf, rightLeaf] = leaves;
  if (leftLeaf === undefined || rightLeaf === undefined) throw new InvalidConflict("two leaves");
  if (isEqual(leftLeaf[0], rightLeaf[0])) throw new InvalidConflict("the leaves are the same");
  checkpoints.forEach(({ size, root }, i) => {
    const [leaf, proof] = i === 0 ? leftLeaf : rightLeaf;
    if (size > BigInt(Number.MAX_SAFE_INTEGER) || index >= size) {
      throw new InvalidConflict("the index is past a size");
    }
    checkInclusion(leaf, Number(index), Number(size), root, proof);
  });
}
