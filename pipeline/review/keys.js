// The keyboard, the buttons, the theme; and the start.

const help = $("#help");

function toggleHelp() {
  if (help.open) help.close();
  else help.showModal();
}

// Light, dark, or as the system has it.
function turnTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const root = document.documentElement;
  const now = root.dataset.theme ?? (dark ? "dark" : "light");
  root.dataset.theme = now === "dark" ? "light" : "dark";
}

const ACTS = {
  j: () => step(asked, 1),
  ArrowDown: () => step(asked, 1),
  k: () => step(asked, -1),
  ArrowUp: () => step(asked, -1),
  J: () => step(entries, 1),
  K: () => step(entries, -1),
  a: accept,
  r: reject,
  1: () => sayKind(1),
  2: () => sayKind(2),
  3: () => sayKind(3),
  4: () => sayKind(4),
  t: editTitle,
  b: toggleBegin,
  u: takeBack,
  d: download,
  p: parseAnew,
  v: turnSheets,
  "?": toggleHelp,
  Escape: () => {
    clear();
    inspect();
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const { target, key } = event;
  if (target.id === "title-input") {
    if (key === "Enter") answer(target.value);
    else if (key === "Escape") answer(null);
    else return;
    event.preventDefault();
    return;
  }
  if (help.open && key !== "?") return;
  if (target.matches("input") && (key.startsWith("Arrow") || key === "Enter" || key === " ")) return;
  if (key === "Enter") {
    if (target.matches("button, a")) return;
    cross(target);
  } else if (Object.hasOwn(ACTS, key)) ACTS[key]();
  else return;
  event.preventDefault();
});

$("#title-input").addEventListener("blur", () => answer(null));
for (const [name, act] of Object.entries({ undo: takeBack, theme: turnTheme, help: toggleHelp, download })) {
  $(`#do-${name}`).addEventListener("click", act);
}
$("#do-sheets")?.addEventListener("click", turnSheets);
$("#do-parse")?.addEventListener("click", parseAnew);
$("#do-load").addEventListener("click", () => $("#file").click());
$("#file").addEventListener("change", ({ target }) => {
  if (target.files[0]) takeFile(target.files[0]);
  target.value = "";
});
help.addEventListener("click", (event) => event.target === help && help.close());

load();
render();
filter();
