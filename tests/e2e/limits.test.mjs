// What the machine that is there, and the market, leave to choose from: power at the wall, its supply, its slots, new or used cards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, site } from "./harness.mjs";

const whichcard = site();
const JOB = "?view=advise&model=llama-3-8b&job=qlora&cur=USD&country=US";

/** The ids of the cards that do the job, the best first, and the reasons why others do not. */
async function answer(page) {
  const cards = await page.locator("#ranking > li").evaluateAll((rows) => rows.map((row) => row.dataset.card));
  const reasons = await page.locator("#rejected > details").evaluateAll((groups) => groups.map((group) => group.dataset.reason));
  return { cards, reasons };
}

/** Opens what the machine has room for, as a visitor does. */
async function unfold(page) {
  await page.locator("#room > summary").click();
  await page.locator("#wall").waitFor({ state: "visible" });
}

const FIELDS = [
  { id: "wall", reason: "over-wall", tight: "330", wide: "0.5kW", said: /330\sW/ },
  { id: "psu", reason: "over-supply", tight: "550", wide: "1千瓦", said: /550\sW/ },
  { id: "slots", reason: "over-slots", tight: "1", wide: "8", said: /\b1 are free/ },
  { id: "mem", reason: "too-little-main-memory", tight: "9", wide: "64 GB", said: /beside the system there are 1/ },
];

for (const { id, reason, tight, wide, said } of FIELDS) {
  test(`${id}: what is beyond it is left out with its reason, what is typed stays in the link, and taking it back brings all back`, async () => {
    const visitor = await whichcard.open(`${JOB}&lang=en`);
    const { page } = visitor;
    const before = await answer(page);
    assert.ok(!before.reasons.includes(reason));
    await unfold(page);
    await page.locator(`#${id}`).fill(tight);
    const group = page.locator(`#rejected > details[data-reason="${reason}"]`);
    await group.waitFor();
    await group.locator("summary").click();
    assert.match(await group.locator("li").first().innerText(), said);
    const within = await answer(page);
    const left = await group.locator("li").evaluateAll((rows) => rows.map((row) => row.dataset.card));
    assert.ok(left.length > 0 && left.every((card) => !within.cards.includes(card)), left.join());
    await page.waitForFunction(([id, tight]) => new URLSearchParams(location.search).get(id) === tight, [id, tight]);
    await page.reload();
    await answered(page);
    assert.ok(await page.locator(`#${id}`).isVisible(), "what holds something is not folded away");
    assert.equal(await page.locator(`#${id}`).inputValue(), tight);
    assert.deepEqual(await answer(page), within);
    // A unit may be typed, and is echoed.
    await page.locator(`#${id}`).fill(wide);
    await page.waitForFunction(([reason, count]) => !document.querySelector(`#rejected > details[data-reason="${reason}"]`) || document.querySelectorAll("#ranking > li").length >= count, [reason, before.cards.length]);
    await page.locator(`[data-reset="${id}"]`).click();
    await group.waitFor({ state: "detached" });
    assert.deepEqual(await answer(page), before);
    visitor.assertQuiet();
    await visitor.close();
  });
}

test("a machine with room for nothing is answered by reasons, and each limit says at its field what it cannot read", async () => {
  for (const [lang, wrong] of [["en", /not a number/], ["zh-CN", /阿拉伯数字/]]) {
    const visitor = await whichcard.open(`${JOB}&lang=${lang}&wall=10&psu=20&slots=many`);
    const { page } = visitor;
    assert.equal(await page.locator("#verdict").getAttribute("data-verdict"), "no");
    assert.equal(await page.locator("#ranking > li").count(), 0);
    assert.ok((await answer(page)).reasons.some((reason) => ["over-wall", "over-supply"].includes(reason)));
    assert.match(await page.locator("#slots-message").innerText(), wrong);
    assert.equal(await page.locator("#slots").inputValue(), "many");
    for (const id of ["wall", "psu"]) await page.locator(`#${id}`).fill("");
    await page.locator("#ranking > li").first().waitFor();
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("only new cards, only used ones, or either: the price is of that kind, and the choice can be taken back", async () => {
  const visitor = await whichcard.open(`${JOB}&lang=en`);
  const { page } = visitor;
  const kinds = () => page.locator('#ranking > li [data-datum="price"]').evaluateAll((all) => all.map((one) => (/\bused\b/.test(one.innerText) ? "used" : "new")));
  const all = await answer(page);
  const both = await kinds();
  await page.locator("#cond").selectOption("used");
  await page.waitForFunction(() => new URLSearchParams(location.search).get("cond") === "used");
  await page.waitForFunction(() => [...document.querySelectorAll('#ranking > li [data-datum="price"]')].every((one) => /\bused\b|price unknown/.test(one.innerText)));
  assert.ok((await kinds()).includes("used"));
  await page.locator("#cond").selectOption("new");
  await page.waitForFunction(() => [...document.querySelectorAll('#ranking > li [data-datum="price"]')].every((one) => !/\bused\b/.test(one.innerText)));
  assert.ok((await kinds()).length > 0);
  await page.locator("#cond").selectOption("");
  await page.waitForFunction((first) => document.querySelector("#ranking > li").dataset.card === first, all.cards[0]);
  assert.deepEqual(await kinds(), both);
  visitor.assertQuiet();
  await visitor.close();
});

test("a condition that does not exist is said at its place, and the default holds", async () => {
  const visitor = await whichcard.open(`${JOB}&lang=zh-CN&cond=stolen`);
  const { page } = visitor;
  assert.match(await page.locator("#cond-message").innerText(), /stolen/);
  assert.ok((await page.locator("#ranking > li").count()) > 1);
  visitor.assertQuiet();
  await visitor.close();
});

test("every card is counted once: those in the list and those of all reasons are the catalogue", async () => {
  const visitor = await whichcard.open("?view=advise&model=llama-3-70b&job=pretrain&budget=900&cur=CNY&country=CN&lang=en");
  const { page } = visitor;
  const counts = await page.locator("#rejected summary b + .quiet").allInnerTexts();
  const refused = counts.map((text) => Number(/\d+/.exec(text)[0])).reduce((all, one) => all + one, 0);
  const cards = Number(/(\d+) cards/.exec(await page.locator("#catalogue-line").innerText())[1]);
  assert.ok(counts.length > 2 && refused + (await page.locator("#ranking > li").count()) <= cards, `${counts} of ${cards}`);
  visitor.assertQuiet();
  await visitor.close();
});
