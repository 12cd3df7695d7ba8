// The guide beside the page: how one gets there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { site } from "./harness.mjs";

const whichcard = site();

/** The guide is there in a language, and its first answer is one. */
async function reads(page, lang) {
  await page.waitForURL(`**/article/${lang}.html`);
  assert.equal(await page.locator("html").getAttribute("lang"), lang);
  await page.locator("which-card iframe").first().scrollIntoViewIfNeeded();
  await page.frameLocator("which-card iframe >> nth=0").locator('.page[data-ready="true"] #verdict').waitFor();
}

test("the page's foot and About lead to the guide in the visitor's language", async () => {
  for (const lang of ["en", "zh-CN"]) {
    for (const way of ["footer a.guide", ".links a"]) {
      const visitor = await whichcard.open(`?view=about&lang=${lang}`);
      await visitor.page.locator(way).first().click();
      await reads(visitor.page, lang);
      visitor.assertQuiet();
      await visitor.close();
    }
  }
});

test("the guide's folder opens in the browser's language, or in the one that was chosen", async () => {
  for (const [locale, chosen, lang] of [["zh-TW", null, "zh-CN"], ["en-GB", null, "en"], ["zh-CN", "en", "en"]]) {
    const init = chosen ? `localStorage.setItem("lang", "${chosen}")` : undefined;
    const visitor = await whichcard.visit({ locale, init });
    await visitor.page.goto(`${whichcard.server.address}article/`);
    await visitor.page.waitForURL(`**/article/${lang}.html`);
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("where no script runs, or the browser speaks another language, the guide's folder has links", async () => {
  for (const options of [{ javaScriptEnabled: false }, { locale: "fr-FR" }]) {
    const visitor = await whichcard.visit(options);
    await visitor.page.goto(`${whichcard.server.address}article/`);
    assert.deepEqual(await visitor.page.locator("a").evaluateAll((all) => all.map((one) => one.getAttribute("href"))), ["en.html", "zh-CN.html"]);
    await visitor.page.locator('a[lang="zh-CN"]').click();
    await visitor.page.waitForURL("**/article/zh-CN.html");
    await visitor.close();
  }
});
