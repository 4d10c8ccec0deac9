/** Speaking with a ledger's nodes over HTTP: one after the other, until one answers. */

import type { Bytes } from "../crypto/encoding/bytes.ts";
import { type JsonObject, type JsonValue, decodeJson, isArray } from "../crypto/encoding/json.ts";

const PATIENCE_MS = 15_000;
const NODES_MAX = 64;

/** No node answers. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** A node answers that it will not: problem details of RFC 9457. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly check: string | null;
  /** When to come back, in seconds; 0 where the node did not say. */
  readonly retryAfterS: number;

  constructor(status: number, detail: string, check: string | null, retryAfterS: number) {
    super(detail);
    this.status = status;
    this.check = check;
    this.retryAfterS = retryAfterS;
  }
}

/** A node answers something else than it may. */
export class Nonsense extends Error {
  override readonly name = "Nonsense";
}

export type Fetch = typeof globalThis.fetch;

/** The nodes of one ledger; the page's own first. Nothing that they say is taken on trust. */
export class Node {
  private readonly addresses: string[];
  private readonly fetch: Fetch;
  private current = 0;

  /** @param addresses where nodes answer, such as `https://a.example`, without a final slash. */
  constructor(addresses: readonly string[], fetch: Fetch = globalThis.fetch.bind(globalThis)) {
    this.addresses = addresses.slice(0, NODES_MAX);
    this.fetch = fetch;
  }

  /** The node that answered last. */
  get address(): string {
    return this.addresses[this.current] ?? "";
  }

  /** How many nodes are known. */
  get count(): number {
    return this.addresses.length;
  }

  /** Learns of more nodes of the ledger. */
  addAll(addresses: readonly string[]): void {
    for (const each of addresses) {
      const isNew = !this.addresses.includes(each) && this.addresses.length < NODES_MAX;
      if (isNew && /^https?:\/\/[^\s/]+$/.test(each)) this.addresses.push(each);
    }
  }

  /** Turns to another node: the present one is silent, or shows something false. */
  turn(): void {
    this.current = (this.current + 1) % this.addresses.length;
  }

  async get(path: string, patienceMs = PATIENCE_MS): Promise<Bytes> {
    return await this.ask(path, {}, patienceMs);
  }

  async getJson(path: string, patienceMs = PATIENCE_MS): Promise<JsonObject> {
    return asObject(await this.get(path, patienceMs));
  }

  /** Posts bytes; the answer is JSON. The same bytes may arrive at several nodes. */
  async post(path: string, body: Bytes, type: string): Promise<JsonObject> {
    const init = { method: "POST", body: new Uint8Array(body), headers: { "content-type": type } };
    return asObject(await this.ask(path, init, PATIENCE_MS));
  }

  private async ask(path: string, init: RequestInit, patienceMs: number): Promise<Bytes> {
    let last: unknown = null;
    for (let left = this.addresses.length; left > 0; left--) {
      try {
        return await this.askOne(`${this.address}/${path}`, init, patienceMs);
      } catch (error) {
        const mayTurn = !(error instanceof Problem) || error.status >= 500;
        if (!mayTurn || error instanceof Nonsense) throw error;
        last = error;
        this.turn();
      }
    }
    if (last instanceof Problem) throw last;
    throw new Unreachable(last instanceof Error ? last.message : "no node is known");
  }

  private async askOne(url: string, init: RequestInit, patienceMs: number): Promise<Bytes> {
    const signal = AbortSignal.timeout(patienceMs);
    const settings = { ...init, signal, credentials: "omit", redirect: "error" } as const;
    const answer = await this.fetch(url, settings);
    const body = new Uint8Array(await answer.arrayBuffer());
    if (answer.ok) return body;
    throw problemOf(answer, body);
  }
}

function problemOf(answer: Response, body: Bytes): Problem {
  const retryAfterS = Number(answer.headers.get("retry-after") ?? "0") || 0;
  let value: JsonObject = {};
  try {
    value = asObject(body);
  } catch {
    // Somebody between the node and this page answers.
  }
  const { detail, check } = value;
  return new Problem(
    answer.status,
    typeof detail === "string" ? detail : `status ${answer.status}`,
    typeof check === "string" ? check : null,
    retryAfterS,
  );
}

/** Reads a JSON object. */
export function asObject(body: Bytes): JsonObject {
  let value: JsonValue;
  try {
    value = decodeJson(body);
  } catch {
    throw new Nonsense("the answer is no JSON of our form");
  }
  if (typeof value !== "object" || value === null || isArray(value)) {
    throw new Nonsense("the answer is no object");
  }
  return value;
}

/** Reads a list of a JSON object. */
export function listOf(object: JsonObject, name: string): readonly JsonValue[] {
  const value = object[name];
  if (typeof value !== "object" || value === null || !isArray(value)) {
    throw new Nonsense(`${name} is no list`);
  }
  return value;
}

/** Reads a number of a JSON object. */
export function numberOf(object: JsonObject, name: string): number {
  const value = object[name];
  if (typeof value !== "number") throw new Nonsense(`${name} is no number`);
  return value;
}

/** Reads a string of a JSON object. */
export function stringOf(object: JsonObject, name: string): string {
  const value = object[name];
  if (typeof value !== "string") throw new Nonsense(`${name} is no string`);
  return value;
}
