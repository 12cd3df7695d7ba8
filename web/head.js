// Runs as soon as the head of the opening page has been read, inside index.html: in the visitor's language it shows before the rest has
// come, which web/opening.js puts into its place.
(() => {
  const root = document.documentElement;
  const page = document.querySelector("#app > .first-paint > .page");
  const first = page.querySelector("header");
  const head = page.querySelector(`template[lang="${root.lang}"]`)?.content.firstElementChild ?? first;
  if (root.hasAttribute("data-asked")) head.querySelector("[aria-current]").removeAttribute("aria-current");
  if (head !== first) first.replaceWith(head);
  // Now it may show (web/first-paint.css).
  head.lang = root.lang;
  for (const spare of page.querySelectorAll("template")) spare.remove();
  document.currentScript.remove();
})();
