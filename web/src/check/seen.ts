/** Ballot hashes that this device was shown before their voters decided. */

import { type Bytes, toHex } from "../crypto/encoding/bytes.ts";
import type { Shelf } from "../voter/device.ts";

const SEEN_MAX = 20;

function nameOf(election: Bytes): string {
  return `hanpyo seen ${toHex(election)}`;
}

function read(shelf: Shelf, election: Bytes): string[] {
  const kept = shelf.getItem(nameOf(election))?.split(" ") ?? [];
  return kept.filter((each) => /^[0-9a-f]{64}$/.test(each));
}

/** Notes a hash, in hex. */
export function noteSeen(shelf: Shelf, election: Bytes, hash: string): void {
  const others = read(shelf, election).filter((each) => each !== hash);
  shelf.setItem(nameOf(election), [hash, ...others].slice(0, SEEN_MAX).join(" "));
}

/** Whether a hash was shown to this device before. */
export function wasSeen(shelf: Shelf, election: Bytes, hash: string): boolean {
  return read(shelf, election).includes(hash);
}
