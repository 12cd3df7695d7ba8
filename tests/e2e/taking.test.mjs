// What is taken away: files for other programs, a link, a report, a page of paper.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { answered, LANGS, site, violations } from "./harness.mjs";

const whichcard = site();
const QLORA = "?view=inspect&model=llama-3-8b&job=qlora&card=rtx-4090";
const SCRATCH = "?view=scratch&model=llama-2-7b&card=rtx-3090";
const ADVISE = "?view=advise&model=llama-3-8b&job=qlora";

const tooWide = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test("a setup is taken away as a file for the program that runs it: shown, copied and saved", async () => {
  const visitor = await whichcard.open(`${QLORA}&lang=en`, { permissions: ["clipboard-read", "clipboard-write"] });
  const { page } = visitor;
  const offered = await page.locator("#format label").evaluateAll((all) => all.map((one) => one.dataset.format));
  for (const format of ["trl", "axolotl", "llama-factory", "markdown", "csv", "json"]) assert.ok(offered.includes(format), format);
  for (const format of ["vllm", "ollama", "llama.cpp"]) assert.ok(!offered.includes(format), format);
  for (const format of offered) {
    await page.locator(`#format label[data-format="${format}"]`).click();
    await page.waitForFunction((name) => document.querySelector(`#format input[value="${name}"]`).checked && document.querySelector("#file-text"), format);
    assert.ok((await page.locator("#file-text").innerText()).length > 100, format);
  }
  await page.locator('#format label[data-format="axolotl"]').click();
  const text = await page.locator('[data-file="axolotl.yaml"] #file-text').innerText();
  assert.match(text, /load_in_4bit: true/);
  await page.locator("#copy-file").click();
  await page.locator('.file [role="status"][data-copied="true"]').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
  const saving = page.waitForEvent("download");
  await page.locator("#save-file").click();
  const saved = await saving;
  assert.equal(saved.suggestedFilename(), "axolotl.yaml");
  assert.equal(await readFile(await saved.path(), "utf8"), text);
  visitor.assertQuiet();
  await visitor.close();
});

test("another job is offered other programs, and a file that no longer suits goes away", async () => {
  const visitor = await whichcard.open(`${QLORA}&lang=zh-CN`);
  const { page } = visitor;
  await page.locator('#format label[data-format="trl"]').click();
  await page.locator("#file-text").waitFor();
  await page.locator('#job label[data-value="inference"]').click();
  await page.locator('#format label[data-format="vllm"]').waitFor();
  assert.equal(await page.locator("#file-text").count(), 0);
  assert.equal(await page.locator("#left-out").isVisible(), false);
  await page.locator('#format label[data-format="markdown"]').click();
  assert.match(await page.locator("#file-text").innerText(), /[\u4e00-\u9fff]/);
  visitor.assertQuiet();
  await visitor.close();
});

test("the file of a plan that does not fit says so, in itself and beside its buttons", async () => {
  for (const lang of ["en", "zh-CN"]) {
    const visitor = await whichcard.open(`?view=inspect&model=llama-3-8b&job=full-finetune&card=rtx-3090&optimizer=adamw&lang=${lang}`);
    const { page } = visitor;
    await page.locator('#format label[data-format="trl"]').click();
    const said = (await page.locator("#too-large").innerText()).trim();
    assert.match(said, lang === "en" ? /does not fit.*GiB/ : /装不下.*GiB/);
    assert.equal((await page.locator("#file-text").innerText()).split("\n")[1], `# ${said}`);
    await page.locator('#format label[data-format="markdown"]').click();
    await page.waitForFunction(() => !document.querySelector("#too-large"));
    visitor.assertQuiet();
    await visitor.close();
  }
  const visitor = await whichcard.open(`${QLORA}&lang=en`);
  await visitor.page.locator('#format label[data-format="trl"]').click();
  await visitor.page.locator("#file-text").waitFor();
  assert.equal(await visitor.page.locator("#too-large").count(), 0);
  await visitor.close();
});

