// A table whose cells are text. A row that stands for a learner can be picked, and lights up with the pictures.
import { button, element, headed, PICK, POINT, View, widget } from "./shared/page.js";

const SHOWN = 12;

class Table extends View {
  constructor(model, el) {
    super(model, el, "div", "reflectlab-table");
    this.on("change:content", () => this.draw());
    this.on("change:pick", () => this.show());
    this.on("change:kept", () => this.keep());
    this.hear(POINT, ({ learner }) => this.mark("reflectlab-lit", learner));
    this.hear(PICK, ({ learner }) => this.mark("reflectlab-kept", learner));
    this.draw();
  }

  draw() {
    const { caption = "", columns = [], rows = [], empty = "" } = this.model.get("content");
    const table = headed(caption, columns);
    const body = table.createTBody();
    this.rows = rows.map((row) => this.row(body.insertRow(), row));
    this.root.replaceChildren(table);
    this.shorten();
    if (!rows.length && empty) this.root.append(element("p", "", empty));
    this.beReachable(caption, rows);
    this.show();
  }

  // A long table shows its first rows, and the others when they are asked for: a page scrolls, and nothing within it.
  shorten() {
    const beyond = this.rows.slice(SHOWN);
    if (beyond.length < 3) return;
    for (const { node } of beyond) node.hidden = !this.all;
    const words = () => (this.all
      ? this.word("Show the first {number} rows", { number: SHOWN })
      : this.word("Show all {number} rows", { number: this.rows.length }));
    const more = button("reflectlab-link reflectlab-all", words());
    more.addEventListener("click", () => {
      this.all = !this.all;
      for (const { node } of beyond) node.hidden = !this.all;
      more.textContent = words();
    });
    this.root.append(more);
  }

  // What scrolls has to be reached by keyboard: by the buttons in it, or as a region of its own.
  beReachable(caption, rows) {
    const bare = rows.length > 0 && rows.every(({ row }) => row === undefined);
    if (bare) Object.assign(this.root, { tabIndex: 0, role: "region", ariaLabel: caption });
    else ["tabindex", "role", "aria-label"].forEach((name) => this.root.removeAttribute(name));
  }

  row(node, { cells, row, learner = null, goal = null, people = {} }) {
    const pickable = row !== undefined;
    cells.forEach((text, place) => {
      const cell = node.insertCell();
      if (people[place]) cell.append(...this.names(people[place]));
      else cell.append(pickable && place === 0 ? this.button(text, row) : text);
    });
    if (pickable) this.letPick(node, row, cells[0]);
    const told = { node, row, learner, goal };
    node.addEventListener("pointerenter", () => learner && this.tell(POINT, { learner, goal, by: "learner" }));
    node.addEventListener("pointerleave", () => learner && this.tell(POINT, { learner: null, goal: null }));
    return told;
  }

  // All of a row picks: its first cell by keyboard too. Who marks words in it with the pointer does not mean to pick.
  letPick(node, row, name) {
    node.classList.add("reflectlab-pickable");
    node.title = this.word("Show {name}", { name });
    node.addEventListener("click", (event) => {
      if (!event.target.closest("button") && window.getSelection().isCollapsed) this.pick(row);
    });
  }

  names(people) {
    return people.flatMap(({ text, person }, place) => {
      const made = button("reflectlab-link", text);
      made.title = this.word("Show {name}", { name: text });
      made.addEventListener("click", () => this.set("pick", { drawn: this.model.get("content").drawn, row: -1, person }));
      return place ? [", ", made] : [made];
    });
  }

  button(text, row) {
    const made = button("reflectlab-link", text);
    made.addEventListener("click", () => this.pick(row));
    made.addEventListener("keydown", (event) => this.key(event));
    return made;
  }

  pick(row) {
    const { drawn } = this.model.get("content");
    const told = this.rows.find((each) => each.row === row);
    this.set("pick", { drawn, row });
    if (told.learner) this.tell(PICK, told);
  }

  // The rows are one stop for Tab; arrows move between them.
  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = this.firsts();
    const next = buttons[buttons.indexOf(event.target) + step];
    if (!next) return;
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  firsts() {
    return [...this.root.querySelectorAll("td:first-child button")];
  }

  show() {
    const { drawn, row } = this.model.get("pick");
    const picked = drawn === this.model.get("content").drawn ? row : -1;
    const buttons = this.firsts();
    const first = this.rows.filter(({ row }) => row !== undefined).findIndex((each) => each.row === picked);
    buttons.forEach((button, place) => {
      button.tabIndex = place === Math.max(first, 0) ? 0 : -1;
      button.setAttribute("aria-pressed", String(place === first));
    });
    this.rows.forEach((each) => each.node.classList.toggle("reflectlab-picked", each.row === picked));
    this.keep();
  }

  keep() {
    this.mark("reflectlab-kept", this.model.get("kept").learner);
  }

  mark(name, learner) {
    for (const each of this.rows) each.node.classList.toggle(name, Boolean(learner) && each.learner === learner);
  }
}

export default widget(Table);
