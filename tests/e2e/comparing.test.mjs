// What stands side by side and what does not: nothing is left out without a word.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, LANGS, site } from "./harness.mjs";

const whichcard = site();
const SEVEN = "rtx-3060-12gb,rtx-3070,rtx-3080-10gb,rtx-3090,rtx-4070,rtx-4080,rtx-4090".split(",");

const heads = (page) => page.locator("#comparison thead th").evaluateAll((all) => all.map((one) => one.dataset.card));
const columns = (page, count) => page.waitForFunction((count) => document.querySelectorAll("#comparison thead th").length === count, count);

test("of seven cards four stand side by side, the others wait, and are shown when they are asked for or a place is free", async () => {
  for (const [lang, words] of [["en", /No more than 4/], ["zh-CN", /最多并排 4 列/]]) {
    const visitor = await whichcard.open(`?view=compare&cards=${SEVEN.join(",")}&lang=${lang}`);
    const { page } = visitor;
    assert.deepEqual(await heads(page), SEVEN.slice(0, 4));
    const notice = page.locator("#waiting");
    assert.match(await notice.innerText(), words);
    for (const name of ["RTX 4070", "RTX 4080", "RTX 4090"]) assert.match(await notice.innerText(), new RegExp(name));
    await page.locator('[data-leave="rtx-3070"]').click();
    await page.locator('#comparison th[data-card="rtx-4070"]').waitFor();
    await page.locator('[data-shows="rtx-4090"]').click();
    await page.locator('#comparison th[data-card="rtx-4090"]').waitFor();
    const all = new URL(page.url()).searchParams.get("cards").split(",");
    assert.deepEqual([...all].sort(), SEVEN.filter((card) => card !== "rtx-3070").sort(), "none is lost");
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("links that are pasted into a full comparison push nothing out", async () => {
  const visitor = await whichcard.open("?view=compare&cards=rtx-3060-12gb,rtx-3070,rtx-3080-10gb,rtx-3090&lang=en");
  const { page } = visitor;
  assert.ok(await page.locator("#waiting").isHidden());
  await page.locator("#paste").fill(`${whichcard.server.address}?v=1&view=inspect&model=qwen3-14b&job=qlora&card=rtx-4090`);
  await page.locator("#waiting .notice").waitFor();
  assert.match(await page.locator("#waiting").innerText(), /QLoRA on Qwen3 14B.*RTX 4090/);
  assert.deepEqual(await heads(page), ["rtx-3060-12gb", "rtx-3070", "rtx-3080-10gb", "rtx-3090"]);
  visitor.assertQuiet();
  await visitor.close();
});

test("views of other sites are no setups, and stay in the field", async () => {
  const visitor = await whichcard.open("?view=compare&lang=en");
  const { page } = visitor;
  const foreign = "https://example.org/board?view=list&page=3";
  await page.locator("#paste").fill(foreign);
  await page.locator("#paste-message").waitFor();
  assert.equal(new URL(page.url()).searchParams.get("setups"), null);
  await page.locator("#paste").fill(`${foreign} ?view=card&card=a40`);
  await columns(page, 1);
  assert.equal(await page.locator("#paste").inputValue(), foreign);
  visitor.assertQuiet();
  await visitor.close();
});

test("the cards that stand there unasked are called an example", async () => {
  for (const [lang, words] of [["en", /an example/], ["zh-CN", /示例/]]) {
    const visitor = await whichcard.open(`?view=compare&lang=${lang}`);
    const { page } = visitor;
    assert.match(await page.locator("#example").innerText(), words);
    await page.locator("#paste").fill("?view=card&card=a40");
    await columns(page, 1);
    assert.ok(await page.locator("#example").isHidden());
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("a setup with a mistake is told of in words", async () => {
  for (const [lang, words] of [["en", /QLoRA on Llama 3 8B.*cannot be read.*“abc”/], ["zh-CN", /无法识别：.*“abc”/]]) {
    const visitor = await whichcard.open(`?view=compare&cards=a40&setups=model:llama-3-8b,job:qlora,card:rtx-4090,seq:abc/nonsense&lang=${lang}`);
    const notice = await visitor.page.locator("#results .notice").first().innerText();
    assert.match(notice, words);
    assert.doesNotMatch(notice, /seq:|nonsense/);
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("the cost of a job opens to its working, in the currency it is counted in", async () => {
  const visitor = await whichcard.open("?view=compare&model=llama-3-8b&job=qlora&cards=rtx-4090,a40&cur=USD&lang=en");
  const { page } = visitor;
  const cell = page.locator('#comparison tr[data-figure="app.compare.job-cost"] td').first();
  await cell.locator(".leads").click();
  const worked = page.locator("#compared-working");
  await worked.locator(".formula").first().waitFor();
  assert.match(await worked.locator("h2").innerText(), /Cost of the job/);
  assert.match(await worked.locator(".working").first().innerText(), /\$/);
  await page.goto(`${whichcard.server.address}?view=advise&model=llama-3-8b&job=qlora&goal=cheapest-per-job&lang=en`);
  await answered(page);
  await page.locator("#verdict a.leads", { hasText: "$" }).first().click();
  await page.locator('#ranking [data-step="cost.job"] .formula').waitFor();
  visitor.assertQuiet();
  await visitor.close();
});

test("a card that is not sold new says why it has no price, and setups of two jobs stand below neither", async () => {
  const visitor = await whichcard.open("?view=compare&cards=rtx-4090,rtx-5090&lang=zh-CN");
  const { page } = visitor;
  assert.match(await page.locator('#comparison tr[data-figure="app.compare.price"] td').last().innerText(), /受出口管制/);
  assert.ok(await page.locator("#verdict .eyebrow").isVisible());
  const setups = ["model=llama-3-8b&job=qlora&card=rtx-4090", "model=qwen3-14b&job=inference&card=rtx-3090"];
  await page.locator("#paste").fill(setups.map((setup) => `${whichcard.server.address}?view=inspect&${setup}`).join(" "));
  await columns(page, 4);
  for (const card of ["rtx-4090", "rtx-5090"]) await page.locator(`[data-leave="${card}"]`).click();
  await columns(page, 2);
  assert.ok(await page.locator("#verdict .eyebrow").isHidden());
  visitor.assertQuiet();
  await visitor.close();
});

test("of different jobs none is called the fastest, also where only one of them can be done", async () => {
  const setups = "model:qwen3-14b,job:full-finetune,card:rtx-4090,n:2/model:llama-3-8b,job:qlora,card:rtx-3090";
  const visitor = await whichcard.open(`?view=compare&setups=${setups}&lang=en`);
  const { page } = visitor;
  await columns(page, 2);
  const verdicts = await page.locator('#comparison tr[data-figure="app.compare.verdict"] td').allInnerTexts();
  assert.match(verdicts[0], /Does not fit/);
  assert.match(verdicts[1], /^Fits/);
  const said = await page.locator("#verdict").innerText();
  assert.match(said, /Different jobs/);
  assert.doesNotMatch(said, /Fastest/);
  assert.equal(await page.locator('#comparison tr[data-figure="app.compare.time"] .best, #comparison tr[data-figure="app.compare.time"] [data-best="true"]').count(), 0);
  // What is left out leaves nothing in the link.
  await page.locator('#comparison [data-entry="setup"] .leave').first().click();
  await columns(page, 1);
  assert.doesNotMatch(page.url(), /cards=/);
  visitor.assertQuiet();
  await visitor.close();
});

test("what four cards cost and draw is the sum of them, and the best of a row goes by it", async () => {
  const visitor = await whichcard.open("?view=compare&cards=&setups=model:llama-3-8b,job:qlora,card:rtx-4090/model:llama-3-8b,job:qlora,card:rtx-3090,n:4&lang=en");
  const { page } = visitor;
  const row = async (figure) => {
    const cells = page.locator(`#comparison tr[data-figure="${figure}"] td`);
    return { texts: await cells.allInnerTexts(), best: await cells.evaluateAll((all) => all.map((one) => one.dataset.best)) };
  };
  const number = (text) => Number(/[\d,.]+/.exec(text)[0].replaceAll(",", ""));
  const price = await row("app.compare.price");
  const [, all, each] = /^\$([\d,]+)[^]*4\s×\s\$([\d,]+)/.exec(price.texts[1]);
  assert.ok(Math.abs(number(all) - 4 * number(each)) <= 4, price.texts[1]);
  assert.equal(price.best[0], String(number(price.texts[0]) < number(all)), "the cheaper of the two setups");
  const power = await row("app.fact.power");
  assert.match(power.texts[1], /^1,400\sW[^]*4\s×\s350\sW/);
  assert.deepEqual(power.best, ["true", "false"]);
  const memory = await row("app.fact.memory");
  assert.match(memory.texts[1], /^96\sGB[^]*4\s×\s24\sGB/);
  assert.match((await row("app.fact.bandwidth")).texts[1], /^3\.74\sTB\/s/);
  visitor.assertQuiet();
  await visitor.close();
});

test("launch prices are drawn in a currency the maker asked them in, whoever reads", async () => {
  for (const lang of LANGS) {
    const visitor = await whichcard.open(`?view=generations&lang=${lang}`);
    const { page } = visitor;
    const words = await page.locator('[data-measure="price"] .point').evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
    assert.ok(words.length >= 18 && words.every((text) => text.includes("$") && !text.includes("¥")), words.join("; "));
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("where nothing is compared there is no table to copy", async () => {
  const visitor = await whichcard.open("?view=compare&cards=&lang=en");
  assert.equal(await visitor.page.locator("[data-copy]").count(), 0);
  assert.ok(await visitor.page.locator("#share-link").isVisible());
  visitor.assertQuiet();
  await visitor.close();
});
