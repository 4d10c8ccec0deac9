/** The equations M v = u over the bits of a ballot, and which bits they leave free (5.2, 8.3). */

import { InvalidContest } from "../errors.ts";
import { type Scalar, invert, reduce } from "../group/scalar.ts";
import { type Shape, bitWeights } from "./shape.ts";

/** Coefficients by column; columns with coefficient 0 are left out. */
export type Row = ReadonlyMap<number, Scalar>;

export interface Equation {
  readonly row: Row;
  readonly u: Scalar;
}

/** A row of the reduced echelon form: its pivot is determined by the free columns in `row`. */
export interface PivotRow {
  readonly pivot: number;
  readonly row: Row;
}

export interface Echelon {
  readonly pivots: readonly PivotRow[];
  readonly free: readonly number[];
}

/** One equation for each limit: scores by their bits, and slack, make up exactly `high`. */
export function makeEquations(shape: Shape): Equation[] {
  const weights = bitWeights(shape.top);
  let slackStart = shape.options * weights.length;
  return shape.limits.map((limit) => {
    const row = new Map<number, Scalar>();
    for (const [option, coefficient] of limit.coefficients) {
      weights.forEach((weight, i) => {
        row.set(option * weights.length + i, reduce(coefficient * weight));
      });
    }
    const slack = bitWeights(limit.high - limit.low);
    slack.forEach((weight, i) => row.set(slackStart + i, weight));
    slackStart += slack.length;
    return { row, u: limit.high };
  });
}

interface WorkingRow {
  readonly row: Map<number, Scalar>;
  u: Scalar;
}

/** Brings [M | u] into reduced row echelon form, columns in bit order, leftmost pivots. */
export function reduceEquations(equations: readonly Equation[], bits: number): Echelon {
  const waiting: WorkingRow[] = equations.map(({ row, u }) => ({ row: new Map(row), u }));
  const done: (WorkingRow & { readonly pivot: number })[] = [];
  const free: number[] = [];
  for (let column = 0; column < bits; column++) {
    const at = waiting.findIndex(({ row }) => row.has(column));
    const [chosen] = at < 0 ? [] : waiting.splice(at, 1);
    if (chosen === undefined) {
      free.push(column);
      continue;
    }
    scale(chosen, invert(chosen.row.get(column) ?? 1n));
    for (const other of [...waiting, ...done]) eliminate(other, chosen, column);
    done.push({ ...chosen, pivot: column });
  }
  if (waiting.some((rest) => rest.u !== 0n)) {
    throw new InvalidContest("the equations contradict each other");
  }
  return {
    pivots: done.map(({ pivot, row }) => ({ pivot, row: withoutColumn(row, pivot) })),
    free,
  };
}

function scale(target: WorkingRow, factor: Scalar): void {
  for (const [column, value] of target.row) target.row.set(column, reduce(value * factor));
  target.u = reduce(target.u * factor);
}

function eliminate(target: WorkingRow, source: WorkingRow, column: number): void {
  const factor = target.row.get(column);
  if (factor === undefined) return;
  for (const [at, value] of source.row) {
    const rest = reduce((target.row.get(at) ?? 0n) - factor * value);
    if (rest === 0n) target.row.delete(at);
    else target.row.set(at, rest);
  }
  target.u = reduce(target.u - factor * source.u);
}

function withoutColumn(row: Row, column: number): Row {
  return new Map([...row].filter(([at]) => at !== column));
}

/** The product of a row with a vector of all bits' scalars. */
export function rowTimes(row: Row, vector: readonly Scalar[]): Scalar {
  let total = 0n;
  for (const [column, value] of row) total += value * (vector[column] ?? 0n);
  return reduce(total);
}
