/** What a contest lets a ballot say: n scores of 0..R under limits on their sums (5). */

import { InvalidContest, InvalidScores } from "../errors.ts";

/** low <= sum of coefficient times score <= high. */
export interface Limit {
  /** Pairs of an option, from 0 and ascending, and its coefficient. */
  readonly coefficients: readonly (readonly [number, bigint])[];
  readonly low: bigint;
  readonly high: bigint;
}

export interface Shape {
  readonly options: number;
  readonly top: bigint;
  readonly limits: readonly Limit[];
}

export const OPTIONS_MAX = 512;
export const BITS_MAX = 4096;
const LIMITS_MAX = 64;
const TOP_END = 1n << 32n;
const NUMBER_END = 1n << 48n;
const SUM_END = 1n << 64n;

/** How many bits write a number of 0..top. */
export function bitLength(top: bigint): number {
  return top === 0n ? 0 : top.toString(2).length;
}

/** The weights of the bits that write a number of 0..top: powers of two, then what is left. */
export function bitWeights(top: bigint): bigint[] {
  const bits = bitLength(top);
  if (bits === 0) return [];
  const weights: bigint[] = [];
  for (let i = 0n; i < BigInt(bits - 1); i++) weights.push(1n << i);
  weights.push(top - ((1n << BigInt(bits - 1)) - 1n));
  return weights;
}

/** The code word of a number of 0..top: the last bit is 1 only where the others do not reach. */
export function codeWord(value: bigint, top: bigint): number[] {
  const weights = bitWeights(top);
  const last = weights.at(-1);
  if (last === undefined) return [];
  const reach = top - last;
  // The sign of a difference, because a comparison would be a branch on a secret.
  const lastBit = Number(((reach - value) >> 64n) & 1n);
  const rest = value - BigInt(lastBit) * last;
  const bits = weights.slice(0, -1).map((_weight, i) => Number((rest >> BigInt(i)) & 1n));
  return [...bits, lastBit];
}

/** Refuses a shape whose numbers break a bound of 5.1; the equations are not looked at. */
export function checkShape(shape: Shape, isMatrix: boolean): void {
  const { options, top, limits } = shape;
  if (options < 1 || options > OPTIONS_MAX) throw new InvalidContest("1 to 512 options");
  if (top < 1n || top >= TOP_END) throw new InvalidContest("the top is 1..2^32-1");
  const limitsMax = isMatrix ? LIMITS_MAX + options / 2 : LIMITS_MAX;
  if (limits.length > limitsMax) throw new InvalidContest("too many limits");
  for (const limit of limits) checkLimit(limit, options, top);
  const bits = countBits(shape);
  if (bits < 1 || bits > BITS_MAX) throw new InvalidContest("1 to 4096 bits");
}

function checkLimit(limit: Limit, options: number, top: bigint): void {
  const { coefficients, low, high } = limit;
  if (low < 0n || low > high || high >= NUMBER_END) throw new InvalidContest("0 <= low <= high");
  if (coefficients.length === 0) throw new InvalidContest("a limit without a coefficient");
  let last = -1;
  let total = 0n;
  for (const [option, coefficient] of coefficients) {
    if (option <= last) throw new InvalidContest("options of a limit ascend");
    if (option >= options) throw new InvalidContest("a limit names an unknown option");
    if (coefficient < 1n || coefficient >= NUMBER_END) {
      throw new InvalidContest("a coefficient is 1..2^48-1");
    }
    last = option;
    total += coefficient;
  }
  if (total * top >= SUM_END) throw new InvalidContest("a limit's sum can reach 2^64");
}

/** How many bits a ballot of this shape has. */
export function countBits(shape: Shape): number {
  const slack = shape.limits.map((limit) => bitLength(limit.high - limit.low));
  return shape.options * bitLength(shape.top) + slack.reduce((sum, bits) => sum + bits, 0);
}

/** How many bytes a contest takes in a ballot (5.2). */
export function contestBytes(shape: Shape): number {
  return 32 * (shape.options + countBits(shape) + 6);
}

/** The sum that a limit bounds. */
export function limitSum(limit: Limit, scores: readonly bigint[]): bigint {
  return limit.coefficients.reduce(
    (sum, [option, coefficient]) => sum + coefficient * (scores[option] ?? 0n),
    0n,
  );
}

/** Refuses scores that a ballot of this shape cannot hold. */
export function checkScores(shape: Shape, scores: readonly bigint[]): void {
  if (scores.length !== shape.options) throw new InvalidScores("one score for each option");
  for (const score of scores) {
    if (score < 0n || score > shape.top) throw new InvalidScores("a score is 0..top");
  }
  for (const limit of shape.limits) {
    const sum = limitSum(limit, scores);
    if (sum < limit.low || sum > limit.high) throw new InvalidScores("a limit is not kept");
  }
}

/** The bits of a ballot with these lawful scores, slack included (5.2). */
export function scoresToBits(shape: Shape, scores: readonly bigint[]): number[] {
  checkScores(shape, scores);
  const words = scores.map((score) => codeWord(score, shape.top));
  const slack = shape.limits.map((limit) =>
    codeWord(limit.high - limitSum(limit, scores), limit.high - limit.low),
  );
  return [...words, ...slack].flat();
}
