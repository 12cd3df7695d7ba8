// A model from nothing, and the machine around the card.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGS, site, violations } from "./harness.mjs";

const whichcard = site();
const QLORA = "?view=inspect&model=llama-3-8b&job=qlora&card=rtx-4090";
const SCRATCH = "?view=scratch&model=llama-2-7b&card=rtx-3090";
const PHONE = { viewport: { width: 360, height: 740 } };

const tooWide = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test("every number from scratch opens to its working: of the path, and of each stage on each rig", async () => {
  const visitor = await whichcard.open(`${SCRATCH}&lang=en&cur=USD&country=US`);
  const { page } = visitor;
  for (const figure of await page.locator("#stages .figure a.leads, #scratch-disk a.leads, #stages > li > p a.leads").all()) {
    const target = (await figure.getAttribute("href")).slice(1);
    await figure.click();
    const opened = page.locator(`[id="${target}"][open]`);
    await opened.waitFor();
    // The figure that leads there is the figure that is worked out.
    const value = await opened.locator("summary b").innerText();
    assert.ok((await figure.innerText()).includes(value), `${target}: ${value}`);
    assert.ok((await opened.locator("dl div").count()) > 0);
  }
  const stages = page.locator(".stage-working");
  assert.ok((await stages.count()) >= 3);
  for (const stage of await stages.all()) {
    await stage.locator("summary").first().click();
    await stage.locator("details[data-step]").first().waitFor();
    const lane = page.locator(".lane", { has: page.locator(`[data-working="${await stage.getAttribute("data-working")}"]`) });
    const steps = await stage.locator("details[data-step] > summary b").allInnerTexts();
    const main = await lane.locator(".lane-main b").innerText();
    assert.ok(steps.includes(main), `${main} is none of ${steps.join(", ")}`);
  }
  const ids = await page.locator("[id]").evaluateAll((all) => all.map((one) => one.id));
  assert.equal(new Set(ids).size, ids.length, "an id twice");
  assert.deepEqual(await violations(page), []);
  assert.equal(await tooWide(page), 0);
  visitor.assertQuiet();
  await visitor.close();
});

test("cards that are only rented cost rent, others electricity with the rent beside it", async () => {
  const modules = "?view=scratch&model=llama-2-7b&card=a100-sxm-80gb&n=8";
  const cards = "?view=scratch&model=llama-3.2-1b&card=rtx-4090";
  for (const [lang, rented, bought] of [["en", /for \$[\d,]+ of rent$/, /of electricity; renting the cards takes/], ["zh-CN", /，租卡要 [^，；]+$/, /电费 .+；租卡要/]]) {
    for (const [query, says] of [[modules, rented], [cards, bought]]) {
      const visitor = await whichcard.open(`${query}&cur=USD&country=US&lang=${lang}`);
      await visitor.page.locator("#stages").waitFor();
      assert.match((await visitor.page.locator("#verdict h1").innerText()).trim(), says);
      visitor.assertQuiet();
      await visitor.close();
    }
  }
});

