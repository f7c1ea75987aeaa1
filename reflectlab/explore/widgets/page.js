// What the scripts of all widgets share.
export const POINT = "reflectlab-point";
export const PICK = "reflectlab-pick";

// A widget in the page. The views of one group tell one another what is pointed at or picked, without asking Python.
export class View {
  constructor(model, el, tag, className) {
    this.model = model;
    this.name = `r${Math.random().toString(36).slice(2)}`; // every widget has a script of its own: no counting here
    this.root = element(tag, `${className} tex2jax_ignore mathjax_ignore`);
    // Or JupyterLab takes the keys: letters are commands to it, and it looks at nothing but what has the focus.
    this.root.addEventListener("focusin", ({ target }) => (target.dataset.lmSuppressShortcuts = "true"));
    this.root.dataset.lmSuppressShortcuts = "true";
    this.ends = [];
    el.append(this.root);
  }

  // Calls `act` for what the model says, until the widget is taken away.
  on(names, act) {
    this.model.on(names, act);
    this.ends.push(() => this.model.off(names, act));
  }

  listen(target, name, act) {
    target.addEventListener(name, act);
    this.ends.push(() => target.removeEventListener(name, act));
  }

  tell(name, about) {
    document.dispatchEvent(new CustomEvent(name, { detail: { group: this.model.get("group"), about } }));
  }

  hear(name, act) {
    this.listen(document, name, ({ detail }) => detail.group === this.model.get("group") && act(detail.about));
  }

  set(name, value) {
    this.model.set(name, value);
    this.model.save_changes();
  }

  remove() {
    for (const end of this.ends) end();
  }
}

// What a script gives to anywidget: a view is made for each place that shows the widget.
export function widget(Shown) {
  return {
    render({ model, el }) {
      const view = new Shown(model, el);
      return () => view.remove();
    },
  };
}

// An element with words in it, which are text whatever they are.
export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

export function button(className, text) {
  const made = element("button", className, text);
  made.type = "button";
  return made;
}

// An element that a screen reader tells of when its words change.
export function status(tag, className = "", role = "status") {
  const made = element(tag, className);
  made.setAttribute("role", role);
  return made;
}

// A table with its caption and head, and no rows yet.
export function headed(caption, columns) {
  const made = document.createElement("table");
  made.createCaption().textContent = caption;
  const head = made.createTHead().insertRow();
  for (const column of columns) {
    const cell = element("th", "", column);
    cell.scope = "col";
    head.append(cell);
  }
  return made;
}
