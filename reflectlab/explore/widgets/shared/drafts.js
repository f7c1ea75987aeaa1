// What is being written, kept in this browser until Python has acknowledged it: a kernel may die, a browser too. It is
// kept in IndexedDB: what is in a local storage reaches the disk only seconds later, or after minutes.
const PLACE = "reflectlab-notes";

// The drafts of one log. Each view has a draft of its own; what a view that is gone has left is offered to the next.
export class Drafts {
  constructor(owner) {
    this.owner = owner;
    this.log = null;
    this.next = undefined; // what is to be kept once what is being kept is, the latest only
    this.hold();
  }

  // A lock lives as long as its view: who cannot get it knows that somebody is writing there.
  hold() {
    const held = new Promise((end) => (this.release = end));
    navigator.locks?.request(`${PLACE}:${this.owner}`, () => held).catch(() => {});
  }

  keep(draft) {
    this.put({ ...draft, at: Date.now() });
  }

  forget() {
    this.put(null);
  }

  // Who types quickly is not waited for: a draft that is older than the one that is typed need not be kept any more.
  async put(draft) {
    if (!this.log) return;
    const busy = this.next !== undefined;
    this.next = draft;
    if (busy) return;
    for (let last; last !== this.next; ) {
      last = this.next;
      await write((kept) => (last ? kept.put(last, this.place(this.owner)) : kept.delete(this.place(this.owner))));
    }
    this.next = undefined;
  }

  // Gives what a view that is gone has left to `take`, the oldest first, until one is taken: it is then of this view.
  async takeOver(take) {
    const start = this.place("");
    const left = (await read(IDBKeyRange.bound(start, `${start}\uffff`))).filter(({ place }) => place !== this.place(this.owner));
    for (const { place } of left.sort((one, other) => one.at - other.at)) {
      if (await isHeld(`${PLACE}:${place.slice(start.length)}`)) continue;
      if (await moved(place, this.place(this.owner), take)) return;
    }
  }

  place(owner) {
    return `${this.log}:${owner}`;
  }
}

async function isHeld(name) {
  if (!navigator.locks) return false;
  return navigator.locks.request(name, { ifAvailable: true }, (lock) => lock === null);
}

let opened = null;

function open() {
  opened ??= new Promise((done, failed) => {
    const asked = indexedDB.open(PLACE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(PLACE);
    asked.onerror = () => failed(asked.error);
    asked.onsuccess = () => {
      asked.result.onclose = asked.result.onversionchange = () => {
        asked.result.close();
        opened = null;
      };
      done(asked.result);
    };
  });
  return opened;
}

// A browser may refuse to keep anything; then what is written lives as long as the page.
async function within(act, otherwise) {
  try {
    const transaction = (await open()).transaction(PLACE, "readwrite");
    const kept = transaction.objectStore(PLACE);
    return await new Promise((done, failed) => {
      transaction.onabort = () => failed(transaction.error);
      act(kept, transaction, done);
    });
  } catch {
    return otherwise;
  }
}

// Nothing is waited for before it is committed, or a page that is closed would take it along.
function write(act) {
  return within((kept, transaction, done) => {
    act(kept);
    transaction.oncomplete = done;
    transaction.commit();
  });
}

function read(range) {
  return within((kept, transaction, done) => {
    const found = [];
    kept.openCursor(range).onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return done(found);
      found.push({ place: cursor.key, at: cursor.value.at });
      cursor.continue();
    };
  }, []);
}

// One step, so that a draft is never in no place, nor in two.
function moved(from, to, take) {
  return within((kept, transaction, done) => {
    kept.get(from).onsuccess = ({ target: { result: draft } }) => {
      const taken = Boolean(draft) && take(draft);
      if (taken) {
        kept.put(draft, to);
        kept.delete(from);
      }
      transaction.oncomplete = () => done(taken);
    };
  }, false);
}
