// <script type="module" src="https://.../embed.js"></script>
// <which-card view="card" card="rtx-4060" lang="en" theme="dark" height="640" title="What can an RTX 4060 do?"></which-card>
// <div data-which-card="view=card&card=rtx-4060" data-height="640">For where unknown elements are not allowed.</div>
//
// The element holds one frame with the compact page, as tall as its content. Its attributes are the keys of the page's address
// (`link` takes all that stands behind the question mark at once). What it held before, a link say, stays for readers without scripts.
// Where the page lies follows from the address of this script.

const PAGE = new URL("./", import.meta.url);
// Until the page has told its height, and where it cannot.
const HEIGHT = 640;
const LARGEST = 20_000;
// Attributes that speak of the element, not of the question.
const OWN = ["class", "compact", "height", "hidden", "id", "link", "slot", "style", "title"];

class WhichCard extends HTMLElement {
  connectedCallback() {
    const frame = (this.frame = document.createElement("iframe"));
    frame.loading = "lazy";
    frame.allow = "clipboard-write";
    frame.style.cssText = "width: 100%; border: 0; display: block";
    const height = Number(this.getAttribute("height"));
    frame.height = height > 0 ? Math.min(height, LARGEST) : HEIGHT;
    this.listener = (event) => this.resize(event);
    addEventListener("message", this.listener);
    this.observer = new MutationObserver(() => this.show());
    this.observer.observe(this, { attributes: true });
    this.show();
    this.replaceChildren(frame);
  }

  disconnectedCallback() {
    removeEventListener("message", this.listener);
    this.observer.disconnect();
  }

  show() {
    const query = new URLSearchParams(this.getAttribute("link") || "");
    query.set("embed", "1");
    for (const { name, value } of this.attributes) {
      if (!OWN.includes(name) && !name.includes("-")) query.set(name, value);
    }
    const address = new URL(`?${query}`, PAGE).href;
    if (this.frame.src !== address) this.frame.src = address;
    this.frame.title = this.getAttribute("title") || "Whichcard";
  }

  // Only our own frame, only from where the page lies, only a sensible number.
  resize(event) {
    const ours = event.source === this.frame.contentWindow && event.origin === PAGE.origin;
    if (ours && Number.isFinite(event.data) && event.data > 0) {
      this.frame.height = Math.min(Math.ceil(event.data), LARGEST);
    }
  }
}

// A page may load the script twice.
if (!customElements.get("which-card")) customElements.define("which-card", WhichCard);

// Markdown and many editors let through a plain element with data attributes only.
for (const place of document.querySelectorAll("[data-which-card]")) {
  const { whichCard, height, title } = place.dataset;
  const card = document.createElement("which-card");
  card.setAttribute("link", whichCard);
  if (height) card.setAttribute("height", height);
  if (title) card.setAttribute("title", title);
  place.removeAttribute("data-which-card");
  place.replaceChildren(card);
}
