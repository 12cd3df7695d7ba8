// The page inside other people's pages, which lie on other origins.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { site } from "./harness.mjs";

const whichcard = site();
let article;

before(async () => {
  const server = createServer((request, response) => {
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
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
  await visitor.page.waitForFunction(() => {
    const height = Number(document.querySelector("iframe").height);
    return height !== 200 && height > 50;
  });
  const inside = visitor.page.frames().find((frame) => frame.url().includes("embed=1"));
  const [wanted, given] = [await inside.evaluate(() => document.body.offsetHeight), Number(await visitor.page.locator("iframe").getAttribute("height"))];
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
  await visitor.page.evaluate(() => document.querySelector("which-card").setAttribute("card", "rtx-4060"));
  await frame.locator('.answer[data-card="rtx-4060"]').waitFor();
  await visitor.close();
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
  // The page inside stays silent, so any change would be a stranger's doing.
  await visitor.page.route("**/*.wasm", (route) => route.abort());
  await visitor.page.goto(article.address);
  await visitor.page.waitForSelector("iframe");
  await visitor.page.evaluate(() => new Promise((heard) => {
    addEventListener("message", heard, { once: true });
    postMessage(7, "*");
  }));
  assert.equal(await visitor.page.locator("iframe").getAttribute("height"), "333");
  await visitor.close();
});
