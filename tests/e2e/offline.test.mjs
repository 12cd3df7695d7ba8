// Two builds, one after the other, on a host that removes the files of the first; and storage that gives way.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { DIST, answered, readyForOffline, settled, signOfUse, site } from "./harness.mjs";
import { serve } from "./server.mjs";

const whichcard = site();
const NEXT = "fedcba987654";

/** The policy names inline scripts by their sums, and those name the files. */
function allowed(html) {
  const sum = (script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
  const sums = [...html.matchAll(/<script(?:\s[^>]*)?>([^]*?)<\/script>/g)].map(([, script]) => sum(script));
  return html.replace(/'sha256-[^']+'(?: 'sha256-[^']+')*/, sums.join(" "));
}

/** The next build: every hashed name is another one, and so is the version. `files` has what the host sends then. */
async function nextBuild() {
  const names = (await readdir(DIST)).filter((name) => !/\.(gz|br)$/.test(name));
  const version = (await readFile(`${DIST}/sw.js`, "utf8")).match(/VERSION = "([^"]+)"/)[1];
  const hashes = new Set(names.flatMap((name) => name.match(/-([0-9a-f]{16})(?:_bg)?\.(?:js|wasm)$/)?.[1] ?? []));
  const renamed = (text) => [...hashes].reduce((text, hash) => text.replaceAll(hash, hash.split("").reverse().join("")), text).replaceAll(version, NEXT);
  const files = new Map();
  for (const name of names) {
    if (/-[0-9a-f]{16}/.test(name)) files.set(renamed(name), await readFile(`${DIST}/${name}`));
    else if (["sw.js", "index.html"].includes(name)) files.set(name, Buffer.from(allowed(renamed(await readFile(`${DIST}/${name}`, "utf8")))));
  }
  return { files, hashes };
}

/** A host whose build can be changed for the next one. */
async function host() {
  const next = await nextBuild();
  const state = { deployed: false, pretend: new Map(), asked: [], cut: () => false };
  const gone = (name) => state.deployed && [...next.hashes].some((hash) => name.includes(hash));
  state.server = await serve(DIST, {
    more: new Proxy({}, { get: (_, name) => (state.deployed ? next.files.get(name) : undefined) }),
    change: (name, content) => {
      state.asked.push(name);
      return state.pretend.get(name) ?? content;
    },
    missing: gone,
    cut: (name) => state.cut(name),
  });
  return state;
}

/** A visitor to such a host who has been there once and keeps everything. Both go with the test. */
async function kept(t, query = "") {
  const state = await host();
  const { server } = state;
  const visitor = await whichcard.visit();
  t.after(async () => {
    await visitor.close();
    await server.close();
  });
  const { page } = visitor;
  await visitor.go(server.address + query);
  await readyForOffline(page);
  const goOffline = async () => {
    await server.close();
    await visitor.context.setOffline(true);
  };
  /** The browser looks for the next build, which is there now. */
  const lookForNext = async () => {
    state.deployed = true;
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  };
  return { state, server, visitor, page, goOffline, lookForNext };
}

const isNext = (page) => page.locator(`meta[name="whichcard-version"][content="${NEXT}"]`).waitFor({ state: "attached" });

/** Names of the versions that are kept. */
const versions = (page) => page.evaluate(() => caches.keys());
/** Whether a worker is in a state ("installing", "waiting"). */
const has = (page, state) => page.evaluate(async (state) => Boolean((await navigator.serviceWorker.getRegistration())[state]), state);

const VIEWS = [
  "view=advise",
  "view=card&card=rtx-4060",
  "view=inspect&model=gpt2&card=a40&lang=zh-CN",
  "view=scratch&model=gpt2&card=rtx-3090",
  "view=compare&cards=rtx-3090,rtx-4090",
  "view=catalogue&list=models",
  "view=accuracy",
  "view=about",
  "view=generations",
  "view=embed&widget=advise",
  "embed=1&compact=0&view=card&card=a40",
  "embed=1&view=inspect&card=a40",
];

