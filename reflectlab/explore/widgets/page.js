// What the views of one board tell one another in the page, without asking Python.
const POINT = "reflectlab-point";
const PICK = "reflectlab-pick";

function tell(name, group, about) {
  document.dispatchEvent(new CustomEvent(name, { detail: { group, about } }));
}

// Calls `heard(about)` for what is told in the group that `group()` returns; returns how to stop.
function hear(name, group, heard) {
  const listener = ({ detail }) => detail.group === group() && heard(detail.about);
  document.addEventListener(name, listener);
  return () => document.removeEventListener(name, listener);
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
