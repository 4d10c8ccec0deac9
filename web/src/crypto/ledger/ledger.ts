/** A ledger's state, and the judging of its entries one after the other (10). */

import { voteMessage } from "../consortium/vote.ts";
import { type Bytes, compareBytes, isEqual, join, toHex } from "../encoding/bytes.ts";
import { KIND } from "../entries/bodies.ts";
import { type ActOf, type Cast, type Entry, decodeEntry } from "../entries/entry.ts";
import { InvalidManifest, NotCanonical } from "../errors.ts";
import { GeneratorStore } from "../group/generators.ts";
import { chainIdOf, electionIdOf, entryHash, ledgerIdOf, manifestDigest } from "../identities.ts";
import { originOf } from "../log/checkpoint.ts";
import { type Manifest, readManifest } from "../manifest/manifest.ts";
import { hasValidatorSignature, isKey } from "../signatures/ed25519.ts";
import { Election, type ElectionAct, type Surroundings } from "./election.ts";
import { type MembershipAct, judgeFounding, judgeMembershipAct } from "./founding.ts";
import type { Membership } from "./membership.ts";
import { Refused, demand } from "./refusal.ts";
import { checkSigners } from "./signers.ts";
import type { ClosingState } from "./tally.ts";

const PART_BYTES = 60_000;
const PARTS_MAX = 18;

/** Where an entry stands. */
export interface Place {
  readonly index: number;
  readonly blockTimeUnixS: bigint;
  /** The log up to and including this entry. */
  readonly state: () => ClosingState;
}

/** What the first entry settles. */
export interface LedgerIdentity {
  readonly ledgerId: Bytes;
  readonly origin: string;
}

/** Acts of the ledger itself. */
type LedgerAct =
  | MembershipAct
  | ActOf<typeof KIND.gateway>
  | ActOf<typeof KIND.manifestPart>
  | ActOf<typeof KIND.equivocation>;

/** Parts of a manifest that wait for their announce. */
interface Waiting {
  readonly parts: Bytes[];
}

export class Ledger {
  readonly generators = new GeneratorStore();
  identity: LedgerIdentity | null = null;
  membership: Membership | null = null;
  /** The chain id, once an entry of kind 4 stands in the log. */
  chainId: string | null = null;
  election: Election | null = null;
  readonly gateways: Bytes[] = [];
  private readonly followed: Bytes | null;
  private readonly gatewayActs = new Map<bigint, bigint>();
  private readonly waiting = new Map<string, Waiting>();
  private readonly otherElections = new Set<string>();
  private readonly accepted = new Set<string>();
  private readonly equivocations = new Set<string>();

  /** @param followed the election that is verified; `null` where there is none. */
  constructor(followed: Bytes | null) {
    this.followed = followed;
  }

  /**
   * Judges the next entry and takes it in.
   *
   * @param isProven says of a ballot whether its signature and proofs are known to hold.
   * @throws Refused where a rule refuses it; the state is then as before.
   */
  judge(bytes: Bytes, place: Place, isProven = false): void {
    const entry = decode(bytes);
    if (this.isOfOthers(entry)) {
      if (entry.kind === KIND.announce) this.skipAnnounce(entry);
      return;
    }
    const hash = entryHash(bytes);
    const isKnown = this.accepted.has(toHex(hash));
    demand(!isKnown, entry.kind === KIND.cast ? "C16" : "C07", "it stands in the log already");
    if (place.index === 0) this.found(entry, bytes);
    else this.judgeLater(entry, bytes, hash, place, isProven);
    this.accepted.add(toHex(hash));
  }

  /** Runs all rules on a ballot that may come next, and takes nothing in. */
  checkCast(cast: Cast, hash: Bytes, isProven: boolean): void {
    demand(!this.accepted.has(toHex(hash)), "C16", "it stands in the log already");
    const { election } = this;
    const isFollowed = election !== null && isEqual(cast.scope, election.id);
    demand(isFollowed, "C06", "the scope is no announced election");
    election.checkCast(cast, isProven);
  }

  /** Whether an entry belongs to an election that is not followed; only its form is judged then. */
  private isOfOthers(entry: Entry): boolean {
    if (this.identity === null || isLedgerKind(entry)) return false;
    const isFollowed = this.followed !== null && isEqual(entry.scope, this.followed);
    if (isFollowed) return false;
    return entry.kind === KIND.announce || this.otherElections.has(toHex(entry.scope));
  }

  /** The announce of another election only ends the waiting of its parts. */
  private skipAnnounce(act: ActOf<typeof KIND.announce>): void {
    this.otherElections.add(toHex(act.scope));
    this.waiting.delete(toHex(act.body.manifest));
  }

  private found(entry: Entry, bytes: Bytes): void {
    const { membership, random } = judgeFounding(entry);
    this.membership = membership;
    this.identity = { ledgerId: ledgerIdOf(bytes), origin: originOf(random) };
    if (entry.kind === KIND.consortium) this.chainId = chainIdOf(bytes);
  }

  private judgeLater(
    entry: Entry,
    bytes: Bytes,
    hash: Bytes,
    place: Place,
    isProven: boolean,
  ): void {
    const { identity, membership } = this;
    demand(identity !== null && membership !== null, "C03", "the ledger is not founded");
    const around = { ...identity, ...place, membership, entryHash: hash };
    if (isLedgerKind(entry)) {
      demand(entry.kind !== KIND.genesis, "C03", "a genesis is entry 0 alone");
      demand(isZero(entry.scope), "C06", "an act of the ledger has a scope");
      this.judgeLedgerAct(entry, bytes, around);
    } else if (entry.kind === KIND.announce) {
      this.announce(entry, around);
    } else {
      this.judgeElectionEntry(entry, around, isProven);
    }
  }

