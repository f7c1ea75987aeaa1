// Prints pages from a frame of their own, so that nothing else of this page is printed, and saves them as files.
import { inked } from "./shared/ink.js";
import { button, download, element, headed, safeSvg, status, View, widget } from "./shared/page.js";

const PATIENCE = 30000;
// A page of a whole class has a picture of each child to be drawn.
const LONGER = 120000;
const TAKE_AWAY = "Save the page to take away";
const UNANSWERED = "Python has not answered: run the cell again, or load the page again, then print.";
const FIELDS = {
  what: ["What", [["learners", "a page a learner"], ["board", "the class board"], ["invitations", "the invitations"], ["notes", "your notes"]]],
  who: ["Of whom", [["all", "everybody in the class"], ["one", "the child who is shown"]]],
  others: ["Other children", [["classmate", "as “a classmate”"], ["named", "by name"], ["nobody", "left out"]]],
  own: ["The child's own name", [["shown", "as on the board"], ["named", "by name"]]],
};
const CHECKS = { invitations: ["with invitations", true], notes: ["with your notes", false], step: ["with a line for a next step", false] };
const PAPER = `
  @page { size: A4 landscape; margin: 12mm; }
  body { margin: 0; color: #222; font: 10pt/1.4 system-ui, sans-serif; overflow-wrap: anywhere; }
  section { break-after: page; break-inside: avoid; }
  section:last-child { break-after: auto; }
  header { margin-bottom: 4mm; color: #595959; text-align: right; }
  svg { display: block; width: 100%; height: auto; max-height: 128mm; }
  section.whole svg { max-height: 184mm; }
  section.told { display: flex; flex-direction: column; height: 185mm; }
  section.told svg { flex: 0 1 auto; min-height: 0; max-height: none; }
  ul { margin: 0 0 3mm; padding-left: 5mm; font-size: 8.5pt; line-height: 1.35; unicode-bidi: plaintext; }
  svg * { stroke-linejoin: round; stroke-linecap: butt; }
  table { width: 100%; margin-top: 4mm; border-collapse: collapse; font: inherit; }
  caption { padding: 1mm 0; font-weight: 600; text-align: left; }
  th, td { padding: 1mm 3mm 1mm 0; border-top: 1px solid #ccc; text-align: left; vertical-align: top; unicode-bidi: plaintext; white-space: pre-line; }
  th { color: #595959; font-weight: 400; }
  p.step { margin: 6mm 0 0; border-bottom: 1px solid #222; padding-bottom: 9mm; }
`;

class Printer extends View {
  constructor(model, el) {
    super(model, el, "div", "reflectlab-print");
    this.button = button("reflectlab-button reflectlab-pale", "Print: a page a learner");
    this.said = status("span");
    this.takeAway = button("reflectlab-button reflectlab-pale", TAKE_AWAY);
    this.root.append(this.button, this.takeAway, this.said, this.more());
    this.button.addEventListener("click", () => this.ask("print", "", { ...this.wants(), what: "learners" }));
    this.takeAway.addEventListener("click", () => this.ask("save", "page", {}));
    this.on("msg:custom", (message, buffers) => this.answer(message, buffers));
    this.ends.push(() => this.frame?.remove(), () => clearTimeout(this.waiting), () => clearInterval(this.looking));
    this.looking = setInterval(() => this.root.isConnected && this.comeToTop(), 200);
  }

  // JupyterLab goes to the last cell when all are run. Who has run one cell is at the next one, and stays there.
  comeToTop() {
    clearInterval(this.looking);
    const cell = this.root.closest(".jp-Notebook .jp-Cell");
    const active = this.root.closest(".jp-Notebook")?.querySelector(".jp-Cell.jp-mod-active");
    if (!cell || !active || active === cell || active === cell.nextElementSibling) return;
    if (!(cell.compareDocumentPosition(active) & Node.DOCUMENT_POSITION_FOLLOWING)) return;
    const scrolled = this.root.closest(".jp-WindowedPanel-outer") ?? this.root.closest(".jp-Notebook");
    scrolled.scrollTop = 0;
  }

