// Foreign text as elements, never as HTML: the answer's few marks, its citations, and links.
const INLINE = /(`[^`]+`|\*\*(?=\S).{1,400}?(?<=\S)\*\*(?!\w)|\[\d{1,3}\])/;
const ITEM = /^\s*(?:[-*•]|(\d{1,2})[.)])\s+(.*)$/;

export function build(name, props, ...children) {
  const node = Object.assign(document.createElement(name), props);
  node.append(...children);
  return node;
}

// Only pages of the web and documents of the library become links; all else stays text.
export function link(href, text, props) {
  if (!/^(https?:\/\/|\/library\/)/i.test(href)) return build("span", props, text);
  href = href.replace(/^\//, ""); // the server may be below a path of its proxy
  return build("a", { href, target: "_blank", rel: "noopener noreferrer", ...props }, text);
}

export function card({ title, url, link: at, site, published }, quotes) {
  const where = [site || "library", published].filter(Boolean).join(" · ");
  return [link(at, title || url), build("p", {}, where), ...quotes.map((quote) => build("q", {}, quote))];
}

function cite(source, quotes) {
  const { title, index } = source;
  const ariaDescription = quotes.join(" … ");
  const props = { className: "cite", tabIndex: 0, ariaLabel: `Source ${index}: ${title}`, ariaDescription };
  const shown = build("span", { className: "card" }, ...card(source, quotes));
  return build("span", { className: "ref" }, link(source.link, index, props), shown);
}

// Makes the citations of a text, asked for in their order: each shows what its claim has of its source,
// or the source's own quote where no claim says.
function citing(text, sources, claims) {
  let from = 0;
  return (mark) => {
    const at = text.indexOf(mark, from);
    from = at + mark.length;
    const source = sources.get(Number(mark.slice(1, -1)));
    const claim = claims.find(({ start, end }) => start <= at && at < end);
    const own = claim?.quotes.filter(({ index }) => index === source?.index) ?? [];
    if (own.length) return cite({ ...source, link: own[0].link }, own.map((one) => one.text));
    return source ? cite(source, [source.quote]) : mark;
  };
}

function inline(text, cited) {
  return text.split(INLINE).map((part, at) => {
    if (at % 2 === 0) return part;
    if (part[0] === "`") return build("code", {}, part.slice(1, -1));
    if (part[0] === "*") return build("strong", {}, ...inline(part.slice(2, -2), cited));
    return cited(part);
  });
}

function blocks(text, cited) {
  const into = build("div");
  for (const [at, part] of text.split(/^```.*\n?/m).entries()) {
    let open = null; // the element that the next line goes on in
    for (const line of at % 2 ? [] : part.split("\n")) {
      const [, value, item] = ITEM.exec(line) ?? [];
      if (item) {
        const list = value ? "OL" : "UL";
        if (into.lastChild?.nodeName !== list) into.append(build(list));
        open = into.lastChild.appendChild(build("li", { value: value ?? 0 }, ...inline(item, cited)));
      } else if (line.trim()) {
        open ??= into.appendChild(build("p"));
        open.append(...inline(`${line.replace(/^#+\s+(.+)/, "**$1**")}\n`, cited));
      } else open = null;
    }
    if (at % 2) into.append(build("pre", { tabIndex: 0 }, part));
  }
  return into;
}

// Keeps the nodes that are there already, so that the focus outlives the next token.
function grow(old, fresh) {
  const nodes = [...fresh.childNodes];
  for (const [at, node] of nodes.entries()) {
    const kept = old.childNodes[at];
    if (!kept) old.append(node);
    else if (kept.nodeName === node.nodeName && kept.children && !kept.className) grow(kept, node);
    else if (!kept.isEqualNode(node)) kept.replaceWith(node);
  }
  while (old.childNodes.length > nodes.length) old.lastChild.remove();
}
export const lay = (into, text, sources, claims) => grow(into, blocks(text, citing(text, sources, claims)));

// A claim with its offsets as a string of JavaScript counts, where they count characters.
export function placed(text, claim) {
  const unit = (at) => [...text].slice(0, at).join("").length;
  return { ...claim, start: unit(claim.start), end: unit(claim.end) };
}

let tapped = null; // on a touch screen the first tap shows the card, the second opens the page
document.addEventListener("click", (event) => {
  const cite = event.target.closest(".cite");
  if (cite && cite !== tapped && event.pointerType === "touch") event.preventDefault();
  tapped = cite;
});
for (const type of ["keydown", "pointerover"]) document.addEventListener(type, ({ key }) =>
  document.body.classList.toggle("bare", key === "Escape"));
