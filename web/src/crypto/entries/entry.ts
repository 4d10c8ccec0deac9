/** Entries of the ledger: acts in one envelope, and cast ballots (9.2, 9.3). */

import { type Bytes, u32, u64 } from "../encoding/bytes.ts";
import { type CborValue, encodeCbor } from "../encoding/cbor.ts";
import { NotCanonical } from "../errors.ts";
import { frame } from "../hash.ts";
import { type ActKind, BODIES, type Body, KIND, isActKind } from "./bodies.ts";
import {
  type Reader,
  asMap,
  decodeExactly,
  digest,
  fieldOf,
  fields,
  list,
  proof,
  sizedBytes,
  tuple,
  uint,
  uintOf,
} from "./schema.ts";

export const ENTRY_BYTES_MAX = 65_535;
const BALLOT_BYTES_MAX = 65_000;
const STYLE_MAX = 63;

export const ROLE = { member: 0, organizer: 1, registrar: 2, trustee: 3, joiner: 4 } as const;

/** Who signed: a role, the party's number in it, and the signature. */
export interface ActSignature {
  readonly role: number;
  readonly party: bigint;
  readonly signature: Bytes;
}

export interface ActOf<K extends ActKind> {
  readonly kind: K;
  readonly scope: Bytes;
  readonly number: bigint;
  readonly body: Body<K>;
  /** The CBOR bytes of the body, which signatures cover. */
  readonly bodyBytes: Bytes;
  readonly signatures: readonly ActSignature[];
}

export type Act = { readonly [K in ActKind]: ActOf<K> }[ActKind];

export interface Cast {
  readonly kind: typeof KIND.cast;
  readonly scope: Bytes;
  readonly style: number;
  readonly credential: Bytes;
  readonly sequence: bigint;
  readonly ballot: Bytes;
  readonly signature: Bytes;
}

export type Entry = Act | Cast;

const signatureSchema = tuple(uintOf(0, 4), uint, proof);
const envelopeSchema = fields({
  kind: [0, uint],
  scope: [1, digest],
  number: [2, uint],
  body: [3, (value: CborValue): CborValue => value],
  signatures: [4, list(signatureSchema, 0, ENTRY_BYTES_MAX)],
});
const castSchema = fields({
  kind: [0, uintOf(KIND.cast, KIND.cast)],
  scope: [1, digest],
  style: [2, uintOf(0, STYLE_MAX)],
  credential: [3, digest],
  sequence: [4, uint],
  ballot: [5, sizedBytes(1, BALLOT_BYTES_MAX)],
  signature: [6, proof],
});

/** Decodes an entry; every string of bytes that is not the one encoding of one is refused. */
export function decodeEntry(bytes: Bytes): Entry {
  if (bytes.length < 1 || bytes.length > ENTRY_BYTES_MAX) {
    throw new NotCanonical("an entry is 1 to 65,535 bytes");
  }
  return decodeExactly<Entry>((value) => {
    const kind = uint(fieldOf(asMap(value), 0));
    if (kind === BigInt(KIND.cast)) return { ...castSchema(value), kind: KIND.cast };
    return readAct(value);
  }, bytes);
}

function readAct(value: CborValue): Act {
  const { kind, scope, number, body, signatures } = envelopeSchema(value);
  if (!isActKind(kind)) throw new NotCanonical("a kind that does not exist");
  const actKind = Number(kind) as ActKind;
  const reader: Reader<Body<ActKind>> = BODIES[actKind];
  const act = {
    kind: actKind,
    scope,
    number,
    body: reader(body),
    bodyBytes: encodeCbor(body),
    signatures: signatures.map(([role, party, signature]) => ({ role, party, signature })),
  };
  // The reader was chosen by the kind, which the compiler cannot follow.
  return act as Act;
}

/** The bytes that every party to an act signs; for entry 0 the ledger id is 32 zero bytes. */
export function actMessage(
  ledgerId: Bytes,
  act: Pick<Act, "scope" | "kind" | "number" | "bodyBytes">,
): Bytes {
  return frame("act", ledgerId, act.scope, u32(act.kind), u64(act.number), act.bodyBytes);
}

/** Encodes an act from its body's CBOR value and its signatures. */
export function encodeAct(
  act: Pick<Act, "scope" | "kind" | "number" | "signatures">,
  body: CborValue,
): Bytes {
  const signatures = act.signatures.map((one) => [BigInt(one.role), one.party, one.signature]);
  const items: CborValue[] = [BigInt(act.kind), act.scope, act.number, body, signatures];
  return encodeCbor(new Map(items.entries()));
}

/** Encodes a cast ballot. */
export function encodeCast(cast: Omit<Cast, "kind">): Bytes {
  const { scope, style, credential, sequence, ballot, signature } = cast;
  const kind = BigInt(KIND.cast);
  const items = [kind, scope, BigInt(style), credential, sequence, ballot, signature];
  return encodeCbor(new Map<number, CborValue>(items.entries()));
}