  more() {
    const made = element("details", "reflectlab-more");
    made.append(element("summary", "", "What is printed, and saving"));
    this.fields = {};
    const row = element("div", "reflectlab-row");
    for (const [name, [label, options]] of Object.entries(FIELDS)) row.append(this.picker(name, label, options));
    for (const [name, [label, checked]] of Object.entries(CHECKS)) row.append(this.check(name, label, checked));
    const acts = element("div", "reflectlab-send");
    const act = (words, what, kind = "", wants = () => this.wants()) => {
      const made = button("reflectlab-button reflectlab-pale", words);
      made.addEventListener("click", () => this.ask(what, kind, wants()));
      acts.append(made);
    };
    act("Print", "print");
    for (const kind of ["pdf", "png", "svg"]) act(`Save as ${kind.toUpperCase()}`, "save", kind);
    act("Save this child's page for the family", "save", "family", () => ({}));
    made.append(row, acts);
    return made;
  }

  picker(name, text, options) {
    const offered = options.filter(([key]) => key !== "notes" || this.model.get("has_notes"));
    const picker = element("select", "reflectlab-input");
    picker.append(...offered.map(([key, words]) => new Option(words, key)));
    return this.labelled(name, text, picker, "reflectlab-field");
  }

  check(name, text, checked) {
    const box = element("input");
    Object.assign(box, { type: "checkbox", checked });
    const made = this.labelled(name, text, box, "reflectlab-check");
    made.hidden = name === "notes" && !this.model.get("has_notes");
    return made;
  }

  labelled(name, text, field, className) {
    const made = element("div", className);
    const label = element("label", "", text);
    label.htmlFor = field.id = `${this.name}-${name}`;
    this.fields[name] = field;
    made.append(label, field);
    return made;
  }

  wants() {
    const { what, who, others, own, invitations, notes, step } = this.fields;
    return {
      what: what.value, one: who.value === "one", others: others.value, own: own.value === "named",
      invitations: invitations.checked, notes: notes.checked, step: step.checked,
    };
  }

  ask(act, kind, wants) {
    this.button.disabled = true;
    this.say("The pages are being made …");
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.done(UNANSWERED), act === "save" ? LONGER : PATIENCE);
    try {
      const sent = this.model.send({ do: act, kind, wants });
      sent?.catch?.(() => this.done(UNANSWERED));
    } catch {
      this.done(UNANSWERED);
    }
  }

  answer({ pages, file, kind, left = 0, trouble, remark = "" }, buffers) {
    if (!pages && !file && !trouble) return;
    const notes = left === 1 ? "1 note that names another child is" : `${left} notes that name other children are`;
    const saved = file ? `${file} is in your browser's downloads.` : "";
    this.done(trouble ?? [saved, left ? `${notes} left out.` : "", remark].filter(Boolean).join(" "));
    if (pages) this.print(pages);
    if (file) download(file, kind, buffers[0]);
  }

  done(text) {
    clearTimeout(this.waiting);
    this.button.disabled = false;
    this.say(text);
  }

  say(text) {
    this.said.textContent = text;
  }

  print(pages) {
    this.frame?.remove();
    this.frame = element("iframe", "reflectlab-paper");
    this.frame.title = "Pages to print";
    document.body.append(this.frame);
    const paper = this.frame.contentDocument;
    const style = paper.createElement("style");
    style.textContent = PAPER;
    paper.title = pages[0]?.heading ?? "";
    paper.head.append(style);
    paper.body.append(...pages.map((page, number) => this.page(page, number)));
    this.frame.contentWindow.addEventListener("afterprint", () => this.frame?.remove());
    this.frame.contentWindow.print();
  }

  page({ title, heading, said = [], svg = "", description = "", columns = [], rows = [], notes = [], step = "" }, number) {
    const made = element("section", said.length ? "told" : rows.length || notes.length || step ? "" : "whole");
    const drawn = svg ? safeSvg(svg, `${this.name}p${number}-`) : null;
    if (drawn) inked(drawn);
    drawn?.setAttribute("role", "img");
    drawn?.setAttribute("aria-label", description);
    made.setAttribute("aria-label", title || description);
    made.append(element("header", "", heading), ...(said.length ? [listed(said)] : []), ...(drawn ? [drawn] : []));
    if (rows.length) made.append(table("Invitations", columns, rows));
    if (notes.length) made.append(table("Notes", ["Day", "About", "I noticed", "I will try"], notes.map(cells)));
    if (step) made.append(element("p", "step", step));
    return made;
  }
}

function listed(sentences) {
  const made = element("ul");
  made.append(...sentences.map((sentence) => element("li", "", sentence)));
  return made;
}

function cells({ day, about, noticed, will_try: willTry }) {
  return [day, about, noticed, willTry];
}

function table(caption, columns, rows) {
  const made = headed(caption, columns);
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const cell of row) line.insertCell().textContent = cell;
  }
  return made;
}

export default widget(Printer);
