// What an author takes away: lines to paste that work, and a picture.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { ARTIFACTS, DIST, answered, settled, site } from "./harness.mjs";
import { serve } from "./server.mjs";

const whichcard = site();
const code = (page) => page.locator("#embed-text").innerText();
const place = (page, name) => page.locator(`#embed-place input[value="${name}"]`).check({ force: true });
const preview = (page) => page.frameLocator("#preview");

test("the preview shows the question, follows every change, and asks the server nothing more", async () => {
  const asked = [];
  const server = await serve(DIST, { change: (name) => void asked.push(name) });
  const visitor = await whichcard.visit({ serviceWorkers: "block" });
  const { page } = visitor;
  await visitor.go(`${server.address}?view=embed&widget=inspect&model=llama-3-8b&job=qlora&card=rtx-4090&lang=en`);
  await answered(page);
  await preview(page).locator('#verdict[data-verdict="fits"]').waitFor();
  await page.waitForFunction(() => /height="(?!420")\d+"/.test(document.querySelector("#embed-text").innerText));
  await page.frameLocator(".sizing iframe").locator('.page[data-ready="true"] #verdict').waitFor({ state: "attached" });
  asked.length = 0;
  await page.locator('input[name="job"][value="full-finetune"]').check({ force: true });
  await preview(page).locator('#verdict[data-verdict="no"]').waitFor();
  assert.match(await code(page), /job="full-finetune"/);
  await page.locator('#embed-language input[value="zh-CN"]').check({ force: true });
  await preview(page).locator("html[lang=zh-CN]").waitFor({ state: "attached" });
  assert.match(await code(page), /lang="zh-CN"/);
  await page.locator('#embed-colours input[value="dark"]').check({ force: true });
  await preview(page).locator("html[data-theme=dark]").waitFor({ state: "attached" });
  await page.locator('#embed-form input[value="whole"]').check({ force: true });
  await preview(page).locator("header.top").waitFor();
  assert.match(await code(page), / compact="0"/);
  // The preview brings the sentences of another language when that is chosen, and nothing else.
  assert.deepEqual(asked.filter((name) => !/^(texts|later)-zh-CN-[0-9a-f]+\.json$/.test(name)), []);
  await visitor.close();
  await server.close();
});

test("lines and preview speak the language of the page, whatever the browser's is", async () => {
  const visitor = await whichcard.open("?view=embed&widget=inspect&model=llama-3-8b&job=qlora&card=rtx-4090&lang=zh-CN");
  const { page } = visitor;
  assert.match(await code(page), /lang="zh-CN"/);
  await preview(page).locator("#verdict h1", { hasText: /放得下|勉强|放不下/ }).waitFor();
  await preview(page).locator("label", { hasText: /模型/ }).waitFor();
  visitor.assertQuiet();
  await visitor.close();
});

for (const widget of ["advise", "inspect", "card", "compare", "generations"]) {
  test(`${widget}: the lines work when they are pasted, the picture is one`, async () => {
    const visitor = await whichcard.open(`?view=embed&widget=${widget}&lang=en`);
    const { page } = visitor;
    await preview(page).locator("#verdict").waitFor();
    await page.waitForFunction(() => /height="(?!420")\d+"/.test(document.querySelector("#embed-text").innerText));
    await page.screenshot({ path: `${ARTIFACTS}builder-${widget}.png`, fullPage: true });
    const pasted = [await code(page)];
    await place(page, "iframe");
    pasted.push(await code(page));
    for (const body of pasted) {
      const article = createServer((_, response) => response.end(`<!doctype html><meta charset="utf-8"><title>Article</title><body style="width: 640px">${body}`));
      await new Promise((listening) => article.listen(0, "127.0.0.1", listening));
      const reader = await whichcard.visit();
      await reader.page.goto(`http://127.0.0.1:${article.address().port}/`);
      await reader.page.frameLocator("iframe").locator("#verdict").waitFor();
      assert.ok(await reader.page.frameLocator("iframe").locator("#foreign").isHidden(), body);
      assert.deepEqual(reader.troubles, []);
      await reader.close();
      article.close();
    }
    await place(page, "markdown");
    assert.match(await code(page), new RegExp(`^\\[!\\[.+\\]\\(whichcard-${widget}\\.svg\\)\\]\\(http://.+view=${widget}`));
    await page.locator("#make-picture").click();
    await page.locator("img.picture").waitFor();
    assert.equal(await page.locator("img.picture").evaluate(async (picture) => (await picture.decode(), picture.naturalWidth)), 640);
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#save-picture").click()]);
    assert.equal(download.suggestedFilename(), `whichcard-${widget}.svg`);
    const svg = await readFile(await download.path(), "utf8");
    const problem = await page.evaluate((svg) => new DOMParser().parseFromString(svg, "image/svg+xml").querySelector("parsererror")?.textContent, svg);
    assert.equal(problem, undefined);
    assert.match(svg, /Whichcard · http/);
    await page.locator("img.picture").screenshot({ path: `${ARTIFACTS}picture-${widget}.png` });
    await visitor.close();
  });
}

