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
    const lang = model.get("lang"); // for a screen reader; none where the page's own is right
    if (lang) this.root.lang = lang;
    el.append(this.root);
  }

  // Calls `act` for what the model says, until the widget is taken away.
  on(names, act) {
    this.model.on(names, act);
    this.ends.push(() => this.model.off(names, act));
  }

  listen(target, name, act, first = false) {
    target.addEventListener(name, act, first);
    this.ends.push(() => target.removeEventListener(name, act, first));
  }

  tell(name, about) {
    document.dispatchEvent(new CustomEvent(name, { detail: { group: this.model.get("group"), about } }));
  }

  hear(name, act) {
    this.listen(document, name, ({ detail }) => detail.group === this.model.get("group") && act(detail.about));
  }

  // A message in the language of Python, with values in their places; English where nothing else was sent.
  word(message, values = {}) {
    const said = this.model.get("words")?.[message] ?? message;
    return said.replace(/\{(\w+)\}/g, (_, name) => values[name]);
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

// Hands a file to the browser, which puts it among its downloads and replaces none there.
export function download(name, kind, content) {
  const link = element("a");
  link.href = URL.createObjectURL(new Blob([content], { type: kind }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// From the text of an SVG to elements of this page: only what is known to draw, only from this very text.
export const SVG = "http://www.w3.org/2000/svg";

const ELEMENTS = new Set([
  "svg", "g", "defs", "path", "use", "text", "tspan", "rect", "circle", "ellipse", "line", "polyline", "polygon",
  "clipPath", "pattern", "image", "a",
]);

const ATTRIBUTES = new Set([
  "id", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy", "width", "height", "points",
  "viewBox", "preserveAspectRatio", "transform", "style", "clip-path", "fill", "stroke", "stroke-width", "opacity",
  "font-size", "font-family", "font-weight", "text-anchor", "patternUnits", "patternTransform", "clipPathUnits",
]);

const OUTWARD = /url\s*\((?!#)|image|src|element\s*\(|@|\\|expression|behavior|javascript/i;

// Returns an <svg> whose ids start with `prefix`, its links turned into <g data-mark>; null where it is no SVG.
export function safeSvg(text, prefix) {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  const root = parsed.documentElement;
  if (root.localName !== "svg" || root.namespaceURI !== SVG || parsed.querySelector("parsererror")) return null;
  return copied(root, prefix, false);
}

function copied(source, prefix, isText) {
  const isLink = source.localName === "a";
  const made = document.createElementNS(SVG, isLink ? "g" : source.localName);
  for (const { name, value } of source.attributes) copyAttribute(made, name, value, prefix);
  if (isLink) markLink(made, source);
  copyReference(made, source, prefix);
  const inText = isText || source.localName === "text";
  for (const child of source.childNodes) {
    if (child.nodeType === Node.TEXT_NODE || child.nodeType === Node.CDATA_SECTION_NODE) {
      if (inText) made.append(child.data);
    } else if (child.namespaceURI === SVG && ELEMENTS.has(child.localName)) {
      made.append(copied(child, prefix, inText));
    }
  }
  return made;
}

function copyAttribute(made, name, value, prefix) {
  if (name === "d") made.setAttribute(name, value);
  if (name === "d" || !ATTRIBUTES.has(name)) return;
  const local = value.replace(/url\(\s*["']?#([^"')]*)["']?\s*\)/g, (_, id) => `url(#${prefix}${id})`);
  if (OUTWARD.test(local)) return;
  made.setAttribute(name, name === "id" ? prefix + value : local);
}

function markLink(made, source) {
  const found = /^#m(\d+)$/.exec(reference(source));
  if (found) made.dataset.mark = found[1];
}

function copyReference(made, source, prefix) {
  const value = reference(source);
  if (source.localName === "use" && value.startsWith("#")) made.setAttribute("href", `#${prefix}${value.slice(1)}`);
  if (source.localName === "image" && value.startsWith("data:image/png;base64,")) made.setAttribute("href", value);
}

function reference(source) {
  return source.getAttribute("href") ?? source.getAttributeNS("http://www.w3.org/1999/xlink", "href") ?? "";
}
