/** A page's sentences: one file a language, only the one in use is fetched. */

import { type Code, language } from "./language.svelte.ts";

type Loaders<W> = Readonly<Record<Code, () => Promise<{ readonly words: W }>>>;

export class Dictionary<W> {
  private readonly loaders: Loaders<W>;
  private loaded = $state.raw<Partial<Record<Code, W>>>({});

  constructor(loaders: Loaders<W>) {
    this.loaders = loaders;
  }

  /** Fetches the sentences of a language; to be called before it is chosen. */
  async load(code: Code = language.code): Promise<void> {
    if (this.loaded[code] !== undefined) return;
    const { words } = await this.loaders[code]();
    this.loaded = { ...this.loaded, [code]: words };
  }

  /** The sentences in the language of the page, or in one that is here already. */
  get now(): W {
    const words = this.loaded[language.code] ?? Object.values(this.loaded)[0];
    if (words === undefined) throw new Error("no sentences are loaded");
    return words as W;
  }
}

const dictionaries: { load: (code: Code) => Promise<void> }[] = [];

/** Makes a dictionary that follows the language switch. */
export function dictionary<W>(loaders: Loaders<W>): Dictionary<W> {
  const made = new Dictionary(loaders);
  dictionaries.push(made);
  return made;
}

/** Fetches what the page says in a language, and then turns to it. */
export async function speak(code: Code): Promise<void> {
  await Promise.all(dictionaries.map((each) => each.load(code)));
  language.choose(code);
}
