// What a first visit does not download: the second half of the application.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, DIST, site } from "./harness.mjs";
import { serve } from "./server.mjs";

const whichcard = site();
const isLater = (name) => /later-[0-9a-f]+_bg\.wasm$/.test(name);

/** The page with what was asked of the server; `change` as the server takes it. */
async function visit(query, change = () => null) {
  const asked = [];
  const server = await serve(DIST, { change: (name, content) => (asked.push(name), change(name, content)) });
  const visitor = await whichcard.visit({ serviceWorkers: "block" });
  await visitor.go(server.address + query);
  const leave = async () => {
    await visitor.close();
    await server.close();
  };
  return { page: visitor.page, asked, leave };
}

test("the first answer in each language needs one half only", async () => {
  for (const query of ["", "?lang=zh-CN", "?lang=en&theme=dark"]) {
    const { page, asked, leave } = await visit(query);
    await answered(page);
    assert.deepEqual(asked.filter(isLater), [], query);
    await leave();
  }
});

test("the first sign of use brings the other half, once", async () => {
  const { page, asked, leave } = await visit("");
  await answered(page);
  await page.mouse.move(5, 5);
  await page.mouse.move(9, 9);
  await page.locator("#ranking .opens").first().click();
  await page.locator(".row-detail:not([hidden]) .sheet, .row-detail:not([hidden]) h3").first().waitFor();
  assert.equal(new Set(asked.filter(isLater)).size, 1);
  await leave();
});

test("what is asked for before the other half is here waits for it and works", async () => {
  const { page, asked, leave } = await visit("");
  await answered(page);
  // No pointer and no key: nothing announces this click.
  await page.evaluate(() => document.querySelector("#ranking .opens").click());
  await page.locator(".row-detail:not([hidden]) h3").first().waitFor();
  assert.equal(asked.filter(isLater).length, 1);
  await leave();
});

test("a link to another question brings both halves", async () => {
  const { page, asked, leave } = await visit("?v=1&view=inspect&card=rtx-4090");
  await answered(page);
  assert.equal(asked.filter(isLater).length, 1);
  assert.equal(await page.locator("#crash").isHidden(), true);
  await leave();
});
