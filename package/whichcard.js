// The questions, and refusals as Errors. How the module and the catalogue are found differs by place: index.js and node.js.
import init, { Core } from "./core.js";

/** A refused question: which field, what was given, what is allowed, and the nearest valid choices. */
export class WhichcardError extends Error {
  constructor({ code, field, message, given, allowed, suggestions }) {
    super(message);
    Object.assign(this, { code, field, given, allowed, nearest: suggestions });
  }
}
WhichcardError.prototype.name = "WhichcardError";

const refused = (code, field, reason, given, allowed) =>
  new WhichcardError({ code, field, message: String(reason?.message ?? reason), given: String(given), allowed, suggestions: [] });

// No question is as deep, and the reader of JSON gives up a little further on.
const DEEPEST = 100;

// A number that JSON has no word for would silently become null, which means "not given".
function written() {
  const depths = new Map();
  return function (key, value) {
    const number = typeof value === "bigint" ? Number(value) : value;
    if (typeof number === "number") return Number.isFinite(number) ? number : String(number);
    if (typeof value === "object" && value !== null) {
      const depth = (depths.get(this) ?? 0) + 1;
      if (depth > DEEPEST) throw new Error(`More than ${DEEPEST} objects inside one another`);
      depths.set(value, depth);
    }
    return value;
  };
}

// JSON has no word for undefined or a function; what it cannot write at all, such as an object that holds itself, is refused.
function said(about) {
  try {
    return JSON.stringify(about, written()) ?? "null";
  } catch (reason) {
    throw refused("invalid-json", "", reason, typeof about, "JSON");
  }
}

/** A part of the package that cannot be had: a file that is not there, or is not what it should be. */
export function unavailable(part, reason, given) {
  const named = typeof given === "string" || given instanceof URL ? given : Object.prototype.toString.call(given).slice(8, -1);
  return Object.assign(refused("unavailable", part, reason, named, "a file that can be read"), { cause: reason });
}

function answered(ask) {
  try {
    return ask();
  } catch (refusal) {
    throw refusal instanceof Error ? refusal : new WhichcardError(refusal);
  }
}

export class Whichcard {
  #core;

  constructor(core) {
    this.#core = core;
  }

  #ask(question, about) {
    const text = said(about);
    return answered(() => this.#core[question](text));
  }

  estimate(request) {
    return this.#ask("estimate", request);
  }

  plan(goal) {
    return this.#ask("plan", goal);
  }

  advise(goal) {
    return this.#ask("advise", goal);
  }

  abilities(rig) {
    return this.#ask("abilities", rig);
  }

  changes(request) {
    return this.#ask("changes", request);
  }

  upgrades(question) {
    return this.#ask("upgrades", question);
  }

  fromScratch(scratch) {
    return this.#ask("fromScratch", scratch);
  }

  machine(request) {
    return this.#ask("machine", request);
  }

  detect(observation) {
    return this.#ask("detect", observation);
  }

  parseHfConfig(config) {
    const text = typeof config === "string" ? config : said(config);
    return answered(() => this.#core.parseHfConfig(text));
  }

  catalog() {
    return this.#core.catalog();
  }
}

/** Starts the module, the first time it is called, and reads the catalogue: its text, or the object it says. */
export async function start(module, catalog) {
  try {
    await init({ module_or_path: module });
  } catch (reason) {
    throw unavailable("module", reason, module);
  }
  const text = typeof catalog === "string" ? catalog : said(catalog);
  return answered(() => new Whichcard(new Core(text)));
}
