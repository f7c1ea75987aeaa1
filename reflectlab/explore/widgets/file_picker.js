// Choose a file: by its path where Python runs, or by sending it there in pieces that any connection takes.
const PIECE = 1 << 20;

class Picker {
  constructor(model, el) {
    this.model = model;
    const name = `r${Math.random().toString(36).slice(2)}`;
    const root = element("div", "reflectlab-form-line tex2jax_ignore mathjax_ignore");
    root.dataset.lmSuppressShortcuts = "true";
    const row = element("div", "reflectlab-path");
    this.path = element("input", "reflectlab-input");
    this.path.id = name;
    this.path.placeholder = "my_class.xlsx";
    const label = element("label", "", "Path of the file");
    label.htmlFor = name;
    const open = element("button", "reflectlab-button", "Open");
    open.type = "button";
    const upload = element("label", "reflectlab-upload", "or upload one");
    this.file = element("input", "");
    this.file.type = "file";
    upload.append(this.file);
    this.said = element("p", "reflectlab-said-here");
    this.said.setAttribute("role", "status");
    row.append(label, this.path, open);
    root.append(row, upload, this.said);
    el.append(root);
    const hear = ({ path, said }) => {
      if (path) this.path.value = path; // none is told before a file is chosen: what is typed meanwhile stays
      this.said.textContent = said;
    };
    model.on("msg:custom", hear);
    this.end = () => model.off("msg:custom", hear);
    const choose = () => model.send({ do: "choose", path: this.path.value });
    open.addEventListener("click", choose);
    this.path.addEventListener("keydown", (event) => event.key === "Enter" && choose());
    this.file.addEventListener("change", () => this.upload());
    model.send({ do: "look" });
  }

  async upload() {
    const [file] = this.file.files;
    if (!file) return;
    let at = 0;
    this.path.value = "";
    do {
      const piece = await file.slice(at, at + PIECE).arrayBuffer();
      const last = at + piece.byteLength >= file.size;
      this.said.textContent = `Uploading ${file.name} …`;
      this.model.send({ do: "piece", name: file.name, at, last }, undefined, [piece]);
      at += piece.byteLength;
    } while (at < file.size);
    this.file.value = "";
  }
}

export default {
  render({ model, el }) {
    const picker = new Picker(model, el);
    return () => picker.end();
  },
};
