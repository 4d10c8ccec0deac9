/** Entry 0, and the acts that change who keeps a ledger (kinds 0 and 4 to 7; 10). */

import type { Bytes } from "../encoding/bytes.ts";
import { KIND } from "../entries/bodies.ts";
import type { ActOf, Entry } from "../entries/entry.ts";
import { type Membership, found, handOver, join, leave, rotate } from "./membership.ts";
import { Refused, demand } from "./refusal.ts";
import { type Joiner, type SignersDue, checkSigners } from "./signers.ts";

type Consortium = ActOf<typeof KIND.consortium>;
export type MembershipAct =
  Consortium | ActOf<typeof KIND.join> | ActOf<typeof KIND.leave> | ActOf<typeof KIND.rotate>;

export const ZERO_SCOPE: Bytes = new Uint8Array(32);

/** The act of entry 0 with what the ledger gets its origin from. */
export interface Founding {
  readonly membership: Membership;
  /** The 32 random bytes of entry 0. */
  readonly random: Bytes;
}

/** Judges entry 0. Everything that is wrong with it is C03. */
export function judgeFounding(entry: Entry): Founding {
  const isFounding = entry.kind === KIND.genesis || entry.kind === KIND.consortium;
  demand(isFounding, "C03", "entry 0 founds no ledger");
  demand(
    entry.scope.every((byte) => byte === 0),
    "C03",
    "entry 0 has a scope",
  );
  demand(entry.number === 0n, "C03", "entry 0 has a number");
  const ledgerId = ZERO_SCOPE;
  try {
    if (entry.kind === KIND.genesis) {
      const named = entry.body.members.map((member) => ({ ...member, validatorKey: null }));
      const membership = found("operator", named);
      checkSigners(entry, { members: "all" }, { ledgerId, membership });
      return { membership, random: entry.body.random };
    }
    const membership = found("consortium", entry.body.validators);
    checkSigners(entry, { joiners: joinersOf(entry, 0) }, { ledgerId, membership });
    return { membership, random: entry.body.random };
  } catch (error) {
    if (error instanceof Refused) throw new Refused("C03", error.message);
    throw error;
  }
}

function joinersOf({ body }: Consortium, start: number): Joiner[] {
  return body.validators.map(({ signingKey }, i) => ({ party: BigInt(start + i), signingKey }));
}

/** Judges a change of who keeps the ledger; gives the membership after it. */
export function judgeMembershipAct(
  act: MembershipAct,
  membership: Membership,
  ledgerId: Bytes,
  blockTimeUnixS: bigint,
): Membership {
  if (act.kind !== KIND.consortium) {
    demand(membership.keeper === "consortium", "C08", "no consortium keeps the ledger");
  }
  checkSigners(act, signersOf(act, membership), { ledgerId, membership });
  const number = act.kind === KIND.consortium ? 0n : BigInt(membership.actCount + 1);
  demand(act.number === number, "C07", "another act number is due");
  switch (act.kind) {
    case KIND.consortium:
      return handOver(membership, act, blockTimeUnixS);
    case KIND.join:
      return join(membership, act.body.validator);
    case KIND.leave:
      return leave(membership, act.body.member);
    case KIND.rotate:
      return rotate(membership, act.body);
  }
}

function signersOf(act: MembershipAct, membership: Membership): SignersDue {
  const next = membership.members.length;
  switch (act.kind) {
    case KIND.consortium:
      return { members: "operator", joiners: joinersOf(act, next) };
    case KIND.join: {
      const { signingKey } = act.body.validator;
      return { members: "quorum", joiners: [{ party: BigInt(next), signingKey }] };
    }
    case KIND.leave:
      return { members: "quorum" };
    case KIND.rotate: {
      const { member, signingKey } = act.body;
      return { members: "quorum", joiners: [{ party: member, signingKey }] };
    }
  }
}
