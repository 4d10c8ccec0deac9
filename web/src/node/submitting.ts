/** Handing entries in, and waiting until each is proven to be recorded. */

import { type Bytes, isEqual, join, toHex } from "../crypto/encoding/bytes.ts";
import { decodeBase64 } from "../crypto/encoding/base64.ts";
import { decodeUtf8 } from "../crypto/encoding/text.ts";
import { type JsonValue, isArray } from "../crypto/encoding/json.ts";
import { InvalidCheckpoint } from "../crypto/errors.ts";
import { entryHash } from "../crypto/identities.ts";
import { type Checkpoint, readCheckpoint } from "../crypto/log/checkpoint.ts";
import { checkInclusion, leafHash } from "../crypto/log/merkle.ts";
import { type Node, Nonsense, Problem, asObject, listOf, numberOf, stringOf } from "./fetching.ts";
import { FRESH_S, type Keepers, LedgerReader, checkSigned } from "./reader.ts";

/** What a node says of an entry that was handed in. */
export type Verdict =
  | { readonly verdict: "queued"; readonly promise: Bytes | null }
  | { readonly verdict: "known" }
  | { readonly verdict: "refused"; readonly check: string; readonly why: string }
  | { readonly verdict: "later"; readonly retryAfterS: number };

/** An entry that this page itself has seen proven. */
export interface Recorded {
  readonly index: number;
  readonly checkpoint: Checkpoint;
  /** The checkpoint as the node gave it. */
  readonly text: string;
  /** When those who keep the ledger signed it, seconds since 1970. */
  readonly signedUnixS: number;
}

const WAIT_S = 10;
const WAIT_PATIENCE_MS = 15_000;
const BYTES_TYPE = "application/octet-stream";

/** Hands entries in; one verdict for each, in order. */
export async function submit(node: Node, entries: readonly Bytes[]): Promise<Verdict[]> {
  const body = join(entries.flatMap((entry) => [lengthOf(entry), entry]));
  const answer = listOf(await node.post("entries", body, BYTES_TYPE), "verdicts");
  if (answer.length !== entries.length) throw new Nonsense("a verdict for each entry is due");
  return answer.map((value, i) => verdictOf(value, entries[i] ?? new Uint8Array()));
}

function lengthOf(entry: Bytes): Bytes {
  return Uint8Array.of(entry.length >> 8, entry.length & 255);
}

function verdictOf(value: JsonValue, entry: Bytes): Verdict {
  if (typeof value !== "object" || value === null || isArray(value)) {
    throw new Nonsense("a verdict is an object");
  }
  if (stringOf(value, "hash") !== toHex(entryHash(entry))) {
    throw new Nonsense("a verdict on another entry");
  }
  const promise = value["promise"];
  switch (value["verdict"]) {
    case "queued":
      return {
        verdict: "queued",
        promise: typeof promise === "string" ? decodeBase64(promise) : null,
      };
    case "known":
      return { verdict: "known" };
    case "refused":
      return {
        verdict: "refused",
        check: stringOf(value, "check"),
        why: stringOf(value, "why"),
      };
    case "later":
      return { verdict: "later", retryAfterS: numberOf(value, "retry_after_s") };
    default:
      throw new Nonsense("a verdict is queued, known, refused or later");
  }
}

/**
 * Asks a node once whether an entry is recorded, and waits a little.
 *
 * @returns `null` where it is not yet.
 * @throws where the node's proof does not hold: nothing is recorded by its word alone.
 */
export async function whetherRecorded(
  node: Node,
  keepers: Keepers,
  entry: Bytes,
  nowUnixS: () => number,
): Promise<Recorded | null> {
  let answer: Bytes;
  try {
    const path = `wait/${toHex(entryHash(entry))}?timeout=${WAIT_S}`;
    answer = await node.get(path, WAIT_PATIENCE_MS);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
  const inclusion = asObject(answer);
  const text = decodeBase64(stringOf(inclusion, "checkpoint"));
  const checkpoint = readCheckpoint(text);
  const index = numberOf(inclusion, "index");
  const proof = listOf(inclusion, "proof").map((each) => {
    if (typeof each !== "string") throw new Nonsense("a proof is a list of hashes");
    return decodeBase64(each);
  });
  checkInclusion(leafHash(entry), index, Number(checkpoint.size), checkpoint.root, proof);
  const signedUnixS = await signedBy(node, keepers, checkpoint, nowUnixS());
  if (Math.abs(nowUnixS() - signedUnixS) >= FRESH_S) {
    throw new InvalidCheckpoint("the signature is not of these minutes");
  }
  return { index, checkpoint, text: decodeUtf8(text), signedUnixS };
}

/** Checks a newer checkpoint; where others keep the ledger by now, by their keys. */
async function signedBy(
  node: Node,
  keepers: Keepers,
  checkpoint: Checkpoint,
  nowUnixS: number,
): Promise<number> {
  try {
    return checkSigned(checkpoint, keepers);
  } catch (error) {
    if (!(error instanceof InvalidCheckpoint)) throw error;
    const fresh = await LedgerReader.open(node, nowUnixS);
    const isSame = isEqual(fresh.ledgerId, keepers.ledgerId);
    if (!isSame) throw error;
    return checkSigned(checkpoint, fresh.keepers);
  }
}
