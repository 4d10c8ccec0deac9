/** The file `blocks`: one line a block (9.6). */

import { decodeBase64 } from "../encoding/base64.ts";
import type { Bytes } from "../encoding/bytes.ts";
import { decodeUtf8 } from "../encoding/text.ts";
import { InvalidCheckpoint, NotCanonical } from "../errors.ts";
import { hasSignature } from "../signatures/ed25519.ts";
import { checkpointText, cosignatureMessage, readDecimal } from "./checkpoint.ts";

export interface Block {
  readonly height: bigint;
  readonly timeUnixS: bigint;
  /** The log's size after the block. */
  readonly size: bigint;
  readonly root: Bytes;
  /** The operator's cosignature, or the height of the consortium's engine. */
  readonly proof: { readonly cosignature: Bytes } | { readonly engineHeight: bigint };
}

const COSIGNATURE_BYTES = 64;

/** Reads the exact form of the file; whether blocks follow each other is not judged. */
export function readBlocks(bytes: Bytes): Block[] {
  try {
    const lines = decodeUtf8(bytes).split("\n");
    if (lines.pop() !== "") throw new NotCanonical("the last line has no newline");
    return lines.map(parseBlock);
  } catch (error) {
    if (error instanceof NotCanonical) throw new InvalidCheckpoint(error.message);
    throw error;
  }
}

function parseBlock(line: string): Block {
  const [height, time, size, root, proof, ...more] = line.split(" ");
  if (!height || !time || !size || !root || !proof || more.length > 0) {
    throw new NotCanonical("a block line has five fields");
  }
  const rootBytes = decodeBase64(root);
  if (rootBytes.length !== 32) throw new NotCanonical("a root takes 32 bytes");
  return {
    height: readDecimal(height),
    timeUnixS: readDecimal(time),
    size: readDecimal(size),
    root: rootBytes,
    proof: parseProof(proof),
  };
}

function parseProof(text: string): Block["proof"] {
  if (/^[0-9]{1,19}$/.test(text)) return { engineHeight: readDecimal(text) };
  const cosignature = decodeBase64(text);
  if (cosignature.length !== COSIGNATURE_BYTES) throw new NotCanonical("not a cosignature");
  return { cosignature };
}

/** Checks the cosignature of a single operator's block. */
export function checkBlockCosignature(block: Block, origin: string, cosigningKey: Bytes): void {
  const { timeUnixS, size, root, proof } = block;
  const message = cosignatureMessage(timeUnixS, checkpointText(origin, size, root));
  if (!("cosignature" in proof) || !hasSignature(cosigningKey, message, proof.cosignature)) {
    throw new InvalidCheckpoint(`block ${block.height}: the cosignature does not hold`);
  }
}
