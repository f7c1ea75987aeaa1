// Shows a picture, says what its marks stand for, and gives back the one that is picked.
import { inked } from "./shared/ink.js";
import { element, PICK, POINT, safeSvg, SVG, View, widget } from "./shared/page.js";

// How small a picture gets: its smallest words, of seven and a half points, are nine points of the page then.
const SMALLEST = 1.2;
const LARGEST = 2.6;
// After how many milliseconds at rest Python is told where the pointer is.
const RESTED = 60;
const NOBODY = { learner: null, goal: null };

export class Picture extends View {
  constructor(model, el) {
    super(model, el, "div", "reflectlab-figure");
    this.prefix = `${this.name}-`;
    this.here = null;
    this.build();
    this.draw();
    const shown = new ResizeObserver(() => this.showKept());
    shown.observe(this.canvas);
    this.ends.push(() => shown.disconnect());
    this.on("change:picture", () => this.draw());
    this.on("change:pick change:kept", () => this.showKept());
    this.listen(window, "beforeprint", () => (this.patterned ??= this.svg() && inked(this.svg())));
    this.listen(window, "afterprint", () => this.onScreen());
    this.hear(POINT, (about) => this.light(about));
    this.hear(PICK, (about) => this.keep(about));
  }

  build() {
    this.canvas = element("div", "reflectlab-canvas");
    this.said = element("p", "reflectlab-said");
    this.said.id = `${this.prefix}said`;
    this.tip = element("div", "reflectlab-tip");
    this.tip.hidden = true;
    this.tip.setAttribute("aria-hidden", "true");
    this.root.append(this.said, this.canvas, this.tip);
    this.canvas.addEventListener("pointerover", (event) => this.over(event));
    // A finger or a pen leaves as soon as it has tapped: what it tapped stays told until it taps elsewhere, or scrolls.
    const byFinger = ({ pointerType }) => pointerType === "touch" || pointerType === "pen";
    this.canvas.addEventListener("pointerleave", (event) => byFinger(event) || this.leave());
    this.canvas.addEventListener("pointercancel", () => this.leave());
    this.listen(window, "pointerover", (event) => byFinger(event) && !this.root.contains(event.target) && this.leave(), true);
    this.canvas.addEventListener("click", (event) => this.click(event));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.canvas.addEventListener("focus", () => this.canvas.matches(":focus-visible") && this.go(this.start()));
    this.canvas.addEventListener("blur", () => this.blur());
  }

  draw() {
    const { svg = "", marks, title = "", description = "" } = this.model.get("picture");
    const drawn = svg ? safeSvg(svg, this.prefix) : null;
    this.lanes = null;
    this.leave();
    this.canvas.replaceChildren(...(drawn ? [drawn] : []));
    this.said.textContent = description;
    this.marks = new Map();
    const told = new Map(toldMarks(marks).map((mark) => [mark.mark, mark]));
    for (const node of this.canvas.querySelectorAll("[data-mark]")) {
      const mark = told.get(Number(node.dataset.mark));
      if (mark) this.marks.set(mark.mark, { ...mark, node });
    }
    this.describe(drawn, title, description);
    this.showKept();
  }

  // A picture with marks is a list box, one stop for Tab; one without is an image.
  describe(drawn, title, description) {
    const listed = this.marks.size > 0;
    if (drawn) fit(drawn);
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", title);
    const called = listed ? this.word("{title}: arrow keys move between marks, Enter picks", { title }) : `${title} ${description}`;
    for (const [name, value] of [["role", listed ? "listbox" : "img"], ["aria-label", called]]) {
      if (drawn) this.canvas.setAttribute(name, value);
      else this.canvas.removeAttribute(name); // a picture that is to come is none yet
    }
    this.canvas.removeAttribute("aria-activedescendant");
    this.canvas.tabIndex = listed ? 0 : -1;
    this.said.hidden = !listed;
    drawn?.setAttribute("role", "presentation");
    for (const node of this.canvas.querySelectorAll("text")) node.setAttribute("aria-hidden", "true");
    for (const { node, mark, text } of this.marks.values()) {
      node.id = `${this.prefix}mark-${mark}`;
      node.setAttribute("role", "option");
      node.setAttribute("aria-label", text);
      node.setAttribute("aria-selected", "false");
    }
  }

