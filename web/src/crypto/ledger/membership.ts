/** Who keeps a ledger: its members, active or not, and all keys they ever had (9.1, 10). */

import { type Bytes, toHex } from "../encoding/bytes.ts";
import type { ActOf } from "../entries/entry.ts";
import { KIND, type Validator } from "../entries/bodies.ts";
import { type Cosigner, isQuorum } from "../log/checkpoint.ts";
import { isKey } from "../signatures/ed25519.ts";
import { demand } from "./refusal.ts";

export interface MemberState {
  readonly number: number;
  readonly name: string;
  readonly signingKey: Bytes;
  readonly cosigningKey: Bytes;
  /** `null` for the members of a genesis, who do not vote. */
  readonly validatorKey: Bytes | null;
  readonly isActive: boolean;
}

export const ACTIVE_MAX = 64;
const ACTIVE_LEAST = 4;

/** A membership; every accepted act gives a new one. */
export interface Membership {
  readonly keeper: "operator" | "consortium";
  readonly members: readonly MemberState[];
  /** All keys of any use that any member ever had, in hex. */
  readonly keysEver: ReadonlySet<string>;
  /** All validator keys that any member ever had, in hex. */
  readonly validatorKeysEver: ReadonlySet<string>;
  /** Accepted acts of kinds 5 to 7. */
  readonly actCount: number;
}

export function activeMembers(membership: Membership): MemberState[] {
  return membership.members.filter((member) => member.isActive);
}

/** Whose cosignatures stand on the ledger's checkpoints. */
export function cosignersOf(membership: Membership): Cosigner[] {
  return activeMembers(membership).map(({ number, cosigningKey }) => ({
    member: number,
    cosigningKey,
  }));
}

/** Whether so many active members are more than two thirds of them. */
export function isMemberQuorum(membership: Membership, some: number): boolean {
  return isQuorum(some, activeMembers(membership).length);
}

/** The active members' validator keys. */
export function validatorKeys(membership: Membership): Bytes[] {
  return activeMembers(membership).flatMap(({ validatorKey }) => validatorKey ?? []);
}

type Keys = Pick<MemberState, "signingKey" | "cosigningKey" | "validatorKey">;

function keysOf({ signingKey, cosigningKey, validatorKey }: Keys): Bytes[] {
  return [signingKey, cosigningKey, ...(validatorKey === null ? [] : [validatorKey])];
}

function areDistinct(texts: readonly string[]): boolean {
  return new Set(texts).size === texts.length;
}

/** Founds a ledger: the members that entry 0 names. */
export function found(
  keeper: Membership["keeper"],
  named: readonly (Keys & { readonly name: string })[],
): Membership {
  const keys = named.flatMap(keysOf);
  demand(keys.every(isKey), "C03", "a key is not lawful");
  demand(areDistinct(keys.map(toHex)), "C03", "two keys are the same");
  if (keeper === "consortium") {
    demand(areDistinct(named.map((one) => one.name)), "C03", "two names are the same");
  }
  return extend(
    {
      keeper,
      members: [],
      keysEver: new Set(),
      validatorKeysEver: new Set(),
      actCount: 0,
    },
    named,
  );
}

function extend(
  membership: Membership,
  named: readonly (Keys & { readonly name: string })[],
): Membership {
  const start = membership.members.length;
  const added = named.map(({ name, signingKey, cosigningKey, validatorKey }, i) => ({
    number: start + i,
    name,
    signingKey,
    cosigningKey,
    validatorKey,
    isActive: true,
  }));
  return {
    ...membership,
    members: [...membership.members, ...added],
    ...withKeys(membership, named),
  };
}

function withKeys(
  membership: Membership,
  owners: readonly Keys[],
): Pick<Membership, "keysEver" | "validatorKeysEver"> {
  const voting = owners.flatMap(({ validatorKey }) => validatorKey ?? []);
  return {
    keysEver: new Set([...membership.keysEver, ...owners.flatMap(keysOf).map(toHex)]),
    validatorKeysEver: new Set([...membership.validatorKeysEver, ...voting.map(toHex)]),
  };
}

/** Hands an operator's ledger over to the validators named. */
export function handOver(
  membership: Membership,
  { body }: ActOf<typeof KIND.consortium>,
  blockTimeUnixS: bigint,
): Membership {
  demand(membership.keeper === "operator", "C08", "a consortium keeps the ledger already");
  const keys = body.validators.flatMap(keysOf);
  demand(keys.every(isKey), "C08", "a key is not lawful");
  const hexes = keys.map(toHex);
  const isNew = areDistinct(hexes) && !hexes.some((key) => membership.keysEver.has(key));
  demand(isNew, "C08", "a key is not new");
  demand(areDistinct(body.validators.map((one) => one.name)), "C08", "two names are the same");
  demand(body.time >= blockTimeUnixS, "C08", "the engine's first time lies before the block");
  const members = membership.members.map((member) => ({ ...member, isActive: false }));
  return extend({ ...membership, keeper: "consortium", members }, body.validators);
}

/** Takes a member in. */
export function join(membership: Membership, validator: Validator): Membership {
  checkKeys(membership, validator, null);
  const active = activeMembers(membership);
  demand(!active.some(({ name }) => name === validator.name), "C08", "the name is taken");
  demand(active.length < ACTIVE_MAX, "C08", "at most 64 members are active");
  return count(extend(membership, [validator]));
}

/** Lets a member go. */
export function leave(membership: Membership, number: bigint): Membership {
  const member = activeMember(membership, number);
  demand(activeMembers(membership).length > ACTIVE_LEAST, "C08", "four members must stay");
  return count(replaceMember(membership, { ...member, isActive: false }));
}

/** Gives a member other keys. */
export function rotate(
  membership: Membership,
  body: ActOf<typeof KIND.rotate>["body"],
): Membership {
  const member = activeMember(membership, body.member);
  const { signingKey, cosigningKey, validatorKey } = body;
  const keys = { signingKey, cosigningKey, validatorKey };
  checkKeys(membership, keys, member);
  const before = keysOf(member).map(toHex);
  const isChanged = keysOf(keys).some((key, i) => toHex(key) !== before[i]);
  demand(isChanged, "C08", "no key differs");
  const rotated = replaceMember(membership, { ...member, ...keys });
  return count({ ...rotated, ...withKeys(membership, [keys]) });
}

function activeMember(membership: Membership, number: bigint): MemberState {
  const member = activeMembers(membership).find((one) => BigInt(one.number) === number);
  demand(member !== undefined, "C08", "the member is not active");
  return member;
}

/** Keys are lawful and distinct; one that is not the member's own for this use is new. */
function checkKeys(membership: Membership, keys: Keys, own: MemberState | null): void {
  const list = keysOf(keys);
  demand(list.every(isKey), "C08", "a key is not lawful");
  demand(areDistinct(list.map(toHex)), "C08", "two keys are the same");
  const kept = own === null ? [] : keysOf(own).map(toHex);
  const isFresh = list
    .map(toHex)
    .every((key, i) => key === kept[i] || !membership.keysEver.has(key));
  demand(isFresh, "C08", "a key was used before");
}

function replaceMember(membership: Membership, member: MemberState): Membership {
  const members = membership.members.map((one) => (one.number === member.number ? member : one));
  return { ...membership, members };
}

function count(membership: Membership): Membership {
  return { ...membership, actCount: membership.actCount + 1 };
}
