// Keeps an element up to date: <div data-live-src="/assemblies/3/live">. Each message of
// the server-sent stream is the element's new content, drawn and escaped by the server.
// Without this script the page shows the state at the time it was asked for.
for (const place of document.querySelectorAll("[data-live-src]")) listen(place);

function listen(place) {
  let stream;
  const open = () => {
    if (stream) return;
    stream = new EventSource(place.dataset.liveSrc);
    stream.onmessage = (message) => replace(place, message.data);
    stream.addEventListener("end", close);
  };
  const close = () => {
    stream?.close();
    stream = undefined;
  };
  // A hidden page asks for nothing: a phone in a pocket keeps its battery and the server its connections.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  if (!document.hidden) open();
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
  place.replaceChildren(...next.childNodes);
  for (const d of place.querySelectorAll("details[id]")) d.open = d.open || opened.has(d.id);
  if (id) document.getElementById(id)?.focus();
}
