// A slider over the school days: what it says moves with it at once, Python hears when it rests.
const REST = 120;

export default {
  render({ model, el }) {
    const name = `r${Math.random().toString(36).slice(2)}`;
    const root = document.createElement("div");
    const label = document.createElement("label");
    const slider = document.createElement("input");
    const said = document.createElement("output");
    root.className = "reflectlab-day";
    root.dataset.lmSuppressShortcuts = "true";
    label.textContent = "As of";
    label.htmlFor = slider.id = name;
    said.htmlFor = name;
    slider.type = "range";
    root.append(label, slider, said);
    el.append(root);

    const say = () => {
      said.textContent = model.get("labels")[slider.value] ?? "";
      slider.setAttribute("aria-valuetext", said.textContent);
    };
    const show = () => {
      slider.max = model.get("labels").length - 1;
      slider.value = model.get("index");
      say();
    };
    let waiting;
    const send = () => {
      clearTimeout(waiting);
      if (model.get("index") === Number(slider.value)) return;
      model.set("index", Number(slider.value));
      model.save_changes();
    };
    slider.addEventListener("input", () => {
      say();
      clearTimeout(waiting);
      waiting = setTimeout(send, REST);
    });
    slider.addEventListener("change", send);
    model.on("change:index change:labels", show);
    show();
    return () => {
      clearTimeout(waiting);
      model.off("change:index change:labels", show);
    };
  },
};
