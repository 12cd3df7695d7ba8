// What the built package answers in Node.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { load } from "../../target/package/node.js";
import { REQUEST, plain, refusal } from "./asking.mjs";

const GIB = 2 ** 30;
let whichcard;

before(async () => {
  whichcard = await load();
});

test("an estimate has memory, time, energy, cost and their working", async () => {
  const estimate = await whichcard.estimate(REQUEST);
  plain(estimate);
  assert.equal(estimate.memory.verdict, "fits");
  assert.ok(estimate.memory.total > 6 * GIB && estimate.memory.total < 24 * GIB, `${estimate.memory.total}`);
  assert.ok(estimate.time.tokensPerSecond > 100);
  assert.ok(estimate.explain.some((step) => step.id === "memory.weights"));
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

test("the catalogue names what questions may name", async () => {
  const { cards, models } = await whichcard.catalog();
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
  const model = await whichcard.parseHfConfig(config);
  assert.equal(model.parameters, 8030261248);
  assert.deepEqual(await whichcard.parseHfConfig(JSON.stringify(config)), model);
  assert.equal((await whichcard.estimate({ ...REQUEST, model: { hfConfig: config } })).memory.verdict, "fits");
  assert.equal((await refusal(() => whichcard.parseHfConfig("{"))).code, "invalid-json");
});
