/** The Fiat-Shamir transcript: one running SHA-512 over frames (2.3). */

import { sha512 } from "@noble/hashes/sha2.js";
import type { Bytes } from "./encoding/bytes.ts";
import { type Scalar, wide } from "./group/scalar.ts";
import { frame } from "./hash.ts";
import type { Label } from "./labels.ts";

export class Transcript {
  private readonly state = sha512.create();

  constructor(label: Label) {
    this.state.update(frame(label));
  }

  absorb(label: Label, ...parts: readonly Bytes[]): void {
    this.state.update(frame(label, ...parts));
  }

  challenge(label: Label): Scalar {
    this.state.update(frame(label));
    const digest = this.digest();
    this.state.update(digest);
    return wide(digest);
  }

  /** The digest of all fed so far, which nonces are drawn from (2.4). */
  digest(): Bytes {
    return this.state.clone().digest();
  }
}
