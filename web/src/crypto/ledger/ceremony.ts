/** The key ceremony as the log shows it: attempts, rounds, culprits, the joint key (7, 10). */

import { checkCommit, checkCommitment } from "../ceremony/commit.ts";
import { checkComplaint, judgeComplaint } from "../ceremony/complaint.ts";
import { dealBytes } from "../ceremony/deal.ts";
import { type Attempt, ceremonyIdOf, jointKeyDigestOf } from "../ceremony/ids.ts";
import { jointKeys, verificationKeys } from "../ceremony/keys.ts";
import { checkReveal, partCount } from "../ceremony/reveal.ts";
import { type Bytes, isEqual, join } from "../encoding/bytes.ts";
import { KIND } from "../entries/bodies.ts";
import type { ActOf } from "../entries/entry.ts";
import { InvalidCeremony, InvalidComplaint } from "../errors.ts";
import { type Point, decodePoint, encodePoints } from "../group/point.ts";
import { type Manifest, slotCount } from "../manifest/manifest.ts";
import { type CheckId, demand } from "./refusal.ts";

export type CeremonyAct =
  | ActOf<typeof KIND.commit>
  | ActOf<typeof KIND.reveal>
  | ActOf<typeof KIND.deal>
  | ActOf<typeof KIND.complain>
  | ActOf<typeof KIND.confirm>;

/** What one trustee gave in this attempt. */
interface Given {
  commit: ActOf<typeof KIND.commit>["body"] | null;
  parts: number;
  points: Point[];
  readonly deals: Map<number, Bytes>;
  hasConfirmed: boolean;
}

type Step = "commit" | "reveal" | "deal" | "confirm";
const STEPS: readonly Step[] = ["commit", "reveal", "deal", "confirm"];

/** Runs a check of the protocol, and refuses the entry where it fails. */
function refuseWhere(check: CheckId, action: () => void): void {
  try {
    action();
  } catch (error) {
    const isExpected = error instanceof InvalidCeremony || error instanceof InvalidComplaint;
    if (!isExpected) throw error;
    demand(false, check, error.message);
  }
}

export class Ceremony {
  number = 1;
  participants: readonly number[];
  isComplete = false;
  isFailed = false;
  /** h_1..h_m, and the digest that binds them, once the ceremony is complete. */
  slotKeys: readonly Point[] = [];
  digest: Bytes = new Uint8Array();
  attempt: Attempt;
  private readonly manifest: Manifest;
  private readonly electionId: Bytes;
  private given = new Map<number, Given>();
  /** Of the attempt's commit, reveal and deal entries, in log order. */
  private hashes: Bytes[] = [];

  constructor(manifest: Manifest, electionId: Bytes) {
    this.manifest = manifest;
    this.electionId = electionId;
    this.participants = manifest.trustees.parties.map((_, i) => i + 1);
    this.attempt = this.begin();
  }

  /** Judges an act of trustee `signer`; `hash` is the entry's. */
  judge(act: CeremonyAct, signer: number, hash: Bytes): void {
    demand(act.body.attempt === BigInt(this.number), "C13", "another attempt");
    const own = this.given.get(signer);
    demand(own !== undefined, "C13", "the signer takes no part");
    switch (act.kind) {
      case KIND.commit:
        this.commit(act.body, signer, own);
        break;
      case KIND.reveal:
        this.reveal(act.body, signer, own);
        break;
      case KIND.deal:
        this.deal(act.body, signer, own);
        break;
      case KIND.complain:
        this.complain(act.body, signer, own);
        return;
      case KIND.confirm:
        this.confirm(act.body, own);
        return;
    }
    this.hashes.push(hash);
  }

  /** Judges the organizers' dropping of a trustee that holds the ceremony up. */
  drop(body: ActOf<typeof KIND.drop>["body"]): void {
    demand(body.attempt === BigInt(this.number), "C13", "another attempt");
    const trustee = Number(body.trustee);
    const own = this.given.get(trustee);
    demand(own !== undefined, "C13", "the trustee takes no part");
    const step = STEPS.find((one) => !this.isDone(one));
    demand(step !== undefined && !this.hasDone(step, trustee), "C13", "it has done its part");
    this.remove(trustee);
  }

  /** Y_i1..Y_im of a trustee that confirmed. */
  verificationKeys(trustee: number): Point[] {
    return verificationKeys(this.allPoints(), trustee, this.attempt);
  }

