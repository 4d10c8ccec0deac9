/** What a contest's proof is bound to, and the challenges that follow from it (8.2, 8.4). */

import { type Bytes, u32 } from "../encoding/bytes.ts";
import type { Scalar } from "../group/scalar.ts";
import { frame } from "../hash.ts";
import { Transcript } from "../transcript.ts";

/** The election, the joint key and the credential that a proof holds for, and no other. */
export interface BallotContext {
  readonly electionId: Bytes;
  readonly jointKeyDigest: Bytes;
  /** The 32 bytes of X. */
  readonly credential: Bytes;
}

/** The context of one contest, by its number in the manifest. */
export function contestContext(ballot: BallotContext, contest: number): Bytes {
  const { electionId, jointKeyDigest, credential } = ballot;
  return frame("contest", electionId, jointKeyDigest, u32(contest), credential);
}

/** The transcript of a contest's proof, in the order in which its messages come. */
export class ContestTranscript {
  private readonly transcript = new Transcript("contest proof");

  /** Draws y after the ciphertext A, B_1..B_n and the bits' commitment V, as bytes. */
  drawY(context: Bytes, ciphertext: readonly Bytes[], bits: Bytes): Scalar {
    this.transcript.absorb("context", context);
    this.transcript.absorb("ciphertext", ...ciphertext);
    this.transcript.absorb("bits", bits);
    return this.transcript.challenge("y");
  }

  /** Draws x after the masks V' and W', as bytes. */
  drawX(bitsMask: Bytes, valueMask: Bytes): Scalar {
    this.transcript.absorb("masks", bitsMask, valueMask);
    return this.transcript.challenge("x");
  }
}
