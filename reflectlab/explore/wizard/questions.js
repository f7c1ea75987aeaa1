// A table of text with an answer to choose at the end of each row: from a list, or by a button.
import { button, element, headed, View, widget } from "../widgets/shared/page.js";

class Questions extends View {
  constructor(model, el) {
    super(model, el, "div", "reflectlab-table reflectlab-questions");
    this.rows = new Map();
    this.given = new Map(); // answers that Python has not heard of yet
    this.sent = 0;
    this.on("change:content", () => this.draw());
    this.on("change:answers", () => this.show());
    this.on("change:heard", () => this.letGo());
    this.listen(document, "focusin", ({ target }) => this.keepKeys(target));
    this.draw();
  }

  // The lists of others that stand among ours in the wizard give JupyterLab no keys either.
  keepKeys(target) {
    if (target.closest?.(".reflectlab-wizard")) target.dataset.lmSuppressShortcuts = "true";
  }

  // Rows that stay are the same elements: a list that is open stays open, and the focus where it is.
  draw() {
    const { caption = "", columns = [], rows = [], of } = this.model.get("content");
    if (of !== this.of || !rows.length) this.clear(caption, columns);
    this.of = of;
    if (rows.length && !this.table.isConnected) this.root.append(this.table);
    this.table.caption.textContent = caption;
    const kept = new Set(rows.map(({ key }) => key));
    for (const [key, { node }] of this.rows) {
      if (kept.has(key)) continue;
      node.remove();
      this.rows.delete(key);
    }
    rows.forEach((row, place) => this.put(row, place));
    this.show();
  }

  clear(caption, columns) {
    this.table = headed(caption, columns);
    this.body = this.table.createTBody();
    this.rows.clear();
    this.given.clear();
    this.root.replaceChildren();
  }

  put(row, place) {
    const told = this.rows.get(row.key) ?? this.made(row);
    row.cells.forEach((text, n) => {
      if (told.cells[n].textContent !== text) told.cells[n].textContent = text;
    });
    const options = JSON.stringify(row.options);
    if (told.options !== options) this.offer(told, row);
    Object.assign(told, { options, label: row.label });
    if (this.body.rows[place] !== told.node) this.body.insertBefore(told.node, this.body.rows[place] ?? null);
  }

  made({ key, cells, click }) {
    const node = element("tr");
    const told = { node, cells: cells.map(() => node.insertCell()), last: node.insertCell(), click };
    this.rows.set(key, told);
    return told;
  }

  // The control stays the same element: were it made anew, it would lose the focus, and the keys go to JupyterLab.
  offer(told, row) {
    told.choices = row.options;
    if (row.options.length && !told.control) this.control(told, row);
    if (told.control) told.control.hidden = !row.options.length;
    if (!told.control || row.click) return;
    told.control.setAttribute("aria-label", row.label);
    told.control.replaceChildren(...row.options.map(([text, value]) => new Option(text, value)));
    told.control.value = this.now(row.key);
  }

  control(told, { key, click }) {
    told.control = click ? button("reflectlab-button reflectlab-pale", "") : element("select", "reflectlab-input");
    const answer = () => this.answer(key, click ? this.other(key) : told.control.value);
    told.control.addEventListener(click ? "click" : "change", answer);
    told.last.append(told.control);
  }

  answer(key, value) {
    this.sent += 1;
    this.given.set(key, { value, number: this.sent });
    this.model.send({ do: "answer", of: this.of, key, value, by: this.name, number: this.sent });
    this.show();
  }

  letGo() {
    const last = this.model.get("heard")[this.name] ?? 0;
    for (const [key, { number }] of this.given) if (number <= last) this.given.delete(key);
    this.show();
  }

  now(key) {
    return this.given.get(key)?.value ?? this.model.get("answers")[key] ?? "";
  }

  other(key) {
    return this.rows.get(key).choices.find(([, value]) => value !== this.now(key))[1];
  }

  show() {
    for (const [key, told] of this.rows) {
      if (!told.choices?.length) continue;
      if (told.click) this.nameButton(key, told);
      else if (told.control.value !== this.now(key)) told.control.value = this.now(key);
    }
  }

  nameButton(key, { control, choices, label }) {
    const [text] = choices.find(([, value]) => value === this.other(key));
    control.textContent = text;
    control.setAttribute("aria-label", `${text}: ${label}`);
  }
}

export default widget(Questions);
