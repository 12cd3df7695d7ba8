// For pages, workers and bundlers: what is not handed over is fetched from beside this file.
import { start } from "./whichcard.js";

export { Whichcard, WhichcardError } from "./whichcard.js";

// Asked for only where nothing is handed over: not every place knows where a script lies.
const beside = {
  get module() {
    return new URL("./core_bg.wasm", import.meta.url);
  },
  get rest() {
    return new URL("./rest_bg.wasm", import.meta.url);
  },
  get catalog() {
    return new URL("./catalog.json", import.meta.url);
  },
};

export const load = (parts) => start(parts ?? {}, beside, fetch);
