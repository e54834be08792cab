// From the form to the answer and back. A turn is one question, from when it is sent until the
// next one: what belongs to an earlier turn changes nothing any more.

const WATCH_MS = 30000;
const UNCHECKED_MS = 60000;
const ASK_TRIES = 4;
const COUNT_FROM = 0.8;

const MOST_CHARACTERS = Number(meta("navis-characters"));

// The region is for notices alone. Questions themselves are in English.
const REGION = regionNamed(meta("navis-locale")) ?? regionOfClock();
const LOCALE = REGION ? `en-${REGION}` : "en";

const cancers = new CancerField();
let turn = null;
let sent = { text: null, slug: null, key: null };
let writing = null;
let told = [];
let shown = null;
let confirmed = 0;

const progress = (name, values) => {
  const text = name === null ? "" : say(name, values);
  if (at("progress").textContent !== text) at("progress").textContent = text;
};

const end = () => {
  turn?.abort();
  turn = null;
  at("stop-line").hidden = true;
};

const begin = (text) => {
  end();
  turn = new AbortController();
  shown = null;
  told = [];
  for (const name of ["urgent", "result", "trouble", "opinion-said", "progress"]) {
    at(name).replaceChildren();
  }
  for (const name of ["near", "opinion", "again", "unchecked", "report-form"]) at(name).hidden = true;
  at("asked-text").textContent = text;
  at("ask").hidden = true;
  at("general").hidden = false;
  at("asked-line").hidden = false;
  at("asked").hidden = false;
  at("asked-heading").focus();
  return turn.signal;
};

const toForm = () => {
  end();
  at("asked").hidden = true;
  at("ask").hidden = false;
};

const complain = (text, field) => {
  toForm();
  at("trouble").replaceChildren(make("p", { class: "notice bad" }, text));
  field?.focus();
};

const characters = () => [...at("question").value.replace(/\s+/gu, " ").trim()].length;

const count = () => {
  const left = MOST_CHARACTERS - characters();
  const text =
    left < 0
      ? say("over", { n: -left })
      : left <= MOST_CHARACTERS * (1 - COUNT_FROM)
        ? say("left", { n: left })
        : "";
  if (at("question-left").textContent !== text) at("question-left").textContent = text;
};

const lasting = (seconds) =>
  seconds < 100
    ? say("seconds", { n: Math.max(1, Math.ceil(seconds)) })
    : say("minutes", { n: Math.ceil(seconds / 60) });

// What comes before anything else. What was said to the question itself stays: it names the
// numbers of the reader's region. Of the answer's own notices what it lacks is added.
const urgent = (notices) => {
  const lacking = notices.filter((each) => !told.some((said) => said.kind === each.kind));
  if (!lacking.length) return;
  told = [...told, ...lacking];
  at("urgent").replaceChildren(...told.map(noticeOf));
  const isCrisis = told.some((each) => each.kind === "CRISIS");
  at("asked-line").hidden = isCrisis;
  if (!told.some((each) => URGENT.includes(each.kind))) return;
  at("general").hidden = true;
  // From the heading the next key leads to whom to call; nobody is taken from elsewhere.
  if (document.activeElement === at("asked-heading")) at("top").focus();
};

// Whatever keeps a question from being asked: it stays in the form, to be sent again.
const failedToAsk = (fault) => {
  if (fault.kind === "busy") complain(say("busy", { time: lasting(fault.waitS) }), at("question"));
  else complain(say(fault.kind === "closed" ? "closed" : "away"), at("question"));
};

// Of an error in the payload. The notices that came with it stay.
const refused = (error) => {
  if (error.__typename === "UnknownCancer") {
    complain(say("which"));
    cancers.ask();
  } else if (error.__typename === "RateLimited") {
    complain(say("busy", { time: lasting(error.retryAfterSeconds) }), at("question"));
  } else {
    complain(`${say("invalid")} ${error.message}`, at("question"));
  }
};

const suggest = (questions) => {
  at("near").hidden = !questions.length;
  at("near").querySelector("ul").replaceChildren(
    ...questions.map((question) => {
      const button = make("button", { type: "button", class: "near-question", lang: "en" }, question.text);
      button.addEventListener("click", () => read(question.id, question.text));
      return make("li", {}, button);
    }),
  );
};

