/** Takes in what a log has more than before: every hash of it is checked, nothing is read twice. */

import { splitCommits } from "../consortium/proof.ts";
import { type Bytes, isEqual, splitEvenly } from "../encoding/bytes.ts";
import { InvalidCheckpoint, NotCanonical } from "../errors.ts";
import { readBlocks } from "../log/blocks.ts";
import { type Checkpoint, readCheckpoint } from "../log/checkpoint.ts";
import { leafHash, rootOf } from "../log/merkle.ts";
import {
  TILE_WIDTH,
  type TileName,
  levelSize,
  splitBundle,
  tilePath,
  tilesOf,
} from "../log/tiles.ts";
import { HASH_BYTES, type RecordContents, type RecordFiles } from "./files.ts";
import type { Findings } from "./findings.ts";

/** What came since: a newer checkpoint, and the lines, proofs and tiles that lead to it. */
export interface Growth {
  readonly checkpoint: Bytes;
  readonly blocks: Bytes;
  /** Empty where no block has a proof. */
  readonly commits: Bytes;
  /** The tiles that `newTiles` names. */
  readonly tiles: RecordFiles;
}

/** A later state that does not continue the one before, or is not of its form. */
export class NoGrowth extends Error {
  override readonly name = "NoGrowth";
}

/** The tiles that a log of `size` has and one of `old` entries did not have. */
export function newTiles(old: number, size: number): TileName[] {
  const before = new Set(tilesOf(old).map(tilePath));
  return tilesOf(size).filter((tile) => !before.has(tilePath(tile)));
}

/**
 * Checks what came since (C01, C02), and adds it to the contents.
 *
 * @throws NoGrowth where it does not continue them: these contents can grow no more.
 */
export function growRecord(contents: RecordContents, growth: Growth, findings: Findings): void {
  try {
    const checkpoint = readCheckpoint(growth.checkpoint);
    const blocks = growth.blocks.length === 0 ? [] : readBlocks(growth.blocks);
    const proofs = splitCommits(growth.commits);
    const entries = growTree(contents, checkpoint, growth.tiles);
    findings.count("C01", growth.tiles.size);
    findings.count("C02", entries.length);
    contents.checkpoint = checkpoint;
    contents.blocks.push(...blocks);
    contents.proofs.push(...proofs);
    contents.entries.push(...entries);
  } catch (error) {
    const isForm = error instanceof InvalidCheckpoint || error instanceof NotCanonical;
    if (!isForm) throw error;
    throw new NoGrowth(error.message);
  }
}

/** Checks the new tiles and the new root; gives the new entries. */
function growTree(contents: RecordContents, checkpoint: Checkpoint, tiles: RecordFiles): Bytes[] {
  const { entries: old, tree, upper } = contents;
  const size = Number(checkpoint.size);
  if (size < old.length) throw new NoGrowth("the log is shorter than before");
  const due = newTiles(old.length, size);
  const entries = newEntries(old, due, tiles);
  if (old.length + entries.length !== size) throw new NoGrowth("entries are missing");
  const leaves = entries.map(leafHash);
  for (const leaf of leaves) tree.append(leaf);
  if (!isEqual(tree.rootAt(size), checkpoint.root)) {
    throw new NoGrowth("the entries before and those since do not lead to the new root");
  }
  const leafAt = (place: number): Bytes =>
    leaves[place - old.length] ?? leafHash(old[place] ?? new Uint8Array());
  for (let level = 1; levelSize(level, size) > 0; level++) {
    const hashes = (upper[level - 1] ??= []);
    while (hashes.length < levelSize(level, size)) {
      const first = hashes.length * TILE_WIDTH;
      const children = Array.from({ length: TILE_WIDTH }, (_, i) =>
        level === 1 ? leafAt(first + i) : (upper[level - 2]?.[first + i] ?? new Uint8Array()),
      );
      hashes.push(rootOf(children));
    }
  }
  for (const tile of due) {
    checkTile(tile, tiles, (level, place) =>
      level === 0 ? leafAt(place) : (upper[level - 1]?.[place] ?? new Uint8Array()),
    );
  }
  return entries;
}

/** The entries past the old ones; those that stand in a new tile once more must be the same. */
function newEntries(old: readonly Bytes[], due: readonly TileName[], tiles: RecordFiles): Bytes[] {
  const entries: Bytes[] = [];
  for (const tile of due) {
    if (tile.level !== "entries") continue;
    const first = tile.number * TILE_WIDTH;
    splitBundle(tileOf(tile, tiles), tile.width).forEach((entry, i) => {
      const before = old[first + i];
      if (before === undefined) entries.push(entry);
      else if (!isEqual(before, entry)) throw new NoGrowth(`entry ${first + i} is another now`);
    });
  }
  return entries;
}

function tileOf(tile: TileName, tiles: RecordFiles): Bytes {
  const bytes = tiles.get(tilePath(tile));
  if (bytes === undefined) throw new NoGrowth(`${tilePath(tile)} is missing`);
  return bytes;
}

function checkTile(
  tile: TileName,
  tiles: RecordFiles,
  hashAt: (level: number, place: number) => Bytes,
): void {
  const { level } = tile;
  if (level === "entries") return;
  const bytes = tileOf(tile, tiles);
  if (bytes.length !== tile.width * HASH_BYTES) throw new NoGrowth("a tile of another length");
  splitEvenly(bytes, HASH_BYTES).forEach((hash, i) => {
    if (isEqual(hashAt(level, tile.number * TILE_WIDTH + i), hash)) return;
    throw new NoGrowth(`${tilePath(tile)}: hash ${i} is another`);
  });
}
