// The journal: a form to write a note, and the notes that were written before beside it. Everything is shown as text.
import { Drafts } from "./shared/drafts.js";
import { button, element, status, View, widget } from "./shared/page.js";

const PATIENCE = 10000;
const TYPING = 200;
const LISTED = 8;
const AS_IT_WAS = "as it was"; // a value, which nobody reads

class Journal extends View {
  constructor(model, el) {
    super(model, el, "section", "reflectlab-journal");
    this.drafts = new Drafts(this.name);
    this.sent = null; // what was sent and not acknowledged
    this.number = null; // of the note that is written, from when it is sent first
    this.changing = null; // the note that is changed
    this.seen = null;
    this.root.setAttribute("aria-label", this.word("Journal"));
    this.form = this.makeForm();
    this.earlier = this.makeEarlier();
    this.root.append(element("p", "reflectlab-quiet", this.word("The journal opens when Python answers.")));
    const again = () => document.hidden || this.look();
    this.on("msg:custom", (message) => this.answer(message));
    this.listen(window, "focus", again);
    this.listen(document, "visibilitychange", again);
    this.root.addEventListener("focusin", ({ relatedTarget }) => this.root.contains(relatedTarget) || this.look());
    this.ends.push(() => [this.waiting, this.typing].forEach(clearTimeout), () => this.drafts.release());
    this.look();
  }

