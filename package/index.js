// For pages, workers and bundlers: what is not handed over is fetched from beside this file.
import { start } from "./whichcard.js";

export { Whichcard, WhichcardError } from "./whichcard.js";

export const load = (parts) => start(parts ?? {}, fetch);
