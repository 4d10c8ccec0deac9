/** One election on a ledger: its phase, and the rules for its acts and ballots (10). */

import type { BallotSetting, ReadBallot } from "../ballot/ballot.ts";
import type { Bytes } from "../encoding/bytes.ts";
import { KIND } from "../entries/bodies.ts";
import type { ActOf, Cast } from "../entries/entry.ts";
import type { GeneratorStore } from "../group/generators.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { Ceremony, type CeremonyAct } from "./ceremony.ts";
import type { Membership } from "./membership.ts";
import { demand } from "./refusal.ts";
import { type CredentialState, Roll, type RollAct } from "./roll.ts";
import { type SignersDue, checkSigners } from "./signers.ts";
import { type ClosingState, Tally, type TallyAct } from "./tally.ts";
import { ballotSetting, checkCast, checkRecordable, readCast, recordBallot } from "./voting.ts";

export type Phase =
  "draft" | "ready" | "voting" | "paused" | "closed" | "tallied" | "canceled" | "not openable";

/** An entry's surroundings, which the rules may ask for. */
export interface Surroundings {
  readonly entryHash: Bytes;
  readonly blockTimeUnixS: bigint;
  readonly membership: Membership;
  readonly ledgerId: Bytes;
  readonly origin: string;
  /** The log up to and including this entry. */
  readonly state: () => ClosingState;
}

/** Acts that move an election from phase to phase. */
type PhaseAct =
  | ActOf<typeof KIND.open>
  | ActOf<typeof KIND.pause>
  | ActOf<typeof KIND.resume>
  | ActOf<typeof KIND.extend>
  | ActOf<typeof KIND.cancel>
  | ActOf<typeof KIND.close>;

/** Acts of an election, all but its announce. */
export type ElectionAct = RollAct | CeremonyAct | ActOf<typeof KIND.drop> | PhaseAct | TallyAct;

/** Who signs an act, and which number it carries. */
interface Due {
  readonly signers: SignersDue;
  readonly number: bigint;
}

const RUNNING: readonly Phase[] = ["draft", "ready", "voting", "paused"];
const PHASES: Readonly<Record<ElectionAct["kind"], readonly Phase[]>> = {
  [KIND.rollChunk]: ["draft"],
  [KIND.rollSeal]: ["draft"],
  [KIND.rollChange]: RUNNING,
  [KIND.enroll]: RUNNING,
  [KIND.replace]: RUNNING,
  [KIND.commit]: ["draft"],
  [KIND.reveal]: ["draft"],
  [KIND.deal]: ["draft"],
  [KIND.complain]: ["draft"],
  [KIND.confirm]: ["draft"],
  [KIND.drop]: ["draft"],
  [KIND.open]: ["ready"],
  [KIND.pause]: ["voting"],
  [KIND.resume]: ["paused"],
  [KIND.extend]: ["voting", "paused"],
  [KIND.close]: ["voting", "paused"],
  [KIND.cancel]: RUNNING,
  [KIND.seal]: ["closed"],
  [KIND.lost]: ["closed"],
  [KIND.notOpenable]: ["closed"],
  [KIND.quorum]: ["closed"],
  [KIND.share]: ["closed"],
  [KIND.result]: ["closed"],
  [KIND.outcome]: ["closed"],
};

export class Election {
  readonly id: Bytes;
  readonly manifest: Manifest;
  readonly roll: Roll;
  readonly ceremony: Ceremony;
  phase: Phase = "draft";
  tally: Tally | null = null;
  /** What ballots are read with, once the ceremony is complete. */
  setting: BallotSetting | null = null;
  private readonly generators: GeneratorStore;
  private organizerActs = 0n;
  private readonly trusteeActs = new Map<bigint, bigint>();
  private endUnixS: bigint | null;
  private openUnixS = 0n;

  constructor(id: Bytes, manifest: Manifest, ledgerId: Bytes, generators: GeneratorStore) {
    this.id = id;
    this.manifest = manifest;
    this.generators = generators;
    this.roll = new Roll(manifest, ledgerId, id);
    this.ceremony = new Ceremony(manifest, id);
    this.endUnixS = manifest.closesUnixS === null ? null : BigInt(manifest.closesUnixS);
  }

  /** Judges an act of this election. */
  judge(act: ElectionAct, around: Surroundings): void {
    const { ledgerId, membership } = around;
    const { signers, number } = this.due(act);
    checkSigners(act, signers, { ledgerId, membership, manifest: this.manifest });
    demand(act.number === number, "C07", "another act number is due");
    this.checkPhase(act);
    this.apply(act, around);
    if (signers.organizers === true && act.kind !== KIND.replace) this.organizerActs = number;
    const signer = act.signatures[0]?.party ?? 0n;
    if (signers.trustee === true) this.trusteeActs.set(signer, number);
    const isReady = this.phase === "draft" && this.roll.isSealed && this.ceremony.isComplete;
    if (isReady) this.phase = "ready";
  }

  /** Judges a ballot; `isProven` says that its signature and proofs are known to hold. */
  judgeCast(cast: Cast, isProven: boolean): void {
    const { ballot, state } = this.checkCast(cast, isProven);
    recordBallot(state, this.manifest, ballot);
  }

  /** Runs all rules on a ballot and records nothing. */
  checkCast(cast: Cast, isProven: boolean): { ballot: ReadBallot; state: CredentialState } {
    demand(this.setting !== null, "C15", "no ceremony is complete");
    const ballot = readCast(this.setting, cast);
    if (!isProven) checkCast(this.setting, ballot);
    demand(this.phase === "voting", "C15", `no ballots are taken while ${this.phase}`);
    return { ballot, state: checkRecordable(this.roll, this.manifest, ballot) };
  }

