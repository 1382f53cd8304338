"""Pages that hide a text, and pages that show it: carriers with a place for it."""

from __future__ import annotations

FILLER = "A heron waits in shallow water until a small fish comes near enough to be caught. " * 12
REST = "In winter the herons of the northern ponds fly to where the water does not freeze. " * 12
SECRET = "The herons have seen the sparkling zanzibar kettle of our sponsor in the shallow water"
TAGGED = "".join(chr(0xE0000 + ord(char)) for char in SECRET)

SHEETS = {
    "opacity of a sheet": ".kx{{opacity:0}}",
    "font size of a sheet": ".kx{{font-size:0}}",
    "same colour of a sheet": ".kx{{color:#fff;background:#fff}}",
    "almost the same colour of a sheet": ".kx{{background:#fff;color:#fefefe}}",
    "same dark colour of a sheet": ".kx{{background:#123456;color:#123456}}",
    "transparent by a sheet": ".kx{{color:transparent}}",
    "text-indent of a sheet": ".kx{{text-indent:-9999px}}",
    "clip-path of a sheet": ".kx{{clip-path:inset(100%)}}",
    "a box of a pixel of a sheet": ".kx{{position:absolute;width:1px;height:1px;overflow:hidden}}",
    "scale of a sheet": ".kx{{transform:scale(0)}}",
    "two classes": ".kx.ky{{opacity:0}}",
    "tag and class": "p.kx{{opacity:0}}",
    "a list": "h5, .kz , .kx{{opacity:0}}",
    "on screens": "@media screen {{.kx{{opacity:0}}}}",
    "on all that are screens": "@media only screen, print{{a{{b:c}}.kx{{opacity:0}}}}",
    "in a layer": "@layer x{{.kx{{opacity:0}}}}",
    "behind an import": "@charset 'x';.kx{{opacity:0}}",
    "in capitals with spaces": ".kx {{ COLOR : red ; OPACITY : 0 }}",
    "behind comments": "/* }} */.kx/**/{{opacity:/* 1 */0}}",
    "an escaped property": r".kx{{opacit\79:0}}",
    "an escaped class": r".k\78{{opacity:0}}",
    "behind a string": ".ka:after{{content:'}}'}}.kx{{opacity:0}}",
    "a later rule": ".kx{{opacity:1}}.kx{{opacity:0}}",
    "a nearer rule": ".ky.kx{{opacity:0}}.kx{{opacity:1}}",
    "an important rule": ".kx{{opacity:0!important}}.ky.kx{{opacity:1}}",
    "shown in print": ".kx{{opacity:0}}@media print{{.kx{{opacity:1}}}}",
    "before it": ".kx{{opacity:0}}.kx::before{{opacity:1}}",
}
SHOWN_AGAIN = {
    "of another class": ".kz{{opacity:0}}",
    "by a later rule": ".kx{{opacity:0}}.kx{{opacity:1}}",
    "by a nearer rule": "p.kx{{opacity:1}}.kx{{opacity:0}}",
    "by an important rule": ".kx{{opacity:1!important}}.kx.ky{{opacity:0}}",
    "by a tag of an id": "#kp p{{opacity:1}}.kx{{opacity:0}}",
    "on wide screens": ".kx{{opacity:0}}@media (min-width:9em){{.kx{{opacity:1}}}}",
    "in a state": ".kx{{opacity:0}}.kx:hover{{opacity:1}}",
    "in print only": "@media print{{.kx{{opacity:0}}}}",
    "hidden on narrow screens": "@media (max-width:9em){{.kx{{opacity:0}}}}",
    "hidden in a state": ".kx:active{{opacity:0}}",
    "hidden before it": ".kx::before{{opacity:0}}",
    "by what moves": "@keyframes in{{to{{opacity:1}}}}.kx{{opacity:0;animation:in 1s forwards}}",
    "out of a layer": ".kx{{opacity:1}}@layer x{{.kx{{opacity:0}}}}",
    "in a comment": "/* .kx{{opacity:0}} */",
    "where scripts do not run": ".no-js .kx{{opacity:0}}",
    "white on black of a sheet": ".kx{{color:#fff;background:#000}}",
    "a little transparent by a sheet": ".kx{{opacity:0.8}}",
    "left without a position in a sheet": ".kx{{left:-9999px}}",
    "not understood": ".kx{{{{opacity:0",
}

