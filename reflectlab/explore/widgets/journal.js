// The journal: a form to write a note, and the notes that were written before beside it. Everything is shown as text.
import { button, element, status, View, widget } from "./page.js";

const PATIENCE = 10000;
const TYPING = 200;

class Journal extends View {
  constructor(model, el) {
    super(model, el, "section", "reflectlab-journal");
    this.sent = null;
    this.seen = null;
    this.root.setAttribute("aria-label", "Journal");
    this.form = this.makeForm();
    this.earlier = this.makeEarlier();
    this.root.append(element("p", "reflectlab-quiet", "The journal opens when Python answers."));
    const again = () => document.hidden || this.look();
    this.on("msg:custom", (message) => this.answer(message));
    this.listen(window, "focus", again);
    this.listen(document, "visibilitychange", again);
    this.root.addEventListener("focusin", ({ relatedTarget }) => this.root.contains(relatedTarget) || this.look());
    this.ends.push(() => [this.waiting, this.typing].forEach(clearTimeout));
    this.look();
  }

  makeForm() {
    const form = element("form", "reflectlab-form");
    this.about = element("select");
    this.goal = element("select");
    this.day = element("input");
    this.day.type = "date";
    this.day.required = true;
    this.noticed = writing("She asked for help by herself …");
    this.willTry = writing("Let her show the class …");
    const keep = element("button", "reflectlab-button", "Keep this note");
    this.said = status("p", "reflectlab-kept-note");
    const row = element("div", "reflectlab-row");
    row.append(this.labelled("About", this.about), this.labelled("Goal", this.goal), this.labelled("Day", this.day));
    const send = element("div", "reflectlab-send");
    send.append(keep, element("span", "reflectlab-quiet", "or Ctrl + Enter"));
    form.append(
      element("h3", "", "A new note"), row, this.labelled("What did I notice?", this.noticed),
      this.labelled("What will I try?", this.willTry), send, this.said,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.keep();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      form.requestSubmit();
    });
    return form;
  }

  makeEarlier() {
    const side = element("div", "reflectlab-earlier");
    this.search = element("input");
    this.search.type = "search";
    this.search.placeholder = "words in a note";
    this.show = element("select");
    this.caption = status("p", "reflectlab-quiet");
    this.trouble = status("p", "reflectlab-trouble", "alert");
    this.list = element("div", "reflectlab-notes");
    this.list.tabIndex = 0;
    this.list.setAttribute("role", "region");
    this.list.setAttribute("aria-label", "Earlier notes");
    const out = button("reflectlab-link", "Save these notes as Markdown");
    const row = element("div", "reflectlab-row");
    row.append(this.labelled("Search", this.search), this.labelled("Show", this.show));
    side.append(element("h3", "", "Earlier notes"), row, this.caption, this.trouble, this.list, out);
    this.search.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.look(), TYPING);
    });
    this.show.addEventListener("change", () => this.look());
    out.addEventListener("click", () => this.ask("export"));
    return side;
  }

  labelled(text, field) {
    const made = element("div", "reflectlab-field");
    const label = element("label", "", text);
    field.classList.add("reflectlab-input");
    label.htmlFor = field.id = `${this.name}-${text.toLowerCase().replace(/\W+/g, "-")}`;
    made.append(label, field);
    return made;
  }

  ask(what, more = {}) {
    this.model.send({ do: what, search: this.search.value, show: this.show.value || "class", ...more });
  }

  look() {
    this.ask("look");
  }

  draft() {
    const { noticed, willTry, day, about, goal } = this;
    return { noticed: noticed.value, will_try: willTry.value, day: day.value, about: about.value, goal: goal.value };
  }

  isWriting() {
    return Boolean(this.noticed.value.trim() || this.willTry.value.trim());
  }

  // What was sent and not changed since has the same number again, so that it is kept once.
  keep() {
    if (!this.isWriting()) return this.say("Write what you noticed, or what you will try.", true);
    const text = JSON.stringify(this.draft());
    if (this.sent?.text !== text) this.sent = { id: `${Math.random()}`.slice(2), text };
    this.say("Keeping …");
    this.ask("keep", { ...this.draft(), draft: this.sent.id });
    clearTimeout(this.waiting);
    const none = "Python has not answered, so this note is not known to be kept. It stays here: try again.";
    this.waiting = setTimeout(() => this.say(none, true), PATIENCE);
  }

  answer(message) {
    const answers = { told: "fill", hidden: "hide", kept: "kept", refused: "refused", markdown: "download" };
    const answer = answers[message.is];
    if (answer) this[answer](message);
  }

  // Only what was sent is taken out of the form: who wrote on meanwhile has lost nothing.
  kept({ draft, said }) {
    if (draft !== this.sent?.id) return;
    clearTimeout(this.waiting);
    if (JSON.stringify(this.draft()) === this.sent.text) {
      this.noticed.value = this.willTry.value = "";
      this.noticed.focus({ preventScroll: true });
    }
    this.sent = null;
    this.say(said);
  }

  refused({ draft, said }) {
    clearTimeout(this.waiting);
    this.say(draft ? `Not kept. ${said}` : said, true);
  }

  say(text, isTrouble = false) {
    this.said.textContent = text;
    this.said.classList.toggle("reflectlab-trouble", isTrouble);
  }

  hide() {
    const told = "Names are hidden, so the journal is closed. What you were writing is not lost.";
    this.list.replaceChildren();
    this.show.replaceChildren();
    this.caption.textContent = this.said.textContent = "";
    this.root.replaceChildren(element("p", "reflectlab-quiet", told));
  }

  // The form follows what is looked at, but neither while a note is written nor against what was chosen in it.
  fill({ about, goals, shows, now, goal, day, notes, caption, trouble }) {
    const seen = JSON.stringify([now, goal, day]);
    const follow = seen !== this.seen && !this.isWriting();
    offer(this.about, about, follow ? now : this.about.value);
    offer(this.goal, [{ key: "", label: "no goal" }, ...goals], follow ? goal : this.goal.value);
    if (follow) {
      this.day.value = day;
      this.seen = seen;
    }
    offer(this.show, shows, this.show.value || "class");
    this.caption.textContent = caption;
    this.trouble.textContent = trouble;
    this.list.hidden = !notes.length;
    this.list.replaceChildren(...days(notes));
    if (!this.form.isConnected) this.root.replaceChildren(this.form, this.earlier);
  }

  download({ text }) {
    const link = element("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
    link.download = "journal.md";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), PATIENCE);
  }
}

