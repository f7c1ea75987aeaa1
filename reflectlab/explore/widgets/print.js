// Prints a page a learner from a frame of its own, so that nothing else of this page is printed.
const PAPER = `
  @page { size: A4 landscape; margin: 12mm; }
  body { margin: 0; color: #222; font: 10pt/1.4 system-ui, sans-serif; overflow-wrap: anywhere; }
  section { break-after: page; break-inside: avoid; }
  section:last-child { break-after: auto; }
  header { margin-bottom: 4mm; color: #595959; text-align: right; }
  svg { display: block; width: 100%; height: auto; max-height: 128mm; }
  svg * { stroke-linejoin: round; stroke-linecap: butt; }
  table { width: 100%; margin-top: 4mm; border-collapse: collapse; font: inherit; }
  caption { padding: 1mm 0; font-weight: 600; text-align: left; }
  th, td { padding: 1mm 3mm 1mm 0; border-top: 1px solid #ccc; text-align: left; vertical-align: top; unicode-bidi: plaintext; }
  th { color: #595959; font-weight: 400; }
`;

class Printer {
  constructor(model, el) {
    this.model = model;
    this.prefix = `r${Math.random().toString(36).slice(2)}`;
    const root = element("div", "reflectlab-print");
    this.button = element("button", "", "Print: a page a learner");
    this.said = element("span", "");
    this.button.type = "button";
    this.said.setAttribute("role", "status");
    root.append(this.button, this.said);
    el.append(root);
    this.button.addEventListener("click", () => this.ask());
    const answer = (message) => message.pages && this.print(message.pages);
    model.on("msg:custom", answer);
    this.end = () => {
      model.off("msg:custom", answer);
      this.frame?.remove();
    };
  }

  ask() {
    this.button.disabled = true;
    this.said.textContent = "The pages are being made …";
    this.model.send("print");
  }

  print(pages) {
    this.button.disabled = false;
    this.said.textContent = "";
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

  page({ title, heading, svg, description, columns, rows }, number) {
    const made = element("section", "");
    const drawn = safeSvg(svg, `${this.prefix}p${number}-`);
    drawn?.setAttribute("role", "img");
    drawn?.setAttribute("aria-label", description);
    made.setAttribute("aria-label", title);
    made.append(element("header", "", heading), ...(drawn ? [drawn] : []));
    if (rows.length) made.append(invitations(columns, rows));
    return made;
  }
}

function invitations(columns, rows) {
  const made = document.createElement("table");
  made.createCaption().textContent = "Invitations";
  const head = made.createTHead().insertRow();
  for (const column of columns) head.append(element("th", "", column));
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const cell of row) line.insertCell().textContent = cell;
  }
  return made;
}

export default {
  render({ model, el }) {
    const printer = new Printer(model, el);
    return () => printer.end();
  },
};
