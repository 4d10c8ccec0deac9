/** One checked state of a ledger; every entry is proven to stand in it before it is believed. */

import { type Bytes, isEqual, join, toHex } from "../crypto/encoding/bytes.ts";
import { decodeUtf8 } from "../crypto/encoding/text.ts";
import { KIND } from "../crypto/entries/bodies.ts";
import { type Act, type Entry, decodeEntry } from "../crypto/entries/entry.ts";
import { InvalidCheckpoint, InvalidConsistency, InvalidInclusion } from "../crypto/errors.ts";
import { electionIdOf, ledgerIdOf } from "../crypto/identities.ts";
import { ZERO_SCOPE, judgeFounding, judgeMembershipAct } from "../crypto/ledger/founding.ts";
import { type Membership, activeMembers, cosignersOf } from "../crypto/ledger/membership.ts";
import {
  type Checkpoint,
  checkMemberLines,
  checkOperatorLines,
  originOf,
  readCheckpoint,
} from "../crypto/log/checkpoint.ts";
import { checkConsistency, checkInclusion, leafHash } from "../crypto/log/merkle.ts";
import type { Node } from "./fetching.ts";
import { listOf, Nonsense } from "./fetching.ts";
import { TileReader } from "./tiles.ts";

/** How old, or how far ahead of this device's clock, a checkpoint may be: seconds. */
export const FRESH_S = 300;
const CHANGES = [KIND.consortium, KIND.join, KIND.leave, KIND.rotate];

/** An entry that stands at `index` under the reader's checkpoint. */
export interface Proven {
  readonly index: number;
  readonly bytes: Bytes;
  readonly entry: Entry;
}

/** Who keeps a ledger, as its own acts say. */
export interface Keepers {
  readonly ledgerId: Bytes;
  readonly origin: string;
  readonly membership: Membership;
}

/** Checks a checkpoint's signatures; gives its time, seconds since 1970. */
export function checkSigned(checkpoint: Checkpoint, keepers: Keepers): number {
  const { membership, origin } = keepers;
  if (checkpoint.origin !== origin) throw new InvalidCheckpoint("it is another ledger's");
  const [operator] = membership.members;
  const time =
    membership.keeper === "operator" && operator !== undefined
      ? checkOperatorLines(checkpoint, operator)
      : checkMemberLines(checkpoint, cosignersOf(membership));
  return Number(time);
}

export class LedgerReader {
  readonly node: Node;
  readonly checkpoint: Checkpoint;
  /** The checkpoint as the node gave it. */
  readonly text: string;
  readonly size: number;
  readonly tiles: TileReader;
  /** When the checkpoint was signed, seconds since 1970. */
  readonly signedUnixS: number;
  readonly keepers: Keepers;

  private constructor(node: Node, state: NewState, keepers: Keepers, signedUnixS: number) {
    this.node = node;
    this.checkpoint = state.checkpoint;
    this.text = state.text;
    this.size = Number(state.checkpoint.size);
    this.tiles = state.tiles;
    this.keepers = keepers;
    this.signedUnixS = signedUnixS;
  }

  /**
   * Takes a node's newest state.
   *
   * @param nowUnixS this device's clock.
   * @param tiles kept tiles of the same ledger, from an earlier reader.
   * @throws InvalidCheckpoint, InvalidInclusion, Refused where it does not hold or is not fresh.
   */
  static async open(node: Node, nowUnixS: number, tiles?: TileReader): Promise<LedgerReader> {
    const bytes = await node.get("checkpoint");
    const checkpoint = readCheckpoint(bytes);
    const state = { checkpoint, text: decodeUtf8(bytes), tiles: tiles ?? new TileReader(node) };
    const founding = await provenAt(state, 0);
    const changes = await findIndexes(node, ZERO_SCOPE, CHANGES, Number(checkpoint.size));
    const others = changes.filter((index) => index > 0);
    const acts = await Promise.all(others.map((index) => provenAt(state, index)));
    const keepers = walkMembership(founding, acts);
    const signedUnixS = checkSigned(checkpoint, keepers);
    if (Math.abs(nowUnixS - signedUnixS) >= FRESH_S) {
      throw new InvalidCheckpoint("the newest signature is not of these minutes");
    }
    return new LedgerReader(node, state, keepers, signedUnixS);
  }

  get membership(): Membership {
    return this.keepers.membership;
  }

  get ledgerId(): Bytes {
    return this.keepers.ledgerId;
  }

  /** The names of those who keep the ledger now. */
  get organizations(): string[] {
    return activeMembers(this.membership).map((member) => member.name);
  }

  /** Checks that the log only grew since an earlier checkpoint. */
  async checkContinues(before: Checkpoint): Promise<void> {
    if (before.origin !== this.checkpoint.origin || before.size > this.checkpoint.size) {
      throw new InvalidConsistency("the ledger shows less than it showed before");
    }
    const old = { size: Number(before.size), root: before.root };
    const proof = await this.tiles.consistency(old.size, this.size);
    checkConsistency(old, { size: this.size, root: this.checkpoint.root }, proof);
  }