  private judgeElectionEntry(
    entry: ElectionAct | Cast,
    around: Surroundings,
    isProven: boolean,
  ): void {
    const { election } = this;
    const isFollowed = election !== null && isEqual(entry.scope, election.id);
    demand(isFollowed, "C06", "the scope is no announced election");
    if (entry.kind === KIND.cast) election.judgeCast(entry, isProven);
    else election.judge(entry, around);
  }

  private judgeLedgerAct(act: LedgerAct, bytes: Bytes, around: Surroundings): void {
    switch (act.kind) {
      case KIND.gateway:
        this.listGateway(act, around);
        break;
      case KIND.manifestPart:
        this.takePart(act, around);
        break;
      case KIND.equivocation:
        this.equivocation(act, around);
        break;
      default: {
        const { membership, ledgerId, blockTimeUnixS } = around;
        this.membership = judgeMembershipAct(act, membership, ledgerId, blockTimeUnixS);
        if (act.kind === KIND.consortium) this.chainId = chainIdOf(bytes);
      }
    }
  }

  private listGateway(act: ActOf<typeof KIND.gateway>, around: Surroundings): void {
    checkSigners(act, { members: "one" }, around);
    const member = act.signatures[0]?.party ?? 0n;
    const number = (this.gatewayActs.get(member) ?? 0n) + 1n;
    demand(act.number === number, "C07", "another act number is due");
    const { key } = act.body;
    demand(isKey(key), "C08", "the key is not lawful");
    demand(!this.gateways.some((listed) => isEqual(listed, key)), "C08", "it is listed already");
    this.gateways.push(key);
    this.gatewayActs.set(member, number);
  }

  private takePart(act: ActOf<typeof KIND.manifestPart>, around: Surroundings): void {
    checkSigners(act, { members: "one" }, around);
    demand(act.number === 0n, "C07", "a manifest part has no number");
    const digest = toHex(act.body.manifest);
    const waiting = this.waiting.get(digest) ?? { parts: [] };
    demand(act.body.part === BigInt(waiting.parts.length), "C09", "another part is due");
    demand(waiting.parts.length < PARTS_MAX, "C09", "too many parts");
    waiting.parts.push(act.body.bytes);
    this.waiting.set(digest, waiting);
  }

  private announce(act: ActOf<typeof KIND.announce>, around: Surroundings): void {
    const digest = toHex(act.body.manifest);
    const parts = this.waiting.get(digest)?.parts ?? [];
    const isFull = parts.slice(0, -1).every((part) => part.length === PART_BYTES);
    demand(parts.length > 0 && isFull, "C09", "the manifest's parts are missing or cut");
    const bytes = join(parts);
    const isWhole =
      BigInt(bytes.length) === act.body.length && isEqual(manifestDigest(bytes), act.body.manifest);
    demand(isWhole, "C09", "the parts have another length or digest");
    const manifest = readAnnounced(bytes);
    const id = electionIdOf(around.ledgerId, bytes);
    demand(isEqual(id, act.scope), "C09", "the election id is another");
    demand(this.election === null, "C09", "the election is announced already");
    checkSigners(act, { members: "one", organizers: true }, { ...around, manifest });
    demand(act.number === 0n, "C07", "an announce has no number");
    this.election = new Election(id, manifest, around.ledgerId, this.generators);
    this.waiting.delete(digest);
  }

  private equivocation(act: ActOf<typeof KIND.equivocation>, around: Surroundings): void {
    checkSigners(act, {}, around);
    demand(act.number === 0n, "C07", "an equivocation has no number");
    const { validatorKey, type, engineHeight, round, votes } = act.body;
    const { chainId } = this;
    const isValidator = around.membership.validatorKeysEver.has(toHex(validatorKey));
    demand(isValidator && chainId !== null, "C08", "the key was never a validator's");
    demand(type === 1n || type === 2n, "C08", "neither prevotes nor precommits");
    demand(engineHeight >= 1n, "C08", "engine heights begin with 1");
    const [first, second] = votes;
    if (first === undefined || second === undefined) throw new Error("two votes by its schema");
    demand(compareBytes(first[0], second[0]) < 0, "C08", "block hashes do not ascend");
    for (const [blockHash, parts, partsHash, seconds, nanoseconds, signature] of votes) {
      const numbers = { type, engineHeight, round, parts, seconds, nanoseconds };
      const message = voteMessage(chainId, { ...numbers, blockHash, partsHash });
      const holds = hasValidatorSignature(validatorKey, message, signature);
      demand(holds, "C08", "a vote's signature does not hold");
    }
    const name = [toHex(validatorKey), type, engineHeight, round].join("/");
    demand(!this.equivocations.has(name), "C08", "it is known already");
    this.equivocations.add(name);
  }
}

function decode(bytes: Bytes): Entry {
  try {
    return decodeEntry(bytes);
  } catch (error) {
    if (error instanceof NotCanonical) throw new Refused("C06", error.message);
    throw error;
  }
}

function readAnnounced(bytes: Bytes): Manifest {
  try {
    return readManifest(bytes);
  } catch (error) {
    if (error instanceof InvalidManifest) throw new Refused("C09", error.message);
    throw error;
  }
}

/** Whether an entry is an act of the ledger itself, of no election. */
export function isLedgerKind(entry: Entry): entry is LedgerAct | ActOf<typeof KIND.genesis> {
  switch (entry.kind) {
    case KIND.genesis:
    case KIND.gateway:
    case KIND.manifestPart:
    case KIND.consortium:
    case KIND.join:
    case KIND.leave:
    case KIND.rotate:
    case KIND.equivocation:
      return true;
    default:
      return false;
  }
}

function isZero(bytes: Bytes): boolean {
  return bytes.every((byte) => byte === 0);
}
