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
    // JSON has no word for undefined or a function either.
    const text = JSON.stringify(about, written) ?? "null";
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
    const text = typeof config === "string" ? config : JSON.stringify(config, written);
    return answered(() => this.#core.parseHfConfig(text ?? "null"));
  }

  catalog() {
    return this.#core.catalog();
  }
}

/** Starts the module once, and reads the catalogue: its text, or the object it says. */
export async function start(module, catalog) {
  await init({ module_or_path: module });
  const text = typeof catalog === "string" ? catalog : JSON.stringify(catalog);
  return answered(() => new Whichcard(new Core(text)));
}
