// Words, as they are: a paragraph a line, the first as a heading where one is wanted; code in one block.
export default {
  render({ model, el }) {
    const root = document.createElement("div");
    root.className = "reflectlab-words tex2jax_ignore mathjax_ignore";
    el.append(root);
    const show = () => {
      if (model.get("code")) {
        const made = document.createElement("pre");
        made.textContent = model.get("text");
        made.tabIndex = 0;
        return root.replaceChildren(made);
      }
      const lines = model.get("text").split("\n").filter((line) => line);
      const tag = (place) => (place === 0 && model.get("heading") ? "h3" : "p");
      root.replaceChildren(...lines.map((line, place) => {
        const made = document.createElement(tag(place));
        made.textContent = line;
        return made;
      }));
    };
    if (model.get("live")) root.setAttribute("role", "status");
    model.on("change:text", show);
    show();
    return () => model.off("change:text", show);
  },
};
