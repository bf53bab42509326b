// A second click sends nothing twice: the server would refuse it by its once token
// anyway; this only spares the reader the doubt.
const sending = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-once")) return;
  if (sending.has(form)) {
    event.preventDefault();
    return;
  }
  sending.add(form);
  const button = event.submitter;
  if (!button) return;
  button.setAttribute("aria-disabled", "true");
  const words = form.dataset.once;
  if (words) button.textContent = words;
});

// Coming back with the browser's own button restores the page as it was left.
window.addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("[aria-disabled=true][type=submit]")) location.reload();
});
