/** Every label of a frame (appendix A); each is prefixed by `hanpyo/1/`. */

export const LABEL_PREFIX = "hanpyo/1/";

export const LABELS = [
  // 3
  "election",
  "ceremony",
  "roll row",
  "tracker",
  // 6
  "roll",
  "possession",
  "credential",
  // 7
  "transport",
  "commitment",
  "reveal",
  "deal",
  "complaint",
  "joint key",
  "trustee signing key",
  "trustee coefficient",
  "trustee transport",
  // 8
  "contest",
  "ballot seed",
  "ballot nonce",
  "contest proof",
  "cast",
  "generator",
  // 2.4, 9.3, 9.7, 11.3
  "nonce",
  "act",
  "promise",
  "share",
  // Messages and challenges inside transcripts
  "statement",
  "points",
  "nonces",
  "context",
  "ciphertext",
  "bits",
  "masks",
  "keys",
  "shares",
  "y",
  "x",
  "e",
  "c",
] as const;

export type Label = (typeof LABELS)[number];
