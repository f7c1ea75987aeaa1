// Prints pages from a frame of their own, so that nothing else of this page is printed, and saves them as files.
import { inked } from "./shared/ink.js";
import { button, download, element, headed, safeSvg, status, View, widget } from "./shared/page.js";

const PATIENCE = 30000;
// A page of a whole class has a picture of each child to be drawn.
const LONGER = 120000;
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
    this.button = button("reflectlab-button reflectlab-pale", this.word("Print: a page a learner"));
    this.said = status("span");
    this.takeAway = button("reflectlab-button reflectlab-pale", this.word("Save the page to take away"));
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

  choices() {
    return {
      what: [
        this.word("What"),
        [
          ["learners", this.word("a page a learner")], ["board", this.word("the class board")],
          ["invitations", this.word("the invitations")], ["notes", this.word("your notes")],
        ],
      ],
      who: [
        this.word("Of whom"),
        [["all", this.word("everybody in the class")], ["one", this.word("the child who is shown")]],
      ],
      others: [
        this.word("Other children"),
        [["classmate", this.word("as “a classmate”")], ["named", this.word("by name")], ["nobody", this.word("left out")]],
      ],
      own: [this.word("The child's own name"), [["shown", this.word("as on the board")], ["named", this.word("by name")]]],
    };
  }

  checks() {
    return {
      invitations: [this.word("with invitations"), true],
      notes: [this.word("with your notes"), false],
      step: [this.word("with a line for a next step"), false],
    };
  }

  more() {
    const made = element("details", "reflectlab-more");
    made.append(element("summary", "", this.word("What is printed, and saving")));
    this.fields = {};
    const row = element("div", "reflectlab-row");
    for (const [name, [label, options]] of Object.entries(this.choices())) row.append(this.picker(name, label, options));
    for (const [name, [label, checked]] of Object.entries(this.checks())) row.append(this.check(name, label, checked));
    const acts = element("div", "reflectlab-send");
    const act = (words, what, kind = "", wants = () => this.wants()) => {
      const made = button("reflectlab-button reflectlab-pale", words);
      made.addEventListener("click", () => this.ask(what, kind, wants()));
      acts.append(made);
    };
    act(this.word("Print"), "print");
    for (const kind of ["pdf", "png", "svg"]) act(this.word("Save as {kind}", { kind: kind.toUpperCase() }), "save", kind);
    act(this.word("Save this child's page for the family"), "save", "family", () => ({}));
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
    this.say(this.word("The pages are being made …"));
    const unanswered = this.word("Python has not answered: run the cell again, or load the page again, then print.");
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.done(unanswered), act === "save" ? LONGER : PATIENCE);
    try {
      const sent = this.model.send({ do: act, kind, wants });
      sent?.catch?.(() => this.done(unanswered));
    } catch {
      this.done(unanswered);
    }
  }

  answer({ pages, file, kind, left = "", trouble, remark = "" }, buffers) {
    if (!pages && !file && !trouble) return;
    const saved = file ? this.word("{file} is in your browser's downloads.", { file }) : "";
    this.done(trouble ?? [saved, left, remark].filter(Boolean).join(" "));
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
    this.frame.title = this.word("Pages to print");
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
    if (rows.length) made.append(table(this.word("Invitations"), columns, rows));
    if (notes.length) made.append(table(this.word("Notes"), this.heads(), notes.map(cells)));
    if (step) made.append(element("p", "step", step));
    return made;
  }

  heads() {
    return [this.word("Day"), this.word("About"), this.word("I noticed"), this.word("I will try")];
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
