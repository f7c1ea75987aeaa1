// Prints a page a learner from a frame of its own, so that nothing else of this page is printed.
import { button, element, headed, status, View, widget } from "./page.js";
import { safeSvg } from "./safe.js";

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

class Printer extends View {
  constructor(model, el) {
    super(model, el, "div", "reflectlab-print");
    this.button = button("reflectlab-button reflectlab-pale", "Print: a page a learner");
    this.said = status("span");
    this.root.append(this.button, this.said);
    this.button.addEventListener("click", () => this.ask());
    this.on("msg:custom", (message) => message.pages && this.print(message.pages));
    this.ends.push(() => this.frame?.remove());
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
    const made = element("section");
    const drawn = safeSvg(svg, `${this.name}p${number}-`);
    drawn?.setAttribute("role", "img");
    drawn?.setAttribute("aria-label", description);
    made.setAttribute("aria-label", title);
    made.append(element("header", "", heading), ...(drawn ? [drawn] : []));
    if (rows.length) made.append(invitations(columns, rows));
    return made;
  }
}

function invitations(columns, rows) {
  const made = headed("Invitations", columns);
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const cell of row) line.insertCell().textContent = cell;
  }
  return made;
}

export default widget(Printer);