HIDDEN = {
    "display none": "<p style='display:none'>{}</p>",
    "display none in capitals, with spaces": "<p style='DISPLAY : None'>{}</p>",
    "display none that is important": "<p style='color:red;display:none!important'>{}</p>",
    "display none behind a comment": "<p style='display:/* x */none'>{}</p>",
    "display none escaped": r"<p style='display:n\6f ne'>{}</p>",
    "display none around": "<div style='display:none'><div><p>{}</p></div></div>",
    "visibility hidden": "<p style='visibility:hidden'>{}</p>",
    "visibility collapse around": "<div style='visibility:collapse'><p>{}</p></div>",
    "content-visibility": "<p style='content-visibility:hidden'>{}</p>",
    "hidden": "<p hidden>{}</p>",
    "hidden with a value": "<p hidden='hidden'>{}</p>",
    "found when looked for": "<div hidden=until-found><p>{}</p></div>",
    "popover": "<div popover><p>{}</p></div>",
    "dialog that is shut": "<dialog><p>{}</p></dialog>",
    "opacity": "<p style='opacity:0'>{}</p>",
    "opacity of almost nothing": "<p style='opacity:0.01'>{}</p>",
    "opacity filter": "<p style='filter:opacity(0)'>{}</p>",
    "same colour": "<p style='color:#fff;background:#ffffff'>{}</p>",
    "same colour by name and number": "<p style='color:white;background-color:rgb(255,255,255)'>{}"
    "</p>",
    "same colour as what is around": "<div style='background:#123456'><p style='color:#123456'>{}"
    "</p></div>",
    "almost the same colour": "<p style='color:#fdfdfd;background:#fff'>{}</p>",
    "same colour in hsl": "<p style='color:hsl(0,0%,100%);background:#fff'>{}</p>",
    "same colour by a rare name": "<p style='color:thistle;background:thistle'>{}</p>",
    "white on paper that nobody coloured": "<p style='color:#fff'>{}</p>",
    "the paper's colour on the body": "<font color=WHITE>{}</font>",
    "font of the table's colour": "<table bgcolor=white><tr><td><font color=#ffffff>{}</font></td>"
    "</tr></table>",
    "transparent": "<p style='color:transparent'>{}</p>",
    "transparent by alpha": "<p style='color:rgba(0,0,0,0)'>{}</p>",
    "font size zero": "<p style='font-size:0'>{}</p>",
    "font size in pt": "<p style='font-size:0.1pt'>{}</p>",
    "font size of a pixel": "<p style='font-size:1px'>{}</p>",
    "font size in em": "<p style='font-size:.01em'>{}</p>",
    "font size in percent": "<p style='font-size:1%'>{}</p>",
    "font shorthand": "<p style='font:0/0 serif'>{}</p>",
    "height zero": "<div style='height:0;overflow:hidden'><p>{}</p></div>",
    "max-height zero in em": "<div style='max-height:0em;overflow:hidden'><p>{}</p></div>",
    "width zero": "<div style='width:0px;overflow-x:hidden'><p>{}</p></div>",
    "line-height zero": "<p style='line-height:0;overflow:hidden'>{}</p>",
    "a box of a pixel": "<p style='position:absolute;width:1px;height:1px;overflow:hidden'>{}</p>",
    "text-indent": "<p style='text-indent:-9999px'>{}</p>",
    "text-indent in em": "<p style='text-indent:-999em'>{}</p>",
    "text-indent of the whole width": "<p style='text-indent:100%;overflow:hidden'>{}</p>",
    "left of the window": "<p style='position:absolute;left:-9999px'>{}</p>",
    "above the window": "<p style='position:fixed;top:-100em'>{}</p>",
    "right of the window": "<p style='position:absolute;left:99999px'>{}</p>",
    "left of the window, computed": "<p style='position:absolute;left:calc(-9999px)'>{}</p>",
    "inset": "<p style='position:absolute;inset:-9999px auto auto -9999px'>{}</p>",
    "margin of four sides": "<p style='margin:0 0 0 -9999px'>{}</p>",
    "margin": "<p style='margin-left:-10000px'>{}</p>",
    "clip": "<p style='position:absolute;clip:rect(0 0 0 0)'>{}</p>",
    "clip of a pixel": "<p style='position:absolute;clip:rect(1px,1px,1px,1px)'>{}</p>",
    "clip-path": "<p style='clip-path:inset(100%)'>{}</p>",
    "clip-path circle": "<p style='clip-path:circle(0)'>{}</p>",
    "scale": "<p style='transform:scale(0)'>{}</p>",
    "scale as a property": "<p style='scale:0'>{}</p>",
    "translate as a property": "<p style='translate:-9999px 0'>{}</p>",
    "turned on its edge": "<p style='transform:rotateY(90deg)'>{}</p>",
    "a matrix of nothing": "<p style='transform:matrix(0,0,0,0,0,0)'>{}</p>",
    "translate": "<p style='transform:translateX(-9999px)'>{}</p>",
    "comment": "<!-- <p>{}</p> -->",
    "comment of a condition": "<!--[if IE]><p>{}</p><![endif]-->",
    "title in a comment": "<!-- <title>{}</title> -->",
    "processing instruction": "<?note {} ?>",
    "noscript": "<noscript><p>{}</p></noscript>",
    "template": "<template><p>{}</p></template>",
    "noframes": "<noframes><p>{}</p></noframes>",
    "datalist": "<datalist><option>{}</option></datalist>",
    "a shadow tree": "<div><template shadowrootmode=open><p>{}</p></template></div>",
    "what has no slot": "<div><template shadowrootmode=open>A pond.</template><p>{}</p></div>",
    "what a player shows to none": "<video><p>{}</p></video>",
    "what an object shows to none": "<object data=x><p>{}</p></object>",
    "what a canvas shows to none": "<canvas><p>{}</p></canvas>",
    "what a bar shows to none": "<progress>{}</progress>",
    "a drawing's title": "<svg><title>{}</title></svg>",
    "a note on a formula": "<p>So <math><semantics><mi>x</mi><annotation encoding="
    "'application/x-tex'>{}</annotation></semantics></math> holds.</p>",
    "brackets of ruby": "<p>So <ruby>x<rp>{}</rp><rt>y</rt></ruby> is read.</p>",
    "nobody can open its details": "<details><summary hidden>More</summary><p>{}</p></details>",
    "linked data": '<script type=\'application/ld+json\'>{{"@type":"Article","articleBody":'
    '"{}"}}</script>',
    "a title for sharing": "<meta property='og:title' content='{}'>",
    "deeper than others": f"{'<div>' * 300}<p hidden>{{}}</p>{'</div>' * 300}",
    "script as text": "<script type='text/plain'>{}</script>",
    "form's hidden field": "<form><input type=hidden value='{}'></form>",
    "attributes": "<p title='{0}' data-note='{0}'>Plain.</p>",
    "alternative text": "<img src=x.png alt='{}'>",
    "tag characters": f"<p>Plain.{TAGGED}</p>",
    "class of a sheet that is shut": "<style>.kx{{display:none}}</style><p class=kx>{}</p>",
    "id of a sheet that is shut": "<style>#kx{{visibility:hidden}}</style><p id=kx>{}</p>",
    "id of a sheet": "<style>#kx{{position:absolute;left:-9999px}}</style><p id=kx>{}</p>",
    **{name: f"<style>{css}</style><p class='kx ky'>{{}}</p>" for name, css in SHEETS.items()},
    "a class around": "<style>.kx{{font-size:0}}</style><div class=kx><div><p>{}</p></div></div>",
    "a tag of a sheet": "<style>s{{opacity:0}}</style><p>Yes. <s>{}</s></p>",
    "a descendant": "<style>#kx .ky p{{opacity:0}}</style><div id=kx><div class=ky><b></b><p>{}</p>"
    "</div></div>",
    "a child": "<style>.kx>p{{opacity:0}}</style><div class=kx><p>{}</p></div>",
    "two rules together": "<style>.kx{{position:absolute}}.ky{{left:-9999px}}</style>"
    "<p class='kx ky'>{}</p>",
    "more important than inline": "<style>.kx{{opacity:0!important}}</style>"
    "<p class=kx style='opacity:1'>{}</p>",
    "white by a sheet without backgrounds": "<style>.kx{{color:#fefefe}}</style><p class=kx>{}</p>",
    "a sheet for screens": "<style media=screen>.kx{{opacity:0}}</style><p class=kx>{}</p>",
    "a sheet behind it": "<p class=kx>{}</p><style>.kx{{font-size:0}}</style>",
    "behind something": "<div style='position:relative'><p style='position:absolute;z-index:-1'>{}"
    "</p></div>",
}
LEAKS = {
    "class of a sheet that is shut",
    "id of a sheet that is shut",
    "behind something",
}
"""Shut by a stylesheet, or known only from how a page is drawn."""

