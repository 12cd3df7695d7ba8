// What a first visit does without: the parts of the application that come later.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, DIST, opened, site } from "./harness.mjs";
import { serve } from "./server.mjs";

const whichcard = site();
const isSoon = (name) => /soon-[0-9a-f]+_bg\.wasm$/.test(name);
const isLinked = (name) => /linked-[0-9a-f]+_bg\.wasm$/.test(name);
const isLater = (name) => /later-[0-9a-f]+_bg\.wasm$/.test(name);
const areLaterTexts = (name) => /later-[a-zA-Z-]+-[0-9a-f]+\.json$/.test(name);

/** The answered page with what was asked of the server. */
async function visit(t, query, missing = () => false) {
  const asked = [];
  const server = await serve(DIST, { change: (name) => void asked.push(name), missing });
  const visitor = await whichcard.visit({ serviceWorkers: "block" });
  t.after(async () => {
    await visitor.close();
    await server.close();
  });
  await visitor.go(server.address + query);
  await opened(visitor.page);
  return { page: visitor.page, asked };
}

/** The opened page whose server holds one file back until it is released. */
async function waiting(t, held) {
  let release;
  const may = new Promise((resolve) => (release = resolve));
  const server = await serve(DIST, { change: async (name) => void (held(name) && (await may)) });
  const visitor = await whichcard.visit({ serviceWorkers: "block" });
  t.after(async () => {
    release();
    await visitor.close();
    await server.close();
  });
  await visitor.page.goto(server.address);
  await opened(visitor.page);
  return { page: visitor.page, release };
}

const detail = (page) => page.locator(".row-detail:not([hidden])", { hasText: /\S/ });

test("the first answer in each language needs the first part only", async (t) => {
  for (const query of ["", "?lang=zh-CN", "?lang=en&theme=dark"]) {
    const { page, asked } = await visit(t, query, isSoon);
    await page.waitForTimeout(300);
    assert.deepEqual(asked.filter((name) => isLinked(name) || isLater(name) || areLaterTexts(name)), [], query);
    // Asked for ahead, in vain, and not missed: whatever needs it asks again.
    assert.equal(await page.locator("#crash").isHidden(), true);
  }
});

/** Types into a field without a pointer, a key or the focus: nothing announces it. */
const typed = (page, id, text) =>
  page.evaluate(
    ([id, text]) => {
      const field = document.getElementById(id);
      field.value = text;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    },
    [id, text],
  );

test("a first change needs what was asked for together with the first part, and no more", async (t) => {
  for (const [id, text] of [["seq", "8k"], ["samples", "777"], ["budget", "2000"]]) {
    const { page, asked } = await visit(t, "");
    assert.equal(asked.filter(isSoon).length, 1);
    await typed(page, id, text);
    await page.waitForURL((url) => url.searchParams.get(id) === text);
    assert.deepEqual(asked.filter((name) => isLinked(name) || isLater(name) || areLaterTexts(name)), [], id);
  }
});

test("what is done before the part that answers is here waits for it", async (t) => {
  const { page, release } = await waiting(t, isSoon);
  assert.equal(await page.locator("#app [data-built]").count(), 3);
  const row = await page.locator("#ranking > li").nth(1).getAttribute("data-card");
  await page.locator("#ranking .opens").nth(1).evaluate((button) => button.click());
  await typed(page, "seq", "8k");
  await page.locator("#waits").waitFor();
  await page.locator("[data-theme-choice=dark]").click();
  await page.locator("html[data-theme=dark]").waitFor();
  assert.equal(await page.locator("#app [data-built]").count(), 3);
  release();
  await page.locator("#app [data-built]").first().waitFor({ state: "detached" });
  await page.locator(".asked-for", { hasText: "8,192" }).waitFor();
  await page.locator(`.row-card.open[data-card="${row}"] .detail`).waitFor();
  await page.locator("#waits").waitFor({ state: "hidden" });
  assert.equal(await page.locator("#app [data-built]").count(), 0);
});

test("the page is the application's before the catalogue is here, and what was changed waits for that", async (t) => {
  const { page, release } = await waiting(t, (name) => name === "catalog.json");
  await typed(page, "seq", "8k");
  await page.locator("#waits").waitFor();
  await page.locator("[data-theme-choice=dark]").click();
  await page.locator("html[data-theme=dark]").waitFor();
  const said = await page.locator("#catalogue-line").innerText();
  assert.match(said, /\d{3}/);
  assert.equal(await page.locator("#app [data-built]").count(), 3);
  release();
  await page.locator(".asked-for", { hasText: "8,192" }).waitFor();
  assert.equal(await page.locator("#catalogue-line").innerText(), said);
  await page.locator("#waits").waitFor({ state: "hidden" });
});

test("a change that cannot be answered for want of its part says so", async (t) => {
  const { page } = await visit(t, "", isSoon);
  await typed(page, "seq", "8k");
  await page.locator("#crash.undelivered").waitFor({ state: "visible" });
});

