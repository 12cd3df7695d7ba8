// For Node, Deno and Bun: what is not handed over is read from beside this file.
import { readFile } from "node:fs/promises";
import { start } from "./whichcard.js";

export { Whichcard, WhichcardError } from "./whichcard.js";

const beside = (name) => new URL(name, import.meta.url);

export async function load({ module, catalog } = {}) {
  return start(module ?? (await readFile(beside("core_bg.wasm"))), catalog ?? (await readFile(beside("catalog.json"), "utf8")));
}