  /** Fetches an entry, and checks that it stands in the log. */
  async proven(index: number): Promise<Proven> {
    return await provenAt(this, index);
  }

  /** Looks up where an election's entries of these kinds stand, ascending; a hint, no proof. */
  async indexes(scope: Bytes, kinds: readonly number[]): Promise<number[]> {
    return await findIndexes(this.node, scope, kinds, this.size);
  }

  /** Looks up an election's entries of these kinds, and proves each; ascending. */
  async find(scope: Bytes, kinds: readonly number[]): Promise<Proven[]> {
    const indexes = await this.indexes(scope, kinds);
    const found = await Promise.all(indexes.map((index) => this.proven(index)));
    return found.filter(({ entry }) => isEqual(entry.scope, scope) && kinds.includes(entry.kind));
  }

  /** Looks up the enrollments, replacements and ballots of a row, and proves each; ascending. */
  async findRow(scope: Bytes, row: number): Promise<Proven[]> {
    const answer = await this.node.getJson(`find/row/${toHex(scope)}/${row}`);
    const indexes = indexesOf(listOf(answer, "indexes"), this.size);
    return await Promise.all(indexes.map((index) => this.proven(index)));
  }

  /** Looks up a ballot by the first 15 bytes of its hash; `null`: none is shown. */
  async findBallot(scope: Bytes, start: Bytes): Promise<Proven | null> {
    const answer = await this.node.getJson(`find/tracker/${toHex(scope)}/${toHex(start)}`);
    const [index] = indexesOf(listOf(answer, "indexes"), this.size);
    return index === undefined ? null : await this.proven(index);
  }

  /** A manifest's bytes, checked against the election id. */
  async manifest(election: Bytes): Promise<Bytes> {
    // Parts have no scope of their own: that they belong together, the id shows.
    const indexes = await this.indexes(election, [KIND.manifestPart]);
    const bytes = join(partsOf(await Promise.all(indexes.map((index) => this.proven(index)))));
    const holds = bytes.length > 0 && isEqual(electionIdOf(this.ledgerId, bytes), election);
    if (!holds) throw new InvalidInclusion("this ledger has no such election");
    return bytes;
  }
}

/** A checkpoint with the tiles that lead to it. */
interface State {
  readonly checkpoint: Checkpoint;
  readonly tiles: TileReader;
}

interface NewState extends State {
  readonly text: string;
}

async function provenAt({ checkpoint, tiles }: State, index: number): Promise<Proven> {
  const size = Number(checkpoint.size);
  const [[bytes], proof] = await Promise.all([
    tiles.entries(index, index + 1, size),
    tiles.inclusion(index, size),
  ]);
  if (bytes === undefined) throw new InvalidInclusion("the entry is not shown");
  checkInclusion(leafHash(bytes), index, size, checkpoint.root, proof);
  return { index, bytes, entry: decodeEntry(bytes) };
}

async function findIndexes(
  node: Node,
  scope: Bytes,
  kinds: readonly number[],
  size: number,
): Promise<number[]> {
  const answer = await node.getJson(`find/kinds/${toHex(scope)}/${kinds.join(",")}`);
  return indexesOf(listOf(answer, "indexes"), size);
}

/** Keeps what stands under the checkpoint; what came later belongs to a newer one. */
function indexesOf(values: readonly unknown[], size: number): number[] {
  return values.flatMap((value) => {
    if (typeof value !== "number") throw new Nonsense("an index is a number");
    return value < size ? [value] : [];
  });
}

function partsOf(found: readonly Proven[]): Bytes[] {
  return found.flatMap(({ entry }) => (entry.kind === KIND.manifestPart ? [entry.body.bytes] : []));
}

/** Judges a log's acts of membership in order; the times of blocks are not known here. */
function walkMembership(first: Proven, changes: readonly Proven[]): Keepers {
  const { membership, random } = judgeFounding(first.entry);
  const ledgerId = ledgerIdOf(first.bytes);
  const after = changes.reduce(
    (before, { entry }) => judgeMembershipAct(membershipAct(entry), before, ledgerId, 0n),
    membership,
  );
  return { ledgerId, origin: originOf(random), membership: after };
}

function membershipAct(entry: Entry): Parameters<typeof judgeMembershipAct>[0] {
  switch (entry.kind) {
    case KIND.consortium:
    case KIND.join:
    case KIND.leave:
    case KIND.rotate:
      return entry;
    default:
      throw new Nonsense("no act of membership");
  }
}

/** An act of one kind among proven entries. */
export function actsOf<K extends Act["kind"]>(
  found: readonly Proven[],
  kind: K,
): Extract<Act, { kind: K }>[] {
  return found.flatMap(({ entry }) =>
    entry.kind === kind ? [entry as Extract<Act, { kind: K }>] : [],
  );
}
