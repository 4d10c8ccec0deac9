/** What a verifier found: how much each check looked at, and what failed (14). */

import { type ActKind, KIND } from "../entries/bodies.ts";
import type { Entry } from "../entries/entry.ts";
import { type CheckId, CHECKS, Refused } from "../ledger/refusal.ts";

/** The checks that an entry of each kind goes through, beside C06. */
const CHECKS_OF_KIND: Readonly<Record<ActKind | typeof KIND.cast, readonly CheckId[]>> = {
  [KIND.genesis]: ["C03"],
  [KIND.gateway]: ["C07", "C08"],
  [KIND.manifestPart]: ["C07", "C09"],
  [KIND.announce]: ["C07", "C09"],
  [KIND.consortium]: ["C07", "C08"],
  [KIND.join]: ["C07", "C08"],
  [KIND.leave]: ["C07", "C08"],
  [KIND.rotate]: ["C07", "C08"],
  [KIND.equivocation]: ["C07", "C08"],
  [KIND.rollChunk]: ["C07", "C11", "C15"],
  [KIND.rollSeal]: ["C07", "C11", "C15"],
  [KIND.rollChange]: ["C07", "C11", "C15"],
  [KIND.enroll]: ["C07", "C12", "C15"],
  [KIND.replace]: ["C07", "C12", "C15"],
  [KIND.commit]: ["C07", "C13", "C15"],
  [KIND.reveal]: ["C07", "C13", "C15"],
  [KIND.deal]: ["C07", "C13", "C15"],
  [KIND.complain]: ["C07", "C13", "C15"],
  [KIND.confirm]: ["C07", "C13", "C14", "C15"],
  [KIND.drop]: ["C07", "C13", "C15"],
  [KIND.open]: ["C07", "C15"],
  [KIND.pause]: ["C07", "C15"],
  [KIND.resume]: ["C07", "C15"],
  [KIND.extend]: ["C07", "C15"],
  [KIND.cancel]: ["C07", "C15"],
  [KIND.close]: ["C07", "C15"],
  [KIND.cast]: ["C15", "C16", "C17", "C18"],
  [KIND.seal]: ["C07", "C15", "C21"],
  [KIND.lost]: ["C07", "C15", "C21"],
  [KIND.notOpenable]: ["C07", "C15", "C21"],
  [KIND.quorum]: ["C07", "C15", "C21"],
  [KIND.share]: ["C07", "C15", "C20", "C21", "C22"],
  [KIND.result]: ["C07", "C15", "C19", "C20", "C23"],
  [KIND.outcome]: ["C07", "C15", "C23", "C24"],
};

export interface Failure {
  readonly check: CheckId;
  /** The index of the entry at fault; `null` where none is. */
  readonly entry: number | null;
  readonly why: string;
}

export class Findings {
  private readonly lasting: Failure[] = [];
  private passing: Failure[] = [];
  private readonly counts = new Map<CheckId, number>();

  /** What failed so far, first what stays failed however the log goes on. */
  get failures(): readonly Failure[] {
    return [...this.lasting, ...this.passing];
  }

  get failureCount(): number {
    return this.lasting.length + this.passing.length;
  }

  /** Notes that a check looked at so many more things. */
  count(check: CheckId, things = 1): void {
    this.counts.set(check, (this.counts.get(check) ?? 0) + things);
  }

  /** Notes the checks that an entry goes through. */
  countEntry(entry: Entry | null): void {
    this.count("C06");
    if (entry === null) return;
    for (const check of CHECKS_OF_KIND[entry.kind]) this.count(check);
  }

  fail(check: CheckId, entry: number | null, why: string): void {
    this.lasting.push({ check, entry, why });
  }

  /** Notes what fails as of this checkpoint, and is judged anew at the next. */
  failNow(check: CheckId, entry: number | null, why: string): void {
    this.passing.push({ check, entry, why });
  }

  /** Begins to judge another checkpoint. */
  forgetNow(): void {
    this.passing = [];
  }

  /** Notes that an entry was refused. */
  refuse(refused: Refused, entry: number): void {
    this.fail(refused.check, entry, refused.message);
  }

  /** How many things each check looked at, in the order of the checks. */
  checked(): Readonly<Record<CheckId, number>> {
    const ids = Object.keys(CHECKS) as CheckId[];
    const pairs = ids.map((id) => [id, this.counts.get(id) ?? 0]);
    return Object.fromEntries(pairs) as Record<CheckId, number>;
  }
}
