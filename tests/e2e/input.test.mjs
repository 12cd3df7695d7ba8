// What visitors type: their own cards and models, and mistakes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, LANGS, pick, site, verdict } from "./harness.mjs";

const whichcard = site();

const WRONG = ["abc", "0", "-5", "1e999", "12..5", "NaN", "９e", "<script>alert(1)</script>", "💥", "x".repeat(5000)];

test("a number that cannot be read is said at the field, kept, and does not blank the answer", async () => {
  const visitor = await whichcard.open("?view=inspect&lang=en");
  const { page } = visitor;
  const field = page.locator("#seq");
  for (const text of WRONG) {
    await field.fill(text);
    await page.locator("#seq-message").waitFor({ state: "visible" });
    assert.equal(await field.inputValue(), text);
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    assert.notEqual(await page.locator("#seq-message").innerText(), "");
    assert.notEqual(await page.locator("#verdict h1").innerText(), "", text);
  }
  await field.fill("4096");
  await page.locator("#seq-message").waitFor({ state: "hidden" });
  assert.equal(await field.getAttribute("aria-invalid"), null);
  visitor.assertQuiet();
  await visitor.close();
});

test("every number field survives nonsense", async () => {
  for (const view of ["advise", "card", "inspect"]) {
    const visitor = await whichcard.open(`?view=${view}&lang=en`);
    const { page } = visitor;
    await page.locator("#question-form details").evaluateAll((all) => all.forEach((part) => (part.open = true)));
    const ids = await page.locator('#question-form input[inputmode="decimal"]').evaluateAll((all) => all.filter((field) => field.offsetParent).map((field) => field.id));
    assert.ok(ids.length >= 2, view);
    for (const id of ids) {
      await page.locator(`#${id}`).fill("plenty");
      await page.locator(`#${id}-message`).waitFor({ state: "visible" });
    }
    for (const id of ids) assert.equal(await page.locator(`#${id}`).inputValue(), "plenty", id);
    assert.ok(await page.locator("#crash").isHidden());
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("what was mistyped is still there after a reload", async () => {
  const visitor = await whichcard.open("?view=inspect&lang=en");
  const { page } = visitor;
  await page.locator("#seq").fill("twelve");
  await page.waitForFunction(() => location.search.includes("seq=twelve"));
  await page.reload();
  await answered(page);
  assert.equal(await page.locator("#seq").inputValue(), "twelve");
  assert.ok(await page.locator("#seq-message").isVisible());
  await visitor.close();
});

/** Everything a visitor is told: the answer, and what stands at the fields. */
async function told(page) {
  const texts = await page.locator("#results, #question-form .message:not([hidden])").allInnerTexts();
  return texts.map((text) => text.replace(/\s+/g, " ").trim());
}

test("what the page shows of a mistake is what its link shows, whatever was there before", async () => {
  const cases = [
    ["?view=inspect&lang=en&seq=4096", "seq", "12..5"],
    ["?view=inspect&lang=zh-CN&card=a40&n=2", "n", "-1"],
    ["?view=advise&lang=en&cur=USD&budget=900", "budget", "lots"],
    ["?view=card&lang=zh-CN&card=rtx-4090", "reserved", "💥"],
    ["?view=scratch&lang=en&model=gpt2&tokens=1e9", "tokens", "1e999"],
    ["?view=inspect&lang=en&n=8&tp=8", "n", "3"],
    ["?view=inspect&lang=en&card=rtx-4090", "card", "my card"],
  ];
  for (const [query, id, text] of cases) {
    const visitor = await whichcard.open(query);
    const { page } = visitor;
    await page.locator(`#${id}`).fill(text);
    if (id === "card") await page.locator("#card").blur();
    await page.locator(`#${id}-message`).waitFor();
    await page.waitForFunction(([id, text]) => new URLSearchParams(location.search).get(id) === text, [id, text]);
    const shown = await told(page);
    await page.reload();
    await answered(page);
    assert.deepEqual(await told(page), shown, `${query} ${text}`);
    assert.equal(await page.locator(`#${id}`).inputValue(), text);
    assert.ok(shown[0].length > 0 && (await page.locator("#results h1").count()) === 1);
    // A link that is sent says the same to whoever opens it.
    const other = await whichcard.open(new URL(page.url()).search);
    assert.deepEqual(await told(other.page), shown, `${query} ${text}, sent`);
    await other.close();
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("a table, an order, a figure or a filter that does not exist is said at its place", async () => {
  const cases = [
    ["view=catalogue&list=cars", "list"],
    ["view=catalogue&sort=-colour", "sort"],
    ["view=catalogue&gen=kepler", "gen"],
    ["view=catalogue&list=models&cat=poems", "cat"],
    ["view=generations&embed=1&figure=smell", "figure"],
    ["view=embed&widget=clock", "widget"],
    ["view=accuracy&kind=taste", "kind"],
    ["view=accuracy&group=mood", "group"],
    ["view=accuracy&measured=naps", "measured"],
    ["view=accuracy&source=hearsay", "source"],
  ];
  for (const [query, id] of cases) {
    for (const width of [360, 1280]) {
      const visitor = await whichcard.open(`?lang=en&${query}`, { viewport: { width, height: 800 } });
      const { page } = visitor;
      const message = page.locator(`#${id}-message`);
      await message.waitFor();
      const given = new URLSearchParams(query).get(id);
      assert.ok((await message.innerText()).includes(`“${given}”`), await message.innerText());
      // What holds instead is shown, not nothing.
      assert.ok((await page.locator("main").innerText()).length > 200);
      assert.equal(await page.locator('[data-count="0"]').count(), 0, query);
      visitor.assertQuiet();
      await visitor.close();
    }
  }
});

test("an unknown card or model in the address is named, with near ones to pick", async () => {
  const visitor = await whichcard.open("?view=inspect&lang=en&card=rtx-4099&model=llama-3-8bb");
  const { page } = visitor;
  for (const [id, typed] of [["card", "rtx-4099"], ["model", "llama-3-8bb"]]) {
    assert.equal(await page.locator(`#${id}`).inputValue(), typed);
    assert.match(await page.locator(`#${id}-message`).innerText(), new RegExp(typed));
    assert.ok((await page.locator(`#${id}-message button`).count()) >= 1, id);
  }
  await page.locator("#card-message button").first().click();
  await page.locator("#card-message").waitFor({ state: "hidden" });
  visitor.assertQuiet();
  await visitor.close();
});

const UNKNOWN = [
  ["view=inspect&model=deepseek-r1&job=inference&card=h100-sxm-80gb&n=8", "h100-sxm-80gb", "h100-sxm"],
  ["view=inspect&model=llama-3-8bb&card=rtx-4090", "llama-3-8bb", "llama-3-8b"],
  ["view=advise&model=llama-3-8bb", "llama-3-8bb", "llama-3-8b"],
  ["view=scratch&model=llama-2-7b&card=rtx-4099", "rtx-4099", "rtx-4090"],
  ["view=card&card=2080ti+22g", "2080ti 22g", "rtx-2080-ti"],
];

test("what is asked about an unknown card or model is answered for no other one", async () => {
  for (const lang of LANGS) {
    for (const [query, given, near] of UNKNOWN) {
      const visitor = await whichcard.open(`?${query}&lang=${lang}`);
      const { page } = visitor;
      assert.equal(await verdict(page), "unknown", query);
      assert.ok((await page.locator("#verdict h1").innerText()).includes(given), query);
      assert.equal(await page.locator("#results h1").count(), 1);
      assert.equal(await page.locator("#results :is(.sheet, #ranking, #matrix, .stages)").count(), 0, query);
      assert.ok((await page.locator(".fold").textContent()).includes(given) || query.startsWith("view=scratch"), "the question keeps its words");
      await page.locator(`#verdict [data-near="${near}"]`).click();
      await page.locator('#verdict[data-verdict="unknown"]').waitFor({ state: "detached" });
      await answered(page);
      visitor.assertQuiet();
      await visitor.close();
    }
  }
});

test("a configuration that is still to be pasted, or cannot be read, has no verdict", async () => {
  const visitor = await whichcard.open("?view=inspect&model=config&card=rtx-4090&lang=en");
  const { page } = visitor;
  assert.match(await page.locator("#verdict h1").innerText(), /still to be pasted/);
  await page.locator("#config").fill('{"hidden_size": ');
  await page.locator("#verdict h1", { hasText: "cannot be read" }).waitFor();
  await page.locator("#config").fill('{"model_type":"llama","hidden_size":2048,"num_hidden_layers":16,"num_attention_heads":32,"num_key_value_heads":8,"intermediate_size":8192,"vocab_size":128256}');
  await page.locator('#verdict[data-verdict="fits"]').waitFor();
  visitor.assertQuiet();
  await visitor.close();
});

test("memory beside a name picks that card, and a card that was changed is offered as it was made", async () => {
  const visitor = await whichcard.open("?view=card&lang=en");
  const { page } = visitor;
  const typed = async (text) => {
    await page.locator("#card").click();
    await page.locator("#card").fill(text);
    await page.locator("#card").press("Enter");
  };
  await typed("rtx 3090 24g");
  await page.locator('.answer[data-card="rtx-3090"]').waitFor();
  for (const text of ["2080ti 22g", "m40"]) {
    await typed(text);
    await page.locator("#verdict h1", { hasText: text }).waitFor();
    assert.equal(await page.locator(".answer[data-card]").count(), 0);
  }
  await page.goto(`${whichcard.server.address}?view=card&card=rtx+3090+24g&lang=en`);
  await answered(page);
  await page.locator('.answer[data-card="rtx-3090"]').waitFor();
  visitor.assertQuiet();
  await visitor.close();
});

test("what cannot be read is named above the answer, in its place, and moves nothing that is typed in", async () => {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 360, height: 740 }]) {
    const visitor = await whichcard.open("?view=inspect&model=llama-3-8b&job=qlora&card=rtx-4090&lang=en", { viewport });
    const { page } = visitor;
    if (await page.locator(".fold").isVisible()) await page.locator(".fold").click();
    const seq = page.locator("#seq");
    await seq.fill("2048");
    // Otherwise whoever types at the edge of the window is scrolled to.
    await seq.evaluate((field) => field.scrollIntoView({ block: "center" }));
    const before = (await seq.boundingBox()).y;
    await seq.fill("much");
    await page.locator(".unread .notice").waitFor();
    assert.equal((await seq.boundingBox()).y, before);
    const places = await page.evaluate(() => [...document.querySelectorAll("#results > .unread, #results #verdict")].map((one) => [one.className, getComputedStyle(one).position]));
    assert.deepEqual(places.map(([name]) => name.split(" ")[0]), ["unread", "headline"]);
    assert.equal(places[0][1], "static");
    await seq.fill("");
    await page.locator(".unread").waitFor({ state: "hidden" });
    await page.waitForURL((url) => !url.searchParams.has("seq"));
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("a size that no model has is said to be too small or too large", async () => {
  for (const [size, said] of [["0.0001B", /Too small: at least 0\.001/], ["99999B", /Too large: at most 10,000/]]) {
    const visitor = await whichcard.open(`?view=inspect&lang=en&model=${size}`);
    assert.match(await visitor.page.locator("#model-message").innerText(), said);
    assert.equal(await visitor.page.locator("#model").inputValue(), size);
    await visitor.close();
  }
});

test("a setup that cannot be says why, and does not speak of an answer that is not there", async () => {
  const visitor = await whichcard.visit();
  await visitor.go(`${whichcard.server.address}?view=inspect&lang=en&n=8&tp=3`);
  await visitor.page.locator("#n-message").waitFor();
  assert.equal(await visitor.page.locator("h1").count(), 1);
  assert.match(await visitor.page.locator("#results").innerText(), /must equal the number of cards/);
  assert.doesNotMatch(await visitor.page.locator("#results").innerText(), /takes the default/);
  await visitor.page.locator("#n").fill("3");
  await answered(visitor.page);
  visitor.assertQuiet();
  await visitor.close();
});

test("while a setup is refused, every field goes on saying what it holds", async () => {
  const visitor = await whichcard.open("?view=inspect&lang=en");
  const { page } = visitor;
  await page.locator("#recipe summary").click();
  const held = () =>
    page.locator("#question-form").evaluate((form) => {
      const numbers = [...form.querySelectorAll("input[inputmode=decimal]")].filter((one) => !["n", "tp", "batch"].includes(one.id));
      return [...numbers.map((one) => `${one.id} ${one.placeholder}`), ...[...form.querySelectorAll("option[value='']")].map((one) => one.text)];
    });
  const before = await held();
  await page.locator("#n").fill("8");
  await page.locator("#tp").fill("3");
  await page.locator('#verdict[data-verdict="refused"]').waitFor();
  assert.deepEqual(await held(), before);
  visitor.assertQuiet();
  await visitor.close();
});

test("a mistake in a field that is out of sight is named with the answer, and one click puts it back", async () => {
  for (const [lang, name] of [["en", "Prompt tokens"], ["zh-CN", "输入 token"]]) {
    const visitor = await whichcard.open(`?view=inspect&model=sdxl-base&job=inference&card=rtx-4090&prompt=abc&pp=x&lang=${lang}`);
    const { page } = visitor;
    assert.ok(await page.locator("#prompt").isHidden());
    assert.ok(await page.locator("#pp-message").isVisible(), "its section opens by itself");
    assert.match(await page.locator(".unread").innerText(), new RegExp(name));
    await page.locator("#to-defaults").click();
    await page.locator(".unread").waitFor({ state: "hidden" });
    await page.waitForFunction(() => !/prompt=|pp=/.test(location.search));
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("a link of a newer version is taken with a word of warning, also on the page that opens", async () => {
  const visitor = await whichcard.visit();
  await visitor.page.goto(`${whichcard.server.address}?v=99&lang=en`);
  await visitor.page.locator("#foreign", { hasText: "version 99" }).waitFor();
  assert.doesNotMatch(await visitor.page.locator("#foreign").innerText(), /v=99/);
  await visitor.page.locator("#foreign button").click();
  await visitor.page.locator("#foreign").waitFor({ state: "hidden" });
  visitor.assertQuiet();
  await visitor.close();
});

test("parts of an address that mean nothing are said", async () => {
  const visitor = await whichcard.open("?lang=en&colour=blue&utm_source=blog&%E0%A4%A=%&view=nonsense&&&=");
  const said = await visitor.page.locator("#foreign").innerText();
  assert.match(said, /colour=blue/);
  assert.doesNotMatch(said, /utm_source/, "other sites add that");
  assert.ok((await visitor.page.locator("#ranking > li").count()) >= 1);
  visitor.assertQuiet();
  await visitor.close();
});

test("a card of one's own is as good as a listed one", async () => {
  const visitor = await whichcard.open("?view=inspect&lang=en&model=llama-3-8b&job=qlora");
  const { page } = visitor;
  await pick(page, "card", "custom", "custom");
  await page.locator("#vram").fill("24");
  await page.locator("#bw").fill("900");
  await page.locator("#tflops").fill("80");
  await page.waitForFunction(() => location.search.includes("tflops=80"));
  await answered(page);
  assert.equal(await verdict(page), "fits");
  await page.locator("#vram").fill("4");
  await page.locator('#verdict[data-verdict="no"]').waitFor();
  visitor.assertQuiet();
  await visitor.close();
});

test("a model of one's own, by size or by configuration, is as good as a listed one", async () => {
  const visitor = await whichcard.open("?view=inspect&lang=en&card=rtx-4090&job=inference");
  const { page } = visitor;
  await page.locator("#model").click();
  await page.locator("#model").fill("1.5B");
  await page.locator('#model-list [data-value="1.5B"]').click();
  await page.locator('#verdict[data-verdict="fits"]').waitFor();
  await page.locator("#model").click();
  await page.locator("#model").fill("400B");
  await page.locator('#model-list [data-value="400B"]').click();
  await page.locator('#verdict[data-verdict="no"]').waitFor();

  await pick(page, "model", "config", "config");
  const config = {
    model_type: "llama",
    hidden_size: 2048,
    num_hidden_layers: 16,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    intermediate_size: 8192,
    vocab_size: 128256,
    tie_word_embeddings: true,
  };
  await page.locator("#config").fill(JSON.stringify(config));
  await page.locator('#verdict[data-verdict="fits"]').waitFor();
  await page.locator("#config").fill('{"model_type": "llama", "hidden_size": ');
  await page.locator("#config-message").waitFor({ state: "visible" });
  assert.match(await page.locator("#config").inputValue(), /hidden_size": $/);
  visitor.assertQuiet();
  await visitor.close();
});

test("what is typed faster than it is drawn counts, with Enter and on leaving the list", async () => {
  const hasty = (page, field, text, last) => page.evaluate(([field, text, last]) => {
    const input = document.getElementById(field);
    input.focus();
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, text);
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    if (last === "Enter") input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    else input.blur();
  }, [field, text, last]);
  const visitor = await whichcard.open("?view=compare&cards=rtx-4090&model=llama-3-8b&job=qlora&lang=en");
  const { page } = visitor;
  await hasty(page, "cards", "a40", "Enter");
  await page.locator('#comparison th[data-card="a40"]').waitFor();
  await hasty(page, "model", "llama-2-7b", "Tab");
  await page.waitForFunction(() => new URLSearchParams(location.search).get("model") === "llama-2-7b");
  assert.equal(await page.locator("#comparison th[data-card]").count(), 2);
  visitor.assertQuiet();
  await visitor.close();
});

test("whatever is refused, one click leads back to an answer", async () => {
  for (const query of [
    "view=inspect&model=mixtral-8x7b&job=inference&card=rtx-3090&offload=experts:99",
    "view=inspect&model=llama-3-8b&job=qlora&card=rtx-3090&n=8&tp=3",
    "view=inspect&model=llama-3-8b&job=qlora&card=rtx-3090&tp=3",
  ]) {
    const visitor = await whichcard.open(`?lang=en&${query}`);
    const { page } = visitor;
    assert.equal(await verdict(page), "refused", query);
    await page.locator("#verdict [data-back]").click();
    await page.locator("#verdict:not([data-verdict=refused])").waitFor();
    visitor.assertQuiet();
    await visitor.close();
  }
});

test("a measurement that the link opens and nobody knows is said", async () => {
  const visitor = await whichcard.open("?view=accuracy&lang=en&open=no-such");
  const { page } = visitor;
  assert.match(await page.locator("#not-here").innerText(), /no-such/);
  await page.locator("#not-here button").click();
  await page.locator("#not-here").waitFor({ state: "detached" });
  visitor.assertQuiet();
  await visitor.close();
});

test("what another model can do is refused with the way back to the default", async (t) => {
  const visitor = await whichcard.open("?view=inspect&model=llama-3-8b&job=inference&card=rtx-3090&offload=experts:10&seq=4k");
  t.after(() => visitor.close());
  const { page } = visitor;
  assert.equal(await verdict(page), "refused");
  assert.doesNotMatch(await page.locator("#verdict").innerText(), /experts:10/);
  await page.locator("#verdict [data-back]").click();
  await page.locator("#verdict:not([data-verdict=refused])").waitFor();
  const asked = new URL(page.url()).searchParams;
  assert.deepEqual([asked.get("offload"), asked.get("seq")], [null, "4k"]);
  visitor.assertQuiet();
});
