// What is typed: stepped up and down, nearly right, and not taken yet when the page is loaded again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, site } from "./harness.mjs";

const whichcard = site();
const QLORA = "?view=inspect&model=llama-3-8b&job=qlora&card=rtx-4090";

test("a step down takes back a step up, from any number and from the default", async () => {
  const visitor = await whichcard.open(`${QLORA}&lang=en`);
  const { page } = visitor;
  await page.locator("#recipe").evaluate((part) => (part.open = true));
  const pressed = async (id, key) => {
    await page.locator(`#${id}`).press(key);
    return page.locator(`#${id}`).inputValue();
  };
  await page.locator("#limit").fill("400");
  const up = await pressed("limit", "ArrowUp");
  assert.ok(Number(up) > 400, up);
  assert.equal(await pressed("limit", "ArrowDown"), "400");
  for (const key of ["ArrowDown", "ArrowDown", "ArrowUp"]) await pressed("limit", key);
  assert.equal(await pressed("limit", "ArrowUp"), "400");
  await page.locator("#seq").fill("3000");
  for (const key of ["ArrowUp", "ArrowUp", "ArrowDown"]) await pressed("seq", key);
  assert.equal(await pressed("seq", "ArrowDown"), "3000");
  // An empty field steps from what holds.
  await page.locator("#limit").fill("");
  assert.equal(await page.locator("#limit").getAttribute("placeholder"), "450");
  assert.ok(Number(await pressed("limit", "ArrowDown")) < 450);
  const before = await page.locator("#verdict").innerText();
  const tokens = await pressed("tokens", "ArrowUp");
  assert.match(tokens, /^\d+$/);
  assert.ok(Number(tokens) > 1e6, tokens);
  assert.ok(before);
  visitor.assertQuiet();
  await visitor.close();
});

