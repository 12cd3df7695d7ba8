// What is opened on the page, a detail or the working of a number: Back closes it, as it does on a phone, and leaves no step that does nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGS, settled, site } from "./harness.mjs";

const whichcard = site();
const PHONE = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true };
const ADVISE = "?view=advise&model=llama-3-8b&job=qlora";
const INSPECT = "?view=inspect&model=llama-3-8b&job=qlora&card=rtx-4090";

const height = (page) => page.evaluate(() => Math.round(scrollY));
const asked = (page, name) => new URL(page.url()).searchParams.get(name);
const near = (one, other) => Math.abs(one - other) < 8;

for (const lang of LANGS) {
  test(`Back closes a card's detail and returns to where it was opened (${lang})`, async () => {
    const visitor = await whichcard.open(`${ADVISE}&lang=${lang}`, PHONE);
    const { page } = visitor;
    const opens = page.locator("#ranking .opens").nth(4);
    await opens.scrollIntoViewIfNeeded();
    const before = await height(page);
    await opens.tap();
    await page.locator("#ranking .detail .parts").waitFor();
    assert.ok(asked(page, "open"));
    await page.evaluate(() => scrollBy(0, 1500));
    await page.goBack();
    await page.locator("#ranking .detail").waitFor({ state: "detached" });
    assert.equal(asked(page, "view"), "advise");
    const after = await settled(() => height(page), (after) => near(after, before));
    assert.ok(near(after, before), `${before} ${after}`);
    visitor.assertQuiet();
    await visitor.close();
  });
}

test("what is closed by hand stays in sight and leaves no step behind", async () => {
  const visitor = await whichcard.open("?view=about&lang=en", PHONE);
  const { page } = visitor;
  await page.locator('[data-view-link="advise"]').tap();
  const opens = page.locator("#ranking .opens").nth(2);
  await opens.waitFor();
  await opens.tap();
  await page.locator("#ranking .detail .parts").waitFor();
  const top = (one) => one.evaluate((one) => Math.round(one.getBoundingClientRect().top));
  await opens.scrollIntoViewIfNeeded();
  const before = await top(opens);
  await opens.tap();
  await page.locator("#ranking .detail").waitFor({ state: "detached" });
  await settled(() => asked(page, "open"), (open) => open === null);
  const after = await settled(() => top(opens), (after) => near(after, before));
  assert.ok(near(after, before), `${before} ${after}`);
  await page.goBack();
  await page.locator('.page[data-view="about"]').waitFor();
  visitor.assertQuiet();
  await visitor.close();
});

test("Back folds the working that a number led to", async () => {
  const visitor = await whichcard.open(`${INSPECT}&lang=en`, PHONE);
  const { page } = visitor;
  const number = page.locator("[data-figure=time] a.leads");
  await number.scrollIntoViewIfNeeded();
  const before = await height(page);
  await number.tap();
  const working = page.locator('[data-step="time.total"]');
  await working.locator(".formula").waitFor();
  assert.ok(!near(await height(page), before));
  await page.goBack();
  await working.locator(".formula").waitFor({ state: "hidden" });
  const after = await settled(() => height(page), (after) => near(after, before));
  assert.ok(near(after, before), `${before} ${after}`);
  assert.equal(asked(page, "view"), "inspect");
  visitor.assertQuiet();
  await visitor.close();
});

for (const [lang, time] of [["en", /Whole job/], ["zh-CN", /用时|时间/]]) {
  test(`a number of the comparison opens its working (${lang})`, async () => {
    const visitor = await whichcard.open(`?view=compare&model=llama-3-8b&job=qlora&cards=rtx-3090,rtx-4090&lang=${lang}`);
    const { page } = visitor;
    for (const figure of ["app.compare.time", "app.share.memory", "app.figure.energy", "app.figure.electricity"]) {
      const number = page.locator(`#comparison tr[data-figure="${figure}"] td`).nth(1).locator("button.leads");
      await number.click();
      await page.locator('#compared-working .formula').first().waitFor();
      assert.equal(await number.getAttribute("aria-expanded"), "true", figure);
      assert.match(await page.locator("#compared-working h2").innerText(), /RTX 4090/);
      assert.ok((await page.locator("#compared-working .source").first().innerText()).trim(), figure);
      await page.goBack();
      await page.locator("#compared-working").waitFor({ state: "hidden" });
    }
    await page.locator('#comparison tr[data-figure="app.compare.time"] button.leads').first().click();
    assert.match(await page.locator("#compared-working h2").innerText(), time);
    // A link to it opens it.
    await page.reload();
    await page.locator("#compared-working .formula").first().waitFor();
    await page.locator("#compared-working .leave").click();
    await page.locator("#compared-working").waitFor({ state: "hidden" });
    visitor.assertQuiet();
    await visitor.close();
  });
}

for (const lang of LANGS) {
  test(`the numbers of a headline open their working (${lang})`, async () => {
    const visitor = await whichcard.open(`${ADVISE}&lang=${lang}`);
    const { page } = visitor;
    const [time, price] = await page.locator("#verdict p .leads").allInnerTexts();
    assert.match(time, /\d/);
    assert.match(price, /[$¥]/);
    await page.locator("#verdict p .leads").first().click();
    await page.locator('#ranking [data-step="time.total"] .formula').waitFor();
    assert.equal(await page.locator("#ranking [data-figure=time] b").innerText(), time);
    await page.goBack();
    await page.goBack();
    await page.locator("#ranking .detail").waitFor({ state: "detached" });
    await page.goto(`${whichcard.server.address}${INSPECT}&lang=${lang}`);
    const memory = page.locator("#verdict p .leads");
    await memory.first().waitFor();
    assert.equal(await memory.count(), 2, "what it needs and what there is");
    await memory.first().click();
    await page.locator(".sheet .steps details[open] .formula").first().waitFor();
    visitor.assertQuiet();
    await visitor.close();
  });
}
