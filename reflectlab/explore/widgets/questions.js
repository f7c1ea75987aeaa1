// A table of text with a picker at the end of each row.
import { element, headed, View, widget } from "./page.js";

class Questions extends View {
  constructor(model, el) {
    super(model, el, "div", "reflectlab-table reflectlab-questions");
    this.on("change:content", () => this.draw());
    this.on("change:answers", () => this.show());
    this.draw();
  }

  draw() {
    const { caption = "", columns = [], rows = [] } = this.model.get("content");
    const here = this.pickers?.indexOf(document.activeElement) ?? -1;
    const table = headed(caption, columns);
    const body = table.createTBody();
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
      this.set("answers", { ...this.model.get("answers"), [place]: picker.value });
    });
    for (const text of cells) node.insertCell().textContent = text;
    node.insertCell().append(picker);
    return picker;
  }

  show() {
    const answers = this.model.get("answers");
    this.pickers.forEach((picker, place) => (picker.value = answers[place] ?? ""));
  }
}

export default widget(Questions);
