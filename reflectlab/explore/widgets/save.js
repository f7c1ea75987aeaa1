// A button that has Python make a file, and hands it to the browser.
import { button, download, status, View, widget } from "./shared/page.js";

const PATIENCE = 120000;

class Saver extends View {
  constructor(model, el) {
    super(model, el, "div", "reflectlab-print");
    this.button = button("reflectlab-button reflectlab-pale", model.get("label"));
    this.said = status("span");
    this.root.append(this.button, this.said);
    this.button.addEventListener("click", () => this.ask());
    this.on("msg:custom", (message, buffers) => this.answer(message, buffers));
    this.ends.push(() => clearTimeout(this.waiting));
  }

  ask() {
    this.button.disabled = true;
    this.said.textContent = this.word("The file is being made …");
    const unanswered = this.word("Python has not answered: run the cell again, then press again.");
    this.waiting = setTimeout(() => this.done(unanswered), PATIENCE);
    try {
      this.model.send({ do: "save" })?.catch?.(() => this.done(unanswered));
    } catch {
      this.done(unanswered);
    }
  }

  answer({ file, kind, trouble }, buffers) {
    this.done(trouble ?? this.word("{file} is in your browser's downloads.", { file }));
    if (file) download(file, kind, buffers[0]);
  }

  done(text) {
    clearTimeout(this.waiting);
    this.button.disabled = false;
    this.said.textContent = text;
  }
}

export default widget(Saver);
