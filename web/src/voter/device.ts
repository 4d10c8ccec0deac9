/** What this device keeps of an election, and only that: never a selection, never a seed. */

import { decodeBase64, encodeBase64 } from "../crypto/encoding/base64.ts";
import { type Bytes, fromHex, toHex } from "../crypto/encoding/bytes.ts";
import {
  decodeJson,
  encodeJson,
  isArray,
  type JsonObject,
  type JsonValue,
} from "../crypto/encoding/json.ts";
import { decodeUtf8, encodeUtf8 } from "../crypto/encoding/text.ts";
import { type Scalar, decodeScalar, encodeScalar } from "../crypto/group/scalar.ts";

/** Where things are kept by name; `localStorage` is one. */
export interface Shelf {
  getItem: (name: string) => string | null;
  setItem: (name: string, value: string) => void;
  removeItem: (name: string) => void;
}

/** What the roll says of the voter's row. */
export interface Place {
  readonly row: number;
  readonly style: number;
  readonly district: number;
  readonly weight: number;
}

/** This device's right to vote in one election, and how far it came. */
export interface Device {
  readonly place: Place;
  readonly secret: Scalar;
  /** The 32 bytes of X. */
  readonly credential: Bytes;
  /** The last sequence number that this device signed with; 0: none. */
  readonly sequence: number;
  /** The signed entry that is not known to be recorded; it is sent again as it is. */
  readonly waiting: Bytes | null;
  /** A gateway's promise about it. */
  readonly promise: Bytes | null;
  /** The whole hash of the last ballot that was recorded, in hex. */
  readonly last: string;
  /** The newest checkpoint that this device has seen, as text. */
  readonly checkpoint: string;
}

const STEP_MAX = 8; // how far a ballot may run ahead of the last recorded one (10)

/** Too many ballots of this device were signed and never arrived. */
export class TooManyLost extends Error {
  override readonly name = "TooManyLost";
}

/** The number for a new ballot: never one that was signed with before. */
export function nextSequence(device: Device, recorded: number): number {
  const next = Math.max(device.sequence, recorded) + 1;
  if (next > recorded + STEP_MAX) throw new TooManyLost("too many ballots never arrived");
  return next;
}

function nameOf(election: Bytes): string {
  return `hanpyo device ${toHex(election)}`;
}

/** Keeps what must not be forgotten, before anything that depends on it leaves the device. */
export function keepDevice(shelf: Shelf, election: Bytes, device: Device): void {
  const value: JsonObject = {
    // Its line ends are no text of our JSON.
    checkpoint: encodeBase64(encodeUtf8(device.checkpoint)),
    credential: toHex(device.credential),
    last: device.last,
    place: { ...device.place },
    promise: device.promise === null ? "" : encodeBase64(device.promise),
    secret: toHex(encodeScalar(device.secret)),
    sequence: device.sequence,
    waiting: device.waiting === null ? "" : encodeBase64(device.waiting),
  };
  shelf.setItem(nameOf(election), decodeUtf8(encodeJson(value)));
}

/** Takes up what was kept; `null` where nothing was, or it is damaged. */
export function keptDevice(shelf: Shelf, election: Bytes): Device | null {
  const text = shelf.getItem(nameOf(election));
  if (text === null) return null;
  try {
    return readDevice(text);
  } catch {
    return null;
  }
}

function readDevice(text: string): Device {
  const value = decodeJson(encodeUtf8(text));
  if (typeof value !== "object" || value === null || isArray(value)) throw new Error("no device");
  const { sequence } = value;
  if (typeof sequence !== "number") throw new Error("no device");
  const textOf = (name: string): string => {
    const field = value[name];
    if (typeof field !== "string") throw new Error("no device");
    return field;
  };
  const bytesOf = (name: string): Bytes | null =>
    textOf(name) === "" ? null : decodeBase64(textOf(name));
  return {
    place: readPlace(value["place"]),
    sequence,
    secret: decodeScalar(fromHex(textOf("secret"))),
    credential: fromHex(textOf("credential")),
    waiting: bytesOf("waiting"),
    promise: bytesOf("promise"),
    last: textOf("last"),
    checkpoint: decodeUtf8(decodeBase64(textOf("checkpoint"))),
  };
}

function readPlace(value: JsonValue | undefined): Place {
  if (typeof value !== "object" || value === null || isArray(value)) throw new Error("no place");
  const [row, style, district, weight] = ["row", "style", "district", "weight"].map((name) => {
    const field = value[name];
    if (typeof field !== "number") throw new Error("no place");
    return field;
  });
  return { row: row ?? 0, style: style ?? 0, district: district ?? 0, weight: weight ?? 1 };
}
