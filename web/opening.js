// Runs as soon as the opening page has been read, inside index.html: of its languages the visitor's stays, and where the page does
// not hold the answer to what is asked, the frame of one takes its place.
(() => {
  const root = document.documentElement;
  const opening = document.querySelector("#app > .first-paint");
  // Style sheets stand where what they dress begins; from here on in one place, for whatever takes its place.
  document.head.append(...opening.querySelectorAll("style"));
  const take = (id) => document.getElementById(id)?.content;
  if (root.lang !== "en") {
    const page = take(`opening-${root.lang}`);
    // The head is there already (web/head.js).
    page.querySelector("main").before(opening.querySelector("header"));
    opening.replaceChildren(page);
  }
  if (root.hasAttribute("data-asked")) {
    opening.querySelector("main").replaceWith(take("waiting"));
  }
  for (const spare of document.querySelectorAll("body > template")) spare.remove();
  for (const choice of opening.querySelectorAll("[data-theme-choice]")) {
    choice.setAttribute("aria-pressed", choice.dataset.themeChoice === root.dataset.theme);
  }
  // Language and theme of the address go along with a link that is followed before the application is here.
  const link = new URLSearchParams(location.search);
  const looks = ["lang", "theme"].filter((key) => link.has(key)).map((key) => `&${key}=${encodeURIComponent(link.get(key))}`);
  for (const way of opening.querySelectorAll('a[href^="?"]')) way.setAttribute("href", way.getAttribute("href") + looks.join(""));
  opening.removeAttribute("data-read");
})();
