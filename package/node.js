// For Node, Deno and Bun: what is not handed over is read from beside this file.
import { readFile } from "node:fs/promises";
import { start } from "./whichcard.js";

export { Whichcard, WhichcardError } from "./whichcard.js";

// What fetch cannot have here: a file.
async function read(address) {
  const place = new URL(address.url ?? address);
  return place.protocol === "file:" ? readFile(place) : fetch(address);
}

export const load = (parts) => start(parts ?? {}, read);