const versionOf = (answer) =>
  answer && JSON.stringify([answer.state, answer.reviewed, answer.revision, answer.updatedAt]);

const finish = (template, name = null) => {
  at("stop-line").hidden = true;
  // "Take it to your next visit" would speak against a notice that says to call now.
  const isUrgent = template === "abstained" && at("urgent").childElementCount > 0;
  progress(isUrgent ? "declined" : name);
  if (template !== null && !isUrgent) at("result").prepend(copyOf(template));
};

const takenBack = () => {
  at("opinion").hidden = true;
  at("result").replaceChildren(copyOf("taken-back"));
  progress("gone");
  shown.version = null;
};

// Shows the answer to a question as it is served now, and looks at it again while it is open.
async function showAnswer(id, text, signal, view = null) {
  const { node } = await call("Read", { id }, signal, ASK_TRIES);
  if (!node?.answer) return false;
  const { answer } = node;
  urgent(answer.safetyNotices);
  const differs = node.text.trim() !== text.trim();
  const drawn = view ?? shown?.view ?? new AnswerView(at("result"));
  drawn.show(answer, { text: node.text, cancer: node.cancer, differs });
  const before = shown;
  shown = { id, text, view: drawn, version: versionOf(answer), answer };
  confirmed = Date.now();
  at("stop-line").hidden = true;
  at("opinion").hidden = false;
  if (before === null) progress(answer.reviewed ? "reviewed" : "written");
  else progress(answer.reviewed && !before.answer.reviewed ? "reviewed-now" : "changed");
  return true;
}

async function watch() {
  if (shown === null || turn === null || document.visibilityState !== "visible") return;
  const { id, text, version } = shown;
  const { signal } = turn;
  try {
    const { node } = await call("Watch", { id }, signal, 1);
    if (shown?.id !== id) return;
    confirmed = Date.now();
    const now = versionOf(node?.answer ?? null);
    if (now === null && version !== null) takenBack();
    else if (now !== null && now !== version) {
      if (version === null) shown = null;
      await showAnswer(id, text, signal);
    }
  } catch {
    // The next look may find it. Until then the reader is told, after a while.
  }
  at("unchecked").hidden = shown === null || Date.now() - confirmed < UNCHECKED_MS;
}

async function read(id, text) {
  const signal = begin(text);
  progress("RETRIEVING");
  try {
    if (!(await showAnswer(id, text, signal))) finish(null, "no-answer");
  } catch (fault) {
    if (!signal.aborted) failedToAsk(fault);
  }
}

const ENDS = { ABSTAINED: "abstained", CANCELLED: "stopped", WITHDRAWN: "taken-back" };

const endedWithout = (code) => {
  finish(ENDS[code] ?? "failed", code === "CANCELLED" ? "stopped" : "no-answer");
  at("again").hidden = code in ENDS;
};

async function write(generation, question, text, signal) {
  const growing = { reviewed: false, language: "en", sections: [], citations: [] };
  let view = null;
  let doing = generation.status;
  let code = null;
  progress(doing in WORDS ? doing : "RETRIEVING");
  writing = generation.id;
  at("stop-line").hidden = false;
  await follow(
    generation.id,
    signal,
    (event) => {
      if (event.__typename === "GenerationProgressed" && event.status in WORDS) doing = event.status;
      if (event.__typename === "GenerationFailed") code = event.code;
      if (event.__typename === "AnswerTextAdded") {
        const section = (growing.sections[event.sectionIndex] ??= {
          heading: event.heading,
          markdown: "",
        });
        section.markdown += event.text;
        growing.citations.push(...event.citations);
        view ??= new AnswerView(at("result"));
        view.show(growing, null);
      }
      progress(doing in WORDS ? doing : "DRAFTING");
    },
    () => progress("reconnecting"),
  );
  if (code !== null) endedWithout(code);
  else if (!(await showAnswer(question.id, text, signal, view))) endedWithout("WITHDRAWN");
}