function writing(example) {
  const made = element("textarea");
  made.rows = 3;
  made.dir = "auto";
  made.placeholder = example;
  return made;
}

// Fills a picker; what is chosen stays chosen, even where it is not offered any more.
function offer(picker, options, chosen) {
  const old = [...picker.options].find((option) => option.value === chosen);
  const made = options.map(({ key, label }) => new Option(label, key));
  if (old && !options.some(({ key }) => key === chosen)) made.push(new Option(old.text, chosen));
  picker.replaceChildren(...made);
  picker.value = made.some((option) => option.value === chosen) ? chosen : made[0]?.value ?? "";
}

function days(notes) {
  const made = [];
  let last = null;
  for (const note of notes) {
    if (note.day !== last) made.push(element("h4", "", (last = note.day)));
    const told = element("article");
    if (note.about) told.append(element("p", "reflectlab-about", note.about));
    if (note.noticed) told.append(line("I noticed", note.noticed));
    if (note.will_try) told.append(line("I will try", note.will_try));
    made.push(told);
  }
  return made;
}

function line(heading, text) {
  const made = element("p", "reflectlab-line");
  const words = element("span", "reflectlab-words-of-note", text);
  words.dir = "auto";
  made.append(element("span", "reflectlab-quiet", heading), words);
  return made;
}

export default widget(Journal);
