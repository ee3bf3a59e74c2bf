// The two columns: what is selected in one is shown in the other.

const left = $("#source");
const right = $("#record");
const sheets = $("#sheets"); // pictures of the pages, where the file has any
const boxes = $$(".boxed");
const ORDER = { role: 0, block: 1, change: 2 };
const inOrder = (a, b) => a.dataset.start - b.dataset.start || ORDER[a.dataset.type] - ORDER[b.dataset.type];
const entries = $$("[data-type]", right).sort(inOrder);
const asked = entries.filter((entry) => "ask" in entry.dataset);
const byRef = new Map(entries.map((entry) => [entry.dataset.ref, entry]));
const blocks = $$(".block", left);
let current = null;

const partsOf = new Map();
for (const part of $$("[data-ref]", left)) {
  if (!partsOf.has(part.dataset.ref)) partsOf.set(part.dataset.ref, []);
  partsOf.get(part.dataset.ref).push(part);
}
const parts = (ref) => partsOf.get(ref) ?? [];
const shown = (element) => element.getClientRects().length > 0;

function reveal(element) {
  const pane = element.closest("#source, #record, #sheets");
  const frame = pane.getBoundingClientRect();
  const box = element.getBoundingClientRect();
  const apart = getComputedStyle(pane).overflowY !== "visible";
  if (apart && box.top > frame.top + 48 && box.bottom < frame.bottom - 24) return;
  if (apart) pane.scrollTop += box.top - frame.top - frame.height / 3;
  else if (box.top < 48 || box.bottom > innerHeight - 96) element.scrollIntoView({ block: "center" });
}

function clear() {
  for (const element of $$(".selected, .near")) element.classList.remove("selected", "near");
  for (const element of $$("[aria-current]")) element.removeAttribute("aria-current");
  current = null;
}

// Select an entry, a change or a role: it is lit up and brought into sight in both columns.
function select(ref, focus = null) {
  const entry = byRef.get(ref);
  if (!entry) return;
  clear();
  current = entry;
  entry.classList.add("selected");
  entry.setAttribute("aria-current", "true");
  const there = parts(ref);
  for (const part of there) part.classList.add("selected");
  for (const element of [entry, there[0], ...lit(entry)]) if (element) reveal(element);
  if (focus === "right") entry.focus({ preventScroll: true });
  if (focus === "left" && there[0]) {
    there[0].tabIndex = -1;
    there[0].focus({ preventScroll: true });
  }
  inspect();
}

const touches = (element) => (other) =>
  Number(other.dataset.start) < Number(element.dataset.end) && Number(other.dataset.end) > Number(element.dataset.start);

// Light up the boxes of an entry on the pages; the first one of them.
function lit(entry) {
  const found = boxes.filter(touches(entry));
  for (const box of found) box.classList.add("near");
  return found.filter(shown).slice(0, 1);
}

// The block that a box holds, or the next one of several.
function ofBox(box) {
  const inside = [...new Set(blocks.filter(touches(box)).map((block) => block.dataset.ref))].filter((ref) => byRef.has(ref));
  const at = current ? inside.indexOf(current.dataset.ref) : -1;
  if (inside.length) select(inside[(at + 1) % inside.length]);
}

function turnSheets() {
  if (!sheets) return;
  document.body.classList.toggle("looking");
  if (current) for (const element of [parts(current.dataset.ref)[0], ...lit(current)]) if (element) reveal(element);
}

// Light up the blocks that a span of the source touches.
function selectSpan(element) {
  clear();
  element.classList.add("selected");
  const touched = blocks.filter(touches(element));
  for (const block of touched) block.classList.add("near");
  for (const there of [touched[0], ...lit(element)]) if (there) reveal(there);
  inspect();
}

function follow(element) {
  if (element.closest(".boxed")) return ofBox(element.closest(".boxed"));
  const named = element.closest("[data-ref]");
  if (named) return select(named.dataset.ref);
  const jump = element.closest(".jump");
  if (jump) selectSpan(jump);
}

for (const pane of [left, right, sheets].filter(Boolean)) {
  pane.addEventListener("click", (event) => {
    if (getSelection().isCollapsed) follow(event.target); // who marks words to copy them does not mean to jump
  });
}

// Go to the other column; from a fact or a warning to the source.
function cross(element) {
  if (element.closest(".jump")) return selectSpan(element.closest(".jump"));
  const named = element.closest("[data-ref]") ?? current;
  if (named) select(named.dataset.ref, left.contains(element) ? "right" : "left");
}

function step(list, by) {
  const open = list.filter(shown);
  if (!open.length) return;
  const at = current ? open.indexOf(current) : -1;
  if (at >= 0) return select(open[(at + by + open.length) % open.length].dataset.ref, "right");
  const here = current ? Number(current.dataset.start) : -1;
  const next = by > 0 ? open.find((e) => e.dataset.start > here) : open.findLast((e) => e.dataset.start < here);
  select((next ?? open.at(by > 0 ? 0 : -1)).dataset.ref, "right");
}

// -- filters ---------------------------------------------------------------------------------------------------------

function chosen(name) {
  return new Set($$(`input[name="${name}"]:checked`).map((box) => box.value));
}

function filter() {
  const [kinds, categories] = [chosen("kind"), chosen("category")];
  const most = Number($("#at-most").value);
  const askOnly = $("#ask-only").checked;
  $("#at-most-shown").textContent = most.toFixed(2);
  const passes = (entry) => {
    const { type, kind, category, sure } = entry.dataset;
    if (type === "role") return true; // what is left of a role stands below its name
    if (type === "block" && !kinds.has(kind)) return false;
    if (type === "change" && !categories.has(category)) return false;
    if (most < 1 && !(sure !== undefined && Number(sure) <= most)) return false;
    return !askOnly || "ask" in entry.dataset;
  };
  const narrowed = askOnly || most < 1;
  document.body.classList.toggle("filtered", narrowed);
  for (const entry of entries) {
    const keeps = passes(entry);
    const holds = !keeps && entry.dataset.type !== "change" && $$(".shift", entry).some(passes);
    entry.classList.toggle("off", !keeps && !holds);
    for (const part of parts(entry.dataset.ref)) part.classList.toggle("dim", !keeps && !holds);
  }
  for (const role of $$(".role", right)) {
    const holds = $$(".entry, .shift", role).some((e) => !e.classList.contains("off") && (e.dataset.type !== "role" || "ask" in e.dataset));
    role.classList.toggle("off", narrowed && !holds);
  }
  if (current && !shown(current)) {
    clear();
    inspect();
  }
  count();
}

$(".filters").addEventListener("input", filter);
