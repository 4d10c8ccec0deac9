/** Gives every script and style of a page its hash, and writes the list of all that was built. */

import { createHash } from "node:crypto";
import { brotliCompressSync, constants } from "node:zlib";
import type { OutputBundle } from "rolldown";
import type { Plugin } from "vite";

export const MANIFEST = "pages.json";
const CALLS = /<(script|link)\b[^>]*?\b(?:src|href)="\/([^"]+)"[^>]*>/g;

/** SHA-384 as `integrity` attributes write it. */
function integrityOf(data: string | Uint8Array): string {
  return `sha384-${createHash("sha384").update(data).digest("base64")}`;
}

function hashesOf(bundle: OutputBundle): Map<string, string> {
  const files = Object.values(bundle).map((file): [string, string] => {
    return [file.fileName, integrityOf(file.type === "chunk" ? file.code : file.source)];
  });
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** An import map that says no more than the hashes: it covers what scripts load later, too. */
function importMap(hashes: ReadonlyMap<string, string>): string {
  const scripts = [...hashes].filter(([name]) => name.endsWith(".js"));
  const integrity = Object.fromEntries(scripts.map(([name, hash]) => [`/${name}`, hash]));
  return `<script type="importmap">${JSON.stringify({ integrity })}</script>`;
}

function withHashes(html: string, hashes: ReadonlyMap<string, string>): string {
  const tagged = html.replace(CALLS, (tag, _name, path: string) => {
    const hash = hashes.get(path);
    return hash === undefined ? tag : tag.replace(/\s*\/?>$/, ` integrity="${hash}">`);
  });
  return tagged.replace("<title>", `${importMap(hashes)}\n    <title>`);
}

const PACKED = /\.(css|html|js|json|svg)$/;
const PACKED_BYTES = 500;

/** The same bytes in Brotli, for browsers that take it; what is short is left as it is. */
function packed(data: string | Uint8Array): Uint8Array | null {
  const bytes = Buffer.from(data);
  if (bytes.length < PACKED_BYTES) return null;
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
}

/** Adds hashes to every page, `pages.json` beside them, and each file once more in Brotli. */
export function integrity(): Plugin {
  return {
    name: "hanpyo-integrity",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle): void {
        const hashes = hashesOf(bundle);
        for (const file of Object.values(bundle)) {
          if (file.type !== "asset" || !file.fileName.endsWith(".html")) continue;
          file.source = withHashes(String(file.source), hashes);
          hashes.set(file.fileName, integrityOf(file.source));
        }
        const source = `${JSON.stringify(Object.fromEntries(hashes), null, 1)}\n`;
        this.emitFile({ type: "asset", fileName: MANIFEST, source });
        for (const file of Object.values(bundle)) {
          const data = file.type === "chunk" ? file.code : file.source;
          const small = PACKED.test(file.fileName) ? packed(data) : null;
          if (small === null) continue;
          this.emitFile({ type: "asset", fileName: `${file.fileName}.br`, source: small });
        }
      },
    },
  };
}
