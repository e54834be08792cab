// Runs inside our page in a partner's frame. It tells the page around it how tall it is, and
// loads itself again when its content has changed: a retraction reaches readers who never
// reload. It reads nothing of the page around it, stores nothing, and sends nothing elsewhere.
(() => {
  "use strict";

  const said = (name) => document.querySelector(`meta[name="${name}"]`).content;
  const origins = said("navis-origins").split(" ");
  const shown = said("navis-version");
  const everyMs = Number(said("navis-check-s")) * 1000;
  const warnAfterMs = Number(said("navis-warn-s")) * 1000;

  // Height, told to the page around us alone, once it has said hello from one of the
  // partner's origins.

  let host = null;

  const isPartner = (origin) =>
    origins.some((each) => {
      const [scheme, below] = each.split("://*.");
      return below === undefined
        ? origin === each
        : origin.startsWith(`${scheme}://`) && origin.endsWith(`.${below}`);
    });

  const tell = () => {
    if (host === null) return;
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    parent.postMessage({ navis: "size", height, title: document.title }, host);
  };

  addEventListener("message", (event) => {
    if (parent === window || event.source !== parent || !isPartner(event.origin)) return;
    if (event.data === null || typeof event.data !== "object" || event.data.navis !== "hello") return;
    host = event.origin;
    tell();
  });

  new ResizeObserver(tell).observe(document.documentElement);

  // Whether what is shown is what is published. Our own answers count; while none comes,
  // a reader is told so.

  const OURS = [200, 403, 404, 410];
  const warning = document.getElementById("unchecked");
  let confirmed = Date.now();

  const check = async () => {
    if (document.visibilityState !== "visible") return;
    try {
      const response = await fetch(location.pathname + location.search, {
        method: "HEAD",
        cache: "no-store",
        credentials: "omit",
      });
      if (OURS.includes(response.status)) {
        confirmed = Date.now();
        if ((response.headers.get("X-Navis-Version") || "") !== shown) location.reload();
      }
    } catch {
      // The network is away. The next check may find it.
    }
    warning.hidden = Date.now() - confirmed < warnAfterMs;
  };

  if (everyMs > 0) {
    setInterval(check, everyMs);
    document.addEventListener("visibilitychange", check);
    addEventListener("pageshow", (event) => event.persisted && check());
  }
})();
