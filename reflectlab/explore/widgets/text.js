// Words, as they are: a paragraph a line, the first as a heading where one is wanted; code in one block.
import { element, View, widget } from "./shared/page.js";

class Text extends View {
  constructor(model, el) {
    super(model, el, "div", "reflectlab-words");
    if (model.get("live")) this.root.setAttribute("role", "status");
    this.on("change:text", () => this.show());
    this.show();
  }

  show() {
    const text = this.model.get("text");
    this.root.replaceChildren(...(this.model.get("code") ? [block(text)] : this.paragraphs(text)));
  }

  paragraphs(text) {
    const tag = (place) => (place === 0 && this.model.get("heading") ? "h3" : "p");
    const lines = text.split("\n").filter((line) => line);
    return lines.map((line, place) => element(tag(place), "", line));
  }
}

function block(text) {
  const made = element("pre", "", text);
  made.tabIndex = 0;
  return made;
}

export default widget(Text);
