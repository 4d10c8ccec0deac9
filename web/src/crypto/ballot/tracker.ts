/** The tracker by which a voter finds a ballot again (3). */

import { type Bytes, readUint } from "../encoding/bytes.ts";
import { frame, sha256 } from "../hash.ts";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TRACKER_BYTES = 15;
const GROUP_LENGTH = 4;

/** The whole hash of a ballot, as its QR code carries it. */
export function ballotHash(electionId: Bytes, ballot: Bytes): Bytes {
  return sha256(frame("tracker", electionId, ballot));
}

/** The first 120 bits of a ballot's hash, in six groups of four characters. */
export function trackerOf(hash: Bytes): string {
  let text = "";
  for (let at = 0; at < TRACKER_BYTES; at += 5) {
    const word = readUint(hash.subarray(at, at + 5));
    for (let shift = 35n; shift >= 0n; shift -= 5n) {
      text += CROCKFORD.charAt(Number((word >> shift) & 31n));
    }
  }
  const groups: string[] = [];
  for (let at = 0; at < text.length; at += GROUP_LENGTH) {
    groups.push(text.slice(at, at + GROUP_LENGTH));
  }
  return groups.join("-");
}
