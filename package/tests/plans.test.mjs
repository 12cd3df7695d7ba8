// Plans that are asked for again, and taken away as files.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { before, test } from "node:test";
import { load } from "../../target/package/node.js";
import { REQUEST, plain, refusal } from "./asking.mjs";

let whichcard;

before(async () => {
  whichcard = await load();
});

test("answers are those of the library outside of WebAssembly, files in every language included", async () => {
  const read = async (place) => JSON.parse(await readFile(new URL(place, import.meta.url), "utf8"));
  const [asked, native] = await Promise.all(["asked.json", "../../target/native-answers.json"].map(read));
  // Powers are computed by another mathematical library there, and may differ in the last bits.
  const rounded = (answer) =>
    JSON.parse(JSON.stringify(answer, (_, value) => (typeof value === "number" ? Number(value.toPrecision(12)) : typeof value === "string" ? value.replace(/\d+\.\d{9,}/g, (number) => Number(number).toPrecision(12)) : value)));
  assert.ok(asked.length > 5);
  for (const [place, request] of asked.entries()) {
    assert.deepEqual(rounded(await whichcard.estimate(request)), rounded(native[place].estimate), request.model);
    for (const [lang, files] of Object.entries(native[place].files)) {
      assert.deepEqual(rounded(await whichcard.files(request, { lang })), rounded(files), `${request.model} ${lang}`);
    }
  }
});

test("a plan is asked for again by its request, and taken away as files", async () => {
  const plan = await whichcard.plan({ ...REQUEST, rig: { card: "rtx-3060-12gb" } });
  const again = await whichcard.estimate(plan.request);
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
  const refused = await refusal(() => whichcard.files(plan.request, { lang: "xx" }));
  assert.deepEqual([refused.code, refused.field, refused.given], ["invalid-value", "lang", "xx"]);
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
    assert.deepEqual((await whichcard.estimate(request)).memory, estimate.memory);
  }
  const { stages } = await whichcard.fromScratch({ model: "gpt2", rig: { card: "rtx-3090" } });
  assert.equal((await whichcard.estimate(stages[0].here.plan.request)).time.total, stages[0].here.time);
});

test("a change is applied by asking for its request", async () => {
  const asked = { model: "llama-3-8b", job: { kind: "lora", samples: 1000 }, rig: { card: "rtx-4060" }, money: { currency: "CNY", cardPrice: 2000 } };
  const changes = await whichcard.changes(asked);
  plain(changes);
  assert.ok(changes.length > 1);
  for (const { request, memory, rig, method } of changes) {
    assert.deepEqual((await whichcard.estimate(request)).memory, memory);
    assert.deepEqual([request.rig.card, request.rig.count, request.job.kind], [rig.card, rig.count, method]);
    assert.equal(request.money.cardPrice, rig.card === "rtx-4060" ? 2000 : undefined);
  }
});
