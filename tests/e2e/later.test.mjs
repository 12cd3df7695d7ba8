// What a first visit does not download: the second half of the application.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, DIST, site } from "./harness.mjs";
import { serve } from "./server.mjs";

const whichcard = site();
const isLater = (name) => /later-[0-9a-f]+_bg\.wasm$/.test(name);

/** The answered page with what was asked of the server. */
async function visit(t, query) {
  const asked = [];
  const server = await serve(DIST, { change: (name) => void asked.push(name) });
  const visitor = await whichcard.visit({ serviceWorkers: "block" });
  t.after(async () => {
    await visitor.close();
    await server.close();
  });
  await visitor.go(server.address + query);
  await answered(visitor.page);
  return { page: visitor.page, asked };
}

const detail = (page) => page.locator(".row-detail:not([hidden])", { hasText: /\S/ });

test("the first answer in each language needs one half only", async (t) => {
  for (const query of ["", "?lang=zh-CN", "?lang=en&theme=dark"]) {
    const { asked } = await visit(t, query);
    assert.deepEqual(asked.filter(isLater), [], query);
  }
});

test("the first sign of use brings the other half, once", async (t) => {
  const { page, asked } = await visit(t, "");
  await page.mouse.move(5, 5);
  await page.mouse.move(9, 9);
  await page.locator("#ranking .opens").first().click();
  await detail(page).first().waitFor();
  assert.equal(new Set(asked.filter(isLater)).size, 1);
});

test("what is asked for before the other half is here waits for it and works", async (t) => {
  const { page, asked } = await visit(t, "");
  // No pointer and no key: nothing announces this click.
  await page.evaluate(() => document.querySelector("#ranking .opens").click());
  await detail(page).first().waitFor();
  assert.equal(asked.filter(isLater).length, 1);
});

test("a link to another question brings both halves", async (t) => {
  const { page, asked } = await visit(t, "?v=1&view=inspect&card=rtx-4090");
  assert.equal(asked.filter(isLater).length, 1);
  assert.equal(await page.locator("#crash").isHidden(), true);
});
