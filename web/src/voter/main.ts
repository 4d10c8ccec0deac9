import { start } from "../parts/starting.ts";
import App from "./App.svelte";
import { said } from "./words/index.ts";

await start(App, [said]);
