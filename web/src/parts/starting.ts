/** Starting a page: what the browser must have, its language, its scripts by their hashes. */

import "../styles/all.css";
import { type Component, mount } from "svelte";
import { language, shared } from "../words/index.ts";

interface Loadable {
  load: () => Promise<void>;
}

/** Fetches the sentences, then shows the page. */
export async function start(App: Component, sentences: readonly Loadable[]): Promise<void> {
  await Promise.all([shared.load(), ...sentences.map((each) => each.load())]);
  document.documentElement.lang = language.code;
  mount(App, { target: document.body });
}

/** What the address holds after its #, such as `e=...&c=...`. */
export function fragment(): URLSearchParams {
  return new URLSearchParams(location.hash.slice(1));
}
