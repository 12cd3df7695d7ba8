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

test("a reload keeps what is being looked for in a list, and the changes that can be taken back", async () => {
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
  const asked = () => new URL(page.url()).searchParams;
  for (let step = 0; step < 3 && asked().get("seq") === "4096"; step += 1) await page.locator("#undo").click();
  await page.waitForFunction(() => new URL(location.href).searchParams.get("seq") !== "4096");
  assert.equal(asked().get("model"), "llama-3-8b");
  // What is not taken after all is not kept.
  await page.locator("#model").click();
  await page.locator("#model").fill("gemma");
  await page.waitForFunction(() => sessionStorage.getItem("typed")?.includes("gemma"));
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !sessionStorage.getItem("typed"));
  visitor.assertQuiet();
  await visitor.close();
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
