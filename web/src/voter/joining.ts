/** Joining: from a code to this device's own credential, bound to the voter's row (6). */

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Credential, makeCredential, provePossession } from "../crypto/ballot/credential.ts";
import { type Bytes, fromHex, isEqual, join, toHex } from "../crypto/encoding/bytes.ts";
import { encodeJson, type JsonObject } from "../crypto/encoding/json.ts";
import { KIND, type Row } from "../crypto/entries/bodies.ts";
import { freshBytes } from "../crypto/hash.ts";
import { InvalidInclusion } from "../crypto/errors.ts";
import { rowCommitment } from "../crypto/identities.ts";
import { type CheckedElection, isEnrolled } from "../node/election.ts";
import { type Node, Nonsense, Problem, numberOf, stringOf } from "../node/fetching.ts";
import { LedgerReader } from "../node/reader.ts";
import type { Place } from "./device.ts";

/** What the registrar tells the holder of a code about its row. */
export interface Invitation {
  readonly row: number;
  readonly reference: string;
  readonly salt: Bytes;
  /** `enrolled`: a device holds the row; `voted`: and has voted with it. */
  readonly state: "free" | "enrolled" | "voted";
}

const JSON_TYPE = "application/json";
const CHUNK_ROWS = 1_000;
const WAITS = 40;
const WAIT_MS = 250;

/** Nobody holds this code. */
export class UnknownCode extends Error {
  override readonly name = "UnknownCode";
}

/** The row has voted on another device: only the organizers can let it start anew. */
export class HasVoted extends Error {
  override readonly name = "HasVoted";
}

/** Asks the registrar whose code this is. */
export async function askRegistrar(
  node: Node,
  election: Bytes,
  token: string,
): Promise<Invitation> {
  let answer: JsonObject;
  try {
    const asked = encodeJson({ election: toHex(election), token });
    answer = await node.post("registrar/invitation", asked, JSON_TYPE);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) throw new UnknownCode(error.message);
    throw error;
  }
  const state = stringOf(answer, "state");
  if (state !== "free" && state !== "enrolled" && state !== "voted") {
    throw new Nonsense("a row is free, enrolled, or has voted");
  }
  return {
    row: numberOf(answer, "row"),
    reference: stringOf(answer, "reference"),
    salt: fromHex(stringOf(answer, "salt")),
    state,
  };
}

/** Checks that the voter's own commitment stands in the roll; two people cannot share one row. */
export async function findPlace(
  reader: LedgerReader,
  election: Bytes,
  { row, salt, reference }: Invitation,
): Promise<Place> {
  const commitment = rowCommitment(salt, reference);
  const found = await listedRow(reader, election, row, commitment);
  let [, weight, style, district] = found;
  for (const { entry } of await reader.find(election, [KIND.rollChange])) {
    if (entry.kind !== KIND.rollChange) continue;
    const change = entry.body.changes.find(([number]) => Number(number) === row);
    if (change !== undefined) [, weight, style, district] = change;
  }
  return { row, style: Number(style), district: Number(district), weight: Number(weight) };
}

async function listedRow(
  reader: LedgerReader,
  election: Bytes,
  row: number,
  commitment: Bytes,
): Promise<Row> {
  const chunks = await reader.indexes(election, [KIND.rollChunk]);
  const near = chunks[Math.floor(row / CHUNK_ROWS)];
  const changes = await reader.indexes(election, [KIND.rollChange]);
  const order = [...(near === undefined ? [] : [near]), ...chunks, ...changes];
  for (const index of new Set(order)) {
    const { entry } = await reader.proven(index);
    const isRoll = entry.kind === KIND.rollChunk || entry.kind === KIND.rollChange;
    const rows = isRoll && isEqual(entry.scope, election) ? entry.body.rows : [];
    const found = rows.find(([each]) => isEqual(each, commitment));
    if (found !== undefined) return found;
  }
  throw new InvalidInclusion("the roll has no row that belongs to this invitation");
}

/**
 * Makes this device's credential and has it bound to the row.
 *
 * @param keep called with the new credential before anybody hears of it.
 * @param clock this device's, seconds since 1970.
 */
export async function enroll(
  node: Node,
  election: CheckedElection,
  invitation: Invitation,
  keep: (credential: Credential) => void,
  clock: () => number,
): Promise<Credential> {
  const credential = makeCredential(freshBytes());
  keep(credential);
  const { row, salt } = invitation;
  const place = { ledgerId: election.ledgerId, electionId: election.id, row };
  const possession = provePossession(credential.secret, freshBytes(), place);
  const code = hmac(sha256, salt, join([credential.bytes, possession]));
  const request = encodeJson({
    code: toHex(code),
    credential: toHex(credential.bytes),
    election: toHex(election.id),
    paper: "enrollment request",
    possession: toHex(possession),
    row,
  });
  try {
    await node.post("registrar/enrollments", request, JSON_TYPE);
  } catch (error) {
    if (error instanceof Problem && error.status === 409) throw new HasVoted(error.message);
    throw error;
  }
  await waitEnrolled(node, election, row, credential.bytes, clock);
  return credential;
}

/** Waits until the ledger itself shows that the credential is the row's. */
async function waitEnrolled(
  node: Node,
  election: CheckedElection,
  row: number,
  credential: Bytes,
  clock: () => number,
): Promise<void> {
  for (let looked = 0; looked < WAITS; looked++) {
    const reader = await LedgerReader.open(node, clock());
    const acts = await reader.findRow(election.id, row);
    if (isEnrolled(reader, election.manifest, acts, row, credential)) return;
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
  throw new Nonsense("the ledger does not show that this device was enrolled");
}
