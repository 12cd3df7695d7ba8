// catalog.json may be edited by whoever hosts the page: mistakes in it must be told, never leave a blank page. It is there as tables, too.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { DIST, site, started } from "./harness.mjs";
import { serve } from "./server.mjs";

const whichcard = site();
const good = JSON.parse(await readFile(`${DIST}/catalog.json`, "utf8"));

async function problem(content) {
  const server = await serve(DIST, { change: (name) => (name === "catalog.json" ? Buffer.from(content) : undefined) });
  const visitor = await whichcard.visit({ serviceWorkers: "block" });
  await visitor.page.goto(`${server.address}?lang=en`);
  await started(visitor.page);
  await visitor.page.locator("#catalogue-problem").waitFor();
  assert.equal(await visitor.page.locator("h1").count(), 1);
  const text = await visitor.page.locator("#results").innerText();
  await visitor.close();
  await server.close();
  return text;
}

const changed = (change) => {
  const copy = structuredClone(good);
  change(copy);
  return JSON.stringify(copy);
};

test("a file that is not JSON", async () => {
  const text = await problem('{\n  "cards": [,]\n}');
  assert.match(text, /cannot be read/);
  assert.match(text, /line 2|2:/);
});

test("an empty file", async () => assert.match(await problem(""), /cannot be read/));

test("a card with a wrong kind of value is named with its place", async () => {
  const text = await problem(changed((catalog) => (catalog.cards[7].vramGb = "plenty")));
  assert.match(text, /cards.*7.*vramGb|cards.*vramGb/s);
});

test("two cards of the same id", async () => {
  const text = await problem(changed((catalog) => (catalog.cards[1].id = catalog.cards[0].id)));
  assert.match(text, new RegExp(good.cards[0].id));
});

test("a file of an older or newer form", async () => {
  const text = await problem(changed((catalog) => (catalog.schemaVersion = 999)));
  assert.match(text, /schemaVersion|999/);
});

test("no file at all", async () => {
  const visitor = await whichcard.visit({ serviceWorkers: "block" });
  await visitor.page.route("**/catalog.json", (route) => route.fulfill({ status: 404, body: "" }));
  await visitor.page.goto(`${whichcard.server.address}?lang=en`);
  await started(visitor.page);
  await visitor.page.locator("#catalogue-problem").waitFor();
  assert.match(await visitor.page.locator("#catalogue-problem").innerText(), /404/);
  await visitor.close();
});

test("both tables of the catalogue are there to download", async () => {
  for (const list of ["cards", "models"]) {
    const visitor = await whichcard.open(`?view=catalogue&list=${list}&lang=en`);
    const [download] = await Promise.all([visitor.page.waitForEvent("download"), visitor.page.locator("#table").click()]);
    assert.equal(download.suggestedFilename(), `${list}.csv`);
    const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\n");
    assert.match(lines[0], /^id,name,/);
    assert.ok(lines.length > 150);
    await visitor.close();
  }
});
