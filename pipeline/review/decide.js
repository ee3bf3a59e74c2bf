// What can be decided about what is selected, and how that is shown.

const KINDS = ["duties", "requirements", "qualities", "other"];
// The words of the page, as its filters say them.
const KIND_NAMES = Object.fromEntries($$("input[name=kind]").map((box) => [box.value, box.nextElementSibling.textContent]));
const spanOf = (entry) => ({ start: Number(entry.dataset.start), end: Number(entry.dataset.end) });
const textOf = (entry, name) => JSON.parse(entry.dataset[name]);

const keyOf = (entry, type) =>
  keyFor({ type, span: spanOf(entry), replacement: type === "change" ? textOf(entry, "replacement") : "" });

function made(entry, type, more) {
  return { type, span: spanOf(entry), original: textOf(entry, "original"), ...more };
}

const onChange = (entry, verdict) =>
  made(entry, "change", { replacement: textOf(entry, "replacement"), category: entry.dataset.category, verdict });

// All decisions on an entry by type; an entry waits for one if it asks and has none.
function decidedOn(entry) {
  const types = entry.dataset.type === "change" ? ["change"] : ["kind", "title", "role"];
  return Object.fromEntries(types.map((type) => [type, decisions.get(keyOf(entry, type))]).filter(([, d]) => d));
}

const waits = (entry) => "ask" in entry.dataset && !Object.keys(decidedOn(entry)).length;

function settle(entry, type, decision) {
  decide([[keyOf(entry, type), decision]], entry.dataset.ref);
  render([entry]);
}

// -- decisions -------------------------------------------------------------------------------------------------------

function accept() {
  if (!current) return;
  const { type, kind } = current.dataset;
  if (type === "change") settle(current, "change", onChange(current, "accept"));
  else if (type === "role") settle(current, "role", made(current, "role", { begins: true }));
  else if (KINDS.includes(kind)) settle(current, "kind", made(current, "kind", { kind: decidedOn(current).kind?.kind ?? kind }));
  else return;
  advance();
}

function reject() {
  if (!current) return;
  const { type } = current.dataset;
  if (type === "change") settle(current, "change", onChange(current, "reject"));
  else if (type === "role") settle(current, "role", made(current, "role", { begins: false }));
  else return;
  advance();
}

// To the next entry that waits, if there is one.
function advance() {
  const here = entries.indexOf(current);
  const next = [...entries.slice(here + 1), ...entries.slice(0, here)].find((e) => waits(e) && shown(e));
  if (next) select(next.dataset.ref, "right");
  else inspect();
}

function sayKind(number) {
  if (!current || current.dataset.type !== "block" || !KINDS.includes(current.dataset.kind)) return;
  settle(current, "kind", made(current, "kind", { kind: KINDS[number - 1] }));
  inspect();
}

function toggleBegin() {
  if (!current || current.dataset.type === "change") return;
  const already = decidedOn(current).role;
  if (already) settle(current, "role", null);
  else if (current.dataset.type === "role") settle(current, "role", made(current, "role", { begins: false }));
  else return ask("role", $(".text", current).textContent.slice(0, 40).replace(/[：:；;。，,]+$/, ""));
  inspect();
}

function editTitle() {
  if (!current || current.dataset.type === "change") return;
  const role = current.dataset.type === "role" ? current : byRef.get(current.dataset.role);
  if (!role) return;
  if (role !== current) select(role.dataset.ref);
  ask("title", decidedOn(role).title?.title ?? textOf(role, "title"));
}

// Ask for a title: of the role that is selected, or of the one that is to begin with what is selected.
let asking = null;

function ask(type, words) {
  asking = { type, entry: current };
  $("#title-form").hidden = false;
  const input = $("#title-input");
  input.value = words;
  input.focus();
  input.select();
}

function answer(given) {
  const asked = asking;
  if (!asked) return;
  asking = null;
  $("#title-form").hidden = true;
  const { type, entry } = asked;
  const title = given?.trim() || null;
  if (given !== null) settle(entry, type, made(entry, type, type === "role" ? { begins: true, title } : { title }));
  select(entry.dataset.ref, "right");
}

function takeBack() {
  const ref = undo();
  if (ref === null) return;
  render();
  if (ref) select(ref, "right");
}

async function takeFile(file) {
  try {
    const ref = current?.dataset.ref ?? entries[0]?.dataset.ref;
    decide(fromFile(await file.text()), ref);
    render();
    inspect();
  } catch {
    $("#progress").textContent = "不是本文件的审阅决定";
  }
}

// -- what was decided about entries that are not there (any more) -----------------------------------------------------