  private begin(): Attempt {
    const { trustees } = this.manifest;
    this.given = new Map(
      this.participants.map((index): [number, Given] => [
        index,
        { commit: null, parts: 0, points: [], deals: new Map(), hasConfirmed: false },
      ]),
    );
    this.hashes = [];
    const keys = this.participants.map((index) => ({
      index,
      signingKey: trustees.parties[index - 1]?.key ?? new Uint8Array(),
    }));
    const numbers = { threshold: trustees.threshold, slots: slotCount(this.manifest) };
    return { ...numbers, ceremonyId: ceremonyIdOf(this.electionId, this.number, numbers, keys) };
  }

  private remove(trustee: number): void {
    this.participants = this.participants.filter((one) => one !== trustee);
    if (this.participants.length < this.manifest.trustees.least) {
      this.isFailed = true;
      return;
    }
    this.number += 1;
    this.attempt = this.begin();
  }

  private hasDone(step: Step, trustee: number): boolean {
    const own = this.given.get(trustee);
    if (own === undefined) return false;
    switch (step) {
      case "commit":
        return own.commit !== null;
      case "reveal":
        return own.parts === partCount(this.attempt);
      case "deal":
        return own.deals.size === this.participants.length - 1;
      case "confirm":
        return own.hasConfirmed;
    }
  }

  private isDone(step: Step): boolean {
    return this.participants.every((trustee) => this.hasDone(step, trustee));
  }

  private commit(body: ActOf<typeof KIND.commit>["body"], signer: number, own: Given): void {
    demand(own.commit === null, "C13", "the trustee has committed");
    refuseWhere("C13", () => {
      checkCommit(this.attempt.ceremonyId, signer, body);
    });
    own.commit = body;
  }

  private reveal(body: ActOf<typeof KIND.reveal>["body"], signer: number, own: Given): void {
    const commit = own.commit;
    demand(this.isDone("commit") && commit !== null, "C13", "not all have committed");
    demand(body.part === BigInt(own.parts), "C13", "another part is due");
    demand(own.parts < partCount(this.attempt), "C13", "no part is left");
    const { attempt } = this;
    let points: Point[] = [];
    refuseWhere("C13", () => {
      points = checkReveal(
        { attempt, trustee: signer, commit, part: own.parts },
        {
          points: body.points,
          proof: body.proof,
        },
      );
      if (own.parts + 1 < partCount(attempt)) return;
      const all = join([encodePoints(own.points), body.points]);
      checkCommitment(attempt.ceremonyId, signer, commit.commitment, all);
    });
    own.points.push(...points);
    own.parts += 1;
  }

  private deal(body: ActOf<typeof KIND.deal>["body"], signer: number, own: Given): void {
    demand(this.isDone("reveal"), "C13", "not all have revealed");
    const recipient = Number(body.recipient);
    const isOther = recipient !== signer && this.given.has(recipient);
    demand(isOther, "C13", "the recipient takes no part");
    demand(!own.deals.has(recipient), "C13", "the recipient has its deal");
    demand(body.deal.length === dealBytes(this.attempt.slots), "C13", "not a deal's length");
    own.deals.set(recipient, body.deal);
  }

  private complain(body: ActOf<typeof KIND.complain>["body"], signer: number, own: Given): void {
    const dealer = Number(body.dealer);
    const other = this.given.get(dealer);
    const deal = other?.deals.get(signer);
    demand(dealer !== signer && other !== undefined, "C13", "the dealer takes no part");
    demand(deal !== undefined, "C13", "there is no deal to complain of");
    demand(!own.hasConfirmed, "C13", "the trustee has confirmed");
    const route = { attempt: this.attempt, dealer, recipient: signer };
    refuseWhere("C13", () => {
      const shared = checkComplaint(
        {
          route,
          trusteeTransport: decodePoint(own.commit?.transport ?? new Uint8Array()),
          dealerTransport: decodePoint(other.commit?.transport ?? new Uint8Array()),
        },
        body,
      );
      this.remove(judgeComplaint(route, shared, deal, other.points));
    });
  }

  private confirm(body: ActOf<typeof KIND.confirm>["body"], own: Given): void {
    demand(this.isDone("deal"), "C13", "not all have dealt");
    demand(!own.hasConfirmed, "C13", "the trustee has confirmed");
    let keys: readonly Point[] = [];
    refuseWhere("C14", () => {
      keys = jointKeys(this.allPoints(), this.attempt);
    });
    const digest = jointKeyDigestOf(this.attempt.ceremonyId, this.hashes);
    demand(isEqual(body.digest, digest), "C14", "another joint key digest");
    own.hasConfirmed = true;
    if (!this.isDone("confirm")) return;
    this.slotKeys = keys;
    this.digest = digest;
    this.isComplete = true;
  }

  private allPoints(): Point[][] {
    return this.participants.map((trustee) => this.given.get(trustee)?.points ?? []);
  }
}
