/** Measures making and checking ballots on this machine: `npm run bench`. */

import {
  type BallotSetting,
  judgeBallots,
  prepareProving,
  proveBallot,
  readBallot,
} from "../src/crypto/ballot/ballot.ts";
import { signCast } from "../src/crypto/ballot/cast.ts";
import { makeCredential } from "../src/crypto/ballot/credential.ts";
import { makePlan } from "../src/crypto/contest/plan.ts";
import { u32 } from "../src/crypto/encoding/bytes.ts";
import { GeneratorStore } from "../src/crypto/group/generators.ts";
import { sha256, freshBytes, toPoint } from "../src/crypto/hash.ts";

const BATCH = 256;

/** An election of one contest in which one of `options` is chosen. */
function makeSetting(options: number): BallotSetting {
  const coefficients = Array.from({ length: options }, (_, i): [number, bigint] => [i, 1n]);
  const plan = makePlan({ options, top: 1n, limits: [{ coefficients, low: 1n, high: 1n }] });
  return {
    electionId: sha256(u32(1)),
    jointKeyDigest: sha256(u32(2)),
    slotKeys: coefficients.map(([slot]) => toPoint("points", u32(slot))),
    generators: new GeneratorStore(),
    styles: [[{ number: 0, plan }]],
  };
}

function milliseconds(action: () => void): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function report(what: string, value: number, unit: string): void {
  console.log(`${what.padEnd(44)}${value.toFixed(1).padStart(10)} ${unit}`);
}

for (const options of [5, 60]) {
  const setting = makeSetting(options);
  const { secret, bytes: credential } = makeCredential(freshBytes());
  const scores = Array.from({ length: options }, (_, i) => (i === 1 ? 1n : 0n));
  const cast = (): Parameters<typeof readBallot>[1] => {
    const made = proveBallot(setting, { style: 0, credential }, [scores], freshBytes());
    const statement = { style: 0, sequence: 1n, ballot: made.bytes };
    const signed = { electionId: setting.electionId, ...statement };
    return { ...statement, credential, signature: signCast(secret, freshBytes(), signed) };
  };
  report(
    `${options} options: tables`,
    milliseconds(() => {
      prepareProving(setting, 0);
    }),
    "ms",
  );
  cast();
  const times = Array.from({ length: 11 }, () => milliseconds(cast));
  report(`${options} options: prove and sign, median`, median(times), "ms");
  if (options !== 5) continue;
  const casts = Array.from({ length: BATCH }, cast);
  const checking = milliseconds(() => {
    const ballots = casts.map((one) => readBallot(setting, one));
    if (!judgeBallots(setting, ballots).every(Boolean)) throw new Error("a ballot fails");
  });
  report(`${options} options: bulk check of ${BATCH}`, (1000 * BATCH) / checking, "ballots/s");
}
