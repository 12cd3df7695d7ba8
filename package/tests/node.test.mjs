// The built package in Node.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { load, WhichcardError } from "../../target/package/node.js";

const REQUEST = { model: "llama-3-8b", job: { kind: "qlora" }, rig: { card: "rtx-4090" } };
const GIB = 2 ** 30;
let whichcard;

before(async () => {
  whichcard = await load();
});

/** Everything in an answer is what JSON knows: plain objects, arrays, finite numbers. */
function plain(value, path = "") {
  if (Array.isArray(value)) return value.forEach((one, place) => plain(one, `${path}[${place}]`));
  if (value !== null && typeof value === "object") {
    assert.equal(Object.getPrototypeOf(value), Object.prototype, path);
    return Object.entries(value).forEach(([key, one]) => plain(one, `${path}.${key}`));
  }
  assert.ok(value === null || ["string", "boolean", "number"].includes(typeof value), `${path}: ${typeof value}`);
  if (typeof value === "number") assert.ok(Number.isFinite(value), path);
}

/** The refusal of a question. */
async function refusal(ask) {
  try {
    await ask();
  } catch (error) {
    assert.ok(error instanceof WhichcardError && error instanceof Error, String(error));
    assert.equal(error.name, "WhichcardError");
    assert.match(error.stack, /node\.test\.mjs/);
    return error;
  }
  assert.fail("not refused");
}

test("an estimate has memory, time, energy, cost and their working", () => {
  const estimate = whichcard.estimate(REQUEST);
  plain(estimate);
  assert.equal(estimate.memory.verdict, "fits");
  assert.ok(estimate.memory.total > 6 * GIB && estimate.memory.total < 24 * GIB, `${estimate.memory.total}`);
  assert.ok(estimate.time.tokensPerSecond > 100);
  assert.ok(estimate.explain.some((step) => step.id === "memory.weights"));
});

test("answers are those of the library outside of WebAssembly, files in both languages included", async () => {
  const read = async (place) => JSON.parse(await readFile(new URL(place, import.meta.url), "utf8"));
  const [asked, native] = await Promise.all(["asked.json", "../../target/native-answers.json"].map(read));
  // Powers are computed by another mathematical library there, and may differ in the last bits.
  const rounded = (answer) =>
    JSON.parse(JSON.stringify(answer, (_, value) => (typeof value === "number" ? Number(value.toPrecision(12)) : typeof value === "string" ? value.replace(/\d+\.\d{9,}/g, (number) => Number(number).toPrecision(12)) : value)));
  assert.ok(asked.length > 5);
  for (const [place, request] of asked.entries()) {
    assert.deepEqual(rounded(whichcard.estimate(request)), rounded(native[place].estimate), request.model);
    for (const lang of ["en", "zh-CN"]) assert.deepEqual(rounded(await whichcard.files(request, { lang })), rounded(native[place].files[lang]), `${request.model} ${lang}`);
  }
});

