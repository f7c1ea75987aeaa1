// A line that opens and closes what stands below it: Python makes that when it is asked for.
import { button, View, widget } from "../widgets/shared/page.js";

class Fold extends View {
  constructor(model, el) {
    super(model, el, "div", "reflectlab-fold");
    this.line = button("reflectlab-link", model.get("title"));
    this.line.addEventListener("click", () => this.set("unfolded", !this.model.get("unfolded")));
    this.root.append(this.line);
    this.on("change:unfolded", () => this.show());
    this.show();
  }

  show() {
    this.line.setAttribute("aria-expanded", String(this.model.get("unfolded")));
  }
}

export default widget(Fold);
