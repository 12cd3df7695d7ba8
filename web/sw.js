// The page works offline after the first visit. Written out by `cargo xtask dist`: the version changes with any byte of the files.
const VERSION = "__VERSION__";
const FILES = ["__FILES__"];

// One origin may hold several sites, so the folder is part of the cache's name.
const OURS = `whichcard ${registration.scope} `;
const CACHE = OURS + VERSION;
// How long a slow network may keep a visitor from a page that is already here.
const PATIENCE = 3000;

// A hash of the content is part of these names: what is cached under one can never be stale.
const isHashed = (name) => /-[0-9a-f]{8,}(_bg)?\.(js|wasm|json)$/.test(name);
// The page itself, and the guide that lies beside it.
const isDocument = (name) => name === "./" || name.endsWith(".html");
// What a path in the folder opens; hosts answer for a folder with its index, and some (GitHub Pages) for a name without its ending.
const documentOf = (path) => {
  if (path === "" || path === "index.html") return "./";
  if (path.endsWith("/")) return `${path}index.html`;
  return FILES.includes(`${path}.html`) ? `${path}.html` : path;
};
const address = (name) => new URL(name, registration.scope).href;
const openCache = () => caches.open(CACHE);

// Installing fails as a whole when one file does, and the last version stays.
addEventListener("install", (event) => event.waitUntil(fill()));

async function fill() {
  const files = await Promise.all(FILES.map(fetched));
  const begun = await caches.has(CACHE);
  try {
    const cache = await openCache();
    await Promise.all(files.map((file, place) => cache.put(address(FILES[place]), file)));
  } catch (error) {
    // On a full disk a part of a version is of no use, and nobody would come to remove it.
    if (!begun) await caches.delete(CACHE);
    throw error;
  }
}

async function fetched(name) {
  // The browser has just loaded the hashed files; the others are asked for again, which costs a "not modified".
  const response = await fetch(address(name), { cache: isHashed(name) ? "default" : "no-cache" });
  if (!response.ok || isHtml(response) !== isDocument(name)) throw new Error(`${name}: ${response.status}`);
  // While a deployment spreads, a host may still send the page of the version before, whose files are not these.
  if (name === "./" && !(await response.clone().text()).includes(VERSION)) throw new Error("another version's page");
  // Read to its end before anything is kept: a connection may break in the middle.
  return new Response(await response.blob(), response);
}

// What is kept, if anything can be: a browser may take its storage away at any time.
const kept = (name) => caches.match(address(name), { cacheName: CACHE }).catch(() => undefined);

const isHtml = (response) => (response.headers.get("content-type") || "").includes("text/html");

addEventListener("activate", (event) => event.waitUntil(tidy()));

async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(OURS) && name !== CACHE).map((name) => caches.delete(name)));
  // The first visit, too, survives the loss of the network.
  await clients.claim();
}

// Whether the next page comes from what is kept: the network's could not be had whole.
let fallsBack = false;

// The page asks which version waits, and lets it take over: when the visitor says so, or by itself where it is that version already.
const ANSWERS = {
  version: () => VERSION,
  "take over": () => skipWaiting(),
  "take over alone": async () => (await isAlone()) && skipWaiting(),
  "fall back": async () => (fallsBack = Boolean(await kept("./"))),
};

addEventListener("message", (event) => {
  const answer = async () => {
    const said = await ANSWERS[event.data]?.();
    event.ports[0]?.postMessage(said);
  };
  event.waitUntil(answer());
});

// Another window may still need the version before.
async function isAlone() {
  const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
  return windows.filter(({ frameType, url }) => frameType === "top-level" && url.startsWith(registration.scope)).length < 2;
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || !url.href.startsWith(registration.scope)) return;
  const name = url.pathname.slice(new URL(registration.scope).pathname.length);
  if (request.mode === "navigate") {
    // Other documents in the folder are none of ours.
    const opened = documentOf(name);
    if (FILES.includes(opened) && isDocument(opened)) {
      event.respondWith(fallsBack ? keptOr(event, opened) : newestOr(event, opened));
      fallsBack = false;
      event.waitUntil(kept("./").then((page) => page || fill()).catch(() => {}));
    } else if (name.endsWith(".csv") && FILES.includes(name)) {
      // A table that is downloaded.
      event.respondWith(cachedOr(request, name));
    }
  } else if (isHashed(name) || (FILES.includes(name) && name !== "catalog.json")) {
    event.respondWith(cachedOr(request, name));
  } else if (name === "catalog.json") {
    event.respondWith(newestOr(event, name));
  }
});

async function keptOr(event, name) {
  return (await kept(name)) || newestOr(event, name);
}

async function cachedOr(request, name) {
  return (await kept(name)) || fetch(request);
}

// The network's answer if it comes in time and is what was asked for, else the kept one. What the browser has in a cache of its own
// is neither: it answers without a network, for files that are not here.
async function newestOr(event, name) {
  const { url, redirect } = event.request;
  const fresh = fetch(url, { cache: "no-cache", redirect }).then(async (response) => {
    if (!response.ok || isHtml(response) !== isDocument(name)) throw new Error(String(response.status));
    // On a full disk the answer is as good as ever.
    await update(name, response).catch(() => {});
    return response;
  });
  // An answer that comes too late for this visit still serves the next one.
  event.waitUntil(fresh.catch(() => {}));
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error("slow network")));
  try {
    return await Promise.race([fresh, late]);
  } catch {
    return (await kept(name)) || fresh;
  }
}

// The catalogue may be edited without a new build. While a new version waits, its files must not mix with this one's.
async function update(name, response) {
  if (name !== "catalog.json" || registration.installing || registration.waiting) return;
  await (await openCache()).put(address(name), response.clone());
}
