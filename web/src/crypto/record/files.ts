/** A record's files: that they are all there, of their form, and fit each other (C01, C02). */

import { splitCommits } from "../consortium/proof.ts";
import { type Bytes, isEqual, splitEvenly } from "../encoding/bytes.ts";
import { InvalidCheckpoint, NotCanonical } from "../errors.ts";
import { type Block, readBlocks } from "../log/blocks.ts";
import { type Checkpoint, readCheckpoint } from "../log/checkpoint.ts";
import { MerkleTree, leafHash, rootOf } from "../log/merkle.ts";
import {
  TILE_WIDTH,
  type TileName,
  levelSize,
  splitBundle,
  tilePath,
  tilesOf,
} from "../log/tiles.ts";
import type { Findings } from "./findings.ts";

/** A record's files by path. */
export type RecordFiles = ReadonlyMap<string, Bytes>;

/** What the files hold. A log only grows, and so do these lists: see `growRecord`. */
export interface RecordContents {
  checkpoint: Checkpoint;
  readonly blocks: Block[];
  readonly proofs: Bytes[];
  readonly entries: Bytes[];
  /** The tree over the stored leaf hashes. */
  readonly tree: MerkleTree;
  /** The stored hashes of the levels above the leaves: level 1 is the first. */
  readonly upper: Bytes[][];
}

export const HASH_BYTES = 32;

/** Reads a record; `null` where it is too broken to be judged. */
export function readRecord(files: RecordFiles, findings: Findings): RecordContents | null {
  const checkpoint = readForm("checkpoint", files, findings, readCheckpoint);
  const blocks = readForm("blocks", files, findings, readBlocks);
  if (checkpoint === null || blocks === null) return null;
  // Before the tiles of that size are listed: a false size must not make the list endless.
  if (checkpoint.size > BigInt(files.size * TILE_WIDTH)) {
    findings.fail("C01", null, "tiles are missing");
    return null;
  }
  const size = Number(checkpoint.size);
  const hasCommits = blocks.some(({ proof }) => "engineHeight" in proof);
  const proofs = hasCommits ? readForm("commits", files, findings, splitCommits) : [];
  const tiles = tilesOf(size);
  const others = ["checkpoint", "blocks", ...(hasCommits ? ["commits"] : [])];
  const isWhole = checkPaths(new Set([...others, ...tiles.map(tilePath)]), files, findings);
  if (!isWhole || !checkLengths(tiles, files, findings)) return null;
  const entries = readEntries(tiles, files, findings);
  if (entries === null) return null;
  const { tree, upper } = checkHashes(tiles, files, entries, findings);
  findings.count("C02", entries.length);
  if (!isEqual(tree.rootAt(size), checkpoint.root)) {
    findings.fail("C02", null, "checkpoint: the root is another");
  }
  return { checkpoint, blocks, proofs: proofs ?? [], entries, tree, upper };
}

/** Reads a file whose form is C01's; `null` where it is missing or of another form. */
export function readForm<T>(
  path: string,
  files: RecordFiles,
  findings: Findings,
  read: (bytes: Bytes) => T,
): T | null {
  const bytes = files.get(path);
  if (bytes === undefined) {
    findings.fail("C01", null, `${path} is missing`);
    return null;
  }
  try {
    return read(bytes);
  } catch (error) {
    const isForm = error instanceof InvalidCheckpoint || error instanceof NotCanonical;
    if (!isForm) throw error;
    findings.fail("C01", null, `${path}: ${error.message}`);
    return null;
  }
}

/** Reports files that are missing or do not belong; gives whether none is missing. */
function checkPaths(due: ReadonlySet<string>, files: RecordFiles, findings: Findings): boolean {
  findings.count("C01", due.size);
  for (const path of files.keys()) {
    if (!due.has(path)) findings.fail("C01", null, `${path} does not belong here`);
  }
  const missing = [...due].filter((path) => path.startsWith("tile/") && !files.has(path));
  for (const path of missing) findings.fail("C01", null, `${path} is missing`);
  return missing.length === 0;
}

function checkLengths(tiles: readonly TileName[], files: RecordFiles, findings: Findings): boolean {
  let holds = true;
  for (const tile of tiles) {
    if (tile.level === "entries") continue;
    if (files.get(tilePath(tile))?.length === tile.width * HASH_BYTES) continue;
    findings.fail("C01", null, `${tilePath(tile)} has another length`);
    holds = false;
  }
  return holds;
}

function readEntries(
  tiles: readonly TileName[],
  files: RecordFiles,
  findings: Findings,
): Bytes[] | null {
  const entries: Bytes[] = [];
  for (const tile of tiles.filter(({ level }) => level === "entries")) {
    try {
      entries.push(...splitBundle(files.get(tilePath(tile)) ?? new Uint8Array(), tile.width));
    } catch (error) {
      if (!(error instanceof NotCanonical)) throw error;
      findings.fail("C02", null, `${tilePath(tile)}: ${error.message}`);
      return null;
    }
  }
  return entries;
}

/** Holds every stored hash against what it is the hash of; gives the stored tree. */
function checkHashes(
  tiles: readonly TileName[],
  files: RecordFiles,
  entries: readonly Bytes[],
  findings: Findings,
): Pick<RecordContents, "tree" | "upper"> {
  const levels = new Map<number, Bytes[]>();
  for (const tile of tiles) {
    if (tile.level === "entries") continue;
    const hashes = splitEvenly(files.get(tilePath(tile)) ?? new Uint8Array(), HASH_BYTES);
    levels.set(tile.level, [...(levels.get(tile.level) ?? []), ...hashes]);
  }
  const leaves = levels.get(0) ?? [];
  const tree = new MerkleTree();
  leaves.forEach((leaf, index) => {
    tree.append(leaf);
    const entry = entries[index];
    if (entry !== undefined && isEqual(leafHash(entry), leaf)) return;
    findings.fail("C02", index, "the stored leaf hash is another");
  });
  for (let level = 1; levelSize(level, entries.length) > 0; level++) {
    const below = levels.get(level - 1) ?? [];
    (levels.get(level) ?? []).forEach((hash, i) => {
      const children = below.slice(i * TILE_WIDTH, (i + 1) * TILE_WIDTH);
      if (!isEqual(rootOf(children), hash)) {
        findings.fail("C02", null, `tile level ${level}: hash ${i} is another`);
      }
    });
  }
  const upper = [...levels.keys()].filter((level) => level > 0).map((level) => levels.get(level));
  return { tree, upper: upper.map((hashes) => hashes ?? []) };
}
