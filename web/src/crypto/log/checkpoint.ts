/** Checkpoints: a log's size and root, signed by who keeps it (9.5). */

import { type Bytes, isEqual, join, readUint, toHex } from "../encoding/bytes.ts";
import { decodeBase64, encodeBase64 } from "../encoding/base64.ts";
import { UINT_MAX } from "../encoding/cbor.ts";
import { ascii, decodeUtf8, encodeUtf8 } from "../encoding/text.ts";
import { InvalidCheckpoint, NotCanonical } from "../errors.ts";
import { sha256 } from "../hash.ts";
import { hasSignature } from "../signatures/ed25519.ts";

export interface SignatureLine {
  readonly keyName: string;
  /** Key id and signature, 68 bytes, or key id, timestamp and signature, 76 bytes. */
  readonly bytes: Bytes;
}

/** A checkpoint of its form; whose signatures are due is judged elsewhere. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: bigint;
  readonly root: Bytes;
  readonly lines: readonly SignatureLine[];
}

/** Who may sign a checkpoint under which key. */
export interface Cosigner {
  /** The member's number. */
  readonly member: number;
  readonly cosigningKey: Bytes;
}

const LOG_KEY = 0x01;
const COSIGNING_KEY = 0x04;
const KEY_ID_BYTES = 4;
const LOG_LINE_BYTES = 68;
const COSIGNATURE_LINE_BYTES = 76;

/** The origin of a ledger, from entry 0's random bytes. */
export function originOf(random: Bytes): string {
  return `hanpyo/${toHex(random.subarray(0, 8))}`;
}

/** The three lines that are signed. */
export function checkpointText(origin: string, size: bigint, root: Bytes): string {
  return `${origin}\n${size}\n${encodeBase64(root)}\n`;
}

/** Reads a decimal number of 0..2^63-1 without sign or leading zero. */
export function readDecimal(text: string): bigint {
  const value = /^(0|[1-9][0-9]{0,18})$/.test(text) ? BigInt(text) : null;
  if (value === null || value > UINT_MAX) throw new NotCanonical("not a decimal number");
  return value;
}

/** Reads a checkpoint's exact form. */
export function readCheckpoint(bytes: Bytes): Checkpoint {
  try {
    return parse(decodeUtf8(bytes));
  } catch (error) {
    if (error instanceof NotCanonical) throw new InvalidCheckpoint(error.message);
    throw error;
  }
}

function parse(text: string): Checkpoint {
  const lines = text.split("\n");
  if (lines.pop() !== "") throw new NotCanonical("the last line has no newline");
  const [origin, size, root, empty, ...signatures] = lines;
  if (!origin || size === undefined || root === undefined || empty !== "") {
    throw new NotCanonical("not three lines and an empty one");
  }
  const rootBytes = decodeBase64(root);
  if (rootBytes.length !== 32) throw new NotCanonical("a root takes 32 bytes");
  if (signatures.length === 0) throw new NotCanonical("no signature line");
  return { origin, size: readDecimal(size), root: rootBytes, lines: signatures.map(parseLine) };
}

function parseLine(line: string): SignatureLine {
  const match = /^\u2014 ([^ ]+) ([^ ]+)$/.exec(line);
  const [, keyName, base64] = match ?? [];
  if (keyName === undefined || base64 === undefined) throw new NotCanonical("a signature line");
  const bytes = decodeBase64(base64);
  if (bytes.length !== LOG_LINE_BYTES && bytes.length !== COSIGNATURE_LINE_BYTES) {
    throw new NotCanonical("a signature of another length");
  }
  return { keyName, bytes };
}

function keyId(keyName: string, type: number, key: Bytes): Bytes {
  const name = encodeUtf8(keyName);
  return sha256(join([name, Uint8Array.of(0x0a, type), key])).subarray(0, KEY_ID_BYTES);
}

/** The bytes that a cosigner signs. */
export function cosignatureMessage(timestamp: bigint, text: string): Bytes {
  return ascii(`cosignature/v1\ntime ${timestamp}\n${text}`);
}

/** Whether the line is the log's own signature by member 0's signing key. */
export function hasLogLine(checkpoint: Checkpoint, line: SignatureLine, key: Bytes): boolean {
  const { origin, size, root } = checkpoint;
  const id = keyId(origin, LOG_KEY, key);
  const signature = line.bytes.subarray(KEY_ID_BYTES);
  return (
    line.keyName === origin &&
    line.bytes.length === LOG_LINE_BYTES &&
    isEqual(line.bytes.subarray(0, KEY_ID_BYTES), id) &&
    hasSignature(key, ascii(checkpointText(origin, size, root)), signature)
  );
}

/** The timestamp of a line that is this member's cosignature and holds; else `null`. */
export function cosignatureTime(
  checkpoint: Checkpoint,
  line: SignatureLine,
  { member, cosigningKey }: Cosigner,
): bigint | null {
  const { origin, size, root } = checkpoint;
  if (line.keyName !== `${origin}/${member}`) return null;
  if (line.bytes.length !== COSIGNATURE_LINE_BYTES) return null;
  const id = keyId(line.keyName, COSIGNING_KEY, cosigningKey);
  if (!isEqual(line.bytes.subarray(0, KEY_ID_BYTES), id)) return null;
  const timestamp = readUint(line.bytes.subarray(KEY_ID_BYTES, KEY_ID_BYTES + 8));
  const message = cosignatureMessage(timestamp, checkpointText(origin, size, root));
  return hasSignature(cosigningKey, message, line.bytes.subarray(KEY_ID_BYTES + 8))
    ? timestamp
    : null;
}

/** Checks the two lines of a single operator's checkpoint; gives its time. */
export function checkOperatorLines(
  checkpoint: Checkpoint,
  operator: { readonly signingKey: Bytes; readonly cosigningKey: Bytes },
): bigint {
  const [log, cosignature, ...more] = checkpoint.lines;
  if (log === undefined || cosignature === undefined || more.length > 0) {
    throw new InvalidCheckpoint("an operator's checkpoint has exactly two signature lines");
  }
  if (!hasLogLine(checkpoint, log, operator.signingKey)) {
    throw new InvalidCheckpoint("the log's signature does not hold");
  }
  const time = cosignatureTime(checkpoint, cosignature, { member: 0, ...operator });
  if (time === null) throw new InvalidCheckpoint("the cosignature does not hold");
  return time;
}

/** Checks the cosignatures of a quorum of active members; gives the checkpoint's time. */
export function checkMemberLines(checkpoint: Checkpoint, active: readonly Cosigner[]): bigint {
  const times: bigint[] = [];
  let last = -1;
  for (const line of checkpoint.lines) {
    const cosigner = active.find(({ member }) => line.keyName === `${checkpoint.origin}/${member}`);
    if (cosigner === undefined) throw new InvalidCheckpoint("a line names no active member");
    if (cosigner.member <= last) throw new InvalidCheckpoint("cosignatures do not ascend");
    const time = cosignatureTime(checkpoint, line, cosigner);
    if (time === null) throw new InvalidCheckpoint("a cosignature does not hold");
    last = cosigner.member;
    times.push(time);
  }
  if (!isQuorum(times.length, active.length)) throw new InvalidCheckpoint("too few cosignatures");
  return lowerMedian(times);
}

/** Whether so many of all are more than two thirds. */
export function isQuorum(some: number, all: number): boolean {
  return 3 * some > 2 * all;
}

function lowerMedian(times: readonly bigint[]): bigint {
  const sorted = [...times].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0n;
}