  svg() {
    return this.canvas.querySelector("svg");
  }

  onScreen() {
    this.patterned?.();
    this.patterned = null;
  }

  at(event) {
    const node = event.target.closest?.("[data-mark]");
    return node ? this.marks.get(Number(node.dataset.mark)) : undefined;
  }

  over(event) {
    const mark = this.at(event);
    if (mark) this.point(mark, event);
    else this.leave();
  }

  point(mark, event) {
    this.showTip(mark, event);
    if (this.pointed === mark) return;
    this.pointed = mark;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.set("pointed", { learner: mark.learner }), RESTED);
    this.tell(POINT, { learner: mark.learner, goal: mark.goal, by: this.model.get("follow") });
  }

  leave() {
    this.tip.hidden = true;
    this.tip.textContent = ""; // a name that is hidden is nowhere in the page
    clearTimeout(this.resting);
    if (this.pointed) this.tell(POINT, NOBODY);
    this.pointed = null;
  }

  blur() {
    this.here?.node.classList.remove("reflectlab-here");
    this.leave();
  }

  click(event) {
    const mark = this.at(event);
    if (mark) this.pick(mark);
  }

  pick(mark) {
    const { drawn } = this.model.get("picture");
    const again = this.picked() === mark;
    this.set("pick", { drawn, mark: again ? -1 : mark.mark });
    this.tell(PICK, again ? NOBODY : { learner: mark.learner, goal: mark.goal });
  }

  // In a picture of one learner, whoever else is named in it: a way to their picture, and no part of this one.
  isName({ what }) {
    return what === "learner" && this.model.get("follow") === "goal";
  }

  picked() {
    const { drawn, mark } = this.model.get("pick");
    return drawn === this.model.get("picture").drawn ? this.marks.get(mark) : undefined;
  }

  // Lights the marks of the one learner or goal that is pointed at; where there is none, all stay as they are.
  light({ learner, goal, by }) {
    const all = [...this.marks.values()];
    const ofLearner = learner ? all.filter((mark) => mark.learner === learner) : [];
    const own = all.filter((mark) => !this.isName(mark));
    const ofGoal = goal ? all.filter((mark) => mark.goal === goal) : [];
    const alone = own.length > 0 && own.every((mark) => mark.learner === learner);
    const lit = by === "goal" || (alone && ofGoal.length) ? ofGoal : ofLearner;
    const dim = lit.length > 0 && lit.length < all.length;
    this.canvas.classList.toggle("reflectlab-dim", dim);
    for (const { node } of this.lit ?? []) node.classList.remove("reflectlab-lit");
    this.lit = dim ? lit : [];
    for (const { node } of this.lit) node.classList.add("reflectlab-lit");
  }

  showKept() {
    this.keep(this.model.get("kept"));
    const picked = this.picked();
    for (const mark of this.marks.values()) {
      mark.node.setAttribute("aria-selected", String(mark === picked));
      mark.node.classList.toggle("reflectlab-picked", mark === picked);
    }
  }

  // Lays a band behind the lane of the learner that is picked, where learners have lanes of their own.
  keep({ learner = null } = {}) {
    this.canvas.querySelector(".reflectlab-band")?.remove();
    const all = [...this.marks.values()];
    const own = learner ? all.filter((mark) => mark.learner === learner) : [];
    if (!own.length || own.length === all.length || this.model.get("follow") === "goal") return;
    const named = own.filter((mark) => mark.what === "learner");
    const boxes = (named.length ? named : own).map(({ node }) => node.getBBox());
    const top = Math.min(...boxes.map((box) => box.y));
    const height = Math.max(...boxes.map((box) => box.y + box.height)) - top;
    const svg = this.canvas.querySelector("svg");
    const wide = svg.viewBox.baseVal.width;
    if (named.length && boxes.every((box) => box.width < wide / 20)) return; // a dot has no lane
    if (height <= 0 || (!named.length && height > svg.viewBox.baseVal.height / 5)) return;
    const band = document.createElementNS(SVG, "rect");
    band.setAttribute("class", "reflectlab-band");
    Object.entries({ x: 0, y: top - 1.5, width: wide, height: height + 3 })
      .forEach(([name, value]) => band.setAttribute(name, value));
    const figure = svg.querySelector("g");
    figure.insertBefore(band, figure.children[1] ?? null);
  }

  showTip({ text, node }, event) {
    const tip = this.tip;
    tip.textContent = text;
    tip.hidden = false;
    const room = this.root.getBoundingClientRect();
    const box = node.getBoundingClientRect();
    const x = (event?.clientX ?? (box.left + box.right) / 2) - room.left;
    const below = box.bottom - room.top + 8;
    const above = box.top - room.top - tip.offsetHeight - 8;
    tip.style.left = `${Math.max(0, Math.min(x - tip.offsetWidth / 2, room.width - tip.offsetWidth))}px`;
    tip.style.top = `${above >= 0 ? above : below}px`;
  }

  start() {
    return this.here && this.marks.get(this.here.mark) === this.here ? this.here : this.picked() ?? this.order()[0]?.[0];
  }

  go(mark) {
    if (!mark) return;
    this.here?.node.classList.remove("reflectlab-here");
    this.here = mark;
    mark.node.classList.add("reflectlab-here");
    mark.node.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.canvas.setAttribute("aria-activedescendant", mark.node.id);
    this.point(mark);
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || !this.marks.size) return;
    const here = this.start();
    const move = {
      ArrowRight: () => this.go(this.along(here, 1)),
      ArrowLeft: () => this.go(this.along(here, -1)),
      ArrowDown: () => this.go(this.across(here, 1)),
      ArrowUp: () => this.go(this.across(here, -1)),
      Home: () => this.go(this.lane(here)[0]),
      End: () => this.go(this.lane(here).at(-1)),
      Enter: () => this.pick(here),
      " ": () => this.pick(here),
      Escape: () => this.leave(),
    }[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  }

  along(here, step) {
    const lane = this.lane(here);
    return lane[lane.indexOf(here) + step] ?? here;
  }

  across(here, step) {
    const lanes = this.order();
    const next = lanes[lanes.indexOf(this.lane(here)) + step];
    return next ? next.reduce((best, mark) => (Math.abs(mark.x - here.x) < Math.abs(best.x - here.x) ? mark : best)) : here;
  }

  lane(here) {
    return this.order().find((lane) => lane.includes(here));
  }

  // The marks in lanes from top to bottom, each from left to right: a lane a learner, or a goal where there is one learner.
  order() {
    if (this.lanes) return this.lanes;
    const all = [...this.marks.values()];
    const own = all.filter((mark) => !this.isName(mark));
    const key = new Set(own.map((mark) => mark.learner)).size > 1 ? "learner" : "goal";
    for (const mark of all) {
      const box = mark.node.getBBox();
      Object.assign(mark, { x: box.x, y: box.y + box.height / 2 });
    }
    const lanes = new Map(all.map((mark) => [mark[key], []]));
    for (const mark of all) lanes.get(mark[key]).push(mark);
    for (const lane of lanes.values()) lane.sort((one, other) => one.x - other.x || one.y - other.y);
    const middle = (lane) => lane.reduce((sum, mark) => sum + mark.y, 0) / lane.length;
    this.lanes = [...lanes.values()].sort((one, other) => middle(one) - middle(other));
    return this.lanes;
  }

  remove() {
    this.leave();
    super.remove();
  }
}

// Reads what `packed` of figure.py writes: a row a mark, with the places of what several marks have in common.
export function toldMarks({ words, rows } = { words: [], rows: [] }) {
  return rows.map(([mark, text, what, learner, goal, episode]) => ({
    mark, text, what: words[what], learner: words[learner], goal: words[goal], episode: words[episode],
  }));
}

// As wide as there is room, not smaller than can be read: what does not fit is scrolled to.
function fit(svg) {
  const { width, height } = svg.viewBox.baseVal;
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  svg.style.aspectRatio = `${width} / ${height}`;
  svg.style.maxWidth = `${width * LARGEST}px`;
  svg.style.minWidth = `${width * SMALLEST}px`;
}

export default widget(Picture);