  private due(act: ElectionAct): Due {
    const organizers = { signers: { organizers: true }, number: this.organizerActs + 1n };
    const nobody = { signers: {}, number: 0n };
    switch (act.kind) {
      case KIND.rollChunk:
      case KIND.enroll:
        return { signers: { registrar: true }, number: 0n };
      case KIND.rollSeal:
      case KIND.rollChange:
        return { ...organizers, signers: { organizers: true, registrar: true } };
      case KIND.replace:
        return {
          signers: { registrar: true, organizers: this.roll.hasRecorded(act.body.row) },
          number: 0n,
        };
      case KIND.commit:
      case KIND.reveal:
      case KIND.deal:
      case KIND.complain:
      case KIND.confirm:
      case KIND.seal:
      case KIND.share: {
        const signer = act.signatures[0]?.party ?? 0n;
        const number = (this.trusteeActs.get(signer) ?? 0n) + 1n;
        return { signers: { trustee: true }, number };
      }
      case KIND.open:
        return this.manifest.opensUnixS === null ? organizers : nobody;
      case KIND.close:
        return this.manifest.closesUnixS === null ? organizers : nobody;
      case KIND.result:
      case KIND.outcome:
      case KIND.quorum:
        return nobody;
      default:
        return organizers;
    }
  }

  private checkPhase(act: ElectionAct): void {
    demand(PHASES[act.kind].includes(this.phase), "C15", `not while ${this.phase}`);
    switch (act.kind) {
      case KIND.rollChunk:
      case KIND.rollSeal:
        demand(!this.roll.isSealed, "C15", "the roll is sealed");
        break;
      case KIND.rollChange:
      case KIND.enroll:
      case KIND.replace:
        demand(this.roll.isSealed, "C15", "the roll is not sealed");
        break;
      case KIND.commit:
      case KIND.reveal:
      case KIND.deal:
      case KIND.complain:
      case KIND.confirm:
      case KIND.drop:
        demand(!this.ceremony.isComplete && !this.ceremony.isFailed, "C15", "it has ended");
        break;
    }
  }

  private apply(act: ElectionAct, around: Surroundings): void {
    switch (act.kind) {
      case KIND.rollChunk:
        this.roll.addChunk(act.body);
        break;
      case KIND.rollSeal:
        this.roll.seal(act.body);
        break;
      case KIND.rollChange:
        this.roll.change(act.body, this.phase === "draft" || this.phase === "ready");
        break;
      case KIND.enroll:
        this.roll.enroll(act.body);
        break;
      case KIND.replace:
        this.roll.replace(act.body);
        break;
      case KIND.drop:
        this.ceremony.drop(act.body);
        break;
      case KIND.commit:
      case KIND.reveal:
      case KIND.deal:
      case KIND.complain:
      case KIND.confirm:
        this.ceremony.judge(act, signerOf(act), around.entryHash);
        this.prepareVoting();
        break;
      default:
        this.applyLater(act, around);
    }
  }

  private prepareVoting(): void {
    if (!this.ceremony.isComplete) return;
    this.setting = ballotSetting(this.manifest, this.id, this.ceremony, this.generators);
  }

  private applyLater(act: PhaseAct | TallyAct, around: Surroundings): void {
    switch (act.kind) {
      case KIND.open:
        this.open(act.body.time, around.blockTimeUnixS);
        break;
      case KIND.pause:
        this.phase = "paused";
        break;
      case KIND.resume:
        this.phase = "voting";
        break;
      case KIND.extend:
        this.extend(act.body.end, around.blockTimeUnixS);
        break;
      case KIND.cancel:
        this.phase = "canceled";
        break;
      case KIND.close:
        this.close(act.body.time, around);
        break;
      default:
        this.applyTally(act, around);
    }
  }

  private applyTally(act: TallyAct, { membership, origin }: Surroundings): void {
    if (this.tally === null) throw new Error("closed without a tally");
    switch (act.kind) {
      case KIND.seal:
        this.tally.seal(act.body, signerOf(act));
        break;
      case KIND.lost:
        this.tally.declareLost(act.body);
        break;
      case KIND.notOpenable:
        this.tally.giveUp();
        this.phase = "not openable";
        break;
      case KIND.quorum:
        this.tally.quorum(act.body, membership, origin);
        break;
      case KIND.share:
        this.tally.share(act.body, signerOf(act), membership.keeper === "consortium");
        break;
      case KIND.result:
        this.tally.result(act.body);
        break;
      case KIND.outcome:
        this.tally.outcome(act.body);
        this.phase = "tallied";
        break;
    }
  }

  private open(time: bigint, blockTime: bigint): void {
    const start = BigInt(this.manifest.opensUnixS ?? 0);
    demand(start <= time && time <= blockTime, "C15", "opened at another time");
    demand(this.endUnixS === null || blockTime < this.endUnixS, "C15", "its end has passed");
    this.openUnixS = time;
    this.phase = "voting";
  }

  private extend(end: bigint, blockTime: bigint): void {
    demand(this.endUnixS !== null, "C15", "no end is announced");
    demand(blockTime < this.endUnixS && this.endUnixS < end, "C15", "not a later end in time");
    this.endUnixS = end;
  }

  private close(time: bigint, around: Surroundings): void {
    const end = this.endUnixS ?? this.openUnixS;
    demand(end <= time && time <= around.blockTimeUnixS, "C15", "closed at another time");
    const { manifest, roll, ceremony, id: electionId } = this;
    this.tally = new Tally({ manifest, roll, ceremony, electionId }, around.state());
    this.phase = "closed";
  }
}

function signerOf(act: Pick<ActOf<typeof KIND.seal>, "signatures">): number {
  return Number(act.signatures[0]?.party ?? 0n);
}
