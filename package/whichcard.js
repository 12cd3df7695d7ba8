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

// An address as it is, anything else by its kind: bytes would say nothing.
const kind = (given) => (typeof given === "string" || given instanceof URL ? given : Object.prototype.toString.call(given).slice(8, -1));

const unavailable = (part, reason, given) =>
  Object.assign(refused("unavailable", part, reason, kind(given), "a file that can be read"), { cause: reason });

function answered(ask) {
  try {
    return ask();
  } catch (refusal) {
    throw refusal instanceof Error ? refusal : new WhichcardError(refusal);
  }
}

export class Whichcard {
  #core;
  #read;

  constructor(core, read) {
    this.#core = core;
    this.#read = read;
  }

  // What a part answers, in texts: whoever asks may change an object while the part is on its way.
  async #ask(part, question, ...texts) {
    await bring(part, undefined, this.#read);
    return answered(() => this.#core[question](...texts));
  }

  // Here and below `await` leaves in a refusal's stack who has asked.
  async #askRest(question, about) {
    return await this.#ask("rest", question, said(about));
  }

  // A pasted configuration can only be read by the rest.
  async estimate(request) {
    const text = said(request);
    return await this.#ask(text.includes('"hfConfig"') ? "rest" : "module", "estimate", text);
  }

  async parseHfConfig(config) {
    return await this.#ask("rest", "parseHfConfig", typeof config === "string" ? config : said(config));
  }

  async catalog() {
    return await this.#ask("rest", "catalog");
  }

  plan(goal) {
    return this.#askRest("plan", goal);
  }

  advise(goal) {
    return this.#askRest("advise", goal);
  }

  abilities(rig) {
    return this.#askRest("abilities", rig);
  }

  changes(request) {
    return this.#askRest("changes", request);
  }

  upgrades(question) {
    return this.#askRest("upgrades", question);
  }

  fromScratch(scratch) {
    return this.#askRest("fromScratch", scratch);
  }

  machine(request) {
    return this.#askRest("machine", request);
  }

  detect(observation) {
    return this.#askRest("detect", observation);
  }

  async files(request, terms = {}) {
    return await this.#ask("files", "files", said(request), said(terms));
  }
}

// Asked for only where nothing is handed over: not every place knows where a script lies.
const beside = {
  get module() {
    return new URL("./core_bg.wasm", import.meta.url);
  },
  get rest() {
    return new URL("./rest_bg.wasm", import.meta.url);
  },
  get files() {
    return new URL("./files_bg.wasm", import.meta.url);
  },
  get catalog() {
    return new URL("./catalog.json", import.meta.url);
  },
};

// The parts of the code, each of which works in the memory of the first and calls those before it. They run once in a page, a worker or a
// process, and serve all.
const PARTS = ["module", "rest", "files"];
const running = {};

const address = (source) => (source instanceof URL ? source.href : source);

/** Runs a part unless it runs already. One that failed can be tried again; another in the place of one that runs is refused. */
async function part(name, given, run) {
  const found = running[name];
  if (found && given && address(given) !== address(found.source)) {
    throw refused("unavailable", name, `Another ${name} runs here already: the first that is loaded serves all`, kind(given), "none, or the same again");
  }
  const made = found ?? (running[name] = { source: given ?? beside[name] });
  made.ready ??= run(made.source).then(
    (ready) => {
      made.runs = true;
      return ready;
    },
    (reason) => {
      // What waits for a part that failed has failed with it.
      for (const later of PARTS.slice(PARTS.indexOf(name) + 1)) delete running[later];
      if (running[name] === made) delete running[name];
      throw reason instanceof WhichcardError ? reason : unavailable(name, reason, made.source);
    },
  );
  return made.ready;
}

const opened = async (source, read) => (typeof source === "string" || source instanceof URL || source instanceof Request ? read(source) : source);

/** A part, and those before it that are not here: unless it failed, it is brought once. All come at the same time. */
function bring(name, given, read) {
  const before = PARTS.slice(0, PARTS.indexOf(name)).map((earlier) => running[earlier]?.ready ?? bring(earlier, undefined, read));
  return part(name, given, async (source) => {
    const [code, ...earlier] = await Promise.all([opened(source, read).then((found) => content(found, "arrayBuffer")), ...before]);
    // It knows the first by that name, the others by their numbers.
    const lenders = Object.fromEntries(earlier.map((exports, place) => [place || "first", exports]));
    const made = await WebAssembly.instantiate(code, lenders);
    return (made.instance ?? made).exports;
  });
}

/** Starts what does not run yet and reads the catalogue. `read` brings what is named by its address. */
export async function start(parts, read) {
  const { module, rest, files, catalog, ...others } = Object(parts);
  const [other] = parts === Object(parts) ? Object.keys(others) : [kind(parts)];
  if (other !== undefined) throw refused("unknown-field", other, `load knows no ${other}`, other, "module, rest, files, catalog");
  // All of it comes at the same time.
  const first = part("module", module, async (source) => init({ module_or_path: await opened(source, read) }));
  const later = Object.entries({ rest, files }).filter(([, given]) => given);
  const brought = later.map(([name, given]) => bring(name, given === true ? undefined : given, read));
  const [text] = await Promise.all([words(catalog, read), first, ...brought]);
  return answered(() => new Whichcard(new Core(text), read));
}

async function words(catalog, read) {
  if (catalog !== undefined && catalog !== null) return typeof catalog === "string" ? catalog : said(catalog);
  const place = beside.catalog;
  try {
    const found = await content(await read(place), "text");
    return typeof found === "string" ? found : new TextDecoder().decode(found);
  } catch (reason) {
    throw unavailable("catalog", reason, place);
  }
}

/** What a response brings; anything else is it already. */
async function content(found, form) {
  if (!(found instanceof Response)) return found;
  if (!found.ok) throw new Error(`${found.url}: ${found.status}`);
  return found[form]();
}