SHOWN = {
    **{
        f"sheet: {name}": f"<style>{css}</style><div id=kp><p class='kx ky'>{{}}</p></div>"
        for name, css in SHOWN_AGAIN.items()
    },
    "a row without gaps": "<style>.kx{{font-size:0}}.kx p{{font-size:16px}}</style><div class=kx>"
    "<p>{}</p></div>",
    "a row that a keyword ends": "<style>.kx{{font-size:0}}.kx p{{font-size:medium}}</style>"
    "<div class=kx><p>{}</p></div>",
    "less important than inline": "<style>.kx{{opacity:0}}</style><p class=kx style='opacity:1'>{}"
    "</p>",
    "a sheet for print": "<style media=print>.kx{{opacity:0}}</style><p class=kx>{}</p>",
    "a sheet without scripts": "<noscript><style>.kx{{opacity:0}}</style></noscript>"
    "<p class=kx>{}</p>",
    "no child": "<style>.kx>p{{opacity:0}}</style><div class=kx><div><p>{}</p></div></div>",
    "a plain paragraph": "<p>{}</p>",
    "details": "<details><summary>More</summary><p>{}</p></details>",
    "details without a summary": "<details><p>{}</p></details>",
    "aria-hidden": "<p aria-hidden='true'>{}</p>",
    "aria-hidden around": "<div aria-hidden='true'><p>{}</p></div>",
    "aria-hidden that is false": "<p aria-hidden='false'>{}</p>",
    "a slot for it": "<div><template shadowrootmode=open><slot></slot></template><p>{}</p></div>",
    "white on paper that a stylesheet may have coloured": "<style>body{{background:#000}}</style>"
    "<p style='color:#fff'>{}</p>",
    "white on a picture of the table": "<table bgcolor=white><tr><td background=a.png>"
    "<font color=white>{}</font></td></tr></table>",
    "white on glass": "<div style='background:#000'><p style='color:#fff;"
    "background:rgba(255,255,255,.1)'>{}</p></div>",
    "columns of one height": "<p style='margin:0 0 -9999px;padding-bottom:9999px'>{}</p>",
    "deeper than others": f"{'<div>' * 300}<p>{{}}</p>{'</div>' * 300}",
    "an open dialog": "<dialog open><p>{}</p></dialog>",
    "a little transparent": "<p style='opacity:0.8'>{}</p>",
    "opacity below one": "<p style='opacity:.05'>{}</p>",
    "filter of a half": "<p style='filter:opacity(0.5)'>{}</p>",
    "white on black": "<div style='background:#000'><p style='color:#fff'>{}</p></div>",
    "black on white": "<p style='color:black;background:white'>{}</p>",
    "white on a picture": "<div style='background:url(a.png) #fff'><p style='color:#fff'>{}</p>"
    "</div>",
    "colours inherited and put right": "<div style='color:#fff;background:#fff'>"
    "<p style='color:#000'>{}</p></div>",
    "a gradient for ink": "<p style='background:linear-gradient(red,blue);"
    "-webkit-background-clip:text;color:transparent'>{}</p>",
    "small print": "<p style='font-size:9px'>{}</p>",
    "a container of size zero": "<div style='font-size:0'><p style='font-size:16px'>{}</p></div>",
    "height zero that cuts nothing": "<p style='height:0'>{}</p>",
    "overflow hidden with room": "<p style='height:200px;overflow:hidden'>{}</p>",
    "width of the window": "<p style='width:100%;overflow:hidden;max-width:60em'>{}</p>",
    "indented": "<p style='text-indent:-2em;margin-left:2em'>{}</p>",
    "moved a little": "<p style='position:relative;left:-20px;top:-4px'>{}</p>",
    "left without a position": "<p style='left:-9999px'>{}</p>",
    "clip without a position": "<p style='clip:rect(0 0 0 0)'>{}</p>",
    "clipped a little": "<p style='clip-path:inset(10%)'>{}</p>",
    "scaled to less": "<p style='transform:scale(0.5)'>{}</p>",
    "the next of a row": "<p style='transform:translateX(-100%)'>{}</p>",
    "flex": "<p style='display:flex'>{}</p>",
    "behind a comment": "<p><!-- note -->{}</p>",
    "behind what is hidden": "<p><span style='display:none'>No.</span>{}</p>",
    "between hidden words": "<div><b hidden>x</b>{}<i aria-hidden=true>y</i></div>",
    "a style that makes no sense": "<p style='display;;:none:; color:'>{}</p>",
}


def article(carrier: str, text: str = SECRET, heading: str = "Herons") -> str:
    """A page about herons with a carrier of the text in its middle."""
    body = f"<h1>{heading}</h1><p>{FILLER}</p>{carrier.format(text)}<p>{REST}</p>"
    return whole(f"<article>{body}</article>")


def whole(body: str) -> str:
    """A page with this body."""
    return f"<!doctype html><html><head><meta charset=utf-8></head><body>{body}</body></html>"
