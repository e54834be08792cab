// The field for the cancer that a question is about: an editable combobox with a list, as the
// ARIA Authoring Practices have it. The catalogue is asked for once, whole, and searched here:
// what is typed goes nowhere.

const MOST_SHOWN = 8;

const plain = (text) =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase();

class CancerField {
  #input = at("cancer");
  #list = at("cancers");
  #catalogue = null;
  #loading = null;
  #shown = [];
  #active = -1;
  #wanted = 0;

  constructor() {
    this.initial = { text: this.#input.value, slug: this.#input.dataset.slug ?? null };
    this.slug = this.initial.slug;
    this.#input.addEventListener("focus", () => this.#load());
    this.#input.addEventListener("input", () => {
      this.slug = null;
      this.invalid(false);
      this.#search();
    });
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("blur", () => this.#close());
    // Before the field loses the focus.
    this.#list.addEventListener("pointerdown", (event) => {
      const option = event.target.closest("[role=option]");
      if (option === null) return;
      event.preventDefault();
      this.#choose(this.#shown[Number(option.dataset.at)]);
    });
  }

  reset() {
    this.#input.value = this.initial.text;
    this.slug = this.initial.slug;
    this.invalid(false);
    this.#close();
  }

  // Whether what stands in the field is a cancer of the list, or nothing.
  get settled() {
    return this.slug !== null || !this.#input.value.trim();
  }

  invalid(is) {
    if (is) this.#input.setAttribute("aria-invalid", "true");
    else this.#input.removeAttribute("aria-invalid");
  }

  ask() {
    this.invalid(true);
    this.#input.focus();
    this.#search();
  }

  // A name that was written out in full is as good as one that was chosen.
  async settle() {
    if (this.settled) return;
    const written = plain(this.#input.value.trim());
    await this.#load();
    const found = (this.#catalogue ?? []).filter((each) => each.names.includes(written));
    if (found.length === 1) this.#choose(found[0]);
  }

  #load() {
    this.#loading ??= this.#read().catch(() => {
      // Without the list a question can still be asked; the next look tries again.
      this.#loading = null;
    });
    return this.#loading;
  }

  async #read() {
    const never = new AbortController().signal;
    const found = [];
    let after = null;
    do {
      const { cancers } = await call("Cancers", { after }, never);
      found.push(...cancers.nodes);
      after = cancers.pageInfo.hasNextPage ? cancers.pageInfo.endCursor : null;
    } while (after !== null);
    this.#catalogue = found.map((each) => ({
      slug: each.slug,
      name: each.name,
      names: [each.name, each.clinicalName, ...each.aliases].filter(Boolean).map(plain),
    }));
  }

  async #search() {
    const turn = (this.#wanted += 1);
    await this.#load();
    if (turn !== this.#wanted || this.#catalogue === null) return;
    const words = plain(this.#input.value).split(/\s+/).filter(Boolean);
    if (!words.length) {
      this.#close();
      return;
    }
    // A word is found at the beginning of a word. Names that begin with it stand first.
    const fits = (name) => words.every((word) => ` ${name}`.includes(` ${word}`));
    const found = this.#catalogue.filter((each) => each.names.some(fits));
    const rank = (each) => (each.names[0].startsWith(words[0]) ? 0 : fits(each.names[0]) ? 1 : 2);
    this.#shown = found.sort((one, other) => rank(one) - rank(other)).slice(0, MOST_SHOWN);
    this.#active = -1;
    this.#list.replaceChildren(
      ...this.#shown.map((each, index) =>
        make(
          "li",
          { role: "option", id: `cancer-${index}`, "aria-selected": "false", "data-at": index, lang: "en" },
          each.name,
        ),
      ),
    );
    this.#open(this.#shown.length > 0);
    at("cancers-found").textContent = this.#shown.length
      ? say("found", { n: this.#shown.length })
      : say("nothing-found");
  }

  #open(is) {
    this.#list.hidden = !is;
    this.#input.setAttribute("aria-expanded", String(is));
    this.#input.removeAttribute("aria-activedescendant");
  }

  #close() {
    this.#wanted += 1;
    this.#shown = [];
    this.#active = -1;
    this.#list.replaceChildren();
    at("cancers-found").textContent = "";
    this.#open(false);
  }

  #choose(cancer) {
    this.#input.value = cancer.name;
    this.slug = cancer.slug;
    this.invalid(false);
    this.#close();
  }

  #move(to) {
    const options = [...this.#list.children];
    options[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = (to + options.length) % options.length;
    const option = options[this.#active];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", option.id);
  }

  #key(event) {
    const open = this.#shown.length > 0;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) this.#search();
      else if (event.key === "ArrowDown") this.#move(this.#active + 1);
      else this.#move(this.#active < 0 ? -1 : this.#active - 1);
    } else if (event.key === "Enter" && open && this.#active >= 0) {
      event.preventDefault();
      this.#choose(this.#shown[this.#active]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      this.#close();
    }
  }
}
