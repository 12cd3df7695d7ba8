// For Node, Deno and Bun: what is not handed over is read from beside this file.
import { readFile } from "node:fs/promises";
import { start, unavailable } from "./whichcard.js";

export { Whichcard, WhichcardError } from "./whichcard.js";

async function beside(part, name, encoding) {
  const address = new URL(name, import.meta.url);
  return readFile(address, encoding).catch((reason) => {
    throw unavailable(part, reason, address);
  });
}

export async function load({ module, catalog } = {}) {
  return start(module ?? (await beside("module", "core_bg.wasm")), catalog ?? (await beside("catalog", "catalog.json", "utf8")));
}
