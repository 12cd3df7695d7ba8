// What is kept, compared and carried away: pinned setups, pasted links, setups under names, tables in the clipboard.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, LANGS, pick, site } from "./harness.mjs";

const whichcard = site();
const QLORA = "?view=inspect&model=qwen3-14b&job=qlora&card=rtx-4090";
const CLIPBOARD = { permissions: ["clipboard-read", "clipboard-write"] };

const heads = (page) => page.locator("#comparison thead th").evaluateAll((all) => all.map((one) => `${one.dataset.entry} ${one.dataset.card}`));
const columns = (page, count) => page.waitForFunction((count) => document.querySelectorAll("#comparison thead th").length === count, count);
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());
const figure = (page, name, column) => page.locator(`#comparison tr[data-figure="${name}"] td`).nth(column).innerText();

/** Opens the list of what is kept. */
async function shelf(page) {
  await page.locator("#saved > summary").click();
  await page.locator("#save-name").waitFor();
}

test("a setup is pinned, changed and pinned again, and both stand side by side as they are", async () => {
  const visitor = await whichcard.open(`${QLORA}&lang=en`);
  const { page } = visitor;
  const needed = () => page.locator(".parts tfoot td").first().innerText();
  const first = await needed();
  await page.locator("button.pin").click();
  await page.locator('button.pin[aria-pressed="true"]').waitFor();
  await pick(page, "card", "5090", "rtx-5090");
  await page.locator("#seq").fill("4096");
  await page.locator('button.pin[aria-pressed="false"]').waitFor();
  await page.waitForFunction((first) => document.querySelector(".parts tfoot td").innerText !== first, first);
  const second = await needed();
  await page.locator("button.pin").click();
  await page.locator("a.compares-pinned").click();
  await columns(page, 2);
  assert.deepEqual(await heads(page), ["setup rtx-4090", "setup rtx-5090"]);
  const gib = (text) => text.match(/[\d.]+/)[0];
  for (const [column, memory] of [first, second].entries()) assert.match(await figure(page, "app.share.memory", column), new RegExp(gib(memory)));
  // What differs is marked, what is the same is pale.
  assert.match(await page.locator("#comparison thead").innerText(), /4,096 tokens/);
  assert.ok(await page.locator('#comparison [data-section="recipe"] tr.same').count());
  // A column leads back to its setup.
  await page.locator("#comparison thead a").first().click();
  await page.locator('#verdict[data-verdict="fits"]').waitFor();
  assert.equal(new URL(page.url()).searchParams.get("card"), "rtx-4090");
  assert.equal(await page.locator("button.pin").getAttribute("aria-pressed"), "true");
  await page.locator("button.pin").click();
  await page.locator('button.pin[aria-pressed="false"]').waitFor();
  visitor.assertQuiet();
  await visitor.close();
});

test("a ranked card is pinned with the recipe it was given", async () => {
  const visitor = await whichcard.open("?view=advise&model=llama-3-8b&job=qlora&lang=en");
  const { page } = visitor;
  await page.locator("#ranking button.opens").first().click();
  await page.locator("#ranking button.pin").click();
  const card = await page.locator("#ranking > li").first().getAttribute("data-card");
  await page.locator("#ranking a.compares-pinned").click();
  await columns(page, 1);
  assert.deepEqual(await heads(page), [`setup ${card}`]);
  visitor.assertQuiet();
  await visitor.close();
});

