// The visitor's ways through the page, from the question to the answer.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { answered, LANGS, pick, site, verdict } from "./harness.mjs";

const whichcard = site();
const CATALOG = JSON.parse(await readFile(new URL("../../catalog.json", import.meta.url), "utf8"));
const TASKS = CATALOG.tasks.map((task) => task.id);

/** "¥11,999" or "US$699.00" as a number. */
const amount = (text) => Number(text.replace(/[^\d.]/g, ""));

test("an answer is there before anything is asked", async () => {
  const visitor = await whichcard.open();
  assert.ok((await visitor.page.locator("#ranking > li").count()) >= 3);
  assert.notEqual(await visitor.page.locator("#verdict h1").innerText(), "");
  visitor.assertQuiet();
  await visitor.close();
});

test("Llama 3 8B with QLoRA at 2,048 tokens for at most 12,000 CNY: a ranked, explained list", async () => {
  const visitor = await whichcard.open();
  const { page } = visitor;
  await pick(page, "model", "Llama 3 8B", "llama-3-8b");
  await page.locator('#job label[data-value="qlora"]').click();
  await page.locator("#seq").fill("2048");
  await page.locator("#cur").selectOption("CNY");
  await page.locator("#budget").fill("12000");
  await page.waitForFunction(() => location.search.includes("budget=12000"));
  await answered(page);

  const rows = page.locator("#ranking > li");
  assert.ok((await rows.count()) >= 3);
  for (const text of await page.locator('#ranking [data-datum="price"] b').allInnerTexts()) {
    assert.match(text, /¥|CNY/);
    assert.ok(amount(text) <= 12_000, text);
  }
  const cards = await rows.evaluateAll((all) => all.map((row) => row.dataset.card));
  assert.equal(new Set(cards).size, cards.length, "each card once");
  for (const reason of await rows.locator(".reason").allInnerTexts()) assert.notEqual(reason.trim(), "");

  await rows.first().locator("button.opens").click();
  const detail = rows.first().locator(".row-detail");
  await detail.locator("[data-step]").first().waitFor();
  assert.ok((await detail.locator("table tr").count()) >= 4, "the parts of the memory");
  const step = detail.locator("[data-step]").first();
  await step.locator("summary").click();
  assert.notEqual(await step.locator(".formula").innerText(), "");
  assert.notEqual(await step.locator(".source").innerText(), "");
  // Those left out are named with the reason.
  assert.ok((await page.locator("#rejected details").count()) >= 1);
  visitor.assertQuiet();
  await visitor.close();
});

test("those left out are listed once their group is opened, and stay listed", async () => {
  const visitor = await whichcard.open("?model=llama-3-8b&job=qlora&budget=20&lang=en");
  const { page } = visitor;
  const group = (reason) => page.locator(`#rejected [data-reason="${reason}"]`);
  assert.equal(await page.locator("#rejected li").count(), 0);
  // Listed before it opens: whoever sees it open sees what is in it.
  await group("over-budget").evaluate((one) => {
    one.addEventListener("toggle", () => (one.dataset.seen = one.querySelectorAll("li").length), { once: true });
  });
  await group("over-budget").locator("summary").click();
  await page.waitForFunction(() => document.querySelector('[data-reason="over-budget"]').dataset.seen > 0);
  for (const text of await group("over-budget").locator("li").allInnerTexts()) assert.match(text, /\d/);
  await group("unpriced").locator("summary").focus();
  await page.keyboard.press("Enter");
  assert.ok(await group("unpriced").locator("li").first().isVisible());
  // Opened by a script, as a search in the page or an old scroll position does; and still there with another answer.
  await page.locator("#budget").fill("30");
  await page.locator("#rejected details:not([open])").evaluateAll((all) => all.forEach((one) => (one.open = true)));
  await page.waitForFunction(() => [...document.querySelectorAll("#rejected details")].every((one) => one.querySelector("li")));
  visitor.assertQuiet();
  await visitor.close();
});

test("the chart follows the list, with its links", async () => {
  const visitor = await whichcard.open("?model=llama-3-8b&job=qlora&lang=en");
  const { page } = visitor;
  const first = () => page.locator('#ranking > li .datum[data-datum="time"] b').first().innerText();
  const before = await first();
  await page.locator("#epochs").fill("7");
  await page.waitForFunction((old) => document.querySelector('#ranking [data-datum="time"] b').innerText !== old, before);
  const time = await first();
  await page.waitForFunction((time) => document.querySelector("#front a.best").getAttribute("aria-label").includes(time), time);
  assert.match(await page.locator("#front a.best").getAttribute("href"), /epochs=7/);
  visitor.assertQuiet();
  await visitor.close();
});

