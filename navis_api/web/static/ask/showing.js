// What is shown of an answer. All of it comes in as text: nothing of it is ever read as HTML.

const at = (id) => document.getElementById(id);

const WORDS = Object.fromEntries(
  Array.from(at("words").content.querySelectorAll("[data-say]"), (each) => [
    each.dataset.say,
    each.textContent,
  ]),
);

const say = (name, values = {}) =>
  Object.entries(values).reduce(
    (text, [place, value]) => text.replace(`{${place}}`, String(value)),
    WORDS[name],
  );

const make = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

const copyOf = (id) => at(id).content.cloneNode(true);

const OWN_LANGUAGE = document.documentElement.lang;
const DAYS = new Intl.DateTimeFormat(OWN_LANGUAGE === "en" ? "en-GB" : OWN_LANGUAGE, {
  dateStyle: "long",
  timeZone: "UTC",
});
const day = (moment) =>
  make("time", { datetime: moment.slice(0, 10) }, DAYS.format(new Date(moment)));

// What the answer says may be in another language than the page around it.
const spoken = (language) => (language === OWN_LANGUAGE ? {} : { lang: language });

const markOf = (number) =>
  make(
    "a",
    { class: "mark", href: `#source-${number}`, "aria-label": `${say("source")} [${number}]` },
    `[${number}]`,
  );

