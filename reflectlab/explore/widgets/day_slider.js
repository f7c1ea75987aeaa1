// A slider over steps of time, as school days: what it says moves with it at once, Python hears when it rests.
import { element, View, widget } from "./shared/page.js";

const REST = 120;

class Slider extends View {
  constructor(model, el) {
    super(model, el, "div", "reflectlab-day");
    const label = element("label", "", model.get("label"));
    this.slider = element("input");
    this.said = element("output");
    label.htmlFor = this.slider.id = this.said.htmlFor = this.name;
    this.slider.type = "range";
    this.root.append(label, this.slider, this.said);
    this.slider.addEventListener("input", () => this.moved());
    this.slider.addEventListener("change", () => this.send());
    this.on("change:index change:labels", () => this.show());
    this.ends.push(() => clearTimeout(this.waiting));
    this.show();
  }

  moved() {
    this.say();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.send(), REST);
  }

  send() {
    clearTimeout(this.waiting);
    if (this.model.get("index") !== Number(this.slider.value)) this.set("index", Number(this.slider.value));
  }

  show() {
    this.slider.max = this.model.get("labels").length - 1;
    this.slider.value = this.model.get("index");
    this.say();
  }

  say() {
    this.said.textContent = this.model.get("labels")[this.slider.value] ?? "";
    this.slider.setAttribute("aria-valuetext", this.said.textContent);
  }
}

export default widget(Slider);
