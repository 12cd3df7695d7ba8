// The short measurement: the real shaders on a software adapter, and the page with the answers of cards this machine has not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { site } from "./harness.mjs";

// A WebGPU adapter that computes on the processor: slow, but it runs what a card would run.
const whichcard = site({ switches: ["--enable-unsafe-webgpu"] });

/** Runs in the page before anything else: an adapter, and a worker that finds `findings` one after the other. */
function pretend({ renderer, adapter, findings }) {
  const UNMASKED_RENDERER = 0x9246;
  HTMLCanvasElement.prototype.getContext = function (kind) {
    if (!renderer || !kind.startsWith("webgl")) return null;
    const context = Object.create(WebGLRenderingContext.prototype);
    context.getExtension = (name) => ({ name, loseContext() {} });
    context.getParameter = (name) => ({ [UNMASKED_RENDERER]: renderer, 0x1f01: "WebKit WebGL" })[name] ?? null;
    return context;
  };
  Object.defineProperty(navigator, "gpu", { value: { requestAdapter: async () => ({ info: adapter }) }, configurable: true });
  window.Worker = class extends EventTarget {
    postMessage() {
      for (const data of findings) setTimeout(() => this.dispatchEvent(new MessageEvent("message", { data })));
    }
    terminate() {
      window.terminated = true;
    }
  };
}

const AMPERE = { vendor: "nvidia", architecture: "ampere" };
const RTX_3080 = "ANGLE (NVIDIA Corporation, NVIDIA GeForce RTX 3080/PCIe/SSE2, OpenGL 4.5.0)";

async function measured(signals, lang = "en") {
  const visitor = await whichcard.visit();
  await visitor.context.addInitScript(pretend, signals);
  await visitor.go(`${whichcard.server.address}?view=card&lang=${lang}`);
  const { page } = visitor;
  await page.locator("#verdict").waitFor();
  await page.locator("#detect").click();
  await page.locator("#measure").click();
  await page.locator("#measured").waitFor();
  await page.locator("#measure:enabled").waitFor();
  return { visitor, page };
}

test("the shaders run on a real WebGPU implementation, within the time and reporting what they find", async () => {
  const visitor = await whichcard.open("?view=card");
  const found = await visitor.page.evaluate(
    () =>
      new Promise((done) => {
        const seen = [];
        const worker = new Worker("measure.js");
        worker.onmessage = ({ data }) => {
          seen.push(data);
          if (data.ended) done(seen);
        };
        worker.postMessage({ milliseconds: 1600, bytes: 64 * 1024 * 1024, software: true });
      }),
  );
  const rates = Object.fromEntries(found.filter((message) => message.quantity).map(({ quantity, rate }) => [quantity, rate]));
  assert.deepEqual(found[0], { adapter: { vendor: "google", architecture: "swiftshader" } });
  assert.ok(rates.fp32 > 1e7 && rates.fp32 < 1e13, JSON.stringify(found));
  assert.ok(rates.copy > 1e7 && rates.copy < 1e13, JSON.stringify(found));
  assert.deepEqual(found.at(-1), { ended: "done" });
  visitor.assertQuiet();
  await visitor.close();
});

test("a software adapter is not offered for measuring", async () => {
  const visitor = await whichcard.open("?view=card");
  await visitor.page.locator("#detect").click();
  await visitor.page.locator("#detected").waitFor();
  assert.ok(await visitor.page.locator("#measure").isHidden());
  await visitor.close();
});

test("a copy faster than the 10 GB card can be leaves the 12 GB one", async () => {
  const findings = [
    { adapter: AMPERE },
    { quantity: "fp32", rate: 31e12 },
    { quantity: "copy", rate: 1.05e12 },
    { ended: "done" },
  ];
  const { visitor, page } = await measured({ renderer: RTX_3080, adapter: AMPERE, findings });
  const names = await page.locator("[data-candidate]").evaluateAll((all) => all.map((button) => button.dataset.candidate));
  assert.ok(names.includes("rtx-3080-12gb"), names.join());
  assert.equal(await page.locator('[data-quantity="copy"] td').first().innerText(), "1.05\u00a0TB/s");
  visitor.assertQuiet();
  await visitor.close();
});

test("another maker's GPU says nothing about the card", async () => {
  const findings = [{ adapter: { vendor: "intel", architecture: "xe-lpg" } }, { quantity: "fp32", rate: 2e12 }, { ended: "done" }];
  const { visitor, page } = await measured({ renderer: RTX_3080, adapter: AMPERE, findings }, "zh-CN");
  assert.match(await page.locator('[data-remark="other"]').innerText(), /intel/);
  assert.equal(await page.locator('[data-quantity="fp32"] td').nth(1).innerText(), "–");
  visitor.assertQuiet();
  await visitor.close();
});

test("a driver that goes silent is given up on, and what was found stays", async () => {
  const findings = [{ adapter: AMPERE }, { quantity: "fp32", rate: 20e12 }];
  const { visitor, page } = await measured({ renderer: RTX_3080, adapter: AMPERE, findings });
  assert.match(await page.locator('[data-remark="ended"]').innerText(), /two seconds/);
  assert.ok(await page.locator('[data-quantity="fp32"]').isVisible());
  await visitor.close();
});

test("leaving the view ends the measurement", async () => {
  const visitor = await whichcard.visit();
  await visitor.context.addInitScript(pretend, { renderer: RTX_3080, adapter: AMPERE, findings: [{ adapter: AMPERE }] });
  await visitor.go(`${whichcard.server.address}?view=card`);
  const { page } = visitor;
  await page.locator("#detect").click();
  await page.locator("#measure").click();
  await page.locator('[data-view-link="inspect"]').first().click();
  await page.waitForFunction(() => window.terminated === true);
  await visitor.close();
});
