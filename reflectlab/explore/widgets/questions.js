// A table of text with a picker at the end of each row.
class Asked {
  constructor(model, el) {
    this.model = model;
    this.root = element("div", "reflectlab-table reflectlab-asked tex2jax_ignore mathjax_ignore");
    this.root.dataset.lmSuppressShortcuts = "true";
    el.append(this.root);
    const draw = () => this.draw();
    const show = () => this.show();
    model.on("change:content", draw);
    model.on("change:answers", show);
    this.ends = [() => model.off("change:content", draw), () => model.off("change:answers", show)];
    this.draw();
  }

  draw() {
    const { caption = "", columns = [], rows = [] } = this.model.get("content");
    const here = this.pickers?.indexOf(document.activeElement) ?? -1;
    const table = document.createElement("table");
    const head = table.createTHead().insertRow();
    const body = table.createTBody();
    table.createCaption().textContent = caption;
    for (const column of columns) {
      const cell = element("th", "", column);
      cell.scope = "col";
      head.append(cell);
    }
    this.pickers = rows.map((row, place) => this.row(body.insertRow(), row, place));
    this.root.replaceChildren(...(rows.length ? [table] : []));
    this.show();
    this.pickers[here]?.focus();
  }

  row(node, { cells, label, options }, place) {
    const picker = element("select", "reflectlab-input");
    picker.setAttribute("aria-label", label);
    picker.append(...options.map(([text, value]) => new Option(text, value)));
    picker.addEventListener("change", () => {
      this.model.set("answers", { ...this.model.get("answers"), [place]: picker.value });
      this.model.save_changes();
    });
    for (const text of cells) node.insertCell().textContent = text;
    node.insertCell().append(picker);
    return picker;
  }

  show() {
    const answers = this.model.get("answers");
    this.pickers.forEach((picker, place) => (picker.value = answers[place] ?? ""));
  }

  remove() {
    for (const end of this.ends) end();
  }
}

export default {
  render({ model, el }) {
    const asked = new Asked(model, el);
    return () => asked.remove();
  },
};
