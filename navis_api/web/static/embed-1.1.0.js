// <navis-answer slug="…" key="nvk_pub_…">: a reviewed answer of Navis in your page.
// <navis-ask key="nvk_pub_…">: a box in which your readers ask, and get their answer.
// Each is a frame that is as tall as what it shows. What stands inside the element is shown where
// the frame can't be. Version 1.1.0; this file never changes. Documentation: docs/partners.md.
(() => {
  "use strict";

  const BASE = new URL(".", document.currentScript.src);
  const LOOK = [
    ...["theme", "locale", "font", "size", "text", "background", "accent"],
    ...["dark-text", "dark-background", "dark-accent"],
  ];
  const FIRST_HEIGHT = 480;
  const MOST_HEIGHT = 100000;
  const PATIENCE_MS = 5000;

  // What both have in common: a frame of ours, which says how tall it is.
  class NavisFrame extends HTMLElement {
    #frame = null;
    #slot = document.createElement("slot");
    #timer = 0;
    #planned = false;

    constructor() {
      super();
      this.attachShadow({ mode: "open" }).append(this.#slot);
    }

    connectedCallback() {
      // By properties and not by a style sheet, which your Content-Security-Policy may refuse.
      if (getComputedStyle(this).display === "inline") this.style.display = "block";
      addEventListener("message", this.#hear);
      this.#plan();
    }

    disconnectedCallback() {
      removeEventListener("message", this.#hear);
      clearTimeout(this.#timer);
      this.#frame?.remove();
      this.#frame = null;
    }

    attributeChangedCallback(name, before, after) {
      if (before !== after && this.isConnected) this.#plan();
    }

    // React keeps attributes named `key` to itself.
    get publicKey() {
      return this.getAttribute("key") || this.getAttribute("public-key");
    }

    // Attributes that change one after the other cause one frame.
    #plan() {
      if (this.#planned) return;
      this.#planned = true;
      queueMicrotask(() => {
        this.#planned = false;
        if (this.isConnected) this.#show();
      });
    }

    #address() {
      const address = this.page();
      if (address === null) return null;
      address.searchParams.set("key", this.publicKey);
      for (const name of LOOK) {
        const given = this.getAttribute(name);
        if (given !== null) address.searchParams.set(name, given);
      }
      return address.href;
    }

    #show() {
      const address = this.#address();
      this.#frame?.remove();
      this.#frame = null;
      this.#fallBack(true);
      if (address === null) {
        console.error(`<${this.localName}> needs ${this.constructor.needs}.`);
        return;
      }
      const frame = document.createElement("iframe");
      frame.loading = "lazy";
      frame.title = this.getAttribute("label") || this.textContent.trim() || "Navis";
      frame.referrerPolicy = "no-referrer";
      frame.style.display = "block";
      frame.style.width = "100%";
      frame.style.border = "0";
      frame.style.height = `${FIRST_HEIGHT}px`;
      frame.addEventListener("load", this.#greet);
      frame.src = address;
      this.#frame = frame;
      this.shadowRoot.append(frame);
      this.#fallBack(false);
    }

    // Shows what stands inside the element, or something of our own, in the frame's place.
    #fallBack(wanted) {
      const own = this.shadowRoot.querySelector("[data-own]");
      this.#slot.hidden = !wanted;
      this.#slot.style.display = wanted ? "" : "none";
      if (this.#frame !== null) this.#frame.style.display = wanted ? "none" : "block";
      if (!wanted || this.textContent.trim()) {
        own?.remove();
      } else if (own === null) {
        const made = this.instead();
        if (made === null) return;
        made.dataset.own = "";
        this.shadowRoot.append(made);
      }
    }

    // The frame answers with its size. One that was refused doesn't.
    #greet = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#fallBack(true), PATIENCE_MS);
      this.#frame?.contentWindow.postMessage({ navis: "hello" }, BASE.origin);
    };

    #hear = (event) => {
      const frame = this.#frame;
      if (frame === null || event.source !== frame.contentWindow) return;
      if (event.origin !== BASE.origin) return;
      const said = event.data;
      if (said === null || typeof said !== "object" || said.navis !== "size") return;
      if (!Number.isFinite(said.height) || said.height <= 0) return;
      clearTimeout(this.#timer);
      this.#fallBack(false);
      frame.style.height = `${Math.min(Math.ceil(said.height), MOST_HEIGHT)}px`;
      if (!this.hasAttribute("label") && typeof said.title === "string") {
        frame.title = said.title.slice(0, 300);
      }
    };
  }

  class NavisAnswer extends NavisFrame {
    static observedAttributes = ["slug", "key", "public-key", "label", ...LOOK];
    static needs = "the attributes `slug` and `key`";

    page() {
      const slug = this.getAttribute("slug");
      if (!slug || !this.publicKey) return null;
      return new URL(`embed/answers/${encodeURIComponent(slug)}`, BASE);
    }

    instead() {
      const slug = this.getAttribute("slug");
      if (!slug) return null;
      const made = document.createElement("a");
      made.href = new URL(`answers/${encodeURIComponent(slug)}`, BASE).href;
      made.textContent = "Read the answer on Navis";
      return made;
    }
  }

  class NavisAsk extends NavisFrame {
    static observedAttributes = ["cancer", "key", "public-key", "label", ...LOOK];
    static needs = "the attribute `key`";

    page() {
      if (!this.publicKey) return null;
      const address = new URL("embed/ask", BASE);
      const cancer = this.getAttribute("cancer");
      if (cancer) address.searchParams.set("cancer", cancer);
      return address;
    }

    instead() {
      const made = document.createElement("p");
      made.textContent = "Questions can't be asked here at the moment.";
      return made;
    }
  }

  for (const [name, element] of [
    ["navis-answer", NavisAnswer],
    ["navis-ask", NavisAsk],
  ]) {
    if (!customElements.get(name)) customElements.define(name, element);
  }
})();