test("a name that is misspelt is offered its neighbours", async () => {
  for (const [lang, words] of [["en", /These come near/], ["zh-CN", /最接近/]]) {
    const visitor = await whichcard.open(`${QLORA}&lang=${lang}`);
    const { page } = visitor;
    await page.locator("#card").click();
    await page.locator("#card").fill("4090ti");
    await page.locator('#card-list [data-value="rtx-4090"]').waitFor();
    assert.match(await page.locator(".picker:has(#card) .options .near").innerText(), words);
    await page.locator("#model").click();
    await page.locator("#model").fill("stable difusion");
    await page.locator('#model-list [data-value^="sd"], #model-list [data-value^="stable"]').first().click();
    await page.waitForFunction(() => /model=s/.test(location.search));
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("a reload loses neither letters that were typed a moment ago nor a name or a link that is not taken yet", async () => {
  const visitor = await whichcard.open(`${QLORA}&lang=en`);
  const { page } = visitor;
  await page.locator("#saved > summary").click();
  await page.locator("#save-name").fill("The big one");
  // At once: nothing has settled.
  const again = page.waitForEvent("load");
  await page.evaluate(() => {
    const field = document.querySelector("#seq");
    field.value = "4321";
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    // As soon as it is noted, however long a slow machine takes for that.
    const noted = (call) => (sessionStorage.getItem("typed") ? call() : requestAnimationFrame(() => noted(call)));
    return new Promise(noted).then(() => location.reload());
  });
  await again;
  assert.equal(new URL(page.url()).searchParams.get("seq"), "4321");
  await answered(page);
  assert.equal(await page.locator("#seq").inputValue(), "4321");
  await page.locator("#saved > summary").click();
  await page.locator("#save-name").waitFor();
  await page.waitForFunction(() => document.querySelector("#save-name").value === "The big one");
  await page.locator("#save-setup").click();
  await page.locator('[data-saved="The big one"]').waitFor();
  await page.goto(`${whichcard.server.address}?view=compare&lang=en`);
  await answered(page);
  await page.locator("#paste").fill("https://example.org/ later");
  await page.reload();
  await answered(page);
  await page.waitForFunction(() => document.querySelector("#paste").value === "https://example.org/ later");
  visitor.assertQuiet();
  await visitor.close();
});

test("a reload keeps what is being looked for in a list", async () => {
  const visitor = await whichcard.open(`${QLORA}&lang=en`);
  const { page } = visitor;
  await page.locator("#seq").fill("4096");
  await page.waitForFunction(() => new URL(location.href).searchParams.get("seq") === "4096");
  await page.locator("#model").click();
  await page.locator("#model").fill("qwen3 four");
  await page.waitForFunction(() => sessionStorage.getItem("typed")?.includes("four"));
  await page.reload();
  await answered(page);
  assert.equal(await page.locator("#model").inputValue(), "qwen3 four");
  assert.equal(await page.locator("#seq").inputValue(), "4096");
  // What is not taken after all is not kept.
  await page.locator("#model").click();
  await page.locator("#model").fill("gemma");
  await page.waitForFunction(() => sessionStorage.getItem("typed")?.includes("gemma"));
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !sessionStorage.getItem("typed"));
  visitor.assertQuiet();
  await visitor.close();
});

/** Changes two things, one right after the other, and waits until the address has settled. */
async function changeTwo(page) {
  await page.locator("#seq").fill("4096");
  await page.locator('#job label[data-value="lora"]').click();
  await page.waitForFunction(() => location.search.includes("job=lora"));
  await page.waitForTimeout(400);
}

/** What is taken back, step by step, once that can be. */
async function takeBack(page, steps) {
  const seen = [];
  for (let step = 0; step < steps; step += 1) {
    const before = page.url();
    await page.locator("#undo:enabled").click();
    await page.waitForURL((url) => url.href !== before);
    const asked = new URL(page.url()).searchParams;
    seen.push([asked.get("job"), asked.get("seq")]);
  }
  return seen;
}

test("changes are taken back after a reload as before it", async () => {
  const visitor = await whichcard.open(`${QLORA}&lang=en`);
  const { page } = visitor;
  await changeTwo(page);
  await page.reload();
  await answered(page);
  assert.deepEqual(await takeBack(page, 1), [["qlora", "4096"]]);
  // What was taken back already is not there again, and what is changed since comes first.
  await page.locator("#seq").fill("1024");
  await page.waitForURL((url) => url.searchParams.get("seq") === "1024");
  await page.reload();
  await answered(page);
  assert.deepEqual(await takeBack(page, 2), [["qlora", "4096"], ["qlora", null]]);
  assert.ok(await page.locator("#undo").isDisabled());
  await page.waitForFunction(() => !sessionStorage.getItem("past"));
  // A link that is followed begins anew, as does a reload after it.
  await changeTwo(page);
  await page.goto(`${whichcard.server.address}${QLORA}&lang=en&job=full-finetune`);
  await answered(page);
  await page.reload();
  await answered(page);
  await page.waitForTimeout(300);
  assert.ok(await page.locator("#undo").isDisabled());
  visitor.assertQuiet();
  await visitor.close();
});

test("a change of the question the page opens with is taken back after a reload", async () => {
  const visitor = await whichcard.open("?lang=en");
  const { page } = visitor;
  await changeTwo(page);
  await page.goBack();
  await page.waitForURL((url) => !url.search.includes("lora"));
  await page.reload();
  await page.mouse.move(5, 5);
  await answered(page);
  await page.locator("#undo:enabled").click();
  visitor.assertQuiet();
  await visitor.close();
});

test("where a tab keeps nothing, or has no room, changes are taken back until a reload and nothing is said", async () => {
  const full = () => (Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); });
  const refused = () => Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("refused", "SecurityError"); } });
  for (const init of [full, refused]) {
    const visitor = await whichcard.visit({ init });
    const { page } = visitor;
    await visitor.go(`${whichcard.server.address}${QLORA}&lang=en`);
    await answered(page);
    await changeTwo(page);
    assert.deepEqual(await takeBack(page, 2), [["qlora", "4096"], ["qlora", null]]);
    await changeTwo(page);
    await page.reload();
    await answered(page);
    assert.ok(await page.locator("#undo").isDisabled());
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("a series is found by what people call it, and models by their Chinese names", async () => {
  const visitor = await whichcard.open("?view=inspect&lang=zh-CN");
  const { page } = visitor;
  const offered = async (field, text) => {
    await page.locator(`#${field}`).click();
    await page.locator(`#${field}`).fill(text);
    return page.locator(`#${field}-list [role=option]`).evaluateAll((all) => all.map((one) => one.dataset.value));
  };
  for (const [text, card] of [["40系", "rtx-4090"], ["30系", "rtx-3090"], ["50系", "rtx-5090"], ["40系显卡", "rtx-4060"]]) {
    const found = await offered("card", text);
    assert.ok(found.includes(card) && !found.includes("custom"), `${text}: ${found}`);
  }
  assert.ok((await offered("model", "稳定扩散")).includes("sd-1.5"));
  visitor.assertQuiet();
  await visitor.close();
});

for (const [lang, said] of [["en", { full: "Read as 8,192", tokens: "1.5B" }], ["zh-CN", { full: "按 8,192 个 token 计算", tokens: "15 亿" }]]) {
  test(`how a number was read stands in its field where that is not plain, is announced, and moves nothing: ${lang}`, async () => {
    const visitor = await whichcard.open(`${QLORA}&cur=CNY&lang=${lang}`, { viewport: { width: 360, height: 740 } });
    const { page } = visitor;
    await page.locator("button.fold").click();
    for (const part of ["#recipe", "#money"]) await page.locator(part).evaluate((part) => (part.open = true));
    const field = (id) => page.locator(`.field:has(#${id})`);
    // In the page: a line below that gets longer may have the browser scroll, so that what is typed stays in view.
    const places = () => page.evaluate(() => [...document.querySelectorAll("#question-form :is(input, select, .hint)")].filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect().top + scrollY));
    for (const [id, typed, read] of [
      ["seq", "8k", "8,192"],
      ["tokens", "1.5e9", said.tokens],
      ["tokens", "52k", "52,000"],
      ["price", "1,2万", "12,000"],
      ["reserved", "1,5", "1.5 GiB"],
      ["reserved", "12GB", "12 GiB"],
      ["reserved", "1.5", ""],
      ["limit", "0.3kW", "300 W"],
      ["limit", "300 w", ""],
      ["seq", "4,096", ""],
      ["seq", "４０９６", ""],
      ["tokens", said.tokens, ""],
    ]) {
      // A plain number first: what is held against the field, such as the way back to its default, is there then.
      await page.locator(`#${id}`).fill({ seq: "2048", tokens: "1000000", reserved: "1", limit: "400", price: "9000" }[id]);
      await field(id).locator(".echo").waitFor({ state: "detached" });
      const before = await places();
      await page.locator(`#${id}`).fill(typed);
      await page.waitForFunction(([id, typed]) => new URLSearchParams(location.search).get(id) === typed, [id, typed]);
      const unit = await field(id).locator(".unit").evaluate((one) => ({ text: one.innerText, wide: one.scrollWidth - one.clientWidth, echo: one.matches(".echo") }));
      assert.deepEqual([unit.echo ? unit.text.replace(/^=\s/, "").replaceAll("\u00a0", " ") : "", unit.wide], [read, 0], `${id} ${typed}`);
      const status = field(id).locator("[role=status]");
      assert.equal((await status.textContent()).trim() !== "", read !== "", `${id} ${typed} is announced`);
      assert.equal((await page.locator(`#${id}`).getAttribute("aria-describedby") ?? "").includes(await status.getAttribute("id")), read !== "");
      assert.deepEqual(await places(), before, `${id} ${typed} moves nothing`);
    }
    await page.locator("#seq").fill("8k");
    await page.waitForFunction((full) => document.querySelector("#seq-read").textContent.trim().replaceAll("\u00a0", " ") === full, said.full);
    visitor.assertQuiet();
    await visitor.close();
  });
}