test("a budget below every known price recommends nothing, and says why of each card", async () => {
  for (const lang of LANGS) {
    const visitor = await whichcard.open(`?model=llama-3-8b&job=qlora&budget=20&lang=${lang}`);
    assert.equal(await visitor.page.locator("#verdict").getAttribute("data-verdict"), "no");
    for (const reason of ["over-budget", "unpriced"]) assert.equal(await visitor.page.locator(`#rejected [data-reason="${reason}"]`).count(), 1, reason);
    // The limit goes with one click.
    await visitor.page.locator('[data-back="budget"]').click();
    await visitor.page.locator('#verdict:not([data-verdict="no"])').waitFor();
    assert.ok((await visitor.page.locator("#ranking > li").count()) > 1);
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("a cheaper card that is not recommended is named beside the one that is", async () => {
  const visitor = await whichcard.open("?model=qwen2.5-14b&job=qlora&cond=new&lang=en");
  assert.match(await visitor.page.locator("#verdict .why").innerText(), /is \$\d+ cheaper, but/);
  assert.ok((await visitor.page.locator("#front .point.doubtful").count()) > 0);
  visitor.assertQuiet();
  await visitor.close();
});

test("a smaller budget never lengthens the list", async () => {
  const count = async (budget) => {
    const visitor = await whichcard.open(`?model=llama-3-8b&job=qlora&seq=2048&cur=CNY&budget=${budget}`);
    const numbers = (await visitor.page.locator("#ranking-count").innerText()).match(/\d+/);
    await visitor.close();
    return Number(numbers[0]);
  };
  const [more, fewer] = [await count(12_000), await count(4_000)];
  assert.ok(fewer < more, `${fewer} cards for 4,000, ${more} for 12,000`);
});

test("every task leads to an answer", async () => {
  const visitor = await whichcard.open();
  const { page } = visitor;
  const offered = await page.locator("#task label").evaluateAll((all) => all.map((label) => label.dataset.value));
  assert.deepEqual(offered, TASKS);
  for (const task of TASKS) {
    await page.locator(`#task label[data-value="${task}"]`).click();
    await page.locator(`#task input[value="${task}"]:checked`).waitFor({ state: "attached" });
    await answered(page);
    assert.equal(await verdict(page), "fits", task);
    assert.ok((await page.locator("#ranking > li").count()) >= 1, task);
    assert.notEqual(await page.locator("#model").inputValue(), "", task);
  }
  visitor.assertQuiet();
  await visitor.close();
});

test("a GTX 1080 Ti and an RTX 4060 can do different things", async () => {
  const abilities = async (card, name) => {
    const visitor = await whichcard.open("?view=card");
    const { page } = visitor;
    await pick(page, "card", name, card);
    await page.locator(`.answer[data-card="${card}"]`).waitFor();
    const list = await page.locator("[data-capability]").evaluateAll((all) => Object.fromEntries(all.map((one) => [one.dataset.capability, one.dataset.can])));
    const cells = await page.locator("#matrix td").evaluateAll((all) => all.map((cell) => cell.dataset.verdict));
    visitor.assertQuiet();
    await visitor.close();
    return { list, cells };
  };
  const pascal = await abilities("gtx-1080-ti", "GTX 1080 Ti");
  const ada = await abilities("rtx-4060", "RTX 4060");
  for (const what of ["bf16", "flash-attention", "tensor-cores", "tf32"]) {
    assert.equal(pascal.list[what], "no", `GTX 1080 Ti: ${what}`);
    assert.equal(ada.list[what], "yes", `RTX 4060: ${what}`);
  }
  assert.ok(pascal.cells.includes("fits") && pascal.cells.includes("no"));
  assert.notDeepEqual(pascal.cells, ada.cells);
});

test("GPT-3 175B is too much for one A40, and the page says what would do", async () => {
  const visitor = await whichcard.open();
  const { page } = visitor;
  await page.locator('[data-view-link="inspect"]').click();
  await pick(page, "card", "A40", "a40");
  await pick(page, "model", "GPT-3 175B", "gpt3-175b");
  await page.waitForFunction(() => location.search.includes("gpt3-175b"));
  await answered(page);
  assert.equal(await verdict(page), "no");
  assert.match(await page.locator("#verdict").innerText(), /GPT-3 175B/);
  const changes = page.locator("#changes");
  assert.ok(await changes.isVisible());
  assert.ok((await changes.locator("li, a").count()) >= 1);

  await page.locator('[data-view-link="advise"]').click();
  await page.waitForFunction(() => location.search.includes("view=advise"));
  await page.locator('#job label[data-value="inference"]').click();
  await page.locator('#job input[value="inference"]:checked').waitFor({ state: "attached" });
  const fits = '#ranking > li[data-verdict="fits"]';
  await page.locator(fits).first().waitFor();
  assert.equal(await page.locator(`${fits}[data-card="a40"][data-count="1"]`).count(), 0);
  assert.ok((await page.locator(`${fits} .reason`).first().innerText()).length > 0);
  await visitor.close();
});

test("the address restores everything", async () => {
  const query =
    "?view=inspect&lang=en&model=qwen3-14b&job=lora&seq=4k&samples=5000&epochs=2&card=rtx-3090&n=2&prec=bf16-pure&opt=adamw-8bit&mb=2&ckpt=full&rank=32&cur=EUR&kwh=0.31&country=DE";
  const visitor = await whichcard.open(query);
  const { page } = visitor;
  const all = () =>
    page.evaluate(() => ({
      fields: [...document.querySelectorAll("#question-form input, #question-form select")].map((field) => [
        field.id || field.name + field.value,
        field.type === "radio" ? field.checked : field.value,
      ]),
      answer: document.querySelector("#results").innerText,
    }));
  const first = await all();
  for (const [id, value] of [["seq", "4k"], ["samples", "5000"], ["n", "2"], ["rank", "32"], ["kwh", "0.31"], ["cur", "EUR"], ["country", "DE"]]) {
    assert.equal(await page.locator(`#${id}`).inputValue(), value, id);
  }
  await page.reload();
  await answered(page);
  assert.deepEqual(await all(), first);

  // The address that the page itself writes says the same.
  await page.locator("#seq").fill("4096");
  await page.waitForFunction(() => location.search.includes("seq=4096"));
  const second = await all();
  const copy = await whichcard.visit();
  await copy.go(page.url());
  await answered(copy.page);
  assert.equal(await copy.page.locator("#results").innerText(), second.answer);
  await copy.close();
  visitor.assertQuiet();
  await visitor.close();
});

test("a link opened in a new tab leaves this one where it is", async () => {
  for (const [query, link] of [
    ["view=advise&open=rtx-4090", "#detail-rtx-4090 a.button"],
    ["view=card&card=rtx-3090", '#matrix td[data-kind="inference"] a'],
    ["view=scratch&model=gpt2&card=rtx-3090", ".lane.here a"],
    ["view=advise", '[data-view-link="inspect"]'],
  ]) {
    const visitor = await whichcard.open(`?${query}&lang=en`);
    const { page, context } = visitor;
    const [opened] = await Promise.all([context.waitForEvent("page"), page.locator(link).first().click({ modifiers: ["ControlOrMeta"] })]);
    await opened.locator('.page[data-view="inspect"]').waitFor();
    assert.equal(await page.locator(".page").getAttribute("data-view"), new URLSearchParams(query).get("view"), query);
    await visitor.close();
  }
});

test("Back returns to the question before", async () => {
  const visitor = await whichcard.open("?view=advise&lang=en");
  const { page } = visitor;
  await page.locator('[data-view-link="card"]').click();
  await page.locator('.page[data-view="card"]').waitFor();
  await page.goBack();
  await page.locator('.page[data-view="advise"]').waitFor();
  await answered(page);
  await page.goForward();
  await page.locator('.page[data-view="card"]').waitFor();
  visitor.assertQuiet();
  await visitor.close();
});

test("a ranked row leads to its setup, which fits", async () => {
  const visitor = await whichcard.open("?lang=en");
  const { page } = visitor;
  const row = page.locator("#ranking > li").first();
  const card = await row.getAttribute("data-card");
  const expected = await row.getAttribute("data-verdict");
  await row.locator("button.opens").click();
  await row.locator('.detail a.button[href*="view=inspect"]').click();
  await page.locator('.page[data-view="inspect"]').waitFor();
  await answered(page);
  assert.equal(await page.locator("#card").getAttribute("data-chosen"), card);
  assert.equal(await verdict(page), expected);
  await visitor.close();
});