test("two pasted links stand side by side, whatever view they are of; nonsense is said and kept", async () => {
  for (const [lang, words] of [["en", /no link/], ["zh-CN", /没有本页的链接/]]) {
    const visitor = await whichcard.open(`?view=compare&lang=${lang}`);
    const { page } = visitor;
    await page.locator("#paste").fill("https://example.org/ hello");
    await page.locator("#paste-message").waitFor();
    assert.match(await page.locator("#paste-message").innerText(), words);
    assert.equal(await page.locator("#paste").inputValue(), "https://example.org/ hello");
    const { address } = whichcard.server;
    await page.locator("#paste").fill(`${address}${QLORA}\n${address}?view=advise&model=llama-3-8b&job=qlora&open=rtx-4090`);
    await columns(page, 2);
    assert.deepEqual(await heads(page), ["setup rtx-4090", "setup rtx-4090"]);
    assert.match(await page.locator("#comparison thead").innerText(), /Qwen3 14B[^]*Llama 3 8B/);
    assert.equal(await page.locator("#paste").inputValue(), "");
    await page.locator("#paste").fill("?view=compare&cards=a40,rtx-3090");
    await columns(page, 4);
    await page.reload();
    await answered(page);
    assert.deepEqual(await heads(page), ["card a40", "card rtx-3090", "setup rtx-4090", "setup rtx-4090"]);
    await page.locator("#comparison button.leave").last().click();
    await columns(page, 3);
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("a setup that cannot be read is told of, and the others are compared", async () => {
  const visitor = await whichcard.open("?view=compare&cards=a40&setups=model:no-such-model,card:a40/nonsense&lang=en");
  const { page } = visitor;
  assert.match(await page.locator("#results .notice", { hasText: "no-such" }).innerText(), /no-such-model/);
  assert.ok((await heads(page)).includes("card a40"));
  assert.equal(await page.locator("nav .count").innerText(), String((await heads(page)).length), "what is not compared is not counted");
  // Nor does it take the place of a fourth.
  await page.goto(`${whichcard.server.address}?view=compare&cards=rtx-4711,a40,rtx-3090,rtx-4090,rtx-5090&lang=en`);
  await columns(page, 4);
  assert.match(await page.locator("#results .notice").first().innerText(), /rtx-4711/);
  visitor.assertQuiet();
  await visitor.close();
});

test("setups are kept under names: saved, opened, renamed, compared, deleted and taken back", async () => {
  const visitor = await whichcard.open(`${QLORA}&lang=en`);
  const { page } = visitor;
  await shelf(page);
  assert.match(await page.locator(".saved").innerText(), /Nothing saved yet/);
  await page.locator("#save-name").fill("The big one");
  await page.keyboard.press("Enter");
  await page.locator('[data-saved="The big one"]').waitFor();
  // Without a name it takes the question's.
  await page.locator("#save-setup").click();
  await page.waitForFunction(() => document.querySelectorAll("#saved-list > li").length === 2);
  assert.match(await page.locator("#saved-list a.name").first().innerText(), /QLoRA on Qwen3 14B/);
  // Another visit, another question: it is still there and opens.
  await page.goto(`${whichcard.server.address}?view=advise&lang=en`);
  await answered(page);
  await shelf(page);
  await page.locator('[data-saved="The big one"] a.name').click();
  await page.locator(".bench .parts").waitFor();
  assert.equal(new URL(page.url()).searchParams.get("model"), "qwen3-14b");
  await page.goBack();
  await page.locator("#ranking").waitFor();
  await page.locator("#saved-list").or(page.locator("#saved > summary")).first().waitFor();
  if (!(await page.locator("#saved-list").isVisible())) await shelf(page);
  await page.locator('[data-saved="The big one"] [data-rename]').click();
  await page.locator("#rename").fill("Tower");
  await page.keyboard.press("Enter");
  await page.locator('[data-saved="Tower"]').waitFor();
  await page.locator('[data-saved="Tower"] [data-delete]').click();
  await page.locator('[data-saved="Tower"]').waitFor({ state: "detached" });
  await page.locator("#save-restore").click();
  await page.locator('[data-saved="Tower"] [data-compare]').click();
  await columns(page, 1);
  assert.deepEqual(await heads(page), ["setup rtx-4090"]);
  visitor.assertQuiet();
  await visitor.close();
});

test("what one tab saves another shows", async () => {
  const visitor = await whichcard.open("?view=card&lang=en");
  const { page } = visitor;
  await shelf(page);
  const other = await visitor.context.newPage();
  await other.goto(`${whichcard.server.address}${QLORA}&lang=en`);
  await answered(other);
  await shelf(other);
  await other.locator("#save-name").fill("From the other tab");
  await other.locator("#save-setup").click();
  await page.locator('[data-saved="From the other tab"]').waitFor();
  await visitor.close();
});

test("a browser that keeps nothing says so, and the page goes on", async () => {
  const init = () => Object.defineProperty(window, "localStorage", { get: () => { throw new DOMException("no", "SecurityError"); } });
  for (const [lang, words] of [["en", /keeps nothing/], ["zh-CN", /不让本页保存/]]) {
    const visitor = await whichcard.open(`${QLORA}&lang=${lang}`, { init });
    const { page } = visitor;
    await shelf(page);
    await page.locator("#save-setup").click();
    await page.locator("#save-told", { hasText: words }).waitFor();
    assert.equal(await page.locator("#saved-list > li").count(), 0);
    visitor.assertQuiet();
    await visitor.close();
  }
});

const ADVISE = "view=advise&model=llama-3-8b&job=qlora";
const COMPARE = "view=compare&model=llama-3-8b&job=qlora&cards=gtx-1080-ti,rtx-3090,rtx-4090";
// What each is called, and what was asked.
const TABLES = {
  [ADVISE]: [/^\| Card \|/m, /^\*\*QLoRA on Llama 3 8B/],
  "view=card&card=rtx-3090": [/\| Model \|/, /^\*\*GeForce RTX 3090\*\*/],
  [COMPARE]: [/\| GeForce RTX 3090 \| GeForce RTX 4090 \|/, /^\*\*QLoRA on Llama 3 8B/],
  "view=catalogue&find=4090": [/4090/, /^\*\*/],
};

/** Copies an answer by one of its buttons. */
async function copy(page, what) {
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await page.locator(what).click();
  await page.waitForFunction(async () => (await navigator.clipboard.readText()) !== "");
  return clipboard(page);
}

/** The cells of a text between tabs, the last of which may be empty. */
const cells = (text) => text.replace(/\n+$/, "").split("\n").map((line) => line.split("\t"));

test("answers are copied as tables, in three forms, and as links that say the same to everybody", async () => {
  for (const [query, [head, asked]] of Object.entries(TABLES)) {
    const visitor = await whichcard.open(`?${query}&lang=en`, CLIPBOARD);
    const { page } = visitor;
    const markdown = await copy(page, '[data-copy="markdown"]');
    assert.match(markdown, /^\|.*\|\n\|( --- \|)+\n/m, query);
    for (const part of [head, asked, /\n\[Whichcard\]\(http\S+\) · Catalogue of \d+\s\w+\s20\d\d\n$/]) assert.match(markdown, part, query);
    const rows = cells(await copy(page, '[data-copy="text"]'));
    assert.ok(rows.length > 1 && rows.every((row) => row.length === rows[0].length), query);
    assert.equal((await copy(page, '[data-copy="csv"]')).trimEnd().split("\r\n").length, rows.length, query);
    const link = new URL(await copy(page, "#share-link"));
    assert.equal(link.searchParams.get("cur"), "USD", query);
    visitor.assertQuiet();
    await visitor.close();
  }
});

for (const lang of LANGS) {
  test(`tables for programs hold one value a cell, and the head its unit (${lang})`, async () => {
    for (const [query, units] of [[ADVISE, ["GiB", "GiB", "h", "CNY"]], [COMPARE, ["GiB", "GiB", "h", "kWh", "CNY", "CNY", "GB/s", "W"]]]) {
      const visitor = await whichcard.open(`?${query}&cur=CNY&lang=${lang}`, CLIPBOARD);
      const { page } = visitor;
      const [head, ...rows] = cells(await copy(page, '[data-copy="text"]'));
      // A row for each card: a column has one unit.
      assert.ok(rows.some((row) => row[0] === "GeForce RTX 3090"), query);
      const measured = head.map((name, column) => [name.match(/ \(([^)]+)\)$/)?.[1], column]).filter(([unit]) => unit);
      for (const unit of units) assert.ok(measured.some(([one]) => one === unit), `${unit} of ${head}`);
      for (const [unit, column] of measured) for (const row of rows) assert.match(row[column], /^$|^[\d.]+$/, `${head[column]}: ${row[column]}`);
      visitor.assertQuiet();
      await visitor.close();
    }
  });
}

test("where the browser allows no copying the table is shown, to be copied by hand", async () => {
  const visitor = await whichcard.open("?view=compare&cards=rtx-3090&lang=en", {
    init: () => Object.defineProperty(navigator, "clipboard", { get: () => undefined }),
  });
  const { page } = visitor;
  await page.locator('[data-copy="csv"]').click();
  const shown = page.locator(".share textarea");
  await shown.waitFor();
  assert.match(await shown.inputValue(), /RTX 3090/);
  assert.equal(await shown.evaluate((one) => one.selectionEnd - one.selectionStart), (await shown.inputValue()).length);
  visitor.assertQuiet();
  await visitor.close();
});

test("a number of the sheet leads to its working, with how uncertain it is", async () => {
  const visitor = await whichcard.open(`${QLORA}&lang=en`);
  const { page } = visitor;
  for (const [number, step] of [["[data-figure=time] a.leads", "time.total"], [".parts tfoot a.leads", "memory.total"]]) {
    await page.locator(number).first().focus();
    await page.keyboard.press("Enter");
    const working = page.locator(`[data-step="${step}"]`);
    await working.locator(".formula").waitFor();
    assert.match(await working.locator(".between").innerText(), /Uncertainty: [\d.]+\s\S+ to [\d.]+/);
    assert.ok(await working.locator("summary").evaluate((one) => one === document.activeElement));
  }
  // Whatever the sheet shows leads somewhere.
  const shown = await page.locator(".sheet .figure b, .sheet .parts td:nth-child(2)").evaluateAll((all) => all.filter((one) => one.offsetParent && !one.querySelector("a")).map((one) => one.innerText));
  assert.deepEqual(shown, []);
  visitor.assertQuiet();
  await visitor.close();
});
