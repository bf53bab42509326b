// A long text that was not sent stays in this tab: going back to the form, or signing in
// again, brings it back. It is forgotten when the act is done, at signing out, and when
// the tab is closed. Where the server's own text has changed meanwhile, that one stays.
const prefix = "draft:";

function place(field) {
  return prefix + location.pathname + "#" + field.name;
}

function forget(which) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(prefix) && which(JSON.parse(sessionStorage.getItem(key)))) sessionStorage.removeItem(key);
  }
}

function keep(field, sent) {
  const draft = { text: field.value, base: field.defaultValue, sent };
  if (draft.text === draft.base && !sent) sessionStorage.removeItem(place(field));
  else sessionStorage.setItem(place(field), JSON.stringify(draft));
}

try {
  const done = new URLSearchParams(location.search).get("done");
  if (done) forget((draft) => draft.sent || done.endsWith(".signed_out"));
  for (const field of document.querySelectorAll("[data-draft]")) {
    const stored = sessionStorage.getItem(place(field));
    if (stored) {
      const draft = JSON.parse(stored);
      if (draft.base === field.defaultValue && field.value === field.defaultValue) field.value = draft.text;
    }
    field.addEventListener("input", () => keep(field, false));
    field.form?.addEventListener("submit", () => keep(field, true));
  }
} catch {
  // A browser that keeps nothing loses what is not sent; nothing else depends on it.
}
