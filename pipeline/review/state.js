// What was decided: kept in the page and, where it comes from a service, there; else, where the browser lets it, in its
// local storage.

const page = document.body.dataset;
const STORE = `gangwei-decisions:${page.name}:${page.sha256}`;
const decisions = new Map();
const past = [];

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

function load() {
  if (page.decisions) {
    for (const [key, decision] of fromFile(JSON.parse(page.saved))) decisions.set(key, decision);
    return;
  }
  try {
    for (const [key, decision] of JSON.parse(localStorage.getItem(STORE) ?? "[]")) decisions.set(key, decision);
  } catch {
    // no storage, or another's: the page keeps them as long as it is open
  }
}

function save() {
  if (page.decisions) {
    unsaved = true;
    sending ??= send().finally(() => (sending = null));
    return;
  }
  try {
    localStorage.setItem(STORE, JSON.stringify([...decisions]));
  } catch {
    // as above
  }
}

// -- where a service keeps them ---------------------------------------------------------------------------------------

let unsaved = false;
let sending = null;
let tag = page.tag;
const touched = new Set();

const tell = (words) => ($("#saved").textContent = words);

// Send all decisions, again as long as there are others by then. What went wrong is told, and tried anew at the next one.
async function send() {
  while (unsaved) {
    unsaved = false;
    tell("保存中…");
    const headers = { "Content-Type": "application/json", "If-Match": tag };
    const answer = await askFor(page.decisions, { method: "PUT", headers, body: asFile() }, [412]);
    if (answer?.ok) tag = answer.headers.get("ETag");
    else unsaved = true;
    if (!answer || (!answer.ok && !(await merge()))) return;
  }
  tell("已保存");
}

// Somebody else has decided meanwhile: theirs hold, but for what was decided here.
async function merge() {
  const answer = await askFor(page.decisions, {});
  if (!answer) return false;
  const mine = [...touched].map((key) => [key, decisions.get(key)]);
  decisions.clear();
  for (const [key, decision] of [...fromFile(await answer.text()), ...mine]) put(key, decision);
  tag = answer.headers.get("ETag");
  render();
  return true;
}

// An answer that is well, or of a status that is reckoned with; null where there is none, and why is told.
async function askFor(address, request, expected = []) {
  try {
    const answer = await fetch(address, request);
    if (answer.ok || expected.includes(answer.status)) return answer;
    const { detail } = await answer.json().catch(() => ({ detail: String(answer.status) }));
    tell(`失败：${detail}`);
  } catch {
    tell("未保存：服务无应答");
  }
  return null;
}

// Have the document parsed anew by the decisions, once these are kept, and look at it again.
async function parseAnew() {
  if (!page.decisions) return;
  if (unsaved && !sending) save();
  await sending;
  if (unsaved) return;
  tell("解析中…");
  if (await askFor(page.parse, { method: "POST", headers: { Accept: "application/json" } })) location.reload();
}

addEventListener("beforeunload", (event) => (unsaved || sending) && event.preventDefault());

function put(key, decision) {
  if (decision) decisions.set(key, decision);
  else decisions.delete(key);
}

// Decide on one or more matters in one step that can be undone; a decision of null takes one back.
function decide(changes, ref) {
  past.push({ ref, before: changes.map(([key]) => [key, decisions.get(key) ?? null]) });
  for (const [key, decision] of changes) {
    touched.add(key);
    put(key, decision);
  }
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