test("a plan is asked for again by its request, and taken away as files", async () => {
  const plan = await whichcard.plan({ ...REQUEST, rig: { card: "rtx-3060-12gb" } });
  const again = whichcard.estimate(plan.request);
  assert.deepEqual([again.memory, again.time], [plan.estimate.memory, plan.estimate.time]);
  const { files, leftOut } = await whichcard.files(plan.request);
  plain(files);
  const file = (format) => files.find((one) => one.format === format);
  assert.equal(new Set(files.map(({ name }) => name)).size, files.length);
  assert.ok(files.every(({ title, name, text, mediaType }) => title && name && text && mediaType.includes("/")));
  const axolotl = file("axolotl");
  assert.equal(`${axolotl.name} ${axolotl.mediaType} ${axolotl.language}`, "axolotl.yaml application/yaml yaml");
  assert.match(axolotl.program, /^Axolotl \d/);
  assert.match(axolotl.text, /^load_in_4bit: true$/m);
  assert.match(axolotl.text, new RegExp(`^micro_batch_size: ${plan.recipe.microBatch}$`, "m"));
  assert.ok(axolotl.notes.every((note) => axolotl.text.includes(note)));
  assert.match(file("markdown").text, /^# QLoRA.*RTX 3060/);
  assert.equal(file("markdown").program, null);
  assert.equal(JSON.parse(file("json").text).answer.memory.verdict, "fits");
  assert.deepEqual(leftOut, []);
  // A program that has no file says why.
  const served = await whichcard.files({ model: "llama-3-8b", job: { kind: "inference" }, recipe: { weights: "nf4" }, rig: { card: "rtx-4090" } });
  const { format, lacks, message } = served.leftOut.find((one) => one.format === "llama.cpp");
  assert.deepEqual([format, lacks], ["llama.cpp", "weights"]);
  assert.match(message, /llama\.cpp.*NF4/);
  assert.match((await whichcard.files(plan.request, { lang: "zh-CN" })).files.find((one) => one.format === "markdown").text, /显存/);
  const refused = await refusal(() => whichcard.files(plan.request, { lang: "fr" }));
  assert.deepEqual([refused.code, refused.field, refused.given], ["invalid-value", "lang", "fr"]);
  assert.equal((await refusal(() => whichcard.files({ ...REQUEST, rig: { card: "rtx-4099" } }))).field, "rig.card");
  assert.equal((await refusal(() => whichcard.files(REQUEST, { langue: "en" }))).code, "unknown-field");
});

test("every ranked plan has its request, of described models and cards too", async () => {
  const cards = [{ name: "Mine", vramGib: 48, bandwidthGbs: 900, tensorTflops: 150 }, "rtx-4090"];
  const { ranked } = await whichcard.advise({ model: { parametersB: 13 }, job: { kind: "lora" }, rig: { card: cards, count: [1, 2] }, money: { currency: "EUR" } });
  plain(ranked);
  assert.ok(ranked.length > 1);
  for (const { request, estimate } of ranked) {
    assert.equal(request.money.currency, "EUR");
    assert.deepEqual(whichcard.estimate(request).memory, estimate.memory);
  }
  const { stages } = await whichcard.fromScratch({ model: "gpt2", rig: { card: "rtx-3090" } });
  assert.equal(whichcard.estimate(stages[0].here.plan.request).time.total, stages[0].here.time);
});

test("a goal is planned for one card and ranked over all", async () => {
  const plan = await whichcard.plan({ ...REQUEST, rig: { card: "rtx-3060-12gb" } });
  plain(plan);
  assert.equal(plan.method, "qlora");
  const advice = await whichcard.advise({ model: "llama-3-8b", job: { kind: "lora" }, objective: "fastest", rig: { count: 1 } });
  plain(advice);
  assert.ok(advice.ranked.length > 10 && advice.rejected.length > 10);
  const hours = advice.ranked.map((one) => one.estimate.time.total);
  assert.ok(hours[0] <= hours.at(-1));
  assert.ok(advice.pareto.every((place) => place < advice.ranked.length));
  assert.match(advice.rejected[0].rejectedBecause.message, /[A-Z]/);
});

test("a rig has abilities, and a setup too large has ways out", async () => {
  const abilities = await whichcard.abilities({ card: "gtx-1080-ti" });
  plain(abilities);
  assert.deepEqual(abilities.map((one) => one.kind), ["pretrain", "full-finetune", "lora", "qlora", "inference"]);
  const changes = await whichcard.changes({ ...REQUEST, job: { kind: "lora" }, rig: { card: "rtx-3060-12gb" } });
  plain(changes);
  assert.ok(changes.some((change) => change.method === "qlora"));
  assert.deepEqual(await whichcard.changes(REQUEST), []);
});

test("more hardware, a model from nothing, and the machine around the cards", async () => {
  const found = await whichcard.upgrades({ rig: { card: "rtx-3060-12gb" }, money: { currency: "CNY" } });
  plain(found);
  assert.deepEqual([found[0].card, found[0].count], ["rtx-3060-12gb", 2]);
  assert.ok(found.every(({ unlocks }) => unlocks.length > 0));
  assert.ok(found.some(({ price }) => price?.currency === "CNY" && price.amount > 500));
  const path = await whichcard.fromScratch({ model: "gpt2", rig: { card: "rtx-3090" }, tokens: 2.5e9 });
  plain(path);
  assert.equal(path.tokens, 2.5e9);
  assert.deepEqual(path.stages.map(({ kind }) => kind), ["pretrain", "full-finetune", "inference"]);
  assert.equal(path.stages[0].here.plan.rig.card, "rtx-3090");
  assert.ok(path.total > path.preparation.time);
  const machine = await whichcard.machine(REQUEST);
  plain(machine);
  assert.ok(machine.powerSupplyWatts >= machine.cardWatts && machine.cardWatts === 450);
  assert.equal((await refusal(() => whichcard.upgrades({ rig: { card: "rtx-9999" } }))).field, "rig.card");
  assert.equal((await refusal(() => whichcard.fromScratch({ model: "gpt2" }))).field, "rig");
  assert.equal((await refusal(() => whichcard.fromScratch({ model: "gpt2", rig: { card: "rtx-3090" }, money: { currency: "GBP" } }))).field, "money.currency");
  assert.equal((await refusal(() => whichcard.machine({ ...REQUEST, rig: { card: "rtx-4090", count: 0 } }))).field, "rig.count");
});

test("the catalogue names what questions may name", () => {
  const { cards, models } = whichcard.catalog();
  plain(cards);
  plain(models);
  const a100 = cards.find((card) => card.id === "a100-pcie-80gb");
  assert.equal(a100.generation, "ampere");
  assert.equal(a100.memory, 80 * GIB);
  assert.ok(models.find((model) => model.id === "llama-3-8b").parameters > 8e9);
});

test("strings of a browser name a card, or what would settle it", async () => {
  const guess = await whichcard.detect({ webglRenderer: "ANGLE (NVIDIA, NVIDIA GeForce RTX 3090 (0x00002204) Direct3D11 vs_5_0 ps_5_0, D3D11)" });
  plain(guess);
  assert.deepEqual(guess.cards, ["rtx-3090"]);
  assert.equal((await whichcard.detect({})).question, "card");
  // What a browser adds to its description of an adapter is none of ours; what a program misspells is.
  assert.equal((await whichcard.detect({ adapters: [{ vendor: "nvidia", subgroupMinSize: 32 }] })).vendor, "nvidia");
  assert.equal((await refusal(() => whichcard.detect({ webglRender: "NVIDIA" }))).field, "webglRender");
});

test("a configuration becomes a model, as object and as text", async () => {
  const config = { model_type: "llama", hidden_size: 4096, num_hidden_layers: 32, num_attention_heads: 32, num_key_value_heads: 8, intermediate_size: 14336, vocab_size: 128256, tie_word_embeddings: false };
  const model = whichcard.parseHfConfig(config);
  assert.equal(model.parameters, 8030261248);
  assert.deepEqual(whichcard.parseHfConfig(JSON.stringify(config)), model);
  assert.equal(whichcard.estimate({ ...REQUEST, model: { hfConfig: config } }).memory.verdict, "fits");
  assert.equal((await refusal(() => whichcard.parseHfConfig("{"))).code, "invalid-json");
});

test("a refusal is an Error that says where, what and what instead", async () => {
  const error = await refusal(() => whichcard.estimate({ ...REQUEST, rig: { card: "rtx-4099" } }));
  assert.equal(error.code, "unknown-card");
  assert.equal(error.field, "rig.card");
  assert.equal(error.given, "rtx-4099");
  assert.ok(error.nearest.includes("rtx-4090"), error.nearest.join());
  assert.match(error.message, /rtx-4099/);
  assert.equal((await refusal(() => whichcard.estimate({ ...REQUEST, nonsense: 1 }))).code, "unknown-field");
  assert.equal((await refusal(() => whichcard.abilities({ card: "rtx-4090", link: "wire" }))).field, "link");
});

test("what JSON has no word for is refused, not forgotten", async () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    const error = await refusal(() => whichcard.estimate({ ...REQUEST, job: { kind: "qlora", tokens: value } }));
    assert.equal(error.field, "job.tokens");
    assert.equal(error.given, String(value));
  }
  assert.equal(whichcard.estimate({ ...REQUEST, job: { kind: "qlora", tokens: undefined } }).memory.verdict, "fits");
  assert.equal(whichcard.estimate({ ...REQUEST, rig: { card: "rtx-4090", count: 2n } }).memory.verdict, "fits");
  for (const value of [undefined, null, 7, "llama", [], () => 1]) await refusal(() => whichcard.estimate(value));
  const huge = await refusal(() => whichcard.estimate({ ...REQUEST, job: { kind: "qlora", sequenceLength: 10n ** 400n } }));
  assert.equal(huge.field, "job.sequenceLength");
  assert.match((await refusal(() => whichcard.estimate(null))).message, /^The request cannot be null/);
  assert.match((await refusal(() => whichcard.estimate({ ...REQUEST, job: { kind: "qlora", sequenceLength: "2048" } }))).message, /cannot be "2048"/);
  let deep = {};
  for (let level = 0; level < 300; level += 1) deep = { deep };
  assert.match((await refusal(() => whichcard.estimate({ ...REQUEST, model: { hfConfig: deep } }))).message, /inside one another/);
  const circle = { ...REQUEST };
  circle.recipe = circle;
  for (const ask of [() => whichcard.estimate(circle), () => whichcard.advise(circle), () => whichcard.parseHfConfig(circle)]) {
    assert.equal((await refusal(ask)).code, "invalid-json");
  }
  // Nothing of this has hurt it.
  assert.equal(whichcard.estimate(REQUEST).memory.verdict, "fits");
});

