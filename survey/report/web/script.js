(() => {
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words;
const find = (id) => document.getElementById(id);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const view = { plain: false, banner: "" };

function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function button(text, pressed) {
  const made = element("button", text, { type: "button" });
  made.addEventListener("click", pressed);
  return made;
}

function say(text) {
  const place = find("said");
  place.textContent = "";
  // A text that is set again at once is not read out again.
  setTimeout(() => { place.textContent = text; }, 50);
}

/* One table: its rows in their first order, its heads, what the report knows of it. */
function read(table) {
  const known = data.tables[table.id];
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows].find((row) => row.className === "heads");
  const groups = [...table.tHead.rows].find((row) => row.className === "groups");
  const cells = rows.map((row) => [...row.cells].slice(1));
  const state = {
    table, body, rows, cells, known, groups,
    heads: [...heads.cells],
    row: new Map(rows.map((row, number) => [row, number])),
    name: table.caption.textContent,
    shown: cells.map((line) => line.map(textOf)),
    order: rows, sorted: { column: null, direction: "none" },
  };
  state.blank = known.groups.map((_, column) =>
    known.plain.length > 0 && known.plain.every((line) => !line[column]));
  return state;
}

function textOf(cell) {
  return cell.firstChild ? cell.firstChild.data : "";
}

/* Numbers: weighted, or without weights. */

function showNumbers(state) {
  const plain = view.plain && state.known.plain.length > 0;
  state.table.classList.toggle("plain", plain);
  state.cells.forEach((line, row) => {
    state.rows[row].hidden = plain && isBlank(state, row);
    line.forEach((cell, column) => showCell(state, cell, row, column, plain));
  });
}

/* Numbers that only weights give, such as a weighted base. */
function isBlank(state, row) {
  const values = state.known.values[row];
  const plain = state.known.plain[row];
  return values.some((value) => value != null)
    && !values.some((value, n) => value != null && plain[n]);
}

function showCell(state, cell, row, column, plain) {
  const text = state.shown[row][column];
  if (!text) return;
  const other = plain ? state.known.plain[row][column] : text;
  cell.firstChild.data = other || "·";
  cell.classList.toggle("none", !other);
  if (other) cell.removeAttribute("aria-label");
  else cell.setAttribute("aria-label", words.plain_missing);
}

/* Columns: those of one banner question, or of all. */

function isHidden(state, column) {
  const group = state.known.groups[column];
  const other = view.banner && group && group !== view.banner;
  return Boolean(other || (view.plain && state.blank[column]));
}

function showColumns(state) {
  const hidden = state.known.groups.map((_, column) => isHidden(state, column));
  hidden.forEach((hide, column) => { state.heads[column + 1].hidden = hide; });
  for (const line of state.cells) line.forEach((cell, n) => { cell.hidden = hidden[n]; });
  const count = hidden.filter((hide) => !hide).length;
  for (const row of state.rows) {
    if (row.cells.length === 1) row.cells[0].colSpan = count + 1;
  }
  if (state.groups) spanGroups(state, hidden);
}

function spanGroups(state, hidden) {
  let column = 0;
  for (const cell of [...state.groups.cells].slice(1)) {
    cell.dataset.span = cell.dataset.span || String(cell.colSpan);
    const next = column + Number(cell.dataset.span);
    const count = hidden.slice(column, next).filter((hide) => !hide).length;
    cell.hidden = count === 0;
    cell.colSpan = Math.max(count, 1);
    column = next;
  }
}

/* Sorting: runs of categories; bases, nets and heads of sections stay where they are. */

function sortBy(state, column) {
  const numeric = column >= 0 && state.known.values.some((line) => line[column] != null);
  const ways = numeric
    ? ["descending", "ascending", "none"] : ["ascending", "descending", "none"];
  const before = state.sorted.column === column ? state.sorted.direction : "none";
  const direction = ways[(ways.indexOf(before) + 1) % 3];
  state.sorted = { column, direction };
  state.order = direction === "none" ? state.rows : sorted(state, column, direction);
  state.body.append(...state.order);
  state.heads.forEach((head, n) =>
    head.setAttribute("aria-sort", n === column + 1 ? direction : "none"));
  const name = direction === "none" ? state.name : headText(state, column);
  say(fill(words[`sorted_${direction}`], { column: name, table: state.name }));
}

function sorted(state, column, direction) {
  const numbers = state.rows.map((row, n) => keyOf(state, row, n, column));
  const sign = direction === "descending" ? -1 : 1;
  return runs(state.rows).flatMap((run) => run.length < 2 ? run
    : run.slice().sort((a, b) => compare(numbers[state.row.get(a)],
        numbers[state.row.get(b)], sign)));
}

function runs(rows) {
  const made = [];
  let last = "";
  for (const row of rows) {
    const kind = row.className === "category" ? `at ${row.cells[0].className}` : "";
    if (kind && kind === last) made.at(-1).push(row);
    else made.push([row]);
    last = kind;
  }
  return made;
}

function keyOf(state, row, number, column) {
  if (column < 0) return row.cells[0].textContent;
  const plain = view.plain && state.known.plain.length > 0;
  if (plain) return numberIn(state.known.plain[number][column]);
  const value = (state.known.values[number] || [])[column];
  return value == null ? textKey(state, number, column) : value;
}

function textKey(state, number, column) {
  const isText = state.known.values.every((line) => line[column] == null);
  return isText ? state.shown[number][column] || null : null;
}

/* What a printed number is worth: the places of a view that has no others. */
function numberIn(text) {
  if (!text || /^(\*\*|n\/a)/.test(text)) return null;
  if (text === "-") return 0;
  const german = data.language === "de";
  const digits = text.replace(german ? /\./g : /,/g, "").replace(",", ".").replace("−", "-");
  const found = /[+-]?\d+(\.\d+)?/.exec(digits);
  if (!found) return null;
  return text.startsWith("<") ? Number(found[0]) / 2 : Number(found[0]);
}

function compare(a, b, sign) {
  if (a === null || b === null) return (a === null) - (b === null);
  if (typeof a === "string" && typeof b === "string") {
    return sign * a.localeCompare(b, data.language, { numeric: true });
  }
  return sign * (a - b);
}

function headText(state, column) {
  if (column < 0) return words.sort_row;
  const group = state.known.groups[column];
  const label = [...state.heads[column + 1].querySelector("button").childNodes]
    .map((node) => node.textContent).join("").trim();
  return group ? `${group}: ${label}` : label;
}

function addSorting(state) {
  state.heads.forEach((head, n) => {
    const made = button("", () => sortBy(state, n - 1));
    made.append(...[...head.childNodes].filter((node) => node.nodeName !== "B"));
    if (!made.textContent.trim()) made.textContent = words.sort_labels;
    head.prepend(made);
    made.title = fill(words.sort, { column: headText(state, n - 1) });
    head.setAttribute("aria-sort", "none");
  });
}

/* Copying: what is seen, marks in columns of their own. */

function csv(state) {
  const columns = state.known.groups.map((_, n) => n).filter((n) => !isHidden(state, n));
  const rows = state.order.filter((row) => !row.hidden);
  const marked = new Set(columns.filter((n) =>
    rows.some((row) => marksOf(state, row, n))));
  const heads = columns.flatMap((n) => {
    const letter = state.heads[n + 1].querySelector("b");
    const name = headText(state, n) + (letter ? ` (${letter.textContent})` : "");
    return marked.has(n) ? [name, words.marks] : [name];
  });
  const lines = rows.map((row) => [row.cells[0].textContent, ...columns.flatMap((n) =>
    marked.has(n) ? [bare(state, row, n), marksOf(state, row, n)] : [bare(state, row, n)])]);
  return [[state.known.stub, ...heads], ...lines].map(line).join("\r\n") + "\r\n";
}

function cellOf(state, row, column) {
  return state.cells[state.row.get(row)][column];
}

function isSmall(cell) {
  return cell.classList.contains("small") && textOf(cell).endsWith("*");
}

function bare(state, row, column) {
  const cell = cellOf(state, row, column);
  if (!cell) return "";
  return isSmall(cell) ? textOf(cell).slice(0, -1) : textOf(cell);
}

function marksOf(state, row, column) {
  const cell = cellOf(state, row, column);
  if (!cell) return "";
  const letters = cell.querySelector("i");
  const shown = letters && !state.table.classList.contains("plain");
  return [isSmall(cell) ? "*" : "", shown ? letters.textContent.trim() : ""]
    .filter(Boolean).join(" ");
}

function line(texts) {
  const comma = data.language === "de" ? ";" : ",";
  return texts.map((text) => quoted(guarded(text), comma)).join(comma);
}

/* A text that a spreadsheet would run gets an apostrophe; a number is none. */
function guarded(text) {
  const isNumber = /^[+-]?[\d.,]*\s?%?$/.test(text);
  return /^[=+\-@\t\r]/.test(text) && !isNumber ? `'${text}` : text;
}

function quoted(text, comma) {
  const risky = text.includes(comma) || /["\r\n]/.test(text);
  return risky ? `"${text.replaceAll('"', '""')}"` : text;
}

async function copy(state, place) {
  const text = csv(state);
  try {
    await navigator.clipboard.writeText(text);
    say(fill(words.copied, { table: state.name }));
  } catch {
    copyByHand(text, place);
  }
}

function copyByHand(text, place) {
  place.querySelector(".by-hand")?.remove();
  const box = element("div", "", { class: "by-hand" });
  const area = element("textarea", "", { readonly: "", "aria-label": words.copy_by_hand });
  area.value = text;
  const close = button(words.close, () => {
    box.remove();
    place.querySelector("button").focus();
  });
  box.append(element("p", words.copy_by_hand), area, close);
  place.append(box);
  area.focus();
  area.select();
}

function addTools(state) {
  const tools = element("div", "", { class: "tools" });
  tools.append(element("span", words.sort_hint));
  tools.append(button(words.copy, () => copy(state, tools)));
  state.table.parentElement.before(tools);
}

/* How a number was made: on focus, hover or tap. */

const tip = find("tip");
let told = null;
let waiting = 0;

function recipeOf(state, row) {
  const number = state.known.recipe[state.row.get(row)];
  return number >= 0 ? state.known.recipes[number] : "";
}

function placeOf(cell) {
  const state = cell && states.get(cell.closest("table"));
  const row = state && cell.closest("tr");
  return state && recipeOf(state, row) && textOf(cell) ? { state, row } : null;
}

function tell(cell) {
  clearTimeout(waiting);
  const place = placeOf(cell);
  if (!place || cell === told) return;
  hush();
  const { state, row } = place;
  const column = state.cells[state.row.get(row)].indexOf(cell);
  tip.replaceChildren(
    element("strong", `${row.cells[0].textContent}: ${cell.textContent}`, { dir: "auto" }),
    paragraph(headText(state, column)),
    ...(view.plain ? [paragraph(words.plain_recipe)] : []),
    paragraph(recipeOf(state, row)),
  );
  const tested = state.heads[column + 1].querySelector("b") && !view.plain;
  if (tested) tip.append(...state.known.tests.map(paragraph));
  tip.hidden = false;
  cell.setAttribute("aria-describedby", "tip");
  told = cell;
  put(cell.getBoundingClientRect());
}

function paragraph(text) {
  return element("p", text, { dir: "auto" });
}

function put(box) {
  const width = document.documentElement.clientWidth;
  const left = Math.max(8, Math.min(box.left, width - tip.offsetWidth - 8));
  const below = box.bottom + 4;
  const fits = below + tip.offsetHeight < window.innerHeight;
  const top = fits ? below : Math.max(8, box.top - tip.offsetHeight - 4);
  tip.style.left = `${left + window.scrollX}px`;
  tip.style.top = `${top + window.scrollY}px`;
}

function hush() {
  clearTimeout(waiting);
  tip.hidden = true;
  told?.removeAttribute("aria-describedby");
  told = null;
}

function step(cell, down, right) {
  const state = states.get(cell.closest("table"));
  const rows = state.order.filter((row) => !row.hidden && recipeOf(state, row));
  const row = rows[rows.indexOf(cell.parentElement) + down];
  const line = row && [...row.cells].slice(1).filter((other) => !other.hidden);
  const own = [...cell.parentElement.cells].slice(1).filter((other) => !other.hidden);
  const next = line && line[own.indexOf(cell) + right];
  if (next) reach(state, next).focus();
}

/* One number of a table can be reached with Tab, the others from it with arrows. */
function reach(state, cell) {
  state.reached?.removeAttribute("tabindex");
  state.reached = cell;
  cell.tabIndex = 0;
  return cell;
}

function firstReached(state) {
  const rows = state.order.filter((row) => !row.hidden && recipeOf(state, row));
  const cells = rows.flatMap((row) => [...row.cells].slice(1));
  const first = cells.find((cell) => !cell.hidden && textOf(cell));
  if (first) reach(state, first);
}

const ARROWS = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };

function addRecipes(state) {
  state.rows.forEach((row, n) => {
    if (!recipeOf(state, row)) return;
    for (const cell of state.cells[n]) if (textOf(cell)) cell.dataset.made = "";
  });
  firstReached(state);
  const cellAt = (event) => event.target.closest("td");
  state.body.addEventListener("focusin", (event) => tell(cellAt(event)));
  state.body.addEventListener("focusout", hush);
  state.body.addEventListener("click", (event) => {
    const cell = cellAt(event);
    if (placeOf(cell)) reach(state, cell).focus();
    tell(cell);
  });
  state.body.addEventListener("mouseover", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => tell(cellAt(event)), 450);
  });
  state.body.addEventListener("mouseleave", leave);
  state.body.addEventListener("keydown", (event) => {
    const cell = cellAt(event);
    if (!cell || !ARROWS[event.key]) return;
    event.preventDefault();
    step(cell, ...ARROWS[event.key]);
  });
}

