/** Reads and checks the proof of one contest (8.4, 8.5). */

import { type Bytes, splitEvenly } from "../encoding/bytes.ts";
import { InvalidPoint, InvalidProof, NotCanonical } from "../errors.ts";
import type { Generators } from "../group/generators.ts";
import { BASE, type Point, type Term, decodePoint, isIdentity } from "../group/point.ts";
import { type Scalar, decodeScalar, powers, reduce } from "../group/scalar.ts";
import { type Sum, doesVanish } from "../group/sums.ts";
import { ContestTranscript } from "./context.ts";
import { rowTimes } from "./equations.ts";
import { type Plan, optionValues } from "./plan.ts";

/** A contest of a ballot, decoded; whether its proof holds is judged elsewhere. */
export interface EncryptedContest {
  readonly plan: Plan;
  /** A, B_1..B_n. */
  readonly ciphertext: readonly Point[];
  /** V, V' and W'. */
  readonly commitment: Point;
  readonly bitsMask: Point;
  readonly valueMask: Point;
  readonly f: readonly Scalar[];
  readonly z: Scalar;
  readonly zs: Scalar;
  /** The bytes of all points, which the challenges cover. */
  readonly pointBytes: readonly Bytes[];
}

/** A contest together with the challenges that follow from it. */
export interface ChallengedContest extends EncryptedContest {
  readonly y: Scalar;
  readonly x: Scalar;
}

/** Decodes a contest; every point and scalar must be canonical, A and V nonidentity. */
export function readContest(plan: Plan, bytes: Bytes): EncryptedContest {
  if (bytes.length !== plan.byteSize) throw new NotCanonical("not the contest's length");
  const pieces = splitEvenly(bytes, 32);
  const pointCount = plan.shape.options + 4;
  const pointBytes = pieces.slice(0, pointCount);
  const points = pointBytes.map(decodePoint);
  const scalars = pieces.slice(pointCount).map(decodeScalar);
  const [commitment, bitsMask, valueMask] = points.splice(-3);
  const [z, zs] = scalars.splice(-2);
  const [first] = points;
  if (!first || !commitment || !bitsMask || !valueMask || z === undefined || zs === undefined) {
    throw new NotCanonical("a contest without its parts");
  }
  if (isIdentity(first) || isIdentity(commitment)) throw new InvalidPoint("A or V is the identity");
  return {
    plan,
    ciphertext: points,
    commitment,
    bitsMask,
    valueMask,
    f: scalars,
    z,
    zs,
    pointBytes,
  };
}

/** Recomputes the challenges y and x. */
export function challengeContest(contest: EncryptedContest, context: Bytes): ChallengedContest {
  const [commitment, bitsMask, valueMask] = contest.pointBytes.slice(-3);
  if (!commitment || !bitsMask || !valueMask) throw new NotCanonical("a contest without its parts");
  const transcript = new ContestTranscript();
  const y = transcript.drawY(context, contest.pointBytes.slice(0, -3), commitment);
  return { ...contest, y, x: transcript.drawX(bitsMask, valueMask) };
}

/** Whether M f = x u: equation (1), which is tested exactly. */
export function hasEquations({ plan, f, x }: ChallengedContest): boolean {
  return plan.equations.every(({ row, u }) => rowTimes(row, f) === reduce(x * u));
}

/** Equation (2) as a sum that must vanish. */
export function bitsSum(contest: ChallengedContest, generators: Generators): Sum {
  const { x, z, zs, f, bitsMask, commitment } = contest;
  const terms: Term[] = [
    [1n, bitsMask],
    [x, commitment],
    [reduce(-zs), generators.k],
    [reduce(-z), generators.g0],
  ];
  f.forEach((value, i) => {
    const [g, q] = [generators.g[i], generators.q[i]];
    if (g === undefined || q === undefined) throw new RangeError("too few generators");
    terms.push([reduce(-value), g], [reduce(value * (value - x)), q]);
  });
  return terms;
}

/** Equation (3) as a sum that must vanish, with H = g + sum e_i h_i taken apart. */
export function valuesSum(contest: ChallengedContest, keys: readonly Point[]): Sum {
  const { plan, x, y, z, f, valueMask, ciphertext } = contest;
  const e = powers(y, plan.shape.options);
  const values = optionValues(plan, f);
  const base = e.reduce((total, power, i) => total + power * (values[i] ?? 0n), z);
  const terms: Term[] = [
    [1n, valueMask],
    [reduce(-base), BASE],
  ];
  ciphertext.forEach((point, i) => {
    terms.push([i === 0 ? x : reduce(x * (e[i - 1] ?? 0n)), point]);
  });
  e.forEach((power, i) => {
    const key = keys[i];
    if (key === undefined) throw new RangeError("fewer keys than options");
    terms.push([reduce(-z * power), key]);
  });
  return terms;
}

/** Checks one contest's proof, equation by equation. */
export function checkContest(
  contest: ChallengedContest,
  keys: readonly Point[],
  generators: Generators,
): void {
  if (!hasEquations(contest)) throw new InvalidProof("the scores break a limit");
  if (!doesVanish(bitsSum(contest, generators))) throw new InvalidProof("a bit is no bit");
  if (!doesVanish(valuesSum(contest, keys))) throw new InvalidProof("the ciphertext differs");
}