test("the first sign of use brings the rest, once", async (t) => {
  const { page, asked } = await visit(t, "");
  await page.mouse.move(5, 5);
  await page.mouse.move(9, 9);
  await page.locator("#ranking .opens").first().click();
  await detail(page).first().waitFor();
  assert.equal(new Set(asked.filter(isLater)).size, 1);
});

test("what is asked for before the rest is here waits for it and works", async (t) => {
  const { page, asked } = await visit(t, "");
  // No pointer and no key: nothing announces this click.
  await page.evaluate(() => document.querySelector("#ranking .opens").click());
  await detail(page).first().waitFor();
  assert.equal(asked.filter(isLater).length, 1);
});

test("a link that asks for another card is answered without what comes after that", async (t) => {
  for (const query of ["?v=1&view=advise&model=qwen2.5-7b&job=lora&seq=8k", "?lang=zh-CN&job=full-finetune&most=8"]) {
    const { page } = await visit(t, query, (name) => isLinked(name) || isLater(name));
    assert.match(await page.locator("#verdict h1").innerText(), /RTX/);
    assert.equal(await page.locator("#crash").isHidden(), true);
  }
});

test("a setup, a card, an opened plan and what articles show are answered and changed without the last part", async (t) => {
  const seq = (page) => typed(page, "seq", "8k");
  const job = (page) => page.locator("#job").evaluate((list) => {
    list.value = "lora";
    list.dispatchEvent(new Event("change", { bubbles: true }));
  });
  for (const [query, change] of [
    ["?v=1&view=inspect&card=rtx-4090&model=llama-3-8b&job=qlora", seq],
    ["?v=1&view=inspect&lang=zh-CN&card=a40&model=qwen2.5-7b&job=inference", null],
    ["?v=1&view=card&card=rtx-3060-12gb", null],
    ["?v=1&view=advise&open=rtx-3090", seq],
    ["?embed=1&view=advise&model=llama-3-8b&job=qlora&cur=USD&country=US", job],
    ["?embed=1&view=inspect&lang=zh-CN&model=llama-3-8b&job=qlora&card=rtx-4090", job],
    ["?embed=1&view=card&card=rtx-3060-12gb", null],
    ["?embed=1&view=compare&cards=gtx-1080-ti,rtx-4090&model=llama-3-8b&job=qlora", job],
    ["?embed=1&view=generations&figure=bandwidth", null],
  ]) {
    const { page, asked } = await visit(t, query, isLater);
    const before = await page.locator("#results").innerText();
    assert.ok(before.length > 100, query);
    if (change) {
      await change(page);
      await page.waitForFunction((before) => document.querySelector("#results").innerText !== before, before);
    }
    assert.equal(await page.locator("#crash").isHidden(), true, query);
    // Articles are read by more people than use what stands in them.
    if (query.includes("embed")) assert.deepEqual(asked.filter(isLater), [], query);
  }
});

test("a link to another question brings all parts", async (t) => {
  const { page, asked } = await visit(t, "?v=1&view=scratch&card=rtx-4090");
  assert.equal(new Set(asked.filter(isLater)).size, 1);
  assert.equal(await page.locator("#crash").isHidden(), true);
});

test("a language that is chosen is brought, and spoken when it is here", async (t) => {
  const { page, asked } = await visit(t, "?lang=en");
  await page.locator("[data-lang=zh-CN]").click();
  await page.locator("html[lang=zh-CN]").waitFor();
  await page.locator(".eyebrow", { hasText: /\p{Script=Han}/u }).first().waitFor();
  assert.equal(asked.filter((name) => /texts-zh-CN-/.test(name)).length, 1);
  assert.equal(asked.filter((name) => /texts-en-/.test(name)).length, 1);
  await page.locator("[data-lang=en]").click();
  await page.locator("html[lang=en]").waitFor();
  assert.equal(asked.filter((name) => /texts-/.test(name)).length, 2);
});

/** A page whose server has lost some files. */
async function lacking(t, lost, query) {
  const server = await serve(DIST, { change: (name) => (lost.test(name) ? Buffer.from("{}") : undefined) });
  const visitor = await whichcard.visit({ serviceWorkers: "block" });
  t.after(async () => {
    await visitor.close();
    await server.close();
  });
  await visitor.page.goto(server.address + query);
  return visitor.page;
}

test("sentences that cannot be had end in the card", async (t) => {
  const page = await lacking(t, /texts-en-/, "?lang=en");
  await page.mouse.move(5, 5);
  await page.locator("#crash").waitFor({ state: "visible" });
});

test("a language that cannot be had is said, and the page stays as it is", async (t) => {
  const page = await lacking(t, /texts-zh-CN-/, "?v=1&lang=en&epochs=2");
  await answered(page);
  await page.locator("[data-lang=zh-CN]").click();
  await page.locator("#crash").waitFor({ state: "visible" });
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
});
