/** Starting workers under Trusted Types: only scripts that were built with these pages. */

interface Policy {
  createScriptURL: (url: string) => string;
}

const policies = (globalThis as { trustedTypes?: { createPolicy: PolicyMaker } }).trustedTypes;
type PolicyMaker = (name: string, rules: Policy) => Policy;

const policy: Policy = policies?.createPolicy("hanpyo-worker", { createScriptURL: ownScript }) ?? {
  createScriptURL: ownScript,
};

function ownScript(url: string): string {
  const { origin, pathname } = new URL(url, location.href);
  const isOwn = origin === location.origin && /^\/(assets|src)\//.test(pathname);
  if (!isOwn) throw new TypeError("not a script of these pages");
  return url;
}

/** Starts a module worker; `url` comes from `import url from "./worker.ts?worker&url"`. */
export function startWorker(url: string): Worker {
  return new Worker(policy.createScriptURL(url), { type: "module" });
}