test("every view opens offline on the second visit, and its parts work there", async (t) => {
  const { server, page, goOffline } = await kept(t);
  await goOffline();
  for (const query of VIEWS) {
    await page.goto(`${server.address}?${query}`);
    await answered(page);
    assert.ok(await page.locator("#crash").isHidden(), query);
  }
  await page.goto(`${server.address}?view=advise&lang=en`);
  await answered(page);
  await page.locator("#ranking .opens").first().click();
  await page.locator(".row-detail:not([hidden])", { hasText: /\S/ }).first().waitFor();
  await page.goto(`${server.address}?view=embed&widget=inspect`);
  await page.frameLocator("#preview").locator("#verdict").waitFor();
});

test("after a deployment that removed the old files, an old page in the browser's cache is not blank", async (t) => {
  const state = await host();
  const { server } = state;
  const visitor = await whichcard.visit({ serviceWorkers: "block" });
  t.after(async () => {
    await visitor.close();
    await server.close();
  });
  const { page } = visitor;
  state.deployed = true;
  // What a host's short caching leaves behind: the page of before, whose files are gone.
  const before = await readFile(`${DIST}/index.html`, "utf8");
  let visits = 0;
  await page.route(server.address, (route) => {
    visits += 1;
    return visits === 1 ? route.fulfill({ contentType: "text/html; charset=utf-8", body: before }) : route.continue();
  });
  await page.goto(server.address);
  await signOfUse(page);
  await isNext(page);
  await answered(page);
  assert.ok(await page.locator("#crash").isHidden());
});

test("offline the catalogue is downloaded as tables, too", async (t) => {
  const { server, page, goOffline } = await kept(t, "?view=catalogue&lang=en");
  await goOffline();
  for (const [view, row] of [["cards", /^rtx-4090,/m], ["models", /^llama-3-8b,/m]]) {
    await page.goto(`${server.address}?view=catalogue&list=${view}&lang=en`);
    await answered(page);
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`#table[href="${view}.csv"]`).click()]);
    assert.equal(await download.failure(), null);
    assert.match(await readFile(await download.path(), "utf8"), row);
  }
});

test("from one build to the next: the old page goes on, the new one is announced, loaded and kept whole", async (t) => {
  const { server, page, goOffline, lookForNext } = await kept(t, "?view=card&card=rtx-4060&lang=en");
  await lookForNext();
  await page.locator("#update").waitFor();
  // The old page still has everything it may need.
  await page.locator('a[data-view-link="compare"]').first().click();
  await page.locator("#comparison").waitFor();
  await page.locator("#update-load").click();
  await isNext(page);
  await page.locator("#comparison").waitFor();
  await page.waitForFunction(async (next) => (await caches.keys()).every((name) => name.endsWith(next)), NEXT);
  await goOffline();
  for (const query of ["view=advise", "view=accuracy", "view=scratch"]) {
    await page.goto(`${server.address}?${query}`);
    await answered(page);
  }
});

test("two windows: when one loads the new version, the other loads it too or says that there is one", async (t) => {
  const { server, visitor, page, lookForNext } = await kept(t, "?lang=en");
  const other = await visitor.context.newPage();
  await other.goto(`${server.address}?view=card&card=a40&lang=en`);
  await answered(other);
  await lookForNext();
  await page.locator("#update").waitFor();
  await page.locator("#update-load").click();
  await isNext(page);
  const notice = other.locator("#update");
  await Promise.race([notice.waitFor(), isNext(other)]);
  if (await notice.isVisible()) await other.locator("#update-load").click();
  await isNext(other);
  await other.locator('.answer[data-card="a40"]').waitFor();
});

test("a deployment that is half there is not kept", async (t) => {
  const { state, server, page, goOffline } = await kept(t);
  state.deployed = true;
  // The host still sends the page of before, beside the worker of the next version.
  state.pretend.set("index.html", await readFile(`${DIST}/index.html`));
  const end = await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const found = new Promise((seen) => registration.addEventListener("updatefound", () => seen(registration.installing), { once: true }));
    await registration.update();
    const installing = await found;
    while (!["redundant", "installed", "activated"].includes(installing.state)) await new Promise((next) => installing.addEventListener("statechange", next, { once: true }));
    return installing.state;
  });
  assert.equal(end, "redundant");
  await goOffline();
  await page.goto(server.address);
  await answered(page);
});

