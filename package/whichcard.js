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

// A number that JSON has no word for would silently become null, which means "not given".
const written = (key, value) => {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
};

// JSON has no word for undefined or a function; what it cannot write at all, such as an object that holds itself, is refused.
function said(about) {
  try {
    return JSON.stringify(about, written) ?? "null";
  } catch (reason) {
    const message = String(reason?.message ?? reason);
    throw new WhichcardError({ code: "invalid-json", field: "", message, given: typeof about, allowed: "JSON", suggestions: [] });
  }
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

/** Starts the module once, and reads the catalogue: its text, or the object it says. */
export async function start(module, catalog) {
  await init({ module_or_path: module });
  const text = typeof catalog === "string" ? catalog : said(catalog);
  return answered(() => new Whichcard(new Core(text)));
}
