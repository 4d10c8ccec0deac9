/** The generators K, G_i and Q_i of contest proofs (8.3): nobody's secret, computed by everyone. */

import { u32 } from "../encoding/bytes.ts";
import { ascii } from "../encoding/text.ts";
import { toPoint } from "../hash.ts";
import { type Point, prepareTables } from "./point.ts";

export type GeneratorName = "K" | "G" | "Q";

export interface Generators {
  readonly k: Point;
  /** G_0 and, for bit i from 0, G_(i+1) as `bits[i]`. */
  readonly g0: Point;
  readonly g: readonly Point[];
  /** For bit i from 0, Q_(i+1). */
  readonly q: readonly Point[];
}

/** Computes one generator. */
export function generator(name: GeneratorName, index: number): Point {
  return toPoint("generator", ascii(name), u32(index));
}

/** Generators computed so far; tables made for them stay with them. */
export class GeneratorStore {
  private readonly k = generator("K", 0);
  private readonly g0 = generator("G", 0);
  private readonly g: Point[] = [];
  private readonly q: Point[] = [];

  /** The generators for proofs of `bits` bits. */
  take(bits: number): Generators {
    for (let i = this.g.length + 1; i <= bits; i++) {
      this.g.push(generator("G", i));
      this.q.push(generator("Q", i));
    }
    return { k: this.k, g0: this.g0, g: this.g.slice(0, bits), q: this.q.slice(0, bits) };
  }

  /** Makes tables for proving with `bits` bits. */
  prepare(bits: number): void {
    const { k, g0, g, q } = this.take(bits);
    prepareTables([k, g0, ...g, ...q]);
  }
}
