// Choose a file: by its path where Python runs, or by sending it there in pieces that any connection takes.
import { button, element, status, View, widget } from "../widgets/shared/page.js";

const PIECE = 1 << 20;

class Picker extends View {
  constructor(model, el) {
    super(model, el, "div", "reflectlab-form-line");
    this.build();
    this.on("msg:custom", ({ path, said }) => {
      if (path) this.path.value = path; // none is told before a file is chosen: what is typed meanwhile stays
      this.said.textContent = said;
    });
    model.send({ do: "look" });
  }

  build() {
    const row = element("div", "reflectlab-path");
    this.path = element("input", "reflectlab-input");
    this.path.id = this.name;
    this.path.placeholder = "my_class.xlsx";
    const label = element("label", "", this.word("Path of the file"));
    label.htmlFor = this.name;
    const open = button("reflectlab-button", this.word("Open"));
    const upload = element("label", "reflectlab-upload", this.word("or upload one"));
    this.file = element("input");
    this.file.type = "file";
    upload.append(this.file);
    this.said = status("p", "reflectlab-said-here");
    row.append(label, this.path, open);
    this.root.append(row, upload, this.said);
    open.addEventListener("click", () => this.choose());
    this.path.addEventListener("keydown", (event) => event.key === "Enter" && this.choose());
    this.file.addEventListener("change", () => this.upload());
  }

  choose() {
    this.model.send({ do: "choose", path: this.path.value });
  }

  async upload() {
    const [file] = this.file.files;
    if (!file) return;
    let at = 0;
    this.path.value = "";
    do {
      const piece = await file.slice(at, at + PIECE).arrayBuffer();
      const last = at + piece.byteLength >= file.size;
      this.said.textContent = this.word("Uploading {file} …", { file: file.name });
      this.model.send({ do: "piece", name: file.name, at, last }, undefined, [piece]);
      at += piece.byteLength;
    } while (at < file.size);
    this.file.value = "";
  }
}

export default widget(Picker);