for (const widget of ["advise", "inspect", "card", "compare", "generations"]) {
  test(`${widget}: nothing moves where the lines are pasted, in columns from 640 to 300 pixels`, async () => {
    const visitor = await whichcard.open(`?view=embed&widget=${widget}&lang=en`);
    const { page } = visitor;
    await preview(page).locator('.page[data-ready="true"] #verdict').waitFor();
    await page.frameLocator(".sizing iframe").locator('.page[data-ready="true"] #verdict').waitFor({ state: "attached" });
    const lines = await settled(() => code(page), (lines) => /padding-bottom/.test(lines) && !/height="420"/.test(lines));
    const head = `<script>window.jumps = []; new PerformanceObserver((list) => list.getEntries().forEach((one) => jumps.push(one.value))).observe({ type: "layout-shift", buffered: true });</script>`;
    const article = createServer((_, response) => response.end(`<!doctype html><meta charset="utf-8"><title>Article</title>${head}<body style="margin: 8px"><p>Before.</p>${lines}<p>After.</p>`));
    await new Promise((listening) => article.listen(0, "127.0.0.1", listening));
    for (const width of [656, 496, 376, 336, 316]) {
      const reader = await whichcard.visit({ viewport: { width, height: 1400 } });
      // The script comes late, when all else has been drawn.
      await reader.page.route("**/embed.js", (route) => setTimeout(() => route.continue(), 400));
      await reader.page.goto(`http://127.0.0.1:${article.address().port}/`);
      await reader.page.frameLocator("iframe").locator('.page[data-ready="true"] #verdict').waitFor();
      await reader.page.waitForFunction(() => document.querySelector("which-card").tall);
      await reader.page.waitForTimeout(500);
      assert.deepEqual(await reader.page.evaluate(() => window.jumps), [], `${width}: ${lines}`);
      await reader.close();
    }
    article.close();
    await visitor.close();
  });
}

test("a frame without the script is as tall as the width of its column asks for, not that of the window", async () => {
  const visitor = await whichcard.open("?view=embed&widget=card&card=rtx-4060&lang=en");
  const { page } = visitor;
  await settled(() => code(page), (lines) => /padding-bottom/.test(lines));
  await place(page, "iframe");
  const lines = await settled(() => code(page), (lines) => /cqw/.test(lines));
  const reader = await whichcard.visit({ viewport: { width: 1280, height: 900 } });
  const heights = [];
  for (const width of [640, 500, 380, 300]) {
    await reader.page.setContent(`<body style="margin: 0"><div style="display: flex; flex-direction: column; align-items: center; width: ${width}px">${lines}</div>`);
    heights.push(await reader.page.locator("iframe").evaluate((frame) => [frame.clientWidth, frame.clientHeight]));
  }
  assert.deepEqual(heights.map(([width]) => width), [640, 500, 380, 300]);
  const tall = heights.map(([, height]) => height);
  assert.equal(tall[0], Number(/height="(\d+)"/.exec(lines)[1]));
  assert.ok(tall[0] <= tall[1] && tall[1] < tall[2] && tall[2] <= tall[3], tall.join());
  await reader.close();
  await visitor.close();
});

test("each place has its own lines, and another question needs another picture", async () => {
  const visitor = await whichcard.open("?view=embed&widget=inspect&lang=zh-CN");
  const { page } = visitor;
  const begins = { html: /^<script async/, iframe: /^(<div style="width:100%;container-type:inline-size">)?<iframe /, hexo: /^\{% raw %\}/, hugo: /which-card\.html[\s\S]+\{\{< which-card link="/, wordpress: /^<!-- wp:html -->/, ghost: /^<script async/, markdown: /^\[!\[/ };
  const offered = await page.locator("#embed-place input").evaluateAll((all) => all.map((one) => one.value));
  assert.deepEqual(Object.keys(begins).sort(), offered.sort());
  for (const [name, begin] of Object.entries(begins)) {
    await place(page, name);
    await page.waitForFunction((begin) => new RegExp(begin).test(document.querySelector("#embed-text").innerText), begin.source);
    const lines = await code(page);
    const grows = (await page.locator("#embed-code .file-head").innerText()).includes("自动撑开");
    assert.equal(grows, lines.includes("embed.js"), name);
  }
  await page.locator("#make-picture").click();
  await page.locator("img.picture").waitFor();
  await page.locator('input[name="job"][value="inference"]').check({ force: true });
  await page.locator("#make-picture").waitFor();
  assert.equal(await page.locator("img.picture").count(), 0);
  await visitor.close();
});

test("the lines ask for what the title says: an unreadable model is left out, and a card needs none", async () => {
  const visitor = await whichcard.open("?view=embed&widget=inspect&model=no-such-model&job=lora&card=a40&lang=en");
  const { page } = visitor;
  assert.match(await code(page), / model="llama-3-8b"[^>]* title="[^"]*Llama 3 8B/);
  await page.locator('input[name="widget"][value="card"]').check({ force: true });
  await page.waitForFunction(() => document.querySelector("#embed-text").innerText.includes('view="card"'));
  assert.doesNotMatch(await code(page), / model=/);
  await page.locator('input[name="widget"][value="generations"]').check({ force: true });
  await page.waitForFunction(() => document.querySelector("#embed-text").innerText.includes('view="generations"'));
  const lines = await code(page);
  assert.match(lines, /title="[^"]+ of five generations of GeForce"/);
  assert.doesNotMatch(lines, /table below/);
  await visitor.close();
});

test("every page leads here with its question", async () => {
  const visitor = await whichcard.open("?view=inspect&model=gpt2&card=a40&lang=en");
  await visitor.page.locator('[data-view-link="embed"]').click();
  await visitor.page.locator('#verdict[data-verdict="embed"]').waitFor();
  assert.match(await code(visitor.page), /view="inspect"[^>]* model="gpt2"[^>]* card="a40"/);
  visitor.assertQuiet();
  await visitor.close();
});
