import { describe, expect, test } from "vitest";
import { checkCommit, checkCommitment, makeCommit } from "../../src/crypto/ceremony/commit.ts";
import {
  checkComplaint,
  judgeComplaint,
  makeComplaint,
} from "../../src/crypto/ceremony/complaint.ts";
import { decryptDeal, makeDeal, openDeal, sharedPoint } from "../../src/crypto/ceremony/deal.ts";
import { type Attempt, ceremonyIdOf, jointKeyDigestOf } from "../../src/crypto/ceremony/ids.ts";
import { jointKeys, verificationKeys } from "../../src/crypto/ceremony/keys.ts";
import { checkReveal, makeReveal, partCount } from "../../src/crypto/ceremony/reveal.ts";
import {
  evaluate,
  trusteeSecrets,
  trusteeSigningKey,
  trusteeTransport,
} from "../../src/crypto/ceremony/seed.ts";
import { splitEvenly, toHex } from "../../src/crypto/encoding/bytes.ts";
import { decodePoint, decodePoints, encodePoint } from "../../src/crypto/group/point.ts";
import { reduce } from "../../src/crypto/group/scalar.ts";
import { publicKey } from "../../src/crypto/signatures/ed25519.ts";
import { type ShareStatement, checkShare, makeShare } from "../../src/crypto/tally/shares.ts";
import {
  addCiphertexts,
  checkTotals,
  findTotals,
  openSums,
} from "../../src/crypto/tally/totals.ts";
import { codeOf } from "./codes.ts";
import { type Vector, asBytes, asInteger, asList, asNumber, loadKind } from "./load.ts";

function each(file: string, kind: string): (readonly [string, Vector])[] {
  return loadKind(file, kind).map((vector) => [vector.name, vector] as const);
}

function attemptOf(vector: Vector): Attempt {
  return {
    ceremonyId: vector.has("ceremony_id") ? vector.bytes("ceremony_id") : new Uint8Array(32),
    threshold: vector.has("threshold") ? vector.number("threshold") : 0,
    slots: vector.has("slots") ? vector.number("slots") : 0,
  };
}

describe("ceremony", () => {
  test.each(each("ceremony", "ceremony id"))("%s", (_name, vector) => {
    const participants = vector.list("keys").map((pair) => {
      const [index, key] = asList(pair);
      return { index: asNumber(index), signingKey: asBytes(key) };
    });
    const electionId = vector.bytes("election_id");
    const id = ceremonyIdOf(electionId, vector.number("attempt"), attemptOf(vector), participants);
    expect(toHex(id)).toBe(vector.text("ceremony_id"));
  });
  test.each(each("ceremony", "signing key"))("%s", (_name, vector) => {
    const key = publicKey(trusteeSigningKey(vector.bytes("seed")));
    expect(toHex(key)).toBe(vector.text("key"));
  });
  test.each(each("ceremony", "commit"))("%s", (_name, vector) => {
    const attempt = attemptOf(vector);
    const trustee = vector.number("trustee");
    const commit = {
      transport: vector.bytes("transport"),
      proof: vector.bytes("proof"),
      commitment: vector.bytes("commitment"),
    };
    const code = codeOf(() => {
      checkCommit(attempt.ceremonyId, trustee, commit);
    });
    expect(code).toBe(vector.code);
    if (vector.code !== 0) return;
    const secrets = trusteeSecrets(vector.bytes("seed"), attempt);
    const random = vector.bytes("random");
    expect(makeCommit(attempt.ceremonyId, trustee, secrets, random)).toEqual(commit);
  });
  test.each(each("ceremony", "reveal"))("%s", (_name, vector) => {
    const commit = { transport: vector.bytes("transport"), commitment: vector.bytes("commitment") };
    const [trustee, part] = [vector.number("trustee"), vector.number("part")];
    const statement = { attempt: attemptOf(vector), trustee, commit, part };
    const reveal = { points: vector.bytes("points"), proof: vector.bytes("proof") };
    expect(codeOf(() => checkReveal(statement, reveal))).toBe(vector.code);
    if (vector.code !== 0) return;
    const secrets = trusteeSecrets(vector.bytes("seed"), attemptOf(vector));
    expect(makeReveal(statement, secrets, vector.bytes("random"))).toEqual(reveal);
  });
  test.each(each("ceremony", "commitment"))("%s", (_name, vector) => {
    const check = (): void => {
      checkCommitment(
        vector.bytes("ceremony_id"),
        vector.number("trustee"),
        vector.bytes("commitment"),
        vector.bytes("points"),
      );
    };
    expect(codeOf(check)).toBe(vector.code);
  });
  test.each(each("ceremony", "parts"))("%s", (_name, vector) => {
    expect(partCount(attemptOf(vector))).toBe(vector.number("parts"));
  });
  test.each(each("ceremony", "deal"))("%s", (_name, vector) => {
    const attempt = attemptOf(vector);
    const [dealer, recipient] = [vector.number("dealer"), vector.number("recipient")];
    const route = { attempt, dealer, recipient };
    const bySeed = vector.has("recipient_seed")
      ? sharedPoint(
          trusteeTransport(vector.bytes("recipient_seed"), attempt.ceremonyId),
          decodePoint(vector.bytes("dealer_transport")),
        )
      : sharedPoint(
          trusteeTransport(vector.bytes("dealer_seed"), attempt.ceremonyId),
          decodePoint(vector.bytes("recipient_transport")),
        );
    const points = decodePoints(vector.bytes("dealer_points"));
    const deal = vector.bytes("deal");
    expect(codeOf(() => openDeal(route, bySeed, deal, points))).toBe(vector.code);
    if (vector.code !== 0 || !vector.has("dealer_seed")) return;
    const secrets = trusteeSecrets(vector.bytes("dealer_seed"), attempt);
    const transport = decodePoint(vector.bytes("recipient_transport"));
    expect(makeDeal(route, secrets, transport)).toEqual(deal);
  });
  test.each(each("ceremony", "complaint"))("%s", (_name, vector) => {
    const attempt = attemptOf(vector);
    const [dealer, recipient] = [vector.number("dealer"), vector.number("trustee")];
    const statement = {
      route: { attempt, dealer, recipient },
      trusteeTransport: decodePoint(vector.bytes("trustee_transport")),
      dealerTransport: decodePoint(vector.bytes("dealer_transport")),
    };
    const complaint = { point: vector.bytes("point"), proof: vector.bytes("proof") };
    expect(codeOf(() => checkComplaint(statement, complaint))).toBe(vector.code);
    if (vector.code !== 0) return;
    if (vector.has("seed")) {
      const transport = trusteeTransport(vector.bytes("seed"), attempt.ceremonyId);
      const made = makeComplaint(statement, transport, vector.bytes("random"));
      expect(made).toEqual(complaint);
    }
    if (!vector.has("culprit")) return;
    const shared = checkComplaint(statement, complaint);
    const points = decodePoints(vector.bytes("dealer_points"));
    const culprit = judgeComplaint(statement.route, shared, vector.bytes("deal"), points);
    expect(culprit).toBe(vector.number("culprit"));
  });
  test.each(each("ceremony", "joint keys"))("%s", (_name, vector) => {
    const points = vector.bytesList("points").map(decodePoints);
    expect(codeOf(() => jointKeys(points, attemptOf(vector)))).toBe(vector.code);
    if (vector.code !== 0) return;
    const keys = jointKeys(points, attemptOf(vector)).map((key) => toHex(encodePoint(key)));
    expect(keys).toEqual(vector.list("keys"));
  });
  test.each(each("ceremony", "verification keys"))("%s", (_name, vector) => {
    const points = vector.bytesList("points").map(decodePoints);
    const keys = verificationKeys(points, vector.number("trustee"), attemptOf(vector));
    expect(keys.map((key) => toHex(encodePoint(key)))).toEqual(vector.list("keys"));
  });
  test.each(each("ceremony", "joint key digest"))("%s", (_name, vector) => {
    const digest = jointKeyDigestOf(vector.bytes("ceremony_id"), vector.bytesList("entry_hashes"));
    expect(toHex(digest)).toBe(vector.text("digest"));
  });
});