/** What a program prints that has the package to itself: the code is loaded once in a process. */
async function alone(program) {
  const begin = `const { load, WhichcardError } = await import(${JSON.stringify(new URL("../../target/package/node.js", import.meta.url).href)});
    const REQUEST = ${JSON.stringify(REQUEST)};
    const failed = (error) => error instanceof WhichcardError && error.code + " " + error.field;`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--no-warnings", "--input-type=module", "--eval", begin + program]);
  return stdout.trim().split("\n");
}

test("a part that cannot be had is told by its name, and can be had later", async () => {
  for (const how of ["{ module: new Uint8Array([1, 2, 3]) }", '{ module: fetch("data:text/plain,x") }', '{ module: "file:///nowhere.wasm" }']) {
    assert.deepEqual(await alone(`await load(${how}).catch((error) => console.log(failed(error), error.message.length > 5));`), ["unavailable module true"], how);
  }
  const later = await alone(`
    await load({ rest: new Uint8Array([1, 2, 3]) }).catch((error) => console.log(failed(error)));
    const whichcard = await load();
    console.log(whichcard.estimate(REQUEST).memory.verdict);
    console.log((await whichcard.plan(REQUEST)).method);`);
  assert.deepEqual(later, ["unavailable rest", "fits", "qlora"]);
});

