// The page inside other people's pages, which lie on other origins.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { settled, site } from "./harness.mjs";

const whichcard = site();
let article;

before(async () => {
  const server = createServer((request, response) => {
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...article.headers });
    response.end(article.html);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  // Another port is another origin.
  article = { server, address: `http://127.0.0.1:${server.address().port}/article` };
});
after(() => article.server.close());

function embedding(body) {
  return `<!doctype html><html lang="en"><title>An article</title><body style="width: 600px">${body}`;
}

test("the custom element makes a frame as tall as its content", async () => {
  article.html = embedding(`
    <script type="module" src="${whichcard.server.address}embed.js"></script>
    <which-card lang="en" theme="dark" height="200" title="Which card?"></which-card>`);
  const visitor = await whichcard.visit();
  await visitor.page.goto(article.address);
  const frame = visitor.page.frameLocator("iframe");
  await frame.locator("h1").first().waitFor({ state: "attached" });
  assert.equal(await visitor.page.locator("iframe").getAttribute("title"), "Which card?");
  assert.match(await visitor.page.locator("iframe").getAttribute("src"), /\/whichcard\/\?embed=1&lang=en&theme=dark$/);
  await visitor.page.waitForFunction(() => document.querySelector("iframe").clientHeight > 250);
  const inside = visitor.page.frames().find((frame) => frame.url().includes("embed=1"));
  const [wanted, given] = [await inside.evaluate(() => document.body.offsetHeight), await visitor.page.locator("iframe").evaluate((frame) => frame.clientHeight)];
  assert.ok(Math.abs(wanted - given) <= 1, `content ${wanted}, frame ${given}`);
  assert.deepEqual(visitor.troubles, []);
  await visitor.close();
});

test("attributes are the question, and may change", async () => {
  article.html = embedding(`
    <script type="module" src="${whichcard.server.address}embed.js"></script>
    <which-card view="card" card="gtx-1080-ti" lang="en" class="wide" data-note="x"></which-card>`);
  const visitor = await whichcard.visit();
  await visitor.page.goto(article.address);
  const frame = visitor.page.frameLocator("iframe");
  await frame.locator('.answer[data-card="gtx-1080-ti"]').waitFor();
  assert.ok(await frame.locator("#foreign").isHidden());
  const steps = await visitor.page.evaluate(() => history.length);
  await visitor.page.evaluate(() => document.querySelector("which-card").setAttribute("card", "rtx-4060"));
  await frame.locator('.answer[data-card="rtx-4060"]').waitFor();
  assert.equal(await visitor.page.evaluate(() => history.length), steps, "Back is for the article");
  await visitor.close();
});