function shareStatementOf(vector: Vector): ShareStatement {
  const [sumA] = decodePoints(vector.bytes("total"));
  if (sumA === undefined) throw new TypeError("no sum");
  return {
    electionId: vector.bytes("election_id"),
    ceremonyId: vector.bytes("ceremony_id"),
    contest: vector.number("contest"),
    group: vector.number("group"),
    trustee: vector.number("trustee"),
    sumA,
    keys: vector.bytesList("keys").map(decodePoint),
  };
}

/** x_ij of the trustee: its own polynomials at its index, and what was dealt to it. */
function shareSecrets(vector: Vector): bigint[] {
  const attempt = attemptOf(vector);
  const trustee = vector.number("trustee");
  const own = trusteeSecrets(vector.bytes("seed"), attempt);
  const secrets = own.coefficients.map((slot) => evaluate(slot, trustee));
  for (const dealt of vector.list("deals")) {
    const [dealer, transport, deal] = asList(dealt);
    const route = { attempt, dealer: asNumber(dealer), recipient: trustee };
    const shared = sharedPoint(own.transport, decodePoint(asBytes(transport)));
    // The dealer's points are not in these vectors, so only decryption is asked for.
    const shares = decryptDeal(route, shared, asBytes(deal));
    shares.forEach((share, j) => {
      secrets[j] = reduce((secrets[j] ?? 0n) + share);
    });
  }
  return secrets;
}

describe("shares", () => {
  test.each(each("shares", "sum"))("%s", (_name, vector) => {
    const weights = vector.list("weights").map(asInteger);
    const ballots = vector.bytesList("ciphertexts").map((bytes, i) => ({
      weight: weights[i] ?? 0n,
      ciphertext: decodePoints(bytes),
    }));
    const parts = splitEvenly(vector.bytes("total"), 32).length;
    const total = addCiphertexts(ballots, parts).map((point) => toHex(encodePoint(point)));
    expect(total.join("")).toBe(vector.text("total"));
  });
  test.each(each("shares", "share"))("%s", (_name, vector) => {
    const statement = shareStatementOf(vector);
    const share = { shares: vector.bytes("shares"), proof: vector.bytes("proof") };
    expect(codeOf(() => checkShare(statement, share))).toBe(vector.code);
    if (vector.code !== 0) return;
    const secrets = shareSecrets(vector).slice(0, statement.keys.length);
    expect(makeShare(statement, secrets, vector.bytes("random"))).toEqual(share);
  });
  test.each(each("shares", "totals"))("%s", (_name, vector) => {
    const [, ...sums] = decodePoints(vector.bytes("total"));
    const shares = vector.list("shares").map((pair) => {
      const [trustee, points] = asList(pair);
      return { trustee: asNumber(trustee), points: decodePoints(asBytes(points)) };
    });
    const totals = vector.list("totals").map(asInteger);
    expect(
      codeOf(() => {
        checkTotals(sums, shares, totals);
      }),
    ).toBe(vector.code);
    if (vector.code !== 0) return;
    expect(findTotals(openSums(sums, shares), 1000n)).toEqual(totals);
    expect(() => findTotals(openSums(sums, shares), 10n)).toThrow("no total");
  });
});
