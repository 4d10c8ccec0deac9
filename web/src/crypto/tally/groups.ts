/** Which sums are opened: groups of parts that are large enough (11.2), and seals (11.1). */

/** What the counted ballots of one part of a contest's partition, or of several, add up to. */
export interface PartCount {
  readonly ballots: number;
  readonly weight: bigint;
  /** How many rows counted with each weight. */
  readonly byWeight: ReadonlyMap<bigint, number>;
}

export type Weights = "none" | "guarded" | "revealing";

/** Adds up the counts of parts. */
export function addCounts(counts: readonly PartCount[]): PartCount {
  const byWeight = new Map<bigint, number>();
  for (const count of counts) {
    for (const [weight, rows] of count.byWeight) {
      byWeight.set(weight, (byWeight.get(weight) ?? 0) + rows);
    }
  }
  return {
    ballots: counts.reduce((sum, count) => sum + count.ballots, 0),
    weight: counts.reduce((sum, count) => sum + count.weight, 0n),
    byWeight,
  };
}

/**
 * Groups the parts of a contest in their order; gives each group's part numbers.
 *
 * @param smallest the manifest's `smallest_tally`.
 */
export function makeGroups(
  parts: readonly PartCount[],
  smallest: number,
  weights: Weights,
): number[][] {
  const isLarge = (numbers: readonly number[]): boolean => {
    const count = addCounts(parts.filter((_, number) => numbers.includes(number)));
    if (count.ballots < smallest) return false;
    if (weights === "revealing" && numbers.length === parts.length) return true;
    return [...count.byWeight.values()].every((rows) => rows === 0 || rows >= smallest);
  };
  const groups: number[][] = [];
  let gathered: number[] = [];
  for (const number of parts.keys()) {
    gathered.push(number);
    if (!isLarge(gathered)) continue;
    groups.push(gathered);
    gathered = [];
  }
  if (gathered.length === 0) return groups;
  // What is left joins the groups before it, from the last on, until it is large enough.
  for (let last = groups.pop(); last !== undefined; last = groups.pop()) {
    gathered = [...last, ...gathered];
    if (isLarge(gathered)) break;
  }
  return isLarge(gathered) ? [...groups, gathered] : [];
}

/** How many trustees must seal: ceil((n + t) / 2) of the n that confirmed. */
export function sealQuorum(confirmed: number, threshold: number): number {
  return Math.ceil((confirmed + threshold) / 2);
}

/** Whether enough trustees have sealed, by their indexes. */
export function hasEnoughSeals(
  confirmed: readonly number[],
  sealed: readonly number[],
  lost: readonly number[],
  threshold: number,
): boolean {
  const quorum = sealQuorum(confirmed.length, threshold);
  if (sealed.length >= quorum) return true;
  const remaining = confirmed.filter((trustee) => !lost.includes(trustee));
  return (
    remaining.length < quorum &&
    remaining.length >= threshold &&
    remaining.every((trustee) => sealed.includes(trustee))
  );
}
