// For pages, workers and bundlers: what is not handed over is fetched from beside this file.
import { start, unavailable } from "./whichcard.js";

export { Whichcard, WhichcardError } from "./whichcard.js";

export async function load({ module = new URL("./core_bg.wasm", import.meta.url), catalog } = {}) {
  return start(module, catalog ?? (await fetched(new URL("./catalog.json", import.meta.url))));
}

async function fetched(address) {
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    return await response.text();
  } catch (reason) {
    throw unavailable("catalog", reason, address);
  }
}