test("the machine around the card is said, and every figure opens to its working", async () => {
  for (const lang of LANGS) {
    const visitor = await whichcard.open(`${QLORA}&lang=${lang}&country=US&n=2&price=1500&rent=2`);
    const { page } = visitor;
    const rows = page.locator("#machine details");
    const names = await rows.evaluateAll((all) => all.map((one) => one.dataset.machine));
    assert.deepEqual(names, ["powerSupply", "circuit", "slots", "hostMemory", "disk", "heat", "monthlyBill", "co2", "rentOrBuy"]);
    await rows.evaluateAll((all) => all.forEach((one) => (one.open = true)));
    // Two cards of 450 W and 400 W for the rest, a tenth more for their peaks: 1,430 W, sold as 1,500 W.
    assert.match(await page.locator('[data-machine="powerSupply"]').innerText(), /1,500\sW[^]*1,430\sW/);
    for (const name of names.filter((name) => name !== "slots")) {
      assert.ok((await page.locator(`[data-machine="${name}"] .formula`).innerText()).length > 4, name);
      assert.ok((await page.locator(`[data-machine="${name}"] .source a`).count()) >= 1, name);
    }
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("what a figure of the machine rests on can be changed from there", async () => {
  const visitor = await whichcard.open(`${QLORA}&lang=en&country=US`, PHONE);
  const { page } = visitor;
  const bill = page.locator('[data-machine="monthlyBill"]');
  const before = await bill.locator("summary b").innerText();
  await bill.locator("summary").click();
  await bill.locator('[data-edit="kwh"]').click();
  await page.waitForFunction(() => document.activeElement?.id === "kwh");
  assert.ok(await page.locator("#kwh").isVisible());
  await page.keyboard.type("5");
  await page.waitForFunction((old) => document.querySelector('[data-machine="monthlyBill"] summary b').innerText !== old, before);
  visitor.assertQuiet();
  await visitor.close();
});

test("a model from nothing: data, pre-training, tuning and serving, on this rig and on a better one", async () => {
  for (const lang of LANGS) {
    for (const [model, card, count] of [["gpt2", "rtx-3090", 1], ["llama-3.2-1b", "rtx-4090", 1], ["llama-2-7b", "a100-sxm-80gb", 8]]) {
      const visitor = await whichcard.open(`?view=scratch&lang=${lang}&model=${model}&card=${card}&n=${count}`);
      const { page } = visitor;
      const stages = await page.locator("#stages > li").evaluateAll((all) => all.map((one) => one.dataset.stage));
      assert.equal(stages.length, 4, model);
      assert.deepEqual([stages[0], stages[1], stages[3]], ["data", "pretrain", "inference"]);
      for (const lane of await page.locator('[data-lane="here"], [data-lane="better"]').all()) assert.match(await lane.innerText(), /\d/);
      assert.ok((await page.locator('.lane.here').count()) >= 2, model);
      visitor.assertQuiet();
      await visitor.close();
    }
  }
});

test("a rig that cannot pre-train says why, and names one that can, which opens", async () => {
  const visitor = await whichcard.open("?view=scratch&lang=en&model=llama-2-7b&card=gtx-1650-laptop");
  const { page } = visitor;
  assert.equal(await page.locator("#verdict").getAttribute("data-verdict"), "no");
  const stage = page.locator('[data-stage="pretrain"]');
  assert.match(await stage.locator('[data-lane="blocked"]').innerText(), /GiB|days|years/);
  const better = await stage.locator('[data-lane="better"]').getAttribute("data-card");
  await stage.locator('[data-lane="better"] a').click();
  await page.locator('.page[data-view="inspect"]').waitFor();
  assert.equal(new URL(page.url()).searchParams.get("card"), better);
  assert.equal(await page.locator("#verdict").getAttribute("data-verdict"), "fits");
  visitor.assertQuiet();
  await visitor.close();
});

test("tokens may be chosen, and presets set model and rig", async () => {
  const visitor = await whichcard.open("?lang=en");
  const { page } = visitor;
  await page.locator('[data-view-link="scratch"]').click();
  await page.locator("#stages").waitFor();
  await page.locator('[data-preset="gpt2"]').click();
  await page.locator('[data-preset="a100-sxm-80gb"]').click();
  await page.waitForFunction(() => location.search.includes("model=gpt2") && location.search.includes("n=8"));
  const hours = () => page.locator('[data-stage="pretrain"] .lane-main b').first().innerText();
  const before = await hours();
  await page.locator("#tokens").fill("300B");
  await page.waitForFunction((old) => document.querySelector('[data-stage="pretrain"] .lane-main b').innerText !== old, before);
  // nanoGPT: about four days on eight A100.
  assert.match(await hours(), /^[2-7](\.\d)?\sdays$/);
  assert.match(await page.locator("#verdict").innerText(), /300B/);
  visitor.assertQuiet();
  await visitor.close();
});
