// Ranks with less work: beside each option's list of ranks two buttons move it up and down, and giving a rank that
// another option holds moves the others along. Without this script each rank is chosen from its list.
for (const paper of document.querySelectorAll("[data-rank]")) prepare(paper);

function prepare(paper) {
  const lines = [...paper.querySelectorAll(".line")];
  const said = document.createElement("p");
  said.className = "off";
  said.setAttribute("role", "status");
  paper.append(said);
  for (const line of lines) {
    const select = line.querySelector("select");
    const name = line.querySelector("label").textContent.trim();
    for (const [label, step] of [[paper.dataset.up, -1], [paper.dataset.down, 1]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn quiet step";
      button.textContent = step < 0 ? "↑" : "↓";
      button.setAttribute("aria-label", label.replace("%s", name));
      button.addEventListener("click", () => {
        move(lines, select, step);
        said.textContent = paper.dataset.moved.replace("%s", name).replace("%d", select.value || "–");
      });
      line.append(button);
    }
  }
}

// move gives an option the next rank up or down; whoever holds that rank takes the old one. An option without rank comes
// in behind the last, or, where the last rank is taken, at the first that is free; where a paper may use fewer ranks than
// there are options and all are used, it takes the last one, and the last option that holds it goes out.
function move(lines, select, step) {
  const all = lines.map((l) => l.querySelector("select"));
  const given = all.filter((s) => s.value !== "");
  if (select.value === "") {
    if (step > 0) return;
    const ranks = select.options.length - 1;
    const last = Math.max(0, ...given.map((s) => Number(s.value)));
    const taken = (rank) => given.some((s) => Number(s.value) === rank);
    let rank = last < ranks ? last + 1 : 1;
    while (taken(rank)) rank++;
    if (rank > ranks) {
      given.filter((s) => Number(s.value) === last).at(-1).value = "";
      rank = ranks;
    }
    select.value = String(rank);
    return;
  }
  const old = Number(select.value);
  const next = old + step;
  if (next < 1) return;
  const holders = given.filter((s) => s !== select && Number(s.value) === next);
  if (holders.length === 0) {
    // Below the last there is no rank: the option goes out, and those behind it close up.
    if (step > 0 && !given.some((s) => Number(s.value) > old)) select.value = "";
    return;
  }
  for (const s of holders) s.value = String(old);
  select.value = String(next);
}
