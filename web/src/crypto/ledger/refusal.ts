/** The checks of a verifier (14), and an entry's refusal by one of them. */

export const CHECKS = {
  C01: "files",
  C02: "log hashes",
  C03: "genesis",
  C04: "checkpoint",
  C05: "blocks",
  C06: "entry encodings",
  C07: "signatures and roles",
  C08: "members and gateways",
  C09: "manifest",
  C10: "generators",
  C11: "roll",
  C12: "enrollments",
  C13: "key ceremony",
  C14: "joint key",
  C15: "phases and times",
  C16: "ballot form",
  C17: "ballot signatures",
  C18: "ballot proofs",
  C19: "counted ballots",
  C20: "sums",
  C21: "closing root",
  C22: "shares",
  C23: "results",
  C24: "outcome",
  C25: "promises",
  C26: "block proofs",
} as const;

export type CheckId = keyof typeof CHECKS;

/** An entry that the rules of section 10 refuse. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly check: CheckId;

  constructor(check: CheckId, why: string) {
    super(`${check} ${CHECKS[check]}: ${why}`);
    this.check = check;
  }
}

/** Refuses an entry unless a condition of the rules holds. */
export function demand(condition: boolean, check: CheckId, why: string): asserts condition {
  if (!condition) throw new Refused(check, why);
}
