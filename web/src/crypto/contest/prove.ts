/**
 * Encrypts and proves one contest of a ballot (8.2, 8.4).
 *
 * Every secret scalar meets a point only in multiplications with a fixed number of additions, and
 * no branch depends on a score. JavaScript's integers still leak a little time, and cannot be
 * overwritten; bytes are.
 */

import { type Bytes, join, u32, u64, wipe } from "../encoding/bytes.ts";
import { ascii } from "../encoding/text.ts";
import type { Generators } from "../group/generators.ts";
import { BASE, IDENTITY, type Point, choose, encodePoint, multiply } from "../group/point.ts";
import { type Scalar, encodeScalar, powers, reduce } from "../group/scalar.ts";
import { frame, sha512, toScalar } from "../hash.ts";
import { ContestTranscript } from "./context.ts";
import { rowTimes } from "./equations.ts";
import { type Plan, optionValues } from "./plan.ts";
import { bitWeights, scoresToBits } from "./shape.ts";

/** What a proof is made from. */
export interface ProofInput {
  readonly plan: Plan;
  /** h_1..h_n. */
  readonly keys: readonly Point[];
  readonly generators: Generators;
  readonly context: Bytes;
}

/** A contest's bytes (8.5), and the challenges drawn on the way. */
export interface ProvenContest {
  readonly bytes: Bytes;
  readonly y: Scalar;
  readonly x: Scalar;
}

/**
 * Encrypts scores and proves them lawful.
 *
 * @param seed 32 fresh bytes that serve this ballot alone.
 * @throws InvalidScores where the contest refuses the scores.
 */
export function proveContest(
  input: ProofInput,
  scores: readonly bigint[],
  seed: Bytes,
): ProvenContest {
  const { plan, context } = input;
  const bits = scoresToBits(plan.shape, scores);
  const secrets = drawSecrets(plan, context, scores, seed);
  const ciphertext = encrypt(input, bits, secrets.r).map(encodePoint);
  const commitment = encodePoint(commitBits(input.generators, bits, secrets));

  const transcript = new ContestTranscript();
  const y = transcript.drawY(context, ciphertext, commitment);
  const bitsMask = encodePoint(maskBits(input.generators, secrets));
  const valueMask = encodePoint(maskValues(input, secrets, y));
  const x = transcript.drawX(bitsMask, valueMask);

  const responses = [
    ...secrets.a.map((a, i) => reduce(a + x * BigInt(bits[i] ?? 0))),
    reduce(secrets.rMask + x * secrets.r),
    reduce(secrets.sMask + x * secrets.s),
  ];
  const points = [...ciphertext, commitment, bitsMask, valueMask];
  return { bytes: join([...points, ...responses.map(encodeScalar)]), y, x };
}

interface Secrets {
  readonly r: Scalar;
  readonly s: Scalar;
  /** r' and s'. */
  readonly rMask: Scalar;
  readonly sMask: Scalar;
  /** The bits' masks, with M a = 0. */
  readonly a: readonly Scalar[];
}

function drawSecrets(plan: Plan, context: Bytes, scores: readonly bigint[], seed: Bytes): Secrets {
  const scoreBytes = join(scores.map(u64));
  const input = frame("ballot seed", seed, context, scoreBytes);
  const key = sha512(input);
  const draw = (name: string, i: number): Scalar =>
    toScalar("ballot nonce", key, ascii(name), u32(i));
  const a: Scalar[] = Array.from({ length: plan.bitCount }, () => 0n);
  for (const column of plan.echelon.free) a[column] = draw("a", column);
  // Pivot rows hold free columns only, so the order in which pivots are filled does not matter.
  for (const { pivot, row } of plan.echelon.pivots) a[pivot] = reduce(-rowTimes(row, a));
  const secrets = {
    r: draw("r", 0),
    s: draw("s", 0),
    rMask: draw("r'", 0),
    sMask: draw("s'", 0),
    a,
  };
  wipe(scoreBytes, input, key);
  return secrets;
}

/** A = r g and B_i = r h_i + score_i g, the score added bit by bit. */
function encrypt(input: ProofInput, bits: readonly number[], r: Scalar): Point[] {
  const { plan, keys } = input;
  const steps = bitWeights(plan.shape.top).map((weight) => multiply(BASE, weight));
  const parts = keys
    .slice(0, plan.shape.options)
    .map((key, option) =>
      steps.reduce(
        (sum, step, i) => sum.add(choose(bits[option * steps.length + i] ?? 0, IDENTITY, step)),
        multiply(key, r),
      ),
    );
  return [multiply(BASE, r), ...parts];
}

/** V = s K + r G_0 + sum v_i G_i + sum a_i (1 - 2 v_i) Q_i. */
function commitBits(generators: Generators, bits: readonly number[], secrets: Secrets): Point {
  const { k, g0, g, q } = generators;
  let sum = multiply(k, secrets.s).add(multiply(g0, secrets.r));
  secrets.a.forEach((a, i) => {
    const bit = bits[i] ?? 0;
    const signed = reduce(a * BigInt(1 - 2 * bit));
    sum = sum.add(choose(bit, IDENTITY, at(g, i))).add(multiply(at(q, i), signed));
  });
  return sum;
}

/** V' = s' K + r' G_0 + sum a_i G_i - sum a_i^2 Q_i. */
function maskBits(generators: Generators, secrets: Secrets): Point {
  const { k, g0, g, q } = generators;
  let sum = multiply(k, secrets.sMask).add(multiply(g0, secrets.rMask));
  secrets.a.forEach((a, i) => {
    sum = sum.add(multiply(at(g, i), a)).add(multiply(at(q, i), reduce(-a * a)));
  });
  return sum;
}

/** W' = r' H + (sum e_i value_i(a)) g, with H = g + sum e_i h_i taken apart to use tables. */
function maskValues(input: ProofInput, secrets: Secrets, y: Scalar): Point {
  const e = powers(y, input.plan.shape.options);
  const values = optionValues(input.plan, secrets.a);
  const base = values.reduce((sum, value, i) => sum + (e[i] ?? 0n) * value, secrets.rMask);
  return e.reduce(
    (sum, power, i) => sum.add(multiply(at(input.keys, i), reduce(secrets.rMask * power))),
    multiply(BASE, reduce(base)),
  );
}

function at(points: readonly Point[], index: number): Point {
  const point = points[index];
  if (point === undefined) throw new RangeError("fewer points than the contest needs");
  return point;
}
