// What is being written, kept in the page's own store until Python has acknowledged it: a kernel may die, a browser too.
const PLACE = "reflectlab-note";

// The drafts of one log. Each view has a draft of its own; what a view that is gone has left is offered to the next.
export class Drafts {
  constructor(owner) {
    this.owner = owner;
    this.log = null;
    this.hold();
  }

  // A lock lives as long as its view: who cannot get it knows that somebody is writing there.
  hold() {
    const held = new Promise((end) => (this.release = end));
    navigator.locks?.request(`${PLACE}:${this.owner}`, () => held).catch(() => {});
  }

  keep(draft) {
    if (this.log) store((kept) => kept.setItem(this.place(this.owner), JSON.stringify(draft)));
  }

  forget() {
    if (this.log) store((kept) => kept.removeItem(this.place(this.owner)));
  }

  // Takes over what a view that is gone has left, the oldest first; null where there is nothing.
  async takeOver() {
    const start = this.place("");
    const places = store((kept) => Object.keys(kept)) ?? [];
    for (const place of places.filter((each) => each.startsWith(start) && each !== this.place(this.owner))) {
      if (await isHeld(`${PLACE}:${place.slice(start.length)}`)) continue;
      const text = store((kept) => kept.getItem(place));
      store((kept) => kept.removeItem(place));
      if (text) return JSON.parse(text);
    }
    return null;
  }

  place(owner) {
    return `${PLACE}:${this.log}:${owner}`;
  }
}

// A note has its number from the page: sent again, whoever received it, it is the same note.
export function newNumber() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function isHeld(name) {
  if (!navigator.locks) return false;
  return navigator.locks.request(name, { ifAvailable: true }, (lock) => lock === null);
}

// A browser may refuse to keep anything; then what is written lives as long as the page.
function store(act) {
  try {
    return act(window.localStorage);
  } catch {
    return null;
  }
}