test("where a new page's files break off, the version before is shown whole, with a network and without", async (t) => {
  const { state, server, page, goOffline } = await kept(t);
  state.cut = (name) => /^later-/.test(name);
  state.deployed = true;
  const isWhole = async () => {
    await answered(page);
    await page.locator('.page[data-ready="true"] #verdict').waitFor();
    assert.equal(await page.locator(`meta[name="whichcard-version"][content="${NEXT}"]`).count(), 0);
    assert.ok(await page.locator("#crash").isHidden());
  };
  await page.goto(`${server.address}?view=accuracy&lang=en`);
  await page.waitForSelector(`meta[name="whichcard-version"]:not([content="${NEXT}"])`, { state: "attached" });
  await isWhole();
  // Nothing is left of the attempt.
  await settled(() => has(page, "installing"), (installing) => !installing);
  const [only, ...more] = await versions(page);
  assert.deepEqual(more, []);
  assert.ok(!only.endsWith(NEXT));
  // The browser still has the new page in a cache of its own.
  await goOffline();
  await page.goto(`${server.address}?view=accuracy&lang=en`);
  await isWhole();
});

test("after an update by reloading, the new version is also the one without a network", async (t) => {
  const { state, server, page, goOffline } = await kept(t, "?lang=en");
  state.deployed = true;
  await page.reload();
  await isNext(page);
  const [only, ...more] = await settled(() => versions(page), (names) => names.length === 1 && names[0].endsWith(NEXT));
  assert.deepEqual(more, []);
  assert.ok(only.endsWith(NEXT));
  assert.ok(await page.locator("#update").isHidden());
  await goOffline();
  await page.goto(`${server.address}?view=accuracy&lang=en`);
  await isNext(page);
  await answered(page);
  assert.ok(await page.locator("#update").isHidden());
});

test("another window that still needs the version before keeps it", async (t) => {
  const { state, server, visitor, page } = await kept(t, "?lang=en");
  const other = await visitor.context.newPage();
  state.deployed = true;
  await other.goto(`${server.address}?lang=en`);
  await isNext(other);
  assert.ok(await settled(() => has(other, "waiting"), Boolean));
  await page.locator('a[data-view-link="compare"]').first().click();
  await page.locator("#comparison").waitFor();
  assert.equal((await versions(page)).length, 2);
});

test("a full disk leaves no part of a version behind", async (t) => {
  const { server, visitor, page, lookForNext } = await kept(t);
  const developer = await visitor.context.newCDPSession(page);
  await developer.send("Storage.overrideQuotaForOrigin", { origin: server.origin, quotaSize: 2_000_000 });
  await lookForNext().catch(() => {});
  await settled(() => has(page, "installing"), (installing) => !installing);
  assert.equal((await versions(page)).length, 1);
});

test("a full disk loses no answer: the newest catalogue is still read", async (t) => {
  const { state, server, visitor, page } = await kept(t);
  const developer = await visitor.context.newCDPSession(page);
  await developer.send("Storage.overrideQuotaForOrigin", { origin: server.origin, quotaSize: 1 });
  const edited = `${await readFile(`${DIST}/catalog.json`, "utf8")}\n\n\n`;
  state.pretend.set("catalog.json", Buffer.from(edited));
  assert.equal(await page.evaluate(async () => (await (await fetch("catalog.json", { cache: "reload" })).text()).length), edited.length);
  await page.reload();
  await answered(page);
});

test("what was kept and taken away is kept again on the next visit", async (t) => {
  const { server, page, goOffline } = await kept(t);
  await page.evaluate(async () => Promise.all((await caches.keys()).map((name) => caches.delete(name))));
  await page.reload();
  await answered(page);
  await page.waitForFunction(async () => {
    const [name] = await caches.keys();
    return name && (await (await caches.open(name)).keys()).length > 5;
  });
  await goOffline();
  await page.goto(`${server.address}?view=accuracy`);
  await answered(page);
});