test("where the browser allows no copying the text is selected", async () => {
  const refuse = () => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"));
    document.execCommand = () => false;
  };
  for (const lang of ["en", "zh-CN"]) {
    const visitor = await whichcard.open(`${QLORA}&lang=${lang}`, { init: refuse });
    const { page } = visitor;
    await page.locator('#format label[data-format="json"]').click();
    await page.locator("#copy-file").click();
    await page.locator('.file [role="status"][data-copied="true"]').waitFor();
    assert.equal(await page.evaluate(() => getSelection().toString().trim()), (await page.locator("#file-text").innerText()).trim());
    await page.locator("#copy-link").click();
    await page.locator('.take-link [role="status"][data-copied="true"]').waitFor();
    const chosen = await page.locator("#take-link").evaluate((input) => input.value.slice(input.selectionStart, input.selectionEnd));
    assert.equal(chosen, await page.locator("#take-link").inputValue());
    assert.match(await page.locator('.take-link [role="status"]').innerText(), lang === "en" ? /Ctrl\+C/ : /已选中/);
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("the link of a plan says the same to a reader of another language", async () => {
  const visitor = await whichcard.open("?view=advise&model=llama-3-8b&job=qlora&lang=zh-CN&open=rtx-4060-ti-16gb");
  const { page } = visitor;
  const link = await page.locator("#take-link").inputValue();
  const asked = new URL(link).searchParams;
  assert.deepEqual([asked.get("view"), asked.get("card"), asked.get("cur"), asked.get("country")], ["inspect", "rtx-4060-ti-16gb", "CNY", "CN"]);
  const total = await page.locator("#detail-rtx-4060-ti-16gb .parts tfoot td").first().innerText();
  await page.goto(link.replace("lang=zh-CN", "lang=en"));
  await answered(page);
  assert.equal(await page.locator(".parts tfoot td").first().innerText(), total);
  assert.match(await page.locator('[data-figure="electricity"]').innerText(), /¥/);
  visitor.assertQuiet();
  await visitor.close();
});

test("a report is printed with the answer and without what only a screen needs", async () => {
  const visitor = await whichcard.open(`${QLORA}&lang=en`);
  const { page } = visitor;
  await page.evaluate(() => (window.print = () => (document.title = "printed")));
  await page.locator("#print").click();
  assert.equal(await page.title(), "printed");
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  // Where it is from, when it was printed, and of which day its prices are.
  assert.ok((await page.locator("#here").innerText()).startsWith(`${page.url()} · `));
  assert.match(await page.locator("#here").innerText(), new RegExp(`${new Date().getFullYear()}$`));
  assert.match(await page.locator("#catalogue-line").innerText(), /Catalogue of/);
  assert.ok(await page.locator("#catalogue-line").isVisible());
  for (const seen of ["#verdict h1", ".report-inputs", ".parts", ".figures", ".recipe", "#machine", "#here"]) assert.ok(await page.locator(seen).first().isVisible(), seen);
  for (const unseen of [".question", ".switches", ".entrances", "#take-link", "#copy-link", "#format", ".steps"]) assert.ok(await page.locator(unseen).first().isHidden(), unseen);
  const inputs = await page.locator(".report-inputs").innerText();
  for (const said of [/RTX 4090/, /Samples\s*\d/, /Epochs\s*3/, /Training tokens\s*61\.4M/i, /United States/]) assert.match(inputs, said);
  await visitor.close();
});

test("paper says what was asked, within its margins", async () => {
  for (const [query, asked, where] of [
    ["view=advise&model=llama-3-8b&job=qlora&cur=USD&budget=4321&obj=fastest", /QLoRA on Llama 3 8B[^]*4321[^]*Samples[^]*United States/, ".report-inputs"],
    ["view=card&card=rtx-4070&task=image-generation", /RTX 4070/, ".question .fold"],
    ["view=compare&model=llama-3-8b&job=qlora&cards=rtx-3090,rtx-4090,rtx-5090,a40", /QLoRA on Llama 3 8B[^]*Samples[^]*United States/, ".report-inputs"],
  ]) {
    const visitor = await whichcard.open(`?${query}&lang=en`);
    const { page } = visitor;
    await page.emulateMedia({ media: "print" });
    // A4 without its margins.
    await page.setViewportSize({ width: 688, height: 1000 });
    assert.match(await page.locator(where).innerText(), asked);
    for (const unseen of ["#question-form .chips", "#question-form .picker", ".share", "#upgrades"]) {
      for (const one of await page.locator(unseen).all()) assert.ok(await one.isHidden(), `${query}: ${unseen}`);
    }
    const wide = await page.evaluate(() => [...document.querySelectorAll("table")].filter((one) => one.offsetParent && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.id));
    assert.deepEqual(wide, [], query);
    await visitor.close();
  }
});

for (const width of [320, 360, 768]) {
  test(`files, machine and stages stay inside a screen of ${width} pixels`, async () => {
    const visitor = await whichcard.visit({ viewport: { width, height: 740 } });
    const { page } = visitor;
    for (const lang of LANGS) {
      for (const query of [QLORA, SCRATCH, ADVISE]) {
        await visitor.go(`${whichcard.server.address}${query}&lang=${lang}`);
        await answered(page);
        if (query === QLORA) await page.locator('#format label[data-format="trl"]').click();
        await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
        assert.equal(await tooWide(page), 0, `${query} ${lang}`);
      }
    }
    await visitor.close();
  });
}

test("files, machine and stages are clean to axe, light and dark, in both languages", async () => {
  for (const theme of ["light", "dark"]) {
    for (const lang of LANGS) {
      for (const query of [QLORA, SCRATCH, ADVISE]) {
        const visitor = await whichcard.open(`${query}&lang=${lang}&theme=${theme}`);
        const { page } = visitor;
        if (query === QLORA) await page.locator('#format label[data-format="deepspeed"], #format label[data-format="trl"]').first().click();
        await page.evaluate(() => document.querySelectorAll("#results details").forEach((one) => (one.open = true)));
        assert.deepEqual(await violations(page), [], `${query} ${theme} ${lang}`);
        await visitor.close();
      }
    }
  }
});

test("dropout, trained embeddings and the length of targets come with the link", async () => {
  const visitor = await whichcard.open("?view=inspect&model=llama-3-8b&job=lora&card=a40&lang=en&drop=0.1&emb=trained");
  const { page } = visitor;
  assert.equal(await page.locator("#drop").inputValue(), "0.1");
  assert.equal(await page.locator("#emb").inputValue(), "trained");
  await page.locator('#format label[data-format="peft"]').click();
  assert.match(await page.locator("#file-text").innerText(), /lora_dropout=0\.1,[^]+modules_to_save=/);
  await visitor.close();
  const pairs = await whichcard.open("?view=inspect&model=t5-base&job=full-finetune&card=a40&lang=en&target=100");
  assert.equal(await pairs.page.locator("#target").inputValue(), "100");
  await pairs.page.locator('#format label[data-format="transformers"]').click();
  assert.match(await pairs.page.locator("#file-text").innerText(), /at most 100 tokens/);
  pairs.assertQuiet();
  await pairs.close();
});

test("a program without a file has a reason", async () => {
  for (const [lang, why] of [["en", /No file for Ollama: it reads no weights in NF4/], ["zh-CN", /没有 Ollama 的文件：它不读取 NF4/]]) {
    const visitor = await whichcard.open(`?view=inspect&model=llama-3-8b&job=inference&weights=nf4&card=a40&lang=${lang}`);
    assert.match(await visitor.page.locator("#left-out").innerText(), why);
    visitor.assertQuiet();
    await visitor.close();
  }
});
