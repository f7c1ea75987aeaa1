// A page to take away: its pictures answer as on the board, and nothing behind them has to run.
import { element, PICK, POINT } from "../widgets/shared/page.js";
import { Picture, toldMarks } from "../widgets/figure.js";

const GROUP = "page";

// What a widget has of Python, where there is none: it keeps what it is told.
class Kept {
  constructor(state) {
    this.state = state;
    this.heard = [];
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    this.state[name] = value;
    for (const { names, act } of this.heard) if (names.split(" ").includes(`change:${name}`)) act();
  }

  on(names, act) {
    this.heard.push({ names, act });
  }

  off(names, act) {
    this.heard = this.heard.filter((each) => each.names !== names || each.act !== act);
  }

  save_changes() {}
}

const told = JSON.parse(document.getElementById("told").textContent);
const stills = [...document.querySelectorAll(".reflectlab-still")];
const models = stills.map((still, number) => {
  const { follow, ...picture } = told.pictures[number];
  const svg = new XMLSerializer().serializeToString(still.querySelector("svg"));
  const model = new Kept({
    picture: { ...picture, svg, drawn: 1 }, pick: { drawn: 1, mark: -1 }, kept: {}, group: GROUP, follow, words: told.words,
  });
  still.replaceChildren();
  new Picture(model, still);
  return model;
});

const say = (name, about) => document.dispatchEvent(new CustomEvent(name, { detail: { group: GROUP, about } }));
const choose = document.getElementById("child");
const children = [...document.querySelectorAll("section[data-child]")];
const rows = [...document.querySelectorAll("tr[data-learner]")];

// Shows the child that is picked, and takes back what was picked of another.
function look({ learner }) {
  if (!learner) return;
  for (const section of children) section.classList.toggle("reflectlab-aside", section.dataset.child !== learner);
  for (const row of rows) row.classList.toggle("reflectlab-kept", row.dataset.learner === learner);
  for (const model of models) {
    const picked = toldMarks(model.get("picture").marks).find(({ mark }) => mark === model.get("pick").mark);
    model.set("kept", { learner });
    if (picked && picked.learner !== learner) model.set("pick", { drawn: 1, mark: -1 });
  }
  if (choose) choose.value = learner;
}

if (choose) {
  choose.closest("[hidden]").hidden = false;
  choose.addEventListener("change", () => say(PICK, { learner: choose.value, goal: null }));
  document.addEventListener(PICK, ({ detail }) => look(detail.about));
  look({ learner: told.first });
}

for (const row of rows) {
  const { learner } = row.dataset;
  row.addEventListener("pointerenter", () => say(POINT, { learner, goal: null, by: "learner" }));
  row.addEventListener("pointerleave", () => say(POINT, { learner: null, goal: null }));
  row.querySelector("button").addEventListener("click", () => say(PICK, { learner, goal: null }));
}

document.body.append(element("span", "reflectlab-ready"));
