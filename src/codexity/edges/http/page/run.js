// One question being answered: its stream of events, told in a view of its own.
import { build, card, lay, link } from "./answer.js";

const STEPS = {
  queued: ({ place }) => `Waiting for its turn, number ${place}`,
  rewriting_query: () => "Understanding the question",
  queries_ready: ({ queries }) => `Looking for ${queries.join(" · ")}`,
  searching: () => "Searching",
  scraping: () => "Reading what was found",
  scraping_done: ({ scraped, total }) => `Read ${scraped} of ${total} pages`,
  processing: () => "Choosing the passages that fit",
  generating: ({ model }) => (model ? `Writing with ${model}` : "Answering in the sources’ own words"),
};
const ENDS = { completed: "Answered", no_evidence: "No answer found", failed: "Failed", cancelled: "Stopped",
  interrupted: "Broken off" };
const EVENTS = "status skipped sources_preview page sources token error done heartbeat".split(" ");

export class Run {
  constructor(search, question, ended) {
    Object.assign(this, { text: "", cited: new Map(), ended });
    this.view = document.querySelector("template").content.firstElementChild.cloneNode(true);
    this.find("h1").textContent = question;
    this.say("Asking");
    this.stream = new EventSource(`search${search}`);
    for (const name of EVENTS) this.stream.addEventListener(name, (event) => this.take(name, event));
    this.watch();
  }
  find(selector) { return this.view.querySelector(selector); }
  say(text) { this.find(".now").textContent = text; }
  add(selector, ...parts) { this.find(selector).append(build("li", {}, ...parts)); }
  watch() {
    clearTimeout(this.timer);
    const late = () => this.end("Broken off", "Nothing has come from the server for 40 seconds.");
    this.timer = setTimeout(late, 40_000); // heartbeats come every 30 s at the latest
  }
  take(name, event) {
    if (event instanceof MessageEvent) {
      this.watch();
      this[name]?.(JSON.parse(event.data));
    } else if (!this.id) this.end("Not asked", "Codexity could not be reached, or did not take this.");
    else if (this.stream.readyState === EventSource.CONNECTING) this.say("Connection lost, trying again");
    else this.end("Broken off", "The connection was lost before the answer was finished.");
  }

  status(data) {
    this.id ??= data.run;
    const text = STEPS[data.step]?.(data) ?? data.step;
    this.say(text);
    this.add(".work ol", text);
  }
  sources_preview({ count }) { this.add(".work ol", `${count} results found`); }
  page({ title, url }) { this.add(".work ol", "Read ", link(url, title || url)); }
  skipped({ what, why }) {
    this.add(".skipped ul", link(what, what), build("p", {}, why));
    this.find(".skipped summary").textContent = `Left out: ${this.find(".skipped ul").children.length}`;
    this.find(".skipped").hidden = false;
  }
  sources({ sources }) {
    this.cited = new Map(sources.map((source) => [source.index, source]));
    for (const source of sources) this.add(".sources ol", ...card(source));
    this.find(".sources").hidden = sources.length === 0;
  }
  token({ text }) {
    if (!this.text) this.find(".work").open = false;
    this.text += text;
    this.frame ??= requestAnimationFrame(() => this.draw());
  }
  draw() {
    this.frame = null;
    lay(this.find(".answer"), this.text, this.cited);
  }
  error({ message, tried = [] }) {
    this.find(".problem p").textContent = message;
    for (const { what, said } of tried) this.add(".problem ul", `${what}: ${said}`);
    this.find(".problem").hidden = false;
  }
  done({ status, seconds }) {
    const total = seconds.total?.toFixed(seconds.total < 1 ? 2 : 1);
    const why = status === "interrupted" && "The server stopped before the answer was finished.";
    this.end(ENDS[status] + (total ? ` after ${total} s` : ""), why);
  }
  end(text, why) {
    clearTimeout(this.timer);
    this.stream.close();
    this.draw();
    this.say(text);
    this.view.classList.remove("running");
    this.find(".answer").setAttribute("aria-busy", "false");
    if (why && this.find(".problem").hidden) this.error({ message: why });
    this.ended();
  }
  async stop() {
    if (this.stream.readyState === EventSource.CLOSED) return;
    this.end("Stopping");
    const told = this.id && (await fetch(`runs/${this.id}`, { method: "DELETE" }).catch(() => null));
    this.say("Stopped");
    if (this.id && !told?.ok) this.error({ message: "The server did not confirm that it stopped." });
  }
}
