// The guide beside the page: how one gets there, on a phone, and without a network.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readFile } from "node:fs/promises";
import { DIST, GUIDES, readyForOffline, site } from "./harness.mjs";
import { serve } from "./server.mjs";

const whichcard = site();

/** The guide is there in a language, and its first answer is one. */
async function reads(page, lang, ending = ".html") {
  await page.waitForURL(`**/article/${lang}${ending}`);
  assert.equal(await page.locator("html").getAttribute("lang"), lang);
  await page.locator("which-card iframe").first().scrollIntoViewIfNeeded();
  await page.frameLocator("which-card iframe >> nth=0").locator('.page[data-ready="true"] #verdict').waitFor();
}

test("the page's foot and About lead to the guide in the visitor's language", async () => {
  for (const lang of GUIDES) {
    for (const way of ["footer a.guide", ".links a"]) {
      const visitor = await whichcard.open(`?view=about&lang=${lang}`);
      await visitor.page.locator(way).first().click();
      await reads(visitor.page, lang);
      visitor.assertQuiet();
      await visitor.close();
    }
  }
});

for (const lang of GUIDES) {
  test(`each live answer of the guide says what its text is written for: ${lang}`, async () => {
    const text = await readFile(new URL(`../../docs/article/${lang}.md`, import.meta.url), "utf8");
    const expected = [...text.matchAll(/\{\{widget \S+ (\S+) \S+ ([^}]+)\}\}/g)].map(([, verdict, title]) => `${title}: ${verdict}`);
    assert.ok(expected.length >= 8);
    const visitor = await whichcard.visit({ viewport: { width: 900, height: 1000 } });
    const { page } = visitor;
    await page.goto(`${whichcard.server.address}article/${lang}.html`);
    const said = [];
    for (let place = 0; place < (await page.locator("which-card").count()); place += 1) {
      await page.locator("iframe").nth(place).scrollIntoViewIfNeeded();
      const verdict = page.frameLocator(`iframe >> nth=${place}`).locator('.page[data-ready="true"] #verdict');
      said.push(`${await page.locator("which-card").nth(place).getAttribute("title")}: ${await verdict.getAttribute("data-verdict")}`);
    }
    assert.deepEqual(said, expected);
    await visitor.close();
  });
}

test("the guide's folder opens in the browser's language, or in the one that was chosen", async () => {
  for (const [locale, chosen, lang] of [["zh-TW", null, "zh-CN"], ["en-GB", null, "en"], ["zh-CN", "en", "en"]]) {
    const init = chosen ? `localStorage.setItem("lang", "${chosen}")` : undefined;
    const visitor = await whichcard.visit({ locale, init });
    await visitor.page.goto(`${whichcard.server.address}article/`);
    await visitor.page.waitForURL(`**/article/${lang}.html`);
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("where no script runs, or the browser speaks another language, the guide's folder has links", async () => {
  for (const options of [{ javaScriptEnabled: false }, { locale: "fr-FR" }]) {
    const visitor = await whichcard.visit(options);
    await visitor.page.goto(`${whichcard.server.address}article/`);
    assert.deepEqual(await visitor.page.locator("a").evaluateAll((all) => all.map((one) => one.getAttribute("href"))), GUIDES.map((lang) => `${lang}.html`));
    await visitor.page.locator('a[lang="zh-CN"]').click();
    await visitor.page.waitForURL("**/article/zh-CN.html");
    await visitor.close();
  }
});

test("after a visit of the page the guide opens without a network, and its answers too", async () => {
  const server = await serve(DIST);
  const visitor = await whichcard.visit();
  const { page } = visitor;
  await visitor.go(server.address);
  await readyForOffline(page);
  await server.close();
  await visitor.context.setOffline(true);
  await page.goto(`${server.address}article/`);
  await reads(page, "en");
  await page.goto(`${server.address}article/zh-CN.html?from=elsewhere`);
  assert.match(await page.locator("h1").innerText(), /显卡/);
  // As people type it, and as GitHub Pages answers it.
  await page.goto(`${server.address}article/en`);
  await reads(page, "en", "");
  await visitor.close();
});

test("a reader who never saw the page keeps the guide, too", async () => {
  const server = await serve(DIST);
  const visitor = await whichcard.visit();
  const { page } = visitor;
  await page.goto(`${server.address}article/zh-CN.html`);
  await readyForOffline(page);
  await server.close();
  await visitor.context.setOffline(true);
  await page.goto(`${server.address}article/zh-CN.html`);
  await reads(page, "zh-CN");
  await visitor.close();
});

test("with a network the guide is the newest", async () => {
  const news = new Map();
  const server = await serve(DIST, { change: (name) => news.get(name) });
  const visitor = await whichcard.visit();
  await visitor.go(server.address);
  await readyForOffline(visitor.page);
  news.set("article/en.html", Buffer.from("<!doctype html><title>News</title><h1>News</h1>"));
  await visitor.page.goto(`${server.address}article/en.html`);
  // Past what the browser itself keeps for ten minutes.
  await visitor.page.reload();
  assert.equal(await visitor.page.locator("h1").innerText(), "News");
  await visitor.close();
  await server.close();
});

test("on a phone every table of the guide is read without scrolling sideways, each cell with its label", async () => {
  for (const lang of GUIDES) {
    const visitor = await whichcard.visit({ viewport: { width: 360, height: 800 } });
    const { page } = visitor;
    await page.goto(`${whichcard.server.address}article/${lang}.html`);
    const wide = await page.locator("table, table td").evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).length);
    assert.equal(wide, 0);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 360));
    const labels = await page.locator("table >> nth=0").locator("td").evaluateAll((all) => all.map((one) => one.dataset.label));
    const titles = await page.locator("table >> nth=0").locator("th").evaluateAll((all) => all.map((one) => one.textContent));
    assert.deepEqual(labels.slice(0, titles.length), titles);
    await visitor.close();
  }
});

test("every chapter of the guide is in its list of contents, and the same name leads to it in both languages", async () => {
  const names = [];
  for (const lang of GUIDES) {
    const visitor = await whichcard.visit();
    const { page } = visitor;
    await page.goto(`${whichcard.server.address}article/${lang}.html`);
    const chapters = await page.locator("h2").evaluateAll((all) => all.map((one) => one.id));
    assert.deepEqual(await page.locator('article a[href^="#"]').evaluateAll((all) => all.map((one) => one.hash.slice(1))), chapters);
    names.push(chapters);
    // The name of a card is not broken into three lines while its numbers have room.
    const lines = await page.locator("tr:has(> td.number) > td:first-child > span").evaluateAll((all) => all.map((one) => one.getClientRects().length));
    assert.ok(lines.length > 20 && Math.max(...lines) <= 2, lines.join());
    await visitor.close();
  }
  assert.deepEqual(names[0], names[1]);
});