function leave(event) {
  clearTimeout(waiting);
  if (!tip.contains(event.relatedTarget) && told !== document.activeElement) hush();
}

/* Pages: search, and where the reader is. */

const pages = [...document.querySelectorAll("article.page")].map((page) => ({
  page,
  text: page.textContent.toLowerCase(),
  entry: document.querySelector(`.menu a[href="#${page.id}"]`),
}));

function search() {
  const wanted = find("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const { page, text, entry } of pages) {
    const found = wanted.every((word) => text.includes(word));
    count += found;
    page.hidden = !found;
    entry.parentElement.hidden = !found;
  }
  for (const part of document.querySelectorAll("main > .section, .menu ul")) {
    const empty = !part.querySelector("article:not([hidden]), li:not([hidden])");
    part.hidden = empty;
    if (part.previousElementSibling?.className === "part") {
      part.previousElementSibling.hidden = empty;
    }
  }
  const all = pages.length;
  find("found").textContent = wanted.length ? fill(words.found, { shown: count, all }) : "";
}

function follow() {
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      for (const { page, entry } of pages) {
        if (page === target) entry.setAttribute("aria-current", "true");
        else entry.removeAttribute("aria-current");
      }
    }
  }, { rootMargin: "-20% 0px -75% 0px" });
  for (const { page } of pages) seen.observe(page);
}

