// Runs before the first paint, inside index.html: language and theme without a flash, a visible end to every failed start,
// and the service worker. The application reads and writes the same two preferences.
(() => {
  const page = document.documentElement;
  const link = new URLSearchParams(location.search);
  const kept = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };

  const spoken = (tag) => new Map([["en", "en"], ["zh", "zh-CN"]]).get((tag || "").toLowerCase().split(/[-_]/)[0]);
  page.lang = [link.get("lang"), kept("lang"), ...navigator.languages].map(spoken).find(Boolean) || "en";
  const themes = ["system", "light", "dark"];
  page.dataset.theme = [link.get("theme"), kept("theme")].find((theme) => themes.includes(theme)) || "system";
  page.toggleAttribute("data-embed", link.get("embed") === "1");
  // The first paint shows the question the page opens with; a link may ask another one.
  page.toggleAttribute("data-asked", [...link.keys()].some((key) => !["v", "lang", "theme", "embed"].includes(key)));

  // The card for a start that failed and for a crash later on.
  const element = (id) => document.getElementById(id);
  const whenRead = (call) => (document.readyState === "loading" ? addEventListener("DOMContentLoaded", call) : call());
  const fail = (error) =>
    whenRead(() => {
      const report = element("crash-report");
      if (!report.textContent) report.textContent = String((error && error.message) || error);
      element("crash").hidden = false;
    });
  addEventListener("whichcard:failed", (event) => fail(event.detail));
  // A panic in Rust ends here; errors of extensions and the like are not ours to report.
  const trapped = (error) => error instanceof WebAssembly.RuntimeError && fail(error);
  addEventListener("error", (event) => trapped(event.error));
  addEventListener("unhandledrejection", (event) => trapped(event.reason));
  addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("button");
    const does = {
      "crash-reload": () => location.reload(),
      "crash-reset": () => location.assign(location.pathname),
      "crash-copy": () => navigator.clipboard.writeText(`${element("crash-report").textContent}\n${location.href}\n${navigator.userAgent}`),
    }[button && button.id];
    if (does) does();
  });

  // Right after a deployment a cached page can ask for files that are gone: load it once more, then say so.
  const PATIENCE = 20_000;
  const TRIED = "whichcard:tried-again";
  const started = () => !document.querySelector("#app > .first-paint");
  setTimeout(() => {
    if (started()) return;
    try {
      if (!sessionStorage.getItem(TRIED)) {
        sessionStorage.setItem(TRIED, "1");
        location.reload();
        return;
      }
    } catch {
      // No storage: a reload could repeat for ever.
    }
    fail("The application did not start.");
  }, PATIENCE);

  // Inside another site's frame storage is apart, so a worker would serve that frame only. An unfinished build has no version.
  const version = document.querySelector("meta[name=whichcard-version]").content;
  if ("serviceWorker" in navigator && window === top && !version.startsWith("__")) {
    addEventListener("load", () => navigator.serviceWorker.register("sw.js").catch(() => {}));
  }
})();
