// One question being answered: its events, told in a view of its own.
import { build, card, lay, link, placed } from "./answer.js";
import { Stream } from "./stream.js";

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
const LEFT = "This page was not connected for longer than the server waits, so the work was stopped.";

export class Run {
  constructor(search, question, ended) {
    Object.assign(this, { text: "", step: "Asking", cited: new Map(), claims: [], left: [], ended });
    this.view = document.querySelector("template").content.firstElementChild.cloneNode(true);
    this.find("h1").textContent = question;
    this.say(this.step);
    this.stream = new Stream(search, this);
  }
  find(selector) { return this.view.querySelector(selector); }
  say(text) { this.find(".now").textContent = text; }
  add(selector, ...parts) { this.find(selector).append(build("li", {}, ...parts)); }

  event(name, data) { this[name]?.(data); }
  lost() { this.say("Connection lost, trying again"); }
  found() { this.say(this.step); }
  broken(text, why) { this.end(text, why); }
  whole({ answer, sources, claims = [], skipped, error, ...ended }) {
    this.text = answer;
    this.claims = claims.map((one) => placed(answer, one));
    this.left = skipped;
    this.showLeft();
    this.sources({ sources });
    if (error) this.error(error);
    this.done(ended);
  }

  status(data) {
    this.step = STEPS[data.step]?.(data) ?? data.step;
    this.say(this.step);
    this.add(".work ol", this.step);
  }
  sources_preview({ count }) { this.add(".work ol", `${count} results found`); }
  page({ title, url }) { this.add(".work ol", "Read ", link(url, title || url)); }
  skipped(one) {
    this.left.push(one);
    this.showLeft();
  }
  showLeft() {
    const items = this.left.map(({ what, why }) => build("li", {}, link(what, what), build("p", {}, why)));
    this.find(".skipped ul").replaceChildren(...items);
    this.find(".skipped summary").textContent = `Left out: ${items.length}`;
    this.find(".skipped").hidden = items.length === 0;
  }
  sources({ sources }) {
    this.cited = new Map(sources.map((source) => [source.index, source]));
    const items = sources.map((source) => build("li", { value: source.index }, ...card(source, [source.quote])));
    this.find(".sources ol").replaceChildren(...items);
    this.find(".sources").hidden = sources.length === 0;
  }
  token({ text }) {
    if (!this.text) this.find(".work").open = false;
    this.text += text;
    this.drawSoon();
  }
  claim(data) {
    this.claims.push(placed(this.text, data));
    this.drawSoon();
  }
  drawSoon() { this.frame ??= requestAnimationFrame(() => this.draw()); }
  draw() {
    this.frame = null;
    lay(this.find(".answer"), this.text, this.cited, this.claims);
  }
  error({ message, tried = [] }) {
    this.find(".problem p").textContent = message;
    const line = ({ what, said }) => /^(https?:|\/library)\/\S+$/.test(said) ? link(said, what) : `${what}: ${said}`;
    const items = tried.map((one) => build("li", {}, line(one)));
    this.find(".problem ul").replaceChildren(...items);
    this.find(".problem").hidden = false;
    // What is told here is not told again among what was left out.
    const told = new Set(items.map((item) => item.textContent));
    this.left = this.left.filter(({ what, why }) => !told.has(`${what}: ${why}`));
    this.showLeft();
  }
  done({ status, seconds, reason }) {
    const total = seconds.total?.toFixed(seconds.total < 1 ? 2 : 1);
    const left = reason === "left";
    const end = left ? ENDS.interrupted : ENDS[status];
    const why = left ? LEFT : status === "interrupted" && "The server stopped before the answer was finished.";
    this.end(end + (total ? ` after ${total} s` : ""), why);
  }
  // Behind the sources that the answer cites stand those that were only read.
  part() {
    const cited = new Set([...this.text.matchAll(/\[(\d{1,3})\]/g)].map(([, number]) => Number(number)));
    const items = [...this.find(".sources ol").children];
    const rest = items.filter(({ value }) => !cited.has(value));
    if (rest.length === items.length) return;
    this.find(".sources ol:last-child").append(...rest);
    this.find(".sources h2[hidden]")?.toggleAttribute("hidden", rest.length === 0);
  }
  end(text, why) {
    this.draw();
    this.part();
    if (!this.text) this.find(".work").open = false; // nothing stands between the steps and the refusal
    this.say(text);
    this.view.classList.remove("running");
    this.find(".answer").setAttribute("aria-busy", "false");
    if (why && this.find(".problem").hidden) this.error({ message: why });
    this.ended();
  }
  async stop() {
    if (this.stream.over) return;
    const { run } = this.stream;
    this.stream.close();
    this.end("Stopping");
    const told = run && (await fetch(`runs/${run}`, { method: "DELETE" }).catch(() => null));
    this.say("Stopped");
    if (run && !told?.ok) this.error({ message: "The server did not confirm that it stopped." });
  }
}
