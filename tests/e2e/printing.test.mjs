// What comes out of the printer: one page a question, on either paper, with nothing cut off.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGS, site } from "./harness.mjs";

const whichcard = site();
const ADVISE = "view=advise&model=llama-3-8b&job=qlora";
// Ordinary questions of every view; a setup of several cards, and such that do not fit and list what would.
const REPORTS = [
  "?view=inspect&model=qwen3-14b&job=qlora&card=rtx-4090",
  "?view=inspect&model=llama-3-8b&job=full-finetune&card=a100-sxm4-80gb&n=8",
  "?view=inspect&model=llama-3-8b&job=lora&card=rtx-3090&n=4",
  "?view=inspect&model=llama-3-8b&job=pretrain&card=h100-sxm5-80gb&n=8",
  "?view=inspect&model=llama-3-70b&job=inference&card=a100-sxm4-80gb&n=2",
  "?view=inspect&task=image-generation",
  "?view=inspect&task=speech-recognition",
  `?${ADVISE}&budget=12000`,
  "?view=compare&model=llama-3-8b&job=qlora&cards=gtx-1080-ti,rtx-3090,rtx-4090",
  "?view=compare&cards=rtx-3090,rtx-4090,rtx-5090,h100-pcie-80gb",
  "?view=card&card=rtx-3090",
  "?view=scratch&model=llama-2-7b&card=rtx-3090",
];
const OPENED = `?${ADVISE}&open=rtx-4090`;
// The width between the margins of a sheet of paper, in pixels of 1/96 inch.
const PAPERS = { A4: 703, Letter: 725 };

/** How many pages a report has on a kind of paper. */
async function pages(page, format) {
  const report = await page.pdf({ preferCSSPageSize: true, format });
  return report.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
}

/** What is printed beyond the edge of its tile, or of the page. */
function cutOff(page) {
  return page.evaluate(() => {
    const range = document.createRange();
    const edge = document.querySelector("#results").getBoundingClientRect().right;
    const cut = [];
    const texts = document.createTreeWalker(document.querySelector("#results"), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      const holder = text.parentElement;
      if (!text.data.trim() || !holder.checkVisibility() || holder.closest(".unseen, svg, select, textarea")) continue;
      range.selectNodeContents(text);
      const end = Math.min(edge, holder.closest(".figure")?.getBoundingClientRect().right ?? edge);
      if (range.getBoundingClientRect().right > end + 1) cut.push(text.data);
    }
    return cut;
  });
}


test("a printed ranking says how many more there are, and what is asked as a fact", async () => {
  for (const [lang, tokens] of [["en", /Training tokens\s*61\.4M/], ["zh-CN", /训练 token 数\s*6144/]]) {
    const visitor = await whichcard.open(`?${ADVISE}&lang=${lang}`);
    const { page } = visitor;
    const total = await page.evaluate(() => document.querySelectorAll("#ranking > li").length);
    const left = Number(/\d+/.exec((await page.locator(".ranking > p:last-child").textContent()) ?? "")?.[0] ?? 0);
    await page.emulateMedia({ media: "print" });
    const printed = await page.locator("#ranking > li").filter({ visible: true }).count();
    assert.match(await page.locator(".ranking .on-paper").innerText(), new RegExp(`\\b${total + left - printed}\\b`));
    assert.match(await page.locator(".report-inputs").innerText(), tokens);
    await visitor.close();
  }
});

for (const lang of LANGS) {
  test(`a report is one page, of any question, on either paper, and nothing of it is cut off (${lang})`, async () => {
    for (const query of [...REPORTS, OPENED]) {
      const visitor = await whichcard.open(`${query}&lang=${lang}`);
      const { page } = visitor;
      for (const [format, width] of Object.entries(PAPERS)) {
        // A plan that is opened among the others is a page of its own.
        assert.equal(await pages(page, format), query === OPENED ? 2 : 1, `${query} ${format}`);
        await page.setViewportSize({ width, height: 1000 });
        await page.emulateMedia({ media: "print" });
        assert.deepEqual(await cutOff(page), [], `${query} ${format}`);
        await page.emulateMedia({ media: null });
      }
      await visitor.close();
    }
  });
}
