/** A log's entries and hashes from a node's tiles, and the proofs that follow from them (9.4). */

import { type Bytes, splitEvenly } from "../crypto/encoding/bytes.ts";
import { rootOf } from "../crypto/log/merkle.ts";
import {
  TILE_WIDTH,
  type TileName,
  levelSize,
  splitBundle,
  tilePath,
} from "../crypto/log/tiles.ts";
import { Nonsense, type Node } from "./fetching.ts";

const HASH_BYTES = 32;
const TILE_LEVELS = 8; // levels of the tree in one tile
const KEPT_MAX = 2_000;

/** Reads tiles of a log of a known size; full ones are kept, as they never change. */
export class TileReader {
  private readonly node: Node;
  private readonly kept = new Map<string, Promise<Bytes>>();

  constructor(node: Node) {
    this.node = node;
  }

  /** The entries from `start` to before `stop`, in a log of `size`. Nothing is proven. */
  async entries(start: number, stop: number, size: number): Promise<Bytes[]> {
    const found: Bytes[] = [];
    for (let number = Math.floor(start / TILE_WIDTH); number * TILE_WIDTH < stop; number++) {
      const first = number * TILE_WIDTH;
      const width = Math.min(TILE_WIDTH, size - first);
      const bundle = splitBundle(await this.tile({ level: "entries", number, width }), width);
      found.push(...bundle.slice(Math.max(0, start - first), stop - first));
    }
    return found;
  }

  /** A proof of inclusion (RFC 9162, 2.1.3.1); whether it holds, its reader checks. */
  async inclusion(index: number, size: number): Promise<Bytes[]> {
    const path: Bytes[] = [];
    let [start, end] = [0, size];
    while (end - start > 1) {
      const middle = start + splitOf(end - start);
      if (index < middle) {
        path.push(await this.root(middle, end, size));
        end = middle;
      } else {
        path.push(await this.root(start, middle, size));
        start = middle;
      }
    }
    return path.reverse();
  }

  /** A proof of consistency (RFC 9162, 2.1.4.1) from size `old` to `size`. */
  async consistency(old: number, size: number): Promise<Bytes[]> {
    if (old === size) return [];
    const path: Bytes[] = [];
    let [start, end] = [0, size];
    let isWhole = true;
    while (old !== end) {
      const middle = start + splitOf(end - start);
      if (old <= middle) {
        path.push(await this.root(middle, end, size));
        end = middle;
      } else {
        path.push(await this.root(start, middle, size));
        start = middle;
        isWhole = false;
      }
    }
    if (!isWhole) path.push(await this.root(start, end, size));
    return path.reverse();
  }

  /** The root of the leaves from `start` to before `end`, a subtree of a tree of `size`. */
  private async root(start: number, end: number, size: number): Promise<Bytes> {
    const width = end - start;
    const level = Math.log2(width);
    if (!Number.isInteger(level)) {
      const middle = start + splitOf(width);
      const right = this.root(middle, end, size);
      return rootOfTwo(await this.root(start, middle, size), await right);
    }
    const tileLevel = Math.floor(level / TILE_LEVELS);
    const count = 2 ** (level % TILE_LEVELS);
    const first = start / TILE_WIDTH ** tileLevel;
    const number = Math.floor(first / TILE_WIDTH);
    const tileWidth = Math.min(TILE_WIDTH, levelSize(tileLevel, size) - number * TILE_WIDTH);
    const tile = await this.tile({ level: tileLevel, number, width: tileWidth });
    if (tile.length !== tileWidth * HASH_BYTES) throw new Nonsense("a tile of another length");
    const at = (first % TILE_WIDTH) * HASH_BYTES;
    return rootOf(splitEvenly(tile.subarray(at, at + count * HASH_BYTES), HASH_BYTES));
  }

  private async tile(name: TileName): Promise<Bytes> {
    const path = tilePath(name);
    let tile = this.kept.get(path);
    if (tile === undefined) {
      if (this.kept.size >= KEPT_MAX) this.kept.clear();
      tile = this.node.get(path);
      this.kept.set(path, tile);
      tile.catch(() => this.kept.delete(path));
    }
    return await tile;
  }
}

/** The largest power of two below `count`. */
function splitOf(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1));
}

function rootOfTwo(left: Bytes, right: Bytes): Bytes {
  return rootOf([left, right]);
}
