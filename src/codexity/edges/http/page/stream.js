// The event stream of one run, each event once: it reconnects after a cut and after silence, and
// reads the run's snapshot where no stream gets through.
const EVENTS = "status skipped sources_preview page sources token claim error done heartbeat".split(" ");
const SILENT_MS = 40_000; // heartbeats come every 30 s at the latest
const OPENING_MS = 10_000;
const PAUSES_MS = [2_000, 4_000, 8_000, 16_000, 30_000];

const refused = "Codexity could not be reached, or did not take this.";
const silent = "Nothing has come from the server for 40 seconds.";
const lost = "The connection was lost before the answer was finished.";
const gone = "This answer is no longer kept here. Ask the question again.";

export class Stream {
  // `told` hears `event(name, data)`, `lost()`, `found()`, `whole(answer)`, and once `broken(text, why)`.
  constructor(search, told) {
    Object.assign(this, { search, told, last: "", failures: 0, turn: 0, over: false });
    this.open();
  }
  get run() { return this.last.split("-")[0]; }

  open() {
    const query = new URLSearchParams(this.search);
    if (this.last) query.set("last_event_id", this.last);
    this.source = new EventSource(`search?${query}`);
    for (const name of EVENTS) this.source.addEventListener(name, (event) => {
      if (event instanceof MessageEvent) this.take(name, event);
      else this.lose(this.last ? lost : refused);
    });
    this.source.addEventListener("open", () => this.watch(SILENT_MS));
    this.watch(this.last ? OPENING_MS : SILENT_MS);
  }
  watch(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.lose(silent, ms === SILENT_MS), ms);
  }
  take(name, event) {
    this.watch(SILENT_MS);
    if (this.failures) this.told.found();
    this.failures = 0;
    this.last = event.lastEventId;
    if (name === "done") this.close();
    this.told.event(name, JSON.parse(event.data));
  }

  // An EventSource reconnects by itself where it may, but not after silence, nor after an answer like 503.
  async lose(why, atOnce = false) {
    const turn = this.drop();
    if (!this.last) return this.fail("Not asked", why);
    this.told.lost();
    const failures = (this.failures += 1);
    if (failures > 1 && (await this.snapshot(turn))) return;
    if (turn !== this.turn) return;
    if (failures > PAUSES_MS.length) return this.fail("Broken off", why);
    if (failures > 1 || !atOnce) await pause(PAUSES_MS[failures - 1]);
    if (turn === this.turn) this.open();
  }
  // Whether the run's end is told: it has ended, or is not kept.
  async snapshot(turn) {
    const signal = AbortSignal.timeout(OPENING_MS);
    const answer = await fetch(`runs/${this.run}`, { signal, cache: "no-store" })
      .then((response) => (response.status === 404 ? { status: "gone" } : response.ok && response.json()))
      .catch(() => null);
    if (turn !== this.turn || !answer || answer.status === "running") return false;
    if (answer.status === "gone") this.fail("Broken off", gone);
    else {
      this.close();
      this.told.whole(answer);
    }
    return true;
  }
  fail(text, why) {
    this.close();
    this.told.broken(text, why);
  }

  // Closes the connection; what still waits for an earlier one is told so by the turn.
  drop() {
    clearTimeout(this.timer);
    this.source.close();
    return (this.turn += 1);
  }
  close() {
    this.over = true;
    this.drop();
  }
  // The page goes away: one that the browser keeps may come back, and is then to reconnect.
  leave(kept) {
    if (this.over) return;
    if (kept) this.drop();
    else if (this.last) navigator.sendBeacon(`runs/${this.run}/stop`);
  }
  comeBack() {
    if (this.over) return;
    this.drop();
    this.open();
  }
}

function pause(ms) {
  return new Promise((go) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      go();
    };
    const timer = setTimeout(end, ms);
    addEventListener("online", end); // the network is back: nothing is left to wait for
  });
}
