// For pages, workers and bundlers: what is not handed over is fetched from beside this file.
import { start } from "./whichcard.js";

export { Whichcard, WhichcardError } from "./whichcard.js";

// A file is nothing that fetch could have, and "fetch failed" says too little of it.
async function read(address) {
  try {
    return await fetch(address);
  } catch (reason) {
    if (!String(address.url ?? address).startsWith("file:")) throw reason;
    throw new Error("index.js reads no files: in Node import node.js, a page needs a server", { cause: reason });
  }
}

export const load = (parts) => start(parts ?? {}, read);