/* Only what can be scrolled is a stop of the Tab key. */
function showStops() {
  for (const place of document.querySelectorAll(".scroll, .drawing")) {
    if (place.scrollWidth > place.clientWidth) place.tabIndex = 0;
    else place.removeAttribute("tabindex");
  }
}

/* Switches of the whole page. */

function showView(plain) {
  hush();
  view.plain = plain;
  for (const made of document.querySelectorAll("#numbers button")) {
    made.setAttribute("aria-pressed", String((made.dataset.view === "plain") === plain));
  }
  for (const text of document.querySelectorAll(".plain-only")) text.hidden = !plain;
  for (const state of states.values()) {
    restore(state);
    showNumbers(state);
    showColumns(state);
    firstReached(state);
  }
}

/* The order of weighted numbers is not that of the others. */
function restore(state) {
  state.sorted = { column: null, direction: "none" };
  state.order = state.rows;
  state.body.append(...state.rows);
  for (const head of state.heads) head.setAttribute("aria-sort", "none");
}

function showBanner(banner) {
  hush();
  view.banner = banner;
  for (const state of states.values()) {
    if (!state.groups) continue;
    showColumns(state);
    firstReached(state);
  }
  showStops();
}

const states = new Map([...document.querySelectorAll("main table")]
  .map((table) => [table, read(table)]));
for (const state of states.values()) {
  addTools(state);
  addSorting(state);
  addRecipes(state);
}
find("controls").hidden = false;
find("controls").addEventListener("submit", (event) => event.preventDefault());
find("search").addEventListener("input", search);
find("banner")?.addEventListener("change", (event) => showBanner(event.target.value));
for (const made of document.querySelectorAll("#numbers button")) {
  made.addEventListener("click", () => showView(made.dataset.view === "plain"));
}
tip.addEventListener("mouseleave", leave);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") hush(); });
document.addEventListener("click", (event) => {
  if (!tip.contains(event.target) && !event.target.closest("td")) hush();
});
const menu = document.querySelector(".menu");
if (window.matchMedia("(max-width: 60rem)").matches) menu.open = false;
for (const long of document.querySelectorAll(".long details")) {
  long.addEventListener("toggle", showStops);
}
window.addEventListener("resize", showStops);
showStops();
follow();
})();
