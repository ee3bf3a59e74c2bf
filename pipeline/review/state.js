// What was decided: kept in the page and, where the browser lets it, in its local storage.

const page = document.body.dataset;
const STORE = `gangwei-decisions:${page.name}:${page.sha256}`;
const decisions = new Map();
const past = [];

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

function load() {
  try {
    for (const [key, decision] of JSON.parse(localStorage.getItem(STORE) ?? "[]")) decisions.set(key, decision);
  } catch {
    // no storage, or another's: the page keeps them as long as it is open
  }
}

function save() {
  try {
    localStorage.setItem(STORE, JSON.stringify([...decisions]));
  } catch {
    // as above
  }
}

function put(key, decision) {
  if (decision) decisions.set(key, decision);
  else decisions.delete(key);
}

// Decide on one or more matters in one step that can be undone; a decision of null takes one back.
function decide(changes, ref) {
  past.push({ ref, before: changes.map(([key]) => [key, decisions.get(key) ?? null]) });
  for (const [key, decision] of changes) put(key, decision);
  save();
}

// The element that the last step was about, once it is undone.
function undo() {
  const step = past.pop();
  if (!step) return null;
  for (const [key, decision] of step.before) put(key, decision);
  save();
  return step.ref;
}

function asFile() {
  const order = (a, b) => a.span.start - b.span.start || a.span.end - b.span.end || (a.type < b.type ? -1 : 1);
  const source = { name: page.name, sha256: page.sha256, characters: Number(page.characters) };
  const told = { format: "gangwei-decisions", version: 1, source, decisions: [...decisions.values()].sort(order) };
  return `${JSON.stringify(told, null, 2)}\n`;
}

// What a decision is about: of two on the same matter the later one counts.
function keyFor({ type, span, replacement }) {
  return [type, span.start, span.end, ...(type === "change" ? [replacement] : [])].join(":");
}

// The decisions of a file that an earlier look at this document gave. Throws where it is none, or of another document.
function fromFile(text) {
  const told = JSON.parse(text);
  const ours = told.format === "gangwei-decisions" && told.version === 1 && told.source.sha256 === page.sha256;
  if (!ours) throw new Error("not of this document");
  return told.decisions.map((decision) => [keyFor(decision), decision]);
}

function download() {
  const url = URL.createObjectURL(new Blob([asFile()], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${page.name.split("/").pop()}.decisions.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