async function ask(text, slug) {
  if (sent.key === null || sent.text !== text || sent.slug !== slug) {
    sent = { text, slug, key: freshKey() };
  }
  const signal = begin(text);
  progress("sending");
  try {
    const input = { text, cancer: slug, locale: LOCALE, idempotencyKey: sent.key };
    const { askQuestion: found } = await call("Ask", { input }, signal, ASK_TRIES);
    urgent(found.safetyNotices);
    const [error] = found.errors;
    if (error) {
      refused(error);
      return;
    }
    // It came: the same question once more is another one.
    sent.key = null;
    const { outcome, question, generation } = found;
    suggest(found.suggestions);
    if (outcome === "REVIEWED_ANSWER") {
      if (!(await showAnswer(question.id, text, signal))) finish("refused", "no-answer");
    } else if (outcome === "GENERATING" && generation) {
      await write(generation, question, text, signal);
    } else if (generation?.status === "ABSTAINED") {
      finish("abstained", "no-answer");
    } else if (question) {
      finish("refused", "no-answer");
    } else {
      finish(null, "declined");
    }
  } catch (fault) {
    if (!signal.aborted) failedToAsk(fault);
  }
}

at("ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = at("question").value;
  at("question").removeAttribute("aria-invalid");
  await cancers.settle();
  const wrong = !text.trim() || characters() > MOST_CHARACTERS;
  if (wrong) {
    at("question").setAttribute("aria-invalid", "true");
    const over = characters() - MOST_CHARACTERS;
    complain(text.trim() ? say("over", { n: over }) : say("empty"), at("question"));
  } else if (!cancers.settled) {
    complain(say("unlisted"));
    cancers.ask();
  } else {
    await ask(text, cancers.slug);
  }
});

at("question").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) at("ask").requestSubmit();
});

let counting = 0;
at("question").addEventListener("input", () => {
  // A little later, so that it isn't read out at every key.
  clearTimeout(counting);
  counting = setTimeout(count, 500);
});

// The writing is told to stop, and goes on where others wait for the same answer. This reader
// has seen enough of it in any case.
at("stop").addEventListener("click", () => {
  call("Cancel", { id: writing }, new AbortController().signal).catch(() => {});
  end();
  finish("stopped", "stopped");
  at("another").focus();
});

const clear = () => {
  toForm();
  shown = null;
  told = [];
  sent = { text: null, slug: null, key: null };
  at("question").value = "";
  at("problem").value = "";
  at("harmful").checked = false;
  at("question").removeAttribute("aria-invalid");
  at("asked-text").textContent = "";
  for (const name of ["urgent", "result", "trouble", "progress"]) at(name).replaceChildren();
  at("general").hidden = false;
  at("unchecked").hidden = true;
  cancers.reset();
  count();
};

at("another").addEventListener("click", () => {
  clear();
  at("question").focus();
});

at("again").addEventListener("click", () => ask(sent.text, sent.slug));

const opine = async (kind, text) => {
  const input = {
    answerId: shown.answer.id,
    revision: shown.answer.revision,
    kind,
    text,
    idempotencyKey: freshKey(),
  };
  let said = "thanks";
  try {
    const { giveFeedback } = await call("Feedback", { input }, turn.signal);
    const [error] = giveFeedback.errors;
    if (error) said = error.__typename === "RateLimited" ? "often" : "not-sent";
  } catch {
    said = "not-sent";
  }
  at("opinion-said").textContent = say(said);
  return said === "thanks";
};

for (const button of at("opinion").querySelectorAll("[data-kind]")) {
  button.addEventListener("click", () => opine(button.dataset.kind, null));
}

at("report").addEventListener("click", () => {
  const form = at("report-form");
  form.hidden = !form.hidden;
  at("report").setAttribute("aria-expanded", String(!form.hidden));
  if (!form.hidden) at("problem").focus();
});

at("report-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const kind = at("harmful").checked ? "HARM" : "PROBLEM";
  if (!(await opine(kind, at("problem").value.trim() || null))) return;
  at("problem").value = "";
  at("harmful").checked = false;
  at("report-form").hidden = true;
  at("report").setAttribute("aria-expanded", "false");
});

setInterval(watch, WATCH_MS);
document.addEventListener("visibilitychange", watch);
// Who comes back to the page finds it as at first: somebody else may sit there now.
addEventListener("pageshow", (event) => event.persisted && clear());

// Only in a frame, which only the partner's pages can make (frame-ancestors).
if (parent !== window) clear();
