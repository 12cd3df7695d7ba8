// What a visitor sees when something cannot be downloaded: the reason in view, and a page that is not lost.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { answered, DIST, opened, site, started } from "./harness.mjs";
import { serve } from "./server.mjs";

const whichcard = site();
const isRest = (name) => /(soon|linked|later)-[^/]+$/.test(name);

/** A visitor of a site whose files go missing as `missing` tells; nothing is kept for a visit without a network. */
async function visit(t, missing, context = {}) {
  const server = await serve(DIST, { missing });
  const visitor = await whichcard.visit({ serviceWorkers: "block", viewport: { width: 1280, height: 720 }, ...context });
  t.after(async () => {
    await visitor.close();
    await server.close();
  });
  return { ...visitor, address: server.address };
}

/** Whether a trouble is a fault of the page: the service worker is blocked here. */
const isFault = (trouble) => trouble.startsWith("uncaught") && !/reading '(waiting|addEventListener)'/.test(trouble);

/** Whether all of an element can be seen without scrolling. */
const inView = (place) =>
  place.evaluate((element) => {
    const { top, left, bottom, right } = element.getBoundingClientRect();
    return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
  });

for (const [what, lost] of [
  ["the first part", /^whichcard-.*\.wasm$/],
  ["the script", /^whichcard-.*\.js$/],
  ["what answers", /^soon-/],
  ["the sentences", /^texts-/],
]) {
  test(`a link that cannot be answered for want of ${what} says so in view, in place of "Loading"`, async (t) => {
    for (const viewport of [{ width: 1280, height: 720 }, { width: 360, height: 740 }]) {
      const { page, address } = await visit(t, (name) => lost.test(name), { viewport });
      await page.goto(`${address}?lang=en&view=card&card=rtx-4060`);
      const card = page.locator("#crash.undelivered");
      await card.waitFor({ state: "visible" });
      assert.ok(await inView(card), `${viewport.width} px`);
      assert.ok(await page.getByText("Loading").first().isHidden());
    }
  });
}

test("in an article it stands where the answer would, in the element and in a frame", async (t) => {
  const { page, address } = await visit(t, (name) => /^whichcard-.*\.wasm$/.test(name));
  const html = `<!doctype html><html lang="en"><title>An article</title><body style="width: 600px">
    <script src="${address}embed.js"></script><which-card lang="en" view="card" card="rtx-4060"><a href="/">The answer</a></which-card>
    <iframe src="${address}?embed=1&lang=en&view=card&card=rtx-4060" title="Framed" width="600" height="420"></iframe>`;
  const host = createServer((_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(html));
  await new Promise((listening) => host.listen(0, "127.0.0.1", listening));
  t.after(() => host.close());
  await page.goto(`http://127.0.0.1:${host.address().port}/`);
  for (const frame of [page.locator("which-card iframe"), page.locator("iframe[title=Framed]")]) {
    const card = frame.contentFrame().locator("#crash.undelivered");
    await card.waitFor({ state: "visible" });
    assert.ok(await inView(card));
  }
  await page.waitForFunction(() => getComputedStyle(document.querySelector("which-card iframe")).opacity === "1");
});

for (const [lang, heading] of [["en", /Will this setup work|fits|does not fit|RTX/], ["zh-CN", /显卡|RTX|放得下|放不下/]]) {
  test(`a network that goes in the middle of a visit costs the visitor nothing (${lang})`, async (t) => {
    const { page, context, troubles, address } = await visit(t);
    await page.goto(`${address}?lang=${lang}`);
    await opened(page);
    const answer = await page.locator("#verdict").innerText();
    await context.setOffline(true);
    await page.locator("nav a[href*='view=inspect']").first().click();
    const card = page.locator("#crash.undelivered");
    await card.waitFor({ state: "visible" });
    assert.ok(await inView(card));
    assert.equal(await page.locator("#verdict").innerText(), answer);
    assert.match(await page.locator("#crash-report").innerText(), /later-|soon-|linked-/);
    // Still no network: it is said again.
    await page.locator("#crash-again").click();
    await card.waitFor({ state: "visible" });
    assert.deepEqual(troubles.filter(isFault), []);
    await context.setOffline(false);
    await page.locator("#crash-again").click();
    await page.waitForURL(/view=inspect/);
    await page.locator("#verdict h1", { hasText: heading }).waitFor();
    await card.waitFor({ state: "hidden" });
  });
}

test("what an opened row lacks is said, can be put off, and is done when it comes", async (t) => {
  let gone = true;
  const { page, troubles, address } = await visit(t, (name) => gone && /^(linked|later)-.*\.wasm$/.test(name));
  await page.goto(`${address}?lang=en&seq=8k`);
  await answered(page);
  const row = page.locator("#ranking .opens").nth(1);
  await row.click();
  const card = page.locator("#crash.undelivered");
  await card.waitFor({ state: "visible" });
  await page.locator("#crash-later").click();
  await card.waitFor({ state: "hidden" });
  gone = false;
  await row.click();
  await page.locator(".row-detail:not([hidden])", { hasText: /\S/ }).first().waitFor();
  assert.deepEqual(troubles.filter(isFault), []);
});

test("a link that breaks the application off for want of a part leads out of no page", async (t) => {
  let gone = false;
  const { page, address } = await visit(t, (name) => gone && isRest(name));
  await page.goto(`${address}?lang=en`);
  await opened(page);
  gone = true;
  const before = page.url();
  await page.evaluate(() => {
    const link = document.body.appendChild(document.createElement("a"));
    link.href = "?view=inspect";
    link.addEventListener("click", () => loadLater(99));
    link.click();
  });
  const card = page.locator("#crash.undelivered");
  await card.waitFor({ state: "visible" });
  assert.equal(page.url(), before);
  gone = false;
  await Promise.all([page.waitForEvent("load"), page.locator("#crash-again").click()]);
  await card.waitFor({ state: "hidden" });
  await started(page);
  await page.locator("nav a[href*='view=inspect']").first().click();
  await page.waitForURL(/view=inspect/);
});

test("the column of an article waits without the head and the form of the page", async () => {
  const { page, close } = await whichcard.visit({ viewport: { width: 480, height: 600 } });
  await page.route(/\.wasm/, () => {});
  await page.goto(`${whichcard.server.address}?embed=1&view=inspect&lang=en`, { waitUntil: "commit" });
  await page.getByText("Loading").first().waitFor();
  for (const what of [".top", ".question"]) assert.ok(await page.locator(what).first().isHidden(), what);
  await close();
});
