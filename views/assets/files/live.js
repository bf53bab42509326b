// Keeps an element up to date: <div data-live-src="/assemblies/3/quorum">. The answer is
// the element's new content, drawn and escaped by the server for this very reader.
// Without this script the page shows the state at the time it was asked for.
const pause = 5000;

for (const place of document.querySelectorAll("[data-live-src]")) follow(place);

function follow(place) {
  let timer, last, over;
  const ask = async () => {
    clearTimeout(timer);
    // A hidden page asks for nothing: a phone in a pocket keeps its battery.
    if (over || document.hidden) return;
    try {
      const answer = await fetch(place.dataset.liveSrc, { redirect: "manual" });
      // Signed out, closed or gone: there is nothing more to ask for. A busy server may answer later.
      over = !answer.ok && answer.status < 500 && answer.status !== 429;
      const html = answer.ok ? await answer.text() : last;
      if (html !== last) replace(place, html);
      last = html;
    } catch {
      // No network for a moment: ask again.
    }
    timer = setTimeout(ask, pause);
  };
  document.addEventListener("visibilitychange", ask);
  timer = setTimeout(ask, pause);
}

function replace(place, html) {
  // A form being filled in is never taken from under somebody's hands.
  const held = document.activeElement;
  if (place.contains(held) && held.matches("input, select, textarea")) {
    held.addEventListener("blur", () => replace(place, html), { once: true });
    return;
  }
  const id = place.contains(held) ? held.id : "";
  const opened = new Set([...place.querySelectorAll("details[open][id]")].map((d) => d.id));
  const next = new DOMParser().parseFromString(html, "text/html").body;
  if (next.innerHTML.trim() === place.innerHTML.trim()) return;
  place.replaceChildren(...next.childNodes);
  for (const d of place.querySelectorAll("details[id]")) d.open = d.open || opened.has(d.id);
  if (id) document.getElementById(id)?.focus();
}