  makeForm() {
    const form = element("form", "reflectlab-form");
    this.about = element("select");
    this.goal = element("select");
    this.day = element("input");
    this.day.type = "date";
    this.day.required = true;
    this.noticed = writing(this.word("She asked for help by herself …"));
    this.willTry = writing(this.word("Let her show the class …"));
    this.heading = element("h3", "", this.word("A new note"));
    this.send = element("button", "reflectlab-button", this.word("Keep this note"));
    this.away = button("reflectlab-link", this.word("Throw away"));
    this.away.hidden = true;
    this.away.addEventListener("click", () => this.clear(this.word("Nothing was kept.")));
    this.said = status("p", "reflectlab-kept-note");
    const row = element("div", "reflectlab-row");
    row.append(
      this.labelled("about", this.word("About"), this.about), this.labelled("goal", this.word("Goal"), this.goal),
      this.labelled("day", this.word("Day"), this.day),
    );
    const send = element("div", "reflectlab-send");
    send.append(this.send, element("span", "reflectlab-quiet", this.word("or Ctrl + Enter")), this.away);
    form.addEventListener("input", () => this.wrote());
    form.append(
      this.heading, row, this.labelled("what-did-i-notice-", this.word("What did I notice?"), this.noticed),
      this.labelled("what-will-i-try-", this.word("What will I try?"), this.willTry), send, this.said,
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
    this.search.placeholder = this.word("words in a note");
    this.show = element("select");
    this.caption = status("p", "reflectlab-quiet");
    this.trouble = status("p", "reflectlab-trouble", "alert");
    this.list = element("div", "reflectlab-notes");
    this.list.tabIndex = 0;
    this.list.setAttribute("role", "region");
    this.list.setAttribute("aria-label", this.word("Earlier notes"));
    const out = button("reflectlab-link", this.word("Save these notes as Markdown"));
    this.key = element("p", "reflectlab-quiet");
    this.more = button("reflectlab-link reflectlab-all", "");
    this.more.addEventListener("click", () => {
      this.all = !this.all;
      this.look();
    });
    const row = element("div", "reflectlab-row");
    row.append(this.labelled("search", this.word("Search"), this.search), this.labelled("show", this.word("Show"), this.show));
    side.append(element("h3", "", this.word("Earlier notes")), row, this.caption, this.trouble, this.list, this.more, out, this.key);
    this.search.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.look(), TYPING);
    });
    this.show.addEventListener("change", () => this.look());
    out.addEventListener("click", () => this.ask("export"));
    return side;
  }

  labelled(name, text, field) {
    const made = element("div", "reflectlab-field");
    const label = element("label", "", text);
    field.classList.add("reflectlab-input");
    label.htmlFor = field.id = `${this.name}-${name}`;
    made.append(label, field);
    return made;
  }

  // Where there is no Python any more to send to, the page stays as it is: whoever waits for an answer is told so.
  ask(what, more = {}) {
    try {
      const sent = this.model.send({ do: what, search: this.search.value, show: this.show.value || "class", ...more });
      sent?.catch?.(() => {});
    } catch {}
  }

  look() {
    this.ask("look");
  }

  draft() {
    const { noticed, willTry, day, about, goal } = this;
    return { noticed: noticed.value, will_try: willTry.value, day: day.value, about: about.value, goal: goal.value };
  }

  wrote() {
    this.away.hidden = !this.isWriting() && !this.changing;
    if (!this.isWriting()) return this.drafts.forget();
    const labels = { about: chosen(this.about), goal: chosen(this.goal) };
    this.drafts.keep({ ...this.draft(), labels, number: this.number, changing: this.changing, sent: Boolean(this.sent) });
  }

  async takeUp() {
    if (this.isWriting() || this.changing || this.taking) return;
    this.taking = true;
    await this.drafts.takeOver((left) => this.resume(left));
    this.taking = false;
  }

  // Puts what was being written when a view went away into the form of this one, where nobody has begun to write.
  resume(left) {
    if (this.isWriting() || this.changing) return false;
    Object.assign(this, { number: left.number, changing: left.changing });
    Object.entries({ noticed: left.noticed, willTry: left.will_try, day: left.day }).forEach(([name, text]) => (this[name].value = text));
    choose(this.about, left.labels.about);
    choose(this.goal, left.labels.goal);
    this.showChanging();
    const sent = this.word("Python did not say that this note is kept. Keep it again: it will be there once.");
    this.say(left.sent ? sent : this.word("You were writing this when the page went away. It is not kept yet."), true);
    return true;
  }

  change(note) {
    this.changing = note.note;
    [this.noticed.value, this.willTry.value, this.day.value] = [note.noticed, note.will_try, note.date];
    keyed(this.about, note.on, note.about);
    keyed(this.goal, note.goal, "");
    this.showChanging();
    this.wrote();
    this.noticed.focus();
  }

  showChanging() {
    this.heading.textContent = this.changing ? this.word("Change a note") : this.word("A new note");
    this.send.textContent = this.changing ? this.word("Keep the change") : this.word("Keep this note");
    this.away.textContent = this.changing ? this.word("Leave it as it was") : this.word("Throw away");
    this.away.hidden = !this.isWriting() && !this.changing;
  }

  clear(said) {
    this.noticed.value = this.willTry.value = "";
    this.sent = this.number = this.changing = this.seen = null;
    clearTimeout(this.waiting);
    this.drafts.forget();
    this.showChanging();
    this.say(said);
    this.look();
  }

  isWriting() {
    return Boolean(this.noticed.value.trim() || this.willTry.value.trim());
  }

  // What is sent again before it was acknowledged has the same number, so that it is kept once.
  keep() {
    if (!this.isWriting()) return this.say(this.word("Write what you noticed, or what you will try."), true);
    this.number ??= newNumber();
    this.sent = { id: this.changing ?? this.number, text: JSON.stringify(this.draft()) };
    this.wrote();
    this.say(this.word("Keeping …"));
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.say(this.unanswered(), true), PATIENCE);
    if (this.changing) this.ask("change", { ...this.draft(), note: this.changing });
    else this.ask("keep", { ...this.draft(), draft: this.number });
  }

  unanswered() {
    return this.word("Python has not answered, so this note is not known to be kept. It stays in this browser: run the cell again, or load the page again, and it is offered to be kept.");
  }

  removeNote(note) {
    clearTimeout(this.waiting);
    const unanswered = this.word("Python has not answered: the note is not known to be deleted.");
    this.waiting = setTimeout(() => this.say(unanswered, true), PATIENCE);
    this.ask("remove", { note });
  }

  answer(message) {
    const answers = { told: "fill", hidden: "hide", kept: "kept", refused: "refused", markdown: "download", removed: "removed" };
    const answer = answers[message.is];
    if (answer) this[answer](message);
  }

  // Only what was sent is taken out of the form: who wrote on meanwhile has lost nothing.
  kept({ draft, said }) {
    if (draft !== this.sent?.id) return;
    clearTimeout(this.waiting);
    const all = JSON.stringify(this.draft()) === this.sent.text;
    this.sent = this.number = this.changing = null;
    if (all) {
      this.noticed.value = this.willTry.value = "";
      if (this.root.contains(document.activeElement)) this.noticed.focus({ preventScroll: true });
    }
    this.showChanging();
    this.wrote();
    this.say(said);
  }

  removed({ said }) {
    clearTimeout(this.waiting);
    this.say(said);
  }

  refused({ draft, said }) {
    clearTimeout(this.waiting);
    this.say(draft ? this.word("Not kept. {why}", { why: said }) : said, true);
  }

  say(text, isTrouble = false) {
    this.said.textContent = text;
    this.said.classList.toggle("reflectlab-trouble", isTrouble);
  }

  hide() {
    const told = this.word("Names are hidden, so the journal is closed. What you were writing is not lost.");
    this.list.replaceChildren();
    this.show.replaceChildren();
    this.caption.textContent = this.said.textContent = "";
    this.root.replaceChildren(element("p", "reflectlab-quiet", told));
  }

  // The form follows what is looked at, but neither while a note is written nor against what was chosen in it.
  fill({ about, goals, shows, shown = "class", log = "", now, goal, day, notes, caption, trouble }) {
    const seen = JSON.stringify([now, goal, day]);
    const follow = seen !== this.seen && !this.isWriting();
    offer(this.about, about, follow ? now : this.about.value);
    offer(this.goal, [{ key: "", label: this.word("no goal") }, ...goals], follow ? goal : this.goal.value);
    if (follow) {
      this.day.value = day;
      this.seen = seen;
    }
    offer(this.show, shows, shown);
    this.caption.textContent = caption;
    this.key.textContent = log ? this.word("Notes belong to the log they were written beside: this one has the key {log}.", { log }) : "";
    this.trouble.textContent = trouble;
    this.list.hidden = !notes.length;
    this.list.replaceChildren(...this.days(this.all ? notes : notes.slice(0, LISTED)));
    this.more.textContent = this.all
      ? this.word("Show the latest {number}", { number: LISTED })
      : this.word("Show all {number}", { number: notes.length });
    this.more.hidden = notes.length <= LISTED;
    if (!this.form.isConnected) this.root.replaceChildren(this.form, this.earlier);
    this.drafts.log = log;
    if (log) this.takeUp();
  }

  tools(note) {
    const made = element("p", "reflectlab-tools");
    const change = button("reflectlab-link", this.word("Change"));
    const away = button("reflectlab-link", this.word("Delete"));
    change.addEventListener("click", () => this.change(note));
    away.addEventListener("click", () => {
      const sure = this.word("Delete it for good?");
      if (away.textContent === sure) return this.removeNote(note.note);
      away.textContent = sure;
      setTimeout(() => (away.textContent = this.word("Delete")), PATIENCE / 2);
    });
    made.append(change, away);
    return made;
  }

  days(notes) {
    const made = [];
    let last = null;
    for (const note of notes) {
      if (note.day !== last) made.push(element("h4", "", (last = note.day)));
      const told = element("article");
      if (note.about) told.append(element("p", "reflectlab-about", note.about));
      if (note.noticed) told.append(line(this.word("I noticed"), note.noticed));
      if (note.will_try) told.append(line(this.word("I will try"), note.will_try));
      if (note.note) told.append(this.tools(note));
      made.push(told);
    }
    return made;
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

function chosen(picker) {
  return picker.selectedOptions[0]?.text ?? "";
}

function choose(picker, label) {
  const found = [...picker.options].find((option) => option.text === label);
  if (found) picker.value = found.value;
}

// Chooses what a note is about; what is not offered here stands under its own words, and stays what it was.
function keyed(picker, key, label) {
  if (![...picker.options].some((option) => option.value === key)) picker.append(new Option(label, AS_IT_WAS));
  picker.value = [...picker.options].some((option) => option.value === key) ? key : AS_IT_WAS;
}

function line(heading, text) {
  const made = element("p", "reflectlab-line");
  const words = element("span", "reflectlab-words-of-note", text);
  words.dir = "auto";
  made.append(element("span", "reflectlab-quiet", heading), words);
  return made;
}

// A note has its number from the page: sent again, whoever received it, it is the same note.
function newNumber() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export default widget(Journal);
