/** Who must have signed an act, and that exactly they did (9.3). */

import type { Bytes } from "../encoding/bytes.ts";
import { type Act, ROLE, actMessage } from "../entries/entry.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { hasSignature } from "../signatures/ed25519.ts";
import { type Membership, activeMembers, isMemberQuorum } from "./membership.ts";
import { demand } from "./refusal.ts";

/** A party that an act gives its key: it signs as joiner. */
export interface Joiner {
  readonly party: bigint;
  readonly signingKey: Bytes;
}

/** The signatures that an act must carry; what is left out must not be there. */
export interface SignersDue {
  readonly members?: "operator" | "one" | "quorum" | "all";
  readonly organizers?: boolean;
  readonly registrar?: boolean;
  readonly trustee?: boolean;
  readonly joiners?: readonly Joiner[];
}

/** Where the parties' keys come from. */
export interface SignerKeys {
  /** 32 zero bytes for entry 0. */
  readonly ledgerId: Bytes;
  readonly membership: Membership;
  readonly manifest?: Manifest;
}

/** Checks the signatures of an act: their order, their parties, that they hold, and who is due. */
export function checkSigners(act: Act, due: SignersDue, keys: SignerKeys): void {
  checkOrder(act);
  const message = actMessage(keys.ledgerId, act);
  for (const { role, party, signature } of act.signatures) {
    const key = keyOf(role, party, due, keys);
    demand(key !== undefined, "C07", "a signature of nobody who may sign this");
    demand(hasSignature(key, message, signature), "C07", "a signature does not hold");
  }
  const counts = [0, 0, 0, 0, 0];
  for (const { role } of act.signatures) counts[role] = (counts[role] ?? 0) + 1;
  checkCounts(counts, due, keys);
}

function checkOrder({ signatures }: Act): void {
  signatures.forEach(({ role, party }, i) => {
    const before = signatures[i - 1];
    const ascends =
      before === undefined || role > before.role || (role === before.role && party > before.party);
    demand(ascends, "C07", "signatures do not ascend");
  });
}

/** The key of a party whose signature may stand here. */
function keyOf(
  role: number,
  party: bigint,
  due: SignersDue,
  { membership, manifest }: SignerKeys,
): Bytes | undefined {
  const at = party < 1_000_000n ? Number(party) : -1;
  switch (role) {
    case ROLE.member:
      if (due.members === "operator" && at !== 0) return undefined;
      return due.members && activeMembers(membership).find((one) => one.number === at)?.signingKey;
    case ROLE.organizer:
      return due.organizers === true ? manifest?.organizers.parties[at]?.key : undefined;
    case ROLE.registrar:
      return due.registrar === true && at === 0 ? manifest?.registrar.key : undefined;
    case ROLE.trustee:
      return due.trustee === true ? manifest?.trustees.parties[at - 1]?.key : undefined;
    default:
      return due.joiners?.find((joiner) => joiner.party === party)?.signingKey;
  }
}

function checkCounts(counts: readonly number[], due: SignersDue, keys: SignerKeys): void {
  const [members = 0, organizers = 0, registrar = 0, trustees = 0, joiners = 0] = counts;
  const { membership, manifest } = keys;
  if (due.members === "one" || due.members === "operator") {
    demand(members === 1, "C07", "one member signs");
  }
  if (due.members === "all") {
    demand(members === activeMembers(membership).length, "C07", "every member signs");
  }
  if (due.members === "quorum") {
    demand(isMemberQuorum(membership, members), "C07", "a quorum of members signs");
  }
  if (due.organizers === true) {
    const quorum = manifest?.organizers.quorum ?? Number.POSITIVE_INFINITY;
    demand(organizers >= quorum, "C07", "the organizers are below their quorum");
  }
  if (due.registrar === true) demand(registrar === 1, "C07", "the registrar signs");
  if (due.trustee === true) demand(trustees === 1, "C07", "one trustee signs");
  demand(joiners === (due.joiners?.length ?? 0), "C07", "a joiner's signature is missing");
}
