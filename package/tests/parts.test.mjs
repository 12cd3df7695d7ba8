// The parts of the code and the catalogue: what each brings, and what is said where one cannot be had.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { load, WhichcardError } from "../../target/package/node.js";
import { alone } from "./asking.mjs";

test("a part that cannot be had is told by its name, and can be had later", async () => {
  for (const how of ["{ module: new Uint8Array([1, 2, 3]) }", '{ module: fetch("data:text/plain,x") }', '{ module: "file:///nowhere.wasm" }']) {
    assert.deepEqual(await alone(`await load(${how}).catch((error) => console.log(failed(error), error.message.length > 5));`), ["unavailable module true"], how);
  }
  const later = await alone(`
    await load({ rest: new Uint8Array([1, 2, 3]) }).catch((error) => console.log(failed(error)));
    const whichcard = await load();
    console.log((await whichcard.estimate(REQUEST)).memory.verdict);
    console.log((await whichcard.plan(REQUEST)).method);`);
  assert.deepEqual(later, ["unavailable rest", "fits", "qlora"]);
});

test("the script for pages says in Node which one to import", async () => {
  const script = JSON.stringify(new URL("../../target/package/index.js", import.meta.url).href);
  const lines = await alone(`
    const pages = await import(${script});
    const { readFile } = await import("node:fs/promises");
    const code = await readFile(new URL("core_bg.wasm", ${script}));
    for (const parts of [{ module: "http://127.0.0.1:1/core_bg.wasm", catalog: "{}" }, { catalog: "{}" }, { module: code }]) {
      await pages.load(parts).catch((error) => console.log(failed(error), error.message));
    }`);
  const said = "index.js reads no files: in Node import node.js, a page needs a server";
  assert.deepEqual(lines, ["unavailable module fetch failed", `unavailable module ${said}`, `unavailable catalog ${said}`]);
});

test("every answer is promised, bad questions too, and is one to what was asked then", async () => {
  const lines = await alone(`
    const whichcard = await load();
    for (const question of ["estimate", "parseHfConfig", "plan", "advise", "abilities", "changes", "upgrades", "fromScratch", "machine", "detect", "files"]) {
      const asked = whichcard[question](7);
      console.log(asked instanceof Promise, await asked.catch(failed));
    }
    const own = { ...REQUEST, rig: { card: "rtx-3090" } };
    const asked = whichcard.machine(own);
    own.rig.card = "nonsense";
    console.log((await asked).cardWatts);
    for (const parts of [{ only: "estimate" }, { files: 7 }, 7]) await load(parts).catch((error) => console.log(failed(error)));`);
  for (let question = 0; question < 11; question += 1) assert.match(lines.shift(), /^true [a-z-]+ /);
  assert.deepEqual(lines, ["350", "unknown-field only", "unavailable files", "unknown-field Number"]);
});

test("the first part answers whatever can be asked of it", async () => {
  // A function that it lacks would end the program: every model, kind of work and way to refuse is asked of it.
  const lines = await alone(`
    const small = await load();
    const { models, cards } = JSON.parse(await (await import("node:fs/promises")).readFile(new URL(${JSON.stringify(new URL("../../target/package/catalog.json", import.meta.url).href)}), "utf8"));
    const outcomes = {};
    const ask = async (request) => {
      let outcome = "answered";
      try {
        await small.estimate(request);
      } catch (error) {
        if (!(error instanceof WhichcardError)) throw error;
        outcome = error.code;
      }
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    };
    const kinds = ["pretrain", "full-finetune", "lora", "qlora", "inference"];
    for (const { id } of models) for (const kind of kinds) await ask({ model: id, job: { kind }, rig: { card: "a100-sxm-80gb", count: 2 }, money: { currency: "EUR", country: "DE" } });
    for (const { id } of cards) for (const count of [1, 8]) await ask({ ...REQUEST, rig: { card: id, count } });
    const stacks = ["transformers", "unsloth", "torchtune", "litgpt", "megatron", "deepspeed", "pytorch", "llama.cpp", "vllm"].map((stack) => ({ stack }));
    const recipes = [...stacks, { offload: "optimizer" }, { offload: "layers:3" }, { parallel: { sharding: "zero3" } }, { parallel: { tensor: 8 } }, { parallel: { tensor: 7 } },
      { attention: "eager" }, { optimizer: "adafactor" }, { checkpointing: "none" }, { kvCache: "int8" }, { weights: "gptq-4" }, { precision: "fp8" }, { lora: { rank: 0 } },
      { microBatch: 1e9 }, { nonsense: 1 }];
    for (const recipe of recipes) for (const kind of kinds) for (const model of ["llama-3-8b", "mixtral-8x7b", { parametersB: 700 }, { parametersB: -1 }]) {
      await ask({ model, job: { kind, sequenceLength: 4096 }, recipe, rig: { card: "h100-sxm", count: 8 } });
    }
    const own = { vramGib: 48, bandwidthGbs: 1000, tensorTflops: 200 };
    for (const card of [own, { ...own, vramGib: 1e9 }, { ...own, vramGib: 0.1234567 }, {}, 7, "rtx-4099"]) await ask({ ...REQUEST, rig: { card } });
    for (const model of [{ architecture: {} }, { architecture: { layers: 1.5 } }, null]) await ask({ ...REQUEST, model });
    for (const catalog of ["", "{}", { schemaVersion: 1 }, { cards, models }]) await load({ catalog }).catch((error) => failed(error) || Promise.reject(error));
    console.log(JSON.stringify(outcomes));`);
  const outcomes = JSON.parse(lines[0]);
  assert.ok(outcomes.answered > 1000, lines[0]);
  assert.ok(Object.keys(outcomes).length > 5, lines[0]);
});

test("a pasted configuration brings what reads it, wherever it is asked about", async () => {
  const lines = await alone(`
    const whichcard = await load();
    const told = (asked) => asked.then(({ name, memory }) => name ?? memory.verdict, (error) => failed(error).trim());
    const configs = [{}, { model_type: "t5" }, [], { model_type: "qwen2", _name_or_path: "Qwen/Qwen2-7B" }];
    for (const hfConfig of configs) console.log(await told(whichcard.estimate({ ...REQUEST, model: { hfConfig } })));
    const texts = ["", "{", "[1,]", '{"a": 1e999}', '{"hidden_size": "x"}', '{"model_type": "mixtral"}'];
    for (const text of texts) console.log(await told(whichcard.parseHfConfig(text)));`);
  assert.deepEqual(lines, [
    "missing-field model.hfConfig.hidden_size",
    "fits",
    "unreadable-config model.hfConfig",
    "fits",
    ...Array(4).fill("invalid-json"),
    "invalid-value hidden_size",
    "mixtral, 46.7B",
  ]);
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
  const [other, whichcard] = await Promise.all([load({ catalog: own }), load()]);
  assert.equal((await other.catalog()).date, "2030-01-02");
  assert.equal((await other.catalog()).cards.length, 1);
  assert.ok((await whichcard.catalog()).cards.length > 100);
  await assert.rejects(load({ catalog: { schemaVersion: 1 } }), (error) => error instanceof WhichcardError && error.code === "invalid-catalog");
});
