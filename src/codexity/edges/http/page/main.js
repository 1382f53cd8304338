// The page: asks, keeps address and history in step, and holds at most one stream.
import { Run } from "./run.js";

const [form, box, button, hint, view] = document.querySelectorAll("form, input, button, #hint, #view");
const kept = new Map(); // what an address has shown: going back does not ask again
let run = null;

const question = () => new URLSearchParams(location.search).get("q")?.trim() ?? "";
const offer = (textContent, type, onclick) => Object.assign(button, { textContent, type, onclick });

function show(...nodes) {
  box.value = question();
  document.title = box.value ? `${box.value} · Codexity` : "Codexity";
  hint.hidden = nodes.length > 0;
  view.replaceChildren(...nodes);
}

function ask() {
  run?.stop();
  const mine = new Run(location.search, question(), () => run === mine && offer("Ask", "submit", null));
  run = mine;
  kept.set(location.search, mine);
  show(mine.view);
  offer("Stop", "button", (event) => {
    event.preventDefault(); // stopping makes this a submit button again while the click is still under way
    mine.stop();
  });
}

function arrive() {
  const before = kept.get(location.search);
  if (run !== before) run?.stop();
  if (before) return show(before.view);
  if (question() && document.body.dataset.ask !== "no") return ask();
  show();
  if (question()) hint.textContent = "Another site’s link brought this question. Press Ask if it is yours.";
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const q = box.value.trim();
  if (q && q !== question()) history.pushState(null, "", `?${new URLSearchParams({ q })}`);
  if (q) ask();
});
view.addEventListener("click", ({ target }) => target.matches(".problem button") && ask());
addEventListener("popstate", arrive);
// Who leaves stops the work: a page that the browser keeps closes its stream too, and reconnects.
addEventListener("pagehide", ({ persisted }) => run?.stream.leave(persisted));
addEventListener("pageshow", ({ persisted }) => persisted && run?.stream.comeBack());
if (document.prerendering) document.addEventListener("prerenderingchange", arrive, { once: true });
else arrive();
