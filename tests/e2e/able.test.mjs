// What a card can do, and what more hardware would unlock.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGS, site } from "./harness.mjs";

const whichcard = site();

test("a card's most is said for each kind of work, and leads to the setup", async () => {
  const visitor = await whichcard.open("?view=card&card=rtx-3090&lang=en");
  const { page } = visitor;
  assert.deepEqual(await page.locator("#able tbody tr").evaluateAll((all) => all.map((row) => row.dataset.kind)), ["inference", "qlora", "lora", "full-finetune", "pretrain"]);
  for (const row of await page.locator("#able tbody tr").all()) assert.match(await row.innerText(), /\d+(\.\d+)?B[^]*\/s/);
  // What needs main memory stands beside what the card holds, and says how much.
  assert.match(await page.locator('#able tr[data-kind="inference"] [data-beside]').innerText(), /With\s[\d.]+\sGiB of main memory it (runs|trains):/);
  await page.locator('#able tr[data-kind="qlora"] a').first().click();
  await page.locator('.page[data-view="inspect"]').waitFor();
  assert.notEqual(await page.locator("#verdict").getAttribute("data-verdict"), "no");
  visitor.assertQuiet();
  await visitor.close();
});

test("what more hardware would unlock is worked out when it is asked for, with its price", async () => {
  for (const lang of LANGS) {
    const visitor = await whichcard.open(`?view=card&card=rtx-3060-12gb&lang=${lang}`);
    const { page } = visitor;
    assert.equal(await page.locator("#upgrades li").count(), 0);
    await page.locator("#upgrades summary").click();
    await page.locator('#upgrades [data-upgrade="rtx-3060-12gb-2"]').waitFor();
    const told = await page.locator("#upgrades li").allInnerTexts();
    assert.ok(told.length >= 2);
    for (const text of told) assert.match(text, /[$¥]\d[^]*\d+(\.\d+)?[BM][)）]/);
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("the most a card can do is what its table of models says", async () => {
  const visitor = await whichcard.open("?view=card&card=rtx-4070&task=image-generation&lang=en");
  const { page } = visitor;
  await page.locator("#matrix").waitFor();
  const size = (text) => Number.parseFloat(text) * { B: 1e9, M: 1e6 }[text.match(/\d([BM])\b/)[1]];
  const told = await page.locator("#able tbody tr").evaluateAll((all) => all.map((row) => [row.dataset.kind, row.querySelector("td .quiet").firstChild.data]));
  assert.ok(told.length >= 4 && told.some(([kind]) => kind === "qlora"), JSON.stringify(told));
  for (const [kind, most] of told) {
    // The catalogue may have larger ones than the table of the task, never the other way round.
    const fitting = await page.locator(`#matrix tr:has(td.fits[data-kind="${kind}"]) th .quiet`).allInnerTexts();
    for (const one of fitting) assert.ok(size(one) <= size(most), `${kind}: ${one} fits, ${most} is told`);
  }
  // Images have no context, so there is no column of dashes.
  assert.equal(await page.locator("#able thead th").count(), 4);
  visitor.assertQuiet();
  await visitor.close();
});

test("on a tablet and on a desk the table of models is as wide as its place, and each word is in its cell", async () => {
  for (const lang of LANGS) {
    for (const task of ["language-modelling", "image-generation"]) {
      const visitor = await whichcard.open(`?view=card&card=rtx-4070&task=${task}&lang=${lang}`);
      const { page } = visitor;
      // At 1024 pixels the question stands beside it, and it scrolls in its box.
      for (const width of [768, 1280, 1440, 1920]) {
        await page.setViewportSize({ width, height: 900 });
        const over = await page.locator(".matrix .scroll").evaluate((box) => {
          const wide = (one) => one.scrollWidth - one.clientWidth;
          return Math.max(wide(box), wide(document.documentElement), ...[...box.querySelectorAll("th, td, td a")].map(wide));
        });
        assert.ok(over <= 0, `${task} ${lang} ${width}: ${over}`);
      }
      visitor.assertQuiet();
      await visitor.close();
    }
  }
});