// The Markdown of sections has paragraphs, bullets, marks such as [1], and escaped signs.
const inline = (markdown) => {
  const nodes = [];
  let text = "";
  for (const [whole, escaped, number] of markdown.matchAll(/\\(.)|\[(\d+)\]|[^\\[]+|[^]/gu)) {
    if (number === undefined) {
      text += escaped ?? whole;
    } else {
      // A mark stays with the word before it.
      nodes.push(text.replace(/ $/, "\u00a0"), markOf(number));
      text = "";
    }
  }
  return [...nodes, text];
};

const blocks = (markdown) =>
  markdown
    .split("\n\n")
    .filter((block) => block.trim())
    .map((block) =>
      block.startsWith("- ")
        ? make(
            "ul",
            {},
            ...block.split("\n").map((line) => make("li", {}, ...inline(line.replace(/^- /, "")))),
          )
        : make("p", {}, ...inline(block)),
    );

const URGENT = ["EMERGENCY", "CRISIS"];

// Whom to call stands first where it is urgent: on a small screen it would be missed below.
const noticeOf = ({ kind, message, contacts }) => {
  const calls = contacts.length
    ? [make("ul", {}, ...contacts.map((each) => make("li", {}, ...callable(each))))]
    : [];
  return URGENT.includes(kind)
    ? make(
        "section",
        { class: "notice bad urgent" },
        make("h2", {}, say(kind)),
        ...calls,
        make("p", {}, message),
      )
    : make("section", { class: "notice warn" }, make("p", {}, message), ...calls);
};

// Numbers can be called by touching them, but for those that a text is sent to.
const callable = (contact) => {
  const nodes = [];
  let from = 0;
  for (const found of contact.matchAll(/\d(?: ?\d){2,}/g)) {
    const before = contact.slice(from, found.index);
    if (/\b[A-Z]{2,} (?:to|al) $/.test(before)) continue;
    nodes.push(before, make("a", { href: `tel:${found[0].replaceAll(" ", "")}` }, found[0]));
    from = found.index + found[0].length;
  }
  return [...nodes, contact.slice(from)];
};

const webAddress = (address) => (/^https?:\/\//.test(address ?? "") ? address : null);

const leaving = (address, text) =>
  make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text);

// An answer on the page, which may still be growing. What stays the same is not made anew, so
// that nobody's place in it is lost.
class AnswerView {
  #known = new Map();

  constructor(place) {
    this.root = make("article");
    place.replaceChildren(this.root);
  }

  #part(name, facts, build, place = this.root) {
    let part = this.#known.get(name);
    if (part === undefined) {
      part = { box: make("div"), facts: null };
      this.#known.set(name, part);
      place.append(part.box);
    }
    const said = JSON.stringify(facts ?? null);
    if (part.facts === said) return part.box;
    part.facts = said;
    part.box.replaceChildren(...(facts === null || facts === undefined ? [] : build(facts)));
    return part.box;
  }

  // What an answer has no more, as one that was changed since.
  #drop(kind, kept) {
    for (const [name, { box }] of this.#known) {
      const [of, number] = name.split(" ");
      if (of !== kind || kept(Number(number))) continue;
      box.remove();
      this.#known.delete(name);
    }
  }

  #list(name, items, language) {
    this.#part(name, items?.length ? items : null, () => [
      make("h3", {}, say(name)),
      make("ul", spoken(language), ...items.map((item) => make("li", {}, item))),
    ]);
  }

  show(answer, question) {
    const { language } = answer;
    this.#part("label", answer.reviewed ? answer.review : "unreviewed", () =>
      answer.reviewed ? this.#approval(answer) : [copyOf("unreviewed")],
    );
    this.#part("stale", answer.staleNotice, (text) => [
      make("p", { class: "notice warn" }, `${text} ${say("rely")}`),
    ]);
    this.#part("untranslated", answer.untranslated || null, () => [copyOf("untranslated")]);
    this.#part("title", answer.title, (title) => [make("h2", spoken(language), title)]);
    this.#part("facts", answer.updatedAt ? [answer, question] : null, () => [
      this.#facts(answer, question),
    ]);
    this.#part("summary", answer.summary, (text) => [
      make("p", { class: "lead", ...spoken(language) }, text),
    ]);
    const sections = this.#part("sections", "here", () => []);
    this.#drop("section", (index) => index < answer.sections.length);
    answer.sections.forEach((section, index) => {
      this.#part(
        `section ${index}`,
        section,
        () => [
          make("h3", spoken(language), section.heading),
          make("div", { class: "section", ...spoken(language) }, ...blocks(section.markdown)),
        ],
        sections,
      );
    });
    this.#list("gaps", answer.gaps, language);
    this.#list("to-ask", answer.doctorQuestions, language);
    this.#list("next", answer.nextSteps, language);
    this.#part("glossary", answer.glossary?.length ? answer.glossary : null, (entries) => [
      make("h3", {}, say("glossary")),
      make(
        "dl",
        { lang: "en" },
        ...entries.flatMap(({ term, explanation }) => [
          make("dt", {}, term),
          make("dd", {}, explanation),
        ]),
      ),
    ]);
    this.#sources(answer.citations);
    this.#part("end", answer.disclaimer, ({ text }) => [
      make(
        "section",
        { class: "notice" },
        make("p", {}, text),
        ...(answer.callToAction
          ? [make("p", {}, make("strong", {}, answer.callToAction.text))]
          : []),
      ),
    ]);
    this.#part("page", webAddress(answer.url), (address) => [
      make("p", {}, leaving(address, say("page"))),
    ]);
  }

  #approval({ review, staleNotice }) {
    if (!review) return [];
    const line = make("p", { class: "notice good" });
    line.append(
      `${say("reviewed-by")} `,
      make("strong", {}, review.reviewer),
      `, ${review.credentials.replace(/\.$/, "")}, ${say("on")} `,
      day(review.reviewedAt),
      ".",
    );
    if (!staleNotice) line.append(` ${say("due")} `, day(review.nextReviewOn), ".");
    return [line];
  }

  #facts(answer, question) {
    const lines = [];
    const add = (name, ...value) =>
      lines.push(make("div", {}, make("dt", {}, say(name)), make("dd", {}, ...value)));
    if (question?.differs) add("same", question.text);
    if (question?.cancer) add("about", question.cancer.name);
    if (answer.publishedAt) add("published", day(answer.publishedAt));
    else add("written-on", day(answer.updatedAt));
    add("written-by", answer.author);
    const { translation } = answer;
    if (translation) {
      add("translated-by", translation.translator);
      add(
        "translation-reviewed-by",
        `${translation.reviewer}, ${translation.credentials}, ${say("on")} `,
        day(translation.reviewedAt),
      );
    }
    return make("dl", { class: "facts" }, ...lines);
  }

  #sources(citations) {
    const box = this.#part("sources", citations.length ? "here" : null, () => [
      make("h3", {}, say("sources")),
      make("ol", { class: "sources" }),
    ]);
    const byNumber = new Map();
    for (const cited of citations) {
      byNumber.set(cited.number, [...(byNumber.get(cited.number) ?? []), cited]);
    }
    this.#drop("source", (number) => byNumber.has(number));
    for (const [number, quotes] of byNumber) {
      const name = `source ${number}`;
      if (!this.#known.has(name)) {
        const item = make("li", { id: `source-${number}`, value: number });
        const list = box.querySelector("ol");
        list.insertBefore(item, [...list.children].find((each) => each.value > number) ?? null);
        this.#known.set(name, { box: item, facts: null });
      }
      this.#part(name, quotes, () => this.#source(quotes));
    }
  }

  #source(quotes) {
    const { source } = quotes[0];
    const address = webAddress(source.url);
    const details = [source.publisher, source.version, source.licence].filter(Boolean).join(". ");
    const dates = source.accessedOn ? [`, ${say("accessed")} `, day(source.accessedOn)] : [];
    const folded = make("details", {}, make("summary", {}, say("quoted")));
    const seen = new Set();
    for (const { quote, locator } of quotes) {
      if (seen.has(quote)) continue;
      seen.add(quote);
      if (locator) folded.append(make("p", { class: "locator", lang: "en" }, locator));
      folded.append(make("blockquote", { lang: "en" }, quote));
    }
    return [
      make("span", { lang: "en" }, address ? leaving(address, source.title) : source.title),
      make("span", { class: "quiet", lang: "en" }, `. ${details}`),
      make("span", { class: "quiet" }, ...dates, "."),
      folded,
    ];
  }
}
