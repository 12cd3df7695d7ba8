// <script type="module" src="https://.../embed.js"></script>
// <which-card link="view=card&card=rtx-4060" lang="en" theme="dark" height="640" title="What can an RTX 4060 do?"></which-card>
//
// The element holds one frame with the compact page, as tall as its content. `link` is what stands behind the question mark of
// the page's address. Everything else about the page, including where it lies, follows from the address of this script.

const PAGE = new URL("./", import.meta.url);
// Until the page has told its height, and where it cannot.
const HEIGHT = 640;
const LARGEST = 20_000;

class WhichCard extends HTMLElement {
  static observedAttributes = ["link", "lang", "theme", "height", "title"];

  connectedCallback() {
    this.frame = document.createElement("iframe");
    this.frame.loading = "lazy";
    this.frame.allow = "clipboard-write";
    this.frame.style.cssText = "width: 100%; border: 0; display: block";
    this.frame.height = this.getAttribute("height") || HEIGHT;
    this.listener = (event) => this.resize(event);
    addEventListener("message", this.listener);
    this.show();
    this.replaceChildren(this.frame);
  }

  disconnectedCallback() {
    removeEventListener("message", this.listener);
  }

  attributeChangedCallback() {
    if (this.frame) this.show();
  }

  show() {
    const query = new URLSearchParams(this.getAttribute("link") || "");
    query.set("embed", "1");
    for (const name of ["lang", "theme"]) {
      if (this.hasAttribute(name)) query.set(name, this.getAttribute(name));
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

customElements.define("which-card", WhichCard);