test("a frame shows the compact form of every view, and the whole page where that is asked for", async () => {
  const { address } = whichcard.server;
  for (const view of ["advise", "card", "inspect", "compare", "generations", "scratch", "catalogue", "accuracy"]) {
    for (const [form, heads] of [["", 0], ["&compact=0", 1]]) {
      article.html = embedding(`<script>window.heard = []; addEventListener("message", ({ data }) => heard.push(data));</script>
        <iframe src="${address}?embed=1&view=${view}&lang=en${form}" title="Whichcard" width="600" height="500"></iframe>`);
      const visitor = await whichcard.visit();
      await visitor.page.goto(article.address);
      const frame = visitor.page.frameLocator("iframe");
      await frame.locator('.page[data-ready="true"] #verdict').waitFor();
      assert.equal(await frame.locator("header.top").count(), heads, `${view}${form}`);
      assert.ok(await frame.locator(heads ? "header.top" : "footer .whole").isVisible());
      const inside = visitor.page.frames()[1];
      assert.ok(await inside.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${view}${form} scrolls sideways`);
      await visitor.page.waitForFunction(() => window.heard.at(-1) > 100);
      assert.deepEqual(visitor.troubles, []);
      await visitor.close();
    }
  }
});

test("no worker is registered inside a frame", async () => {
  article.html = embedding(`<iframe src="${whichcard.server.address}?embed=1" title="Whichcard"></iframe>`);
  const visitor = await whichcard.visit();
  await visitor.page.goto(article.address);
  await visitor.page.frameLocator("iframe").locator("h1").first().waitFor({ state: "attached" });
  const inside = visitor.page.frames().find((frame) => frame.url().includes("embed=1"));
  assert.equal(await inside.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
  await visitor.close();
});

test("the element listens to its own frame only", async () => {
  article.html = embedding(`
    <script type="module" src="${whichcard.server.address}embed.js"></script>
    <which-card height="333"></which-card>`);
  const visitor = await whichcard.visit();
  // The page inside waits and stays silent, so any change would be a stranger's doing.
  await visitor.page.route("**/*.wasm", () => {});
  await visitor.page.goto(article.address);
  await visitor.page.waitForSelector("iframe");
  await visitor.page.evaluate(() => new Promise((heard) => {
    addEventListener("message", heard, { once: true });
    postMessage(7, "*");
  }));
  assert.equal(await visitor.page.locator("iframe").evaluate((frame) => frame.clientHeight), 333);
  await visitor.close();
});

test("a plain element with data attributes becomes one, and keeps its link until then", async () => {
  article.html = embedding(`
    <div data-which-card="view=card&card=gtx-1080-ti&lang=en" data-height="300" data-title="My card"><a href="${whichcard.server.address}">Whichcard</a></div>
    <script type="module" src="${whichcard.server.address}embed.js"></script>
    <script type="module" src="${whichcard.server.address}embed.js?again"></script>`);
  const visitor = await whichcard.visit();
  await visitor.page.goto(article.address);
  await visitor.page.frameLocator("iframe").locator('.answer[data-card="gtx-1080-ti"]').waitFor();
  assert.equal(await visitor.page.locator("iframe").count(), 1);
  assert.equal(await visitor.page.locator("iframe").getAttribute("title"), "My card");
  await visitor.close();
});

test("a plain element keeps free what its style says, and nothing below it moves", async () => {
  article.html = embedding(`<div style="width: 358px">
    <div data-which-card="view=card&card=rtx-4060&lang=en" data-height="887" data-title="A card"
      style="width:100%;min-height:887px;box-sizing:content-box;padding-bottom:clamp(0px,(600px - 100%)*2.225,445px)"><a href="#">A card</a></div><p id="below">Below</p></div>`);
  const visitor = await whichcard.visit();
  const { page } = visitor;
  await page.goto(article.address);
  const below = () => page.locator("#below").evaluate((place) => place.offsetTop);
  const kept = await below();
  assert.ok(kept > 1300, `${kept}`);
  await page.addScriptTag({ url: `${whichcard.server.address}embed.js` });
  await page.waitForFunction(() => document.querySelector("which-card")?.tall);
  assert.equal(await below(), kept);
  await visitor.close();
});

test("a host with a strict policy, two on one page, a narrow dark column", async () => {
  const origin = new URL(whichcard.server.address).origin;
  article.html = `<!doctype html><html lang="en"><title>Strict</title>
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${origin}; frame-src ${origin}; style-src 'unsafe-inline'">
    <body style="width: 320px; background: black; color-scheme: dark">
    <which-card view="card" card="gtx-1080-ti" lang="en"></which-card>
    <which-card view="inspect" model="llama-3-8b" job="qlora" card="rtx-4090" lang="zh-CN"></which-card>
    <script type="module" src="${whichcard.server.address}embed.js"></script>`;
  const visitor = await whichcard.visit({ colorScheme: "dark" });
  await visitor.page.goto(article.address);
  await visitor.page.frameLocator("iframe >> nth=0").locator('.answer[data-card="gtx-1080-ti"]').waitFor();
  await visitor.page.locator("iframe").nth(1).scrollIntoViewIfNeeded();
  const second = visitor.page.frameLocator("iframe >> nth=1");
  await second.locator("#verdict").waitFor();
  assert.equal(await second.locator("html").getAttribute("lang"), "zh-CN");
  for (const frame of visitor.page.frames().slice(1)) {
    assert.ok(await frame.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), "scrolls sideways");
    assert.ok(await frame.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches));
  }
  assert.deepEqual(visitor.troubles, []);
  await visitor.close();
});

test("a host isolated by COEP, and one in a sandbox", async () => {
  const script = `<script crossorigin src="${whichcard.server.address}embed.js"></script>`;
  const card = (attribute) => `<which-card ${attribute} view="card" card="a40" lang="en"><a href="#">An A40</a></which-card>${script}`;
  const plain = `<div data-which-card="view=card&card=a40&lang=en" data-credentialless><a href="#">An A40</a></div>${script}`;
  const embedder = { "Cross-Origin-Embedder-Policy": "require-corp" };
  // As the documentation says: by attribute, by itself where the page has become isolated, in a sandbox without an origin.
  const hosts = [
    [embedder, card("credentialless")],
    [embedder, plain],
    [{ ...embedder, "Cross-Origin-Opener-Policy": "same-origin" }, card("")],
    [{ "Content-Security-Policy": "sandbox allow-scripts" }, card("")],
  ];
  for (const [headers, body] of hosts) {
    Object.assign(article, { headers, html: embedding(body) });
    const visitor = await whichcard.visit();
    await visitor.page.goto(article.address);
    await visitor.page.waitForFunction(() => document.querySelector("which-card").tall);
    assert.doesNotMatch(await visitor.page.locator("iframe").getAttribute("src"), /credentialless/);
    await visitor.page.frameLocator("iframe").locator('.answer[data-card="a40"]').waitFor();
    assert.deepEqual(visitor.troubles, [], JSON.stringify(headers));
    await visitor.close();
  }
  // Without it the link stays.
  Object.assign(article, { headers: embedder, html: embedding(card("")) });
  const visitor = await whichcard.visit();
  await visitor.page.goto(article.address);
  await visitor.page.waitForTimeout(2000);
  await visitor.page.getByText("An A40").click();
  await visitor.close();
  article.headers = {};
});

test("where a policy allows the script but no frame, the link stays", async () => {
  const origin = new URL(whichcard.server.address).origin;
  for (const [written, link] of [["<which-card view='card' card='a40'>", "</which-card>"], ["<div data-which-card='view=card&card=a40'>", "</div>"]]) {
    article.html = `<!doctype html><html lang="en"><title>Strict</title>
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${origin}">
      ${written}<a href="#there">An A40</a>${link}<script type="module" src="${whichcard.server.address}embed.js"></script>`;
    const visitor = await whichcard.visit();
    await visitor.page.goto(article.address);
    await visitor.page.waitForSelector("which-card iframe", { state: "attached" });
    await visitor.page.waitForTimeout(1000);
    // Nothing lies over it.
    await visitor.page.getByText("An A40").click();
    assert.equal(new URL(visitor.page.url()).hash, "#there");
    await visitor.close();
  }
});

test("what the element held goes when the frame has told its height, and moving the element leaves one frame", async () => {
  article.html = embedding(`<which-card view="card" card="a40" lang="en"><a href="#">An A40</a></which-card><main></main>
    <script type="module" src="${whichcard.server.address}embed.js"></script>`);
  const visitor = await whichcard.visit();
  const { page } = visitor;
  await page.goto(article.address);
  await page.waitForFunction(() => document.querySelector("which-card").tall);
  assert.equal(await page.getByText("An A40").count(), 0);
  assert.equal(await page.locator("iframe").evaluate((frame) => getComputedStyle(frame).opacity), "1");
  await page.evaluate(() => document.querySelector("main").append(document.querySelector("which-card")));
  await page.waitForFunction(() => document.querySelector("main which-card").tall);
  assert.equal(await page.locator("iframe").count(), 1);
  await page.frameLocator("main iframe").locator('.answer[data-card="a40"]').waitFor();
  await visitor.close();
});

test("a height with its unit is one, and one beyond all screens is not", async () => {
  for (const [written, kept] of [["440px", 440], ["1e99", 4000], ["lots", 620]]) {
    article.html = embedding(`<which-card view="inspect" card="a40" height="${written}"></which-card><script type="module" src="${whichcard.server.address}embed.js"></script>`);
    const visitor = await whichcard.visit();
    await visitor.page.route("**/*.wasm", (route) => route.abort());
    await visitor.page.goto(article.address);
    await visitor.page.waitForSelector("iframe", { state: "attached" });
    assert.equal(await visitor.page.locator("iframe").evaluate((frame) => frame.clientHeight), kept, written);
    await visitor.close();
  }
});

test("in a narrow column, too, the foot says what its date is of and keeps off the border", async () => {
  for (const width of [300, 360, 640]) {
    const visitor = await whichcard.visit({ viewport: { width, height: 900 } });
    await visitor.page.goto(`${whichcard.server.address}?embed=1&view=inspect&model=llama-3-8b&job=lora&card=rtx-4090&lang=en`);
    await visitor.page.locator('.page[data-ready="true"] #verdict').waitFor();
    const date = visitor.page.locator(".bottom p").last();
    assert.match(await date.innerText(), /^Catalogue of \d{1,2}\s\w+\s\d{4}$/);
    const [foot, border] = await date.evaluate((date) => [date.getBoundingClientRect().bottom, date.closest(".page").getBoundingClientRect().bottom]);
    assert.ok(border - foot >= 3, `${width}: ${border - foot}`);
    await visitor.close();
  }
});

test("centred in a flexible box the lines are as wide as the column", async () => {
  const style = "display:flow-root;width:100%;min-height:413px";
  article.html = embedding(`<div style="display:flex;flex-direction:column;align-items:center"><which-card view="inspect" card="a40" height="413" style="${style}"></which-card></div>
    <script type="module" src="${whichcard.server.address}embed.js"></script>`);
  const visitor = await whichcard.visit();
  await visitor.page.goto(article.address);
  await visitor.page.frameLocator("iframe").locator("#verdict").waitFor();
  assert.equal(await visitor.page.locator("iframe").evaluate((frame) => frame.clientWidth), 600);
  await visitor.close();
});

test("the examples of docs/embedding.md keep free what their answers take in a usual column", async () => {
  const text = await readFile(new URL("../../docs/embedding.md", import.meta.url), "utf8");
  const blocks = [...text.matchAll(/```html\n([\s\S]+?)```/g)].map((found) => found[1]).filter((lines) => /height=/.test(lines));
  assert.equal(blocks.length, 3);
  for (const block of blocks) {
    const lines = block.replaceAll("https://YOUR-HOST/whichcard/", whichcard.server.address);
    const helped = lines.includes("embed.js") ? "" : `<script async src="${whichcard.server.address}embed.js"></script>`;
    const plain = lines.startsWith("<iframe");
    article.html = `<!doctype html><html lang="en"><title>An article</title><script>addEventListener("message", ({ data }) => (window.told = data));</script>
      <body style="margin: 0; width: 640px">${plain ? "" : helped}${lines}`;
    const visitor = await whichcard.visit({ locale: "en-US" });
    await visitor.page.goto(article.address);
    await visitor.page.frameLocator("iframe").locator('.page[data-ready="true"] #verdict').waitFor();
    const kept = Number(/height="(\d+)"/.exec(block)[1]);
    const needed = await settled(() => visitor.page.evaluate(() => window.told), (told) => told <= kept && kept - told <= 60);
    assert.ok(needed <= kept && kept - needed <= 60, `${kept} kept, ${needed} needed: ${block.slice(0, 80)}`);
    for (const [, style] of block.matchAll(/min-height:(\d+)px/g)) assert.equal(Number(style), kept);
    await visitor.close();
  }
});

test("the page inside does not listen to its host, and tells it nothing but its height", async () => {
  article.html = embedding(`
    <script>window.heard = []; addEventListener("message", (event) => heard.push(event.data));</script>
    <iframe src="${whichcard.server.address}?embed=1&view=card&card=gtx-1080-ti&lang=en" title="Whichcard" width="600" height="400"></iframe>`);
  const visitor = await whichcard.visit();
  await visitor.page.goto(article.address);
  const answer = visitor.page.frameLocator("iframe").locator(".answer");
  await answer.waitFor();
  await visitor.page.evaluate(() => {
    const inside = document.querySelector("iframe").contentWindow;
    for (const message of [1e9, "view=inspect", { card: "rtx-4090" }, null, "<img src=x onerror=alert(1)>"]) inside.postMessage(message, "*");
  });
  await visitor.page.waitForFunction(() => window.heard.length > 0);
  assert.equal(await answer.getAttribute("data-card"), "gtx-1080-ti");
  assert.ok((await visitor.page.evaluate(() => window.heard)).every(Number.isFinite));
  assert.deepEqual(visitor.troubles, []);
  await visitor.close();
});
