/** All that proving and checking need of a contest, worked out once from its shape. */

import type { Scalar } from "../group/scalar.ts";
import { reduce } from "../group/scalar.ts";
import { type Echelon, type Equation, makeEquations, reduceEquations } from "./equations.ts";
import { type Shape, bitWeights, checkShape, contestBytes, countBits } from "./shape.ts";

export interface Plan {
  readonly shape: Shape;
  readonly bitCount: number;
  readonly byteSize: number;
  readonly equations: readonly Equation[];
  readonly echelon: Echelon;
  /** The weights of one score's bits. */
  readonly weights: readonly bigint[];
}

/** Checks a shape and works out its bits and equations. */
export function makePlan(shape: Shape, isMatrix = false): Plan {
  checkShape(shape, isMatrix);
  const equations = makeEquations(shape);
  const bitCount = countBits(shape);
  return {
    shape,
    bitCount,
    byteSize: contestBytes(shape),
    equations,
    echelon: reduceEquations(equations, bitCount),
    weights: bitWeights(shape.top),
  };
}

/** value_i of every option: the weighted sum of the scalars at its score's bits. */
export function optionValues(plan: Plan, vector: readonly Scalar[]): Scalar[] {
  const { weights } = plan;
  return Array.from({ length: plan.shape.options }, (_, option) =>
    reduce(
      weights.reduce((sum, w, i) => sum + w * (vector[option * weights.length + i] ?? 0n), 0n),
    ),
  );
}
