/** A whole record, fetched from a node: its files as section 13 of the protocol names them. */

import { type Bytes, join } from "../crypto/encoding/bytes.ts";
import { encodeUtf8, decodeUtf8 } from "../crypto/encoding/text.ts";
import { splitCommits } from "../crypto/consortium/proof.ts";
import { readBlocks } from "../crypto/log/blocks.ts";
import { readCheckpoint } from "../crypto/log/checkpoint.ts";
import { tilePath, tilesOf } from "../crypto/log/tiles.ts";
import type { RecordFiles } from "../crypto/record/files.ts";
import type { Node } from "./fetching.ts";

const AT_ONCE = 6;

/** Says how many of all files are here. */
export type OnFiles = (done: number, total: number) => void;

/** Fetches a record; what it holds is checked by whoever verifies it, not here. */
export async function downloadRecord(
  node: Node,
  onFiles: OnFiles = () => undefined,
): Promise<RecordFiles> {
  const checkpoint = await node.get("checkpoint");
  const size = readCheckpoint(checkpoint).size;
  const files = new Map<string, Bytes>([["checkpoint", checkpoint]]);
  const blocks = cutBlocks(await node.get("blocks"), size);
  files.set("blocks", blocks.bytes);
  if (blocks.proofs > 0) files.set("commits", cutCommits(await node.get("commits"), blocks.proofs));
  const paths = tilesOf(Number(size)).map(tilePath);
  const total = files.size + paths.length;
  onFiles(files.size, total);
  let next = 0;
  const fetchSome = async (): Promise<void> => {
    for (let path = paths[next++]; path !== undefined; path = paths[next++]) {
      files.set(path, await node.get(path));
      onFiles(files.size, total);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchSome));
  return files;
}

/** Cuts off blocks that came after the checkpoint; tells how many of the rest have a proof. */
function cutBlocks(bytes: Bytes, size: bigint): { bytes: Bytes; proofs: number } {
  const blocks = readBlocks(bytes).filter((block) => block.size <= size);
  const lines = decodeUtf8(bytes).split("\n").slice(0, blocks.length);
  const proofs = blocks.filter(({ proof }) => "engineHeight" in proof).length;
  return { bytes: encodeUtf8(lines.map((line) => `${line}\n`).join("")), proofs };
}

function cutCommits(bytes: Bytes, count: number): Bytes {
  const framed = splitCommits(bytes).slice(0, count);
  return join(framed.flatMap((proof) => [lengthOf(proof), proof]));
}

function lengthOf(proof: Bytes): Bytes {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, proof.length);
  return length;
}
