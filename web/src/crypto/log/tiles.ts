/** Tiles: how a log's hashes and entries lie in files (9.4). */

import { type Bytes, readUint } from "../encoding/bytes.ts";
import { NotCanonical } from "../errors.ts";

export const TILE_WIDTH = 256;

/** Which file a tile is. */
export interface TileName {
  readonly level: number | "entries";
  readonly number: number;
  /** 1..256; less than 256 for a partial tile. */
  readonly width: number;
}

export function tilePath({ level, number, width }: TileName): string {
  let digits = String(number);
  digits = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const groups = digits.match(/.{3}/g) ?? [];
  const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level}/${path}${width < TILE_WIDTH ? `.p/${width}` : ""}`;
}

/** How many hashes a level holds in a log of this size. */
export function levelSize(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** All tiles of a log of this size, level by level and then its entries. */
export function tilesOf(size: number): TileName[] {
  const tiles: TileName[] = [];
  for (let level = 0; levelSize(level, size) > 0; level++) {
    tiles.push(...tilesOfLevel(level, levelSize(level, size)));
  }
  return [...tiles, ...tilesOfLevel("entries", size)];
}

function tilesOfLevel(level: number | "entries", count: number): TileName[] {
  const tiles: TileName[] = [];
  for (let number = 0; number * TILE_WIDTH < count; number++) {
    tiles.push({ level, number, width: Math.min(TILE_WIDTH, count - number * TILE_WIDTH) });
  }
  return tiles;
}

/** The sorted paths of all files of a record of this size (13). */
export function recordPaths(size: number, hasCommits: boolean): string[] {
  const files = ["blocks", "checkpoint", ...(hasCommits ? ["commits"] : [])];
  return [...files, ...tilesOf(size).map(tilePath)].sort();
}

/** Splits a tile of entries into exactly `width` entries. */
export function splitBundle(bundle: Bytes, width: number): Bytes[] {
  const entries: Bytes[] = [];
  let at = 0;
  while (at < bundle.length) {
    const length = Number(readUint(bundle.subarray(at, at + 2)));
    const end = at + 2 + length;
    if (length === 0 || at + 2 > bundle.length || end > bundle.length) {
      throw new NotCanonical("a bundle that does not split into entries");
    }
    entries.push(bundle.slice(at + 2, end));
    at = end;
  }
  if (entries.length !== width) throw new NotCanonical("a bundle of another width");
  return entries;
}