test("what only the rest answers is promised, bad questions too, and asked as it was then", async () => {
  const lines = await alone(`
    const whichcard = await load();
    for (const question of ["plan", "advise", "abilities", "changes", "upgrades", "fromScratch", "machine", "detect", "files"]) {
      const asked = whichcard[question](7);
      console.log(asked instanceof Promise, await asked.catch(failed));
    }
    const own = { ...REQUEST, rig: { card: "rtx-3090" } };
    const asked = whichcard.machine(own);
    own.rig.card = "nonsense";
    console.log((await asked).cardWatts);
    for (const parts of [{ only: "estimate" }, { files: 7 }, 7]) await load(parts).catch((error) => console.log(failed(error)));`);
  for (let question = 0; question < 9; question += 1) assert.match(lines.shift(), /^true [a-z-]+ /);
  assert.deepEqual(lines, ["350", "unknown-field only", "unavailable files", "unknown-field Number"]);
});

test("the first part answers whatever can be asked of it", async () => {
  // A function that it lacks would end the program: every model, kind of work and way to refuse is asked of it.
  const lines = await alone(`
    const small = await load();
    const { models, cards } = small.catalog();
    const outcomes = {};
    const ask = (request) => {
      let outcome = "answered";
      try {
        small.estimate(request);
      } catch (error) {
        if (!(error instanceof WhichcardError)) throw error;
        outcome = error.code;
      }
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    };
    const kinds = ["pretrain", "full-finetune", "lora", "qlora", "inference"];
    for (const { id } of models) for (const kind of kinds) ask({ model: id, job: { kind }, rig: { card: "a100-sxm-80gb", count: 2 }, money: { currency: "EUR", country: "DE" } });
    for (const { id } of cards) for (const count of [1, 8]) ask({ ...REQUEST, rig: { card: id, count } });
    const stacks = ["transformers", "unsloth", "torchtune", "litgpt", "megatron", "deepspeed", "pytorch", "llama.cpp", "vllm"].map((stack) => ({ stack }));
    const recipes = [...stacks, { offload: "optimizer" }, { offload: "layers:3" }, { parallel: { sharding: "zero3" } }, { parallel: { tensor: 8 } }, { parallel: { tensor: 7 } },
      { attention: "eager" }, { optimizer: "adafactor" }, { checkpointing: "none" }, { kvCache: "int8" }, { weights: "gptq-4" }, { precision: "fp8" }, { lora: { rank: 0 } },
      { microBatch: 1e9 }, { nonsense: 1 }];
    for (const recipe of recipes) for (const kind of kinds) for (const model of ["llama-3-8b", "mixtral-8x7b", { parametersB: 700 }, { parametersB: -1 }]) {
      ask({ model, job: { kind, sequenceLength: 4096 }, recipe, rig: { card: "h100-sxm", count: 8 } });
    }
    const own = { vramGib: 48, bandwidthGbs: 1000, tensorTflops: 200 };
    for (const card of [own, { ...own, vramGib: 1e9 }, { ...own, vramGib: 0.1234567 }, {}, 7, "rtx-4099"]) ask({ ...REQUEST, rig: { card } });
    for (const model of [{ hfConfig: {} }, { hfConfig: { model_type: "t5" } }, { hfConfig: [] }, { architecture: {} }, { architecture: { layers: 1.5 } }, null]) ask({ ...REQUEST, model });
    for (const text of ["", "{", "[1,]", '{"a": 1e999}', '{"hidden_size": "x"}', '{"model_type": "mixtral"}']) {
      try {
        small.parseHfConfig(text);
      } catch (error) {
        if (!(error instanceof WhichcardError)) throw error;
      }
    }
    for (const catalog of ["", "{}", { schemaVersion: 1 }, { ...small.catalog() }]) await load({ catalog }).catch((error) => failed(error) || Promise.reject(error));
    console.log(JSON.stringify(outcomes));`);
  const outcomes = JSON.parse(lines[0]);
  assert.ok(outcomes.answered > 1000, lines[0]);
  assert.ok(Object.keys(outcomes).length > 5, lines[0]);
});