const TYPES = { role: ["role", "title", "kind"], block: ["kind", "title", "role"], change: ["change"] };
const known = new Set(entries.flatMap((entry) => TYPES[entry.dataset.type].map((type) => keyOf(entry, type))));

function said({ type, original, replacement, verdict, kind, title, begins }) {
  if (type === "change") return `${original} → ${replacement}：${verdict === "accept" ? "接受" : "拒绝"}`;
  if (type === "kind") return `${original}：${KIND_NAMES[kind]}`;
  if (type === "title") return `${original}：名称为 ${title ?? page.untitled}`;
  return `${original}：${begins ? "岗位自此起" : "不是岗位"}`;
}

function showGone() {
  const gone = [...decisions].filter(([key]) => !known.has(key));
  $("#gone").hidden = !gone.length;
  const rows = gone.map(([key, decision]) => {
    const row = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "撤回" });
    button.addEventListener("click", () => {
      decide([[key, null]], "");
      render();
    });
    row.append(said(decision), " ", button);
    return row;
  });
  $("#gone ul").replaceChildren(...rows);
}

// -- showing ---------------------------------------------------------------------------------------------------------

function count() {
  const open = asked.filter(waits).length;
  $("#progress").textContent = asked.length ? `待定 ${open} / ${asked.length} · 已决定 ${decisions.size}` : `已决定 ${decisions.size}`;
}

function render(some = entries) {
  for (const entry of some) {
    const { change, kind, title, role } = decidedOn(entry);
    const state = {
      decided: Boolean(change || kind || title || role),
      accepted: change?.verdict === "accept",
      rejected: change?.verdict === "reject" || (entry.dataset.type === "role" && role?.begins === false),
      begins: entry.dataset.type === "block" && role?.begins === true,
    };
    for (const element of [entry, ...parts(entry.dataset.ref)]) {
      for (const [name, on] of Object.entries(state)) element.classList.toggle(name, on);
    }
    if (entry.dataset.type === "block") showKind(entry, kind?.kind ?? entry.dataset.kind);
    if (entry.dataset.type === "role") {
      const said = title ? title.title : textOf(entry, "title");
      const labels = parts(entry.dataset.ref).filter((part) => part.matches(".begin"));
      for (const named of [$(".title", entry), ...labels.map((label) => $("b", label))]) {
        named.textContent = said || page.untitled;
      }
    }
  }
  showGone();
  count();
}

function showKind(entry, kind) {
  const chip = $(":scope > .row .chip", entry);
  if (!chip) return;
  chip.textContent = KIND_NAMES[kind];
  for (const element of [entry, ...parts(entry.dataset.ref)]) element.dataset.now = kind;
}

function inspect() {
  const [told, choices] = [$("#told"), $("#choices")];
  told.replaceChildren();
  choices.replaceChildren();
  document.body.classList.toggle("inspecting", Boolean(current));
  if (!current) return;
  const { type } = current.dataset;
  const say = (name, text) => told.append(Object.assign(document.createElement("span"), { className: name, textContent: text }));
  const offer = (key, text, act, on = false) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    button.append(Object.assign(document.createElement("kbd"), { textContent: key }));
    button.setAttribute("aria-pressed", String(on));
    button.addEventListener("click", act);
    choices.append(button);
  };
  const on = decidedOn(current);
  if (type === "change") {
    told.append(...[".swap", ".state", ".category", ".rule", ".sure", ".evidence"].map((s) => $(s, current)).filter(Boolean).map((e) => e.cloneNode(true)));
    offer("a", "接受", accept, on.change?.verdict === "accept");
    offer("r", "拒绝", reject, on.change?.verdict === "reject");
    return;
  }
  say("what", type === "role" ? $(".number", current).firstChild.textContent : KIND_NAMES[current.dataset.now ?? current.dataset.kind]);
  say("words", (type === "role" ? $(".title", current) : $(".text", current)).textContent.slice(0, 60));
  if (current.dataset.sure) say("rule", `${page.confidence} ${Number(current.dataset.sure).toFixed(2)}`);
  if (type === "role") {
    offer("a", "确是岗位", accept, on.role?.begins === true);
    offer("r", "不是岗位", reject, on.role?.begins === false);
    offer("t", "改名称", editTitle, Boolean(on.title));
    return;
  }
  if (KINDS.includes(current.dataset.kind)) {
    KINDS.forEach((kind, n) => offer(n + 1, KIND_NAMES[kind], () => sayKind(n + 1), current.dataset.now === kind));
    offer("a", "类别无误", accept, Boolean(on.kind));
  }
  offer("b", "岗位自此起", toggleBegin, Boolean(on.role));
}
