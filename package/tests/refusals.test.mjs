// What the built package refuses, and how.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { load } from "../../target/package/node.js";
import { REQUEST, refusal } from "./asking.mjs";

let whichcard;

before(async () => {
  whichcard = await load();
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
  assert.equal((await whichcard.estimate({ ...REQUEST, job: { kind: "qlora", tokens: undefined } })).memory.verdict, "fits");
  assert.equal((await whichcard.estimate({ ...REQUEST, rig: { card: "rtx-4090", count: 2n } })).memory.verdict, "fits");
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
  assert.equal((await whichcard.estimate(REQUEST)).memory.verdict, "fits");
});
