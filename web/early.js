// Runs before the first paint, inside index.html, and is all of the scripts that the first paint waits for: language and theme without a
// flash, and what must not be lost before the other scripts at the end of the page have been read. The application reads and writes the
// same two preferences.
(() => {
  const page = document.documentElement;
  // What was typed in the moment before a reload has not reached the address yet (app/src/tab.rs). A link that is followed, even to
  // the same address, means what it says, and a first paint does not wait for what is kept.
  const recall = () => {
    try {
      // By a pattern: Trunk's minifier takes the break in a text for a stroke and a letter.
      const [from, typed] = (sessionStorage.getItem("typed") || "").split(/\n/);
      sessionStorage.removeItem("typed");
      return from === location.search && typed;
    } catch {
      // A browser that keeps nothing has lost it.
    }
  };
  if (performance.getEntriesByType("navigation")[0]?.type === "navigate") addEventListener("DOMContentLoaded", recall);
  else {
    page.dataset.again = "";
    const typed = recall();
    if (typed) history.replaceState(history.state, "", `?${typed}`);
  }
  const link = new URLSearchParams(location.search);
  const kept = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };

  // By the tags a browser may send; filled in when the site is built. The very language, or else the first of its family.
  const languages = new Map(__LANGUAGES__);
  const spoken = (tag) => {
    const asked = (tag || "").toLowerCase();
    return languages.get(asked) ?? languages.get(asked.split(/[-_]/)[0]);
  };
  page.lang = [link.get("lang"), kept("lang"), ...navigator.languages].map(spoken).find(Boolean) || "en";
  const themes = ["system", "light", "dark"];
  page.dataset.theme = [link.get("theme"), kept("theme")].find((theme) => themes.includes(theme)) || "system";
  page.toggleAttribute("data-embed", link.get("embed") === "1");
  page.toggleAttribute("data-compact", page.hasAttribute("data-embed") && link.get("compact") !== "0");
  // The page holds the answer to the question it opens with; a link may ask another one or need a word about its version, and an
  // article has a form of its own.
  const expected = { v: "1", view: "advise" };
  // What other sites add to a link asks nothing (src/share.rs has the same list).
  const tracks =
    /^(utm_.*|fbclid|gclid|gbraid|wbraid|msclkid|twclid|ttclid|yclid|igshid|igsh|mc_cid|mc_eid|isappinstalled|share_token|spm|ref_src|ref_url)$/;
  const asks = ([key, value]) =>
    !["lang", "theme"].includes(key) && !tracks.test(key) && !/^from=(timeline|(single|group)message)$/.test(`${key}=${value}`) && value !== expected[key];
  page.toggleAttribute("data-asked", [...link].some(asks));

  // A file of the page. What fails here is the network's doing or the host's, and told as such.
  globalThis.undelivered = (error) => Object.assign(error, { undelivered: true });
  globalThis.delivered = async (name, integrity, options) => {
    try {
      const response = await fetch(name, { integrity, ...options });
      if (!response.ok) throw new Error(String(response.status));
      return response;
    } catch (error) {
      throw undelivered(new Error(`${name}: ${error.message}`));
    }
  };

  // What is done until then; web/early-input.js takes it from here.
  globalThis.heard = [];
  const ACTS = ["keydown", "input", "change", "click"];
  const hear = (event) => heard.push(event);
  for (const act of ACTS) addEventListener(act, hear, true);
  globalThis.listens = () => {
    for (const act of ACTS) removeEventListener(act, hear, true);
  };

  // The application's script and first module, asked for when it is started; at once where the page does not hold the answer.
  globalThis.application = (script, files) => {
    const ask = () => {
      const asked = { script: script(), module: delivered(...files.first), later: files.later };
      for (const file of [asked.script, asked.module]) file.catch(() => {});
      return asked;
    };
    const early = page.hasAttribute("data-asked") && ask();
    globalThis.toStart = () => early || ask();
  };
})();