test("compiled modules and a catalogue are all it needs where nobody knows where the script lies", async () => {
  const lines = await alone(`
    const { readFile } = await import("node:fs/promises");
    const { start } = await import(${JSON.stringify(new URL("../../target/package/whichcard.js", import.meta.url).href)});
    const file = (name) => readFile(new URL(name, ${JSON.stringify(new URL("../../target/package/", import.meta.url).href)}));
    const [module, rest, files] = await Promise.all(["core_bg.wasm", "rest_bg.wasm", "files_bg.wasm"].map(async (name) => WebAssembly.compile(await file(name))));
    const nowhere = new Proxy({}, { get: (_, name) => { throw new Error(name); } });
    const whichcard = await start({ module, rest, files, catalog: await file("catalog.json").then(String) }, nowhere, nowhere);
    const { method, request } = await whichcard.plan(REQUEST);
    console.log(method, (await whichcard.files(request)).files.length > 5);`);
  assert.deepEqual(lines, ["qlora true"]);
});

test("another module than the one that runs is refused", async () => {
  const lines = await alone(`
    const { readFile } = await import("node:fs/promises");
    const file = (name) => new URL(name, ${JSON.stringify(new URL("../../target/package/", import.meta.url).href)});
    const [module, rest] = await Promise.all([readFile(file("core_bg.wasm")), readFile(file("rest_bg.wasm"))]);
    const [one, two] = await Promise.all([load({ module, rest }), load({ module, rest })]);
    for (const whichcard of [one, two, await load()]) console.log((await whichcard.plan(REQUEST)).method);
    await load({ module: Uint8Array.from(module) }).catch((error) => console.log(failed(error)));
    await load({ rest: file("core_bg.wasm") }).catch((error) => console.log(failed(error)));`);
  assert.deepEqual(lines, ["qlora", "qlora", "qlora", "unavailable module", "unavailable rest"]);
});

test("another catalogue, several at once", async () => {
  const text = await readFile(new URL("../../target/package/catalog.json", import.meta.url), "utf8");
  const own = JSON.parse(text);
  own.cards = own.cards.filter((card) => card.id === "rtx-4090");
  own.date = "2030-01-02";
  const other = await load({ catalog: own });
  assert.equal(other.catalog().date, "2030-01-02");
  assert.equal(other.catalog().cards.length, 1);
  assert.ok(whichcard.catalog().cards.length > 100);
  await assert.rejects(load({ catalog: { schemaVersion: 1 } }), (error) => error instanceof WhichcardError && error.code === "invalid-catalog");
});
