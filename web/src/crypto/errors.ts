/** Every refusal of the protocol, each with the public code that the test vectors name. */

export abstract class ProtocolError extends Error {
  abstract readonly code: number;
}

/** Not the one canonical encoding, or not of the form (2.6, 2.7, 9.2). */
export class NotCanonical extends ProtocolError {
  override readonly name = "NotCanonical";
  readonly code = 13;
}

/** Not a manifest (4, 5, 12). */
export class InvalidManifest extends ProtocolError {
  override readonly name = "InvalidManifest";
  readonly code = 14;
}

/** Not a canonical point, or the identity where it is refused (2.2). */
export class InvalidPoint extends ProtocolError {
  override readonly name = "InvalidPoint";
  readonly code = 30;
}

/** Not a canonical scalar (2.2). */
export class InvalidScalar extends ProtocolError {
  override readonly name = "InvalidScalar";
  readonly code = 31;
}

/** A signature that does not hold (2.5). */
export class InvalidSignature extends ProtocolError {
  override readonly name = "InvalidSignature";
  readonly code = 32;
}

/** Not a lawful Ed25519 key (2.5, rules 1 and 2). */
export class InvalidKey extends ProtocolError {
  override readonly name = "InvalidKey";
  readonly code = 33;
}

/** A contest's proof that does not hold (8.4). */
export class InvalidProof extends ProtocolError {
  override readonly name = "InvalidProof";
  readonly code = 34;
}

/** A proof of possession that does not hold, or its X is none (6). */
export class InvalidPossession extends ProtocolError {
  override readonly name = "InvalidPossession";
  readonly code = 35;
}

/** Scores that the contest refuses (5.1). */
export class InvalidScores extends ProtocolError {
  override readonly name = "InvalidScores";
  readonly code = 36;
}

/** A contest whose numbers break a bound (5.1, 5.2). */
export class InvalidContest extends ProtocolError {
  override readonly name = "InvalidContest";
  readonly code = 37;
}

/** A commit, reveal or commitment that does not hold; joint keys that are refused (7). */
export class InvalidCeremony extends ProtocolError {
  override readonly name = "InvalidCeremony";
  readonly code = 40;
}

/** A share that does not hold (11.3); other trustees may still reach the threshold. */
export class InvalidShare extends ProtocolError {
  override readonly name = "InvalidShare";
  readonly code = 41;
}

/** A deal that does not open or fit (7). */
export class InvalidDeal extends ProtocolError {
  override readonly name = "InvalidDeal";
  readonly code = 42;
}

/** A complaint whose proof does not hold (7). */
export class InvalidComplaint extends ProtocolError {
  override readonly name = "InvalidComplaint";
  readonly code = 43;
}

/** Totals that do not follow from their shares (11.3). */
export class InvalidTotals extends ProtocolError {
  override readonly name = "InvalidTotals";
  readonly code = 44;
}

/** A proof of inclusion that does not hold (RFC 9162). */
export class InvalidInclusion extends ProtocolError {
  override readonly name = "InvalidInclusion";
  readonly code = 50;
}

/** A proof of consistency that does not hold (RFC 9162). */
export class InvalidConsistency extends ProtocolError {
  override readonly name = "InvalidConsistency";
  readonly code = 51;
}

/** A checkpoint or block that does not hold (9.5, 9.6). */
export class InvalidCheckpoint extends ProtocolError {
  override readonly name = "InvalidCheckpoint";
  readonly code = 52;
}

/** A promise that does not hold (9.7). */
export class InvalidPromise extends ProtocolError {
  override readonly name = "InvalidPromise";
  readonly code = 53;
}

/** A block proof that does not hold (9.8). */
export class InvalidBlockProof extends ProtocolError {
  override readonly name = "InvalidBlockProof";
  readonly code = 55;
}

/** A conflict file that proves nothing (9.9). */
export class InvalidConflict extends ProtocolError {
  override readonly name = "InvalidConflict";
  readonly code = 56;
}
