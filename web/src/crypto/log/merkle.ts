/** The Merkle tree over the log's leaf hashes (9.1; RFC 9162 section 2.1). */

import { type Bytes, isEqual, join } from "../encoding/bytes.ts";
import { InvalidConsistency, InvalidInclusion } from "../errors.ts";
import { sha256 } from "../hash.ts";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export function leafHash(entry: Bytes): Bytes {
  return sha256(join([LEAF, entry]));
}

export function nodeHash(left: Bytes, right: Bytes): Bytes {
  return sha256(join([NODE, left, right]));
}

/** A tree that grows, and gives its root at every size that it had. */
export class MerkleTree {
  /** Per level, the roots of all full subtrees of 2^level leaves. */
  private readonly levels: Bytes[][] = [[]];

  get size(): number {
    return this.levels[0]?.length ?? 0;
  }

  append(leaf: Bytes): void {
    let node = leaf;
    for (let level = 0; ; level++) {
      const nodes = (this.levels[level] ??= []);
      nodes.push(node);
      const left = nodes.at(-2);
      if (nodes.length % 2 !== 0 || left === undefined) return;
      node = nodeHash(left, node);
    }
  }

  /** The root of the first `size` leaves. */
  rootAt(size: number): Bytes {
    if (size < 0 || size > this.size) throw new RangeError("the tree has not this size");
    let root: Bytes | undefined;
    let rest = size;
    for (let level = 0; rest > 0; level++, rest = Math.floor(rest / 2)) {
      if (rest % 2 === 0) continue;
      const full = this.levels[level]?.[rest - 1];
      if (full === undefined) throw new Error("a full subtree is missing");
      root = root === undefined ? full : nodeHash(full, root);
    }
    return root ?? sha256(new Uint8Array());
  }
}

/** The root of a list of leaf hashes. */
export function rootOf(leaves: readonly Bytes[]): Bytes {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.append(leaf);
  return tree.rootAt(leaves.length);
}

/** Checks that `leaf` stands at `index` in the tree of `size` leaves with this root. */
export function checkInclusion(
  leaf: Bytes,
  index: number,
  size: number,
  root: Bytes,
  proof: readonly Bytes[],
): void {
  if (index >= size) throw new InvalidInclusion("the index is past the size");
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) throw new InvalidInclusion("the proof is too long");
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      // Levels on which this node has no sibling are skipped.
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) throw new InvalidInclusion("the proof is too short");
  if (!isEqual(hash, root)) throw new InvalidInclusion("the proof leads to another root");
}

/** A root and the number of leaves below it. */
export interface TreeHead {
  readonly size: number;
  readonly root: Bytes;
}

/** Checks that the tree `next` continues the tree `old`. */
export function checkConsistency(old: TreeHead, next: TreeHead, proof: readonly Bytes[]): void {
  if (old.size < 1 || old.size > next.size) throw new InvalidConsistency("sizes do not follow");
  if (old.size === next.size) {
    if (proof.length > 0) throw new InvalidConsistency("equal sizes take no proof");
    if (!isEqual(old.root, next.root)) throw new InvalidConsistency("one size, two roots");
    return;
  }
  let node = old.size - 1;
  let last = next.size - 1;
  while (node % 2 === 1) {
    node = (node - 1) / 2;
    last = Math.floor(last / 2);
  }
  // Where the old tree is one full subtree, its root is where the proof starts from.
  const path = node === 0 ? [old.root, ...proof] : proof;
  const [start, ...siblings] = path;
  if (start === undefined) throw new InvalidConsistency("the proof is too short");
  let [oldHash, newHash] = [start, start];
  for (const sibling of siblings) {
    if (last === 0) throw new InvalidConsistency("the proof is too long");
    if (node % 2 === 1 || node === last) {
      oldHash = nodeHash(sibling, oldHash);
      newHash = nodeHash(sibling, newHash);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      newHash = nodeHash(newHash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) throw new InvalidConsistency("the proof is too short");
  if (!isEqual(oldHash, old.root) || !isEqual(newHash, next.root)) {
    throw new InvalidConsistency("the proof leads to other roots");
  }
}
