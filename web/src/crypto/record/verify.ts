/** Verifies a whole record: the numbered checks of section 14. */

import type { Bytes } from "../encoding/bytes.ts";
import { InvalidPromise } from "../errors.ts";
import { checkPromise, readPromiseFile } from "../log/promise.ts";
import { type RecordFiles, readRecord } from "./files.ts";
import { Findings } from "./findings.ts";
import { judgePromise } from "./promises.ts";
import { ProvenBallots } from "./proven.ts";
import { type Report, Verifier, reportOf } from "./verifier.ts";

export type { Report } from "./verifier.ts";

/** What beside the record's files a verification can be asked for. */
export interface Options {
  /** The election to follow; without it the first that is announced. */
  readonly election?: Bytes;
  /** Promise files by name. */
  readonly promises?: ReadonlyMap<string, Bytes>;
}

/** Verifies a record, and promises given beside it. */
export function verifyRecord(files: RecordFiles, options: Options = {}): Report {
  const findings = new Findings();
  const contents = readRecord(files, findings);
  if (contents === null) return reportOf(findings, null);
  const verifier = new Verifier(contents, findings, options.election);
  const proven = new ProvenBallots(contents.entries);
  while (verifier.hasNext) verifier.step(proven.has(verifier.ledger, verifier.next));
  verifier.conclude();
  for (const [name, file] of options.promises ?? []) checkPromiseFile(file, name, verifier);
  return verifier.report();
}

function checkPromiseFile(file: Bytes, name: string, verifier: Verifier): void {
  const { findings, ledger, contents, timeUnixS, followed } = verifier;
  findings.count("C25");
  try {
    const { promise, entry } = readPromiseFile(file);
    checkPromise(promise, ledger.identity?.ledgerId ?? new Uint8Array(), ledger.gateways);
    if (judgePromise({ ...contents, timeUnixS }, followed, promise, entry) === "broken") {
      findings.fail("C25", null, `${name}: the promise is broken`);
    }
  } catch (error) {
    if (!(error instanceof InvalidPromise)) throw error;
    findings.fail("C25", null, `${name}: ${error.message}`);
  }
}
