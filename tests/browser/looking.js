// What is asked of a page while it is judged. Put before a question and run by the browser's
// DevTools, so that neither the page's policy nor readers without script are in the way.
// Written for Chrome 83.

function isSeen(element) {
  const box = element.getBoundingClientRect(), style = getComputedStyle(element);
  if (!box.width || !box.height || style.visibility === "hidden") return false;
  for (let one = element; one; one = one.parentElement)
    if (one.tagName === "DETAILS" && !one.open && !one.querySelector("summary").contains(element)) return false;
  return true;
}

function named(element) {
  const words = (element.innerText || element.value || element.getAttribute("aria-label") || "").trim();
  return `${element.tagName.toLowerCase()}${element.className && element.className.baseVal === undefined ? "." + element.className.trim().split(/\s+/).join(".") : ""} “${words.slice(0, 40)}”`;
}

function middleOf(selector) {
  const element = document.querySelector(selector);
  if (!element) throw new Error(`nothing is at ${selector}`);
  element.scrollIntoView({ block: "center", inline: "nearest" });
  const box = element.getClientRects()[0];
  const x = box.left + box.width / 2, y = box.top + box.height / 2;
  const hit = document.elementFromPoint(x, y);
  if (!hit || !(element.contains(hit) || hit.contains(element))) throw new Error(`${named(hit || element)} covers ${selector}`);
  return [x, y];
}

function focused() {
  return document.activeElement ? named(document.activeElement) : "";
}

// Open the details that hold it, as a click on their summary does.
function unfold(selector) {
  for (let one = document.querySelector(selector); one; one = one.parentElement)
    if (one.tagName === "DETAILS" && !isSeen(document.querySelector(selector))) one.open = true;
}

// What has the focus and cannot be seen to have it: outside of the window, covered, or unmarked.
function focusUnseen() {
  const element = document.activeElement;
  if (!element || element === document.body) return "";
  const box = element.getBoundingClientRect();
  const around = [element, element.parentElement].map(one => getComputedStyle(one));
  const isMarked = around.some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
    || /0px 0px 0px ([2-9]|\d\d)(\.\d+)?px/.test(style.boxShadow));
  if (!isMarked) return `${named(element)} is not marked`;
  if (box.bottom <= 0 || box.top >= innerHeight) return `${named(element)} is out of sight`;
  return "";
}

// Where the link leads in the first line of a table or list that says these words.
function lineSaying(words) {
  const lines = [...document.querySelectorAll("main tr, main li")].filter(one => one.innerText.includes(words));
  const link = lines.length && lines[0].querySelector("a[href]");
  if (!link) throw new Error(`no line says ${words}`);
  return link.getAttribute("href");
}

function choose(selector, value) {
  const list = document.querySelector(selector);
  if (![...list.options].some(one => one.value === value)) throw new Error(`${selector} has no ${value}`);
  list.value = value;
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

function firstNumber(selector) {
  const said = document.querySelector(selector).innerText.replace(/[“”"].*[“”"]/, "").replace(/,/g, "");
  return parseInt(said.match(/\d+/)[0], 10);
}

// Every element that a reader can press, and can see.
function controls() {
  const all = document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], label[for]");
  return [...all].filter(one => isSeen(one) && !isForEars(one) && !(one.tagName === "LABEL" && !one.querySelector("input, select")));
}

// Shown to those who listen alone, or only while it has the focus.
function isForEars(element) {
  for (let one = element; one; one = one.parentElement) {
    const box = one.getBoundingClientRect();
    if (getComputedStyle(one).position === "absolute" && (box.width <= 1 || box.right <= 0 || box.bottom + scrollY <= 0)) return true;
  }
  return false;
}

// The text of a link stands among other words of its line.
function isInSentence(element) {
  if (getComputedStyle(element).display !== "inline") return false;
  let block = element.parentElement;
  while (getComputedStyle(block).display === "inline") block = block.parentElement;
  let rest = block.textContent;
  for (const link of block.querySelectorAll("a")) rest = rest.replace(link.textContent, "");
  return /[\p{L}\p{N}]{2}/u.test(rest);
}

// What is pressed: of a round or square mark the words beside it too.
function target(element) {
  return /^(radio|checkbox)$/.test(element.type) && element.closest("label") || element;
}

function smallTargets(least) {
  return controls().filter(one => !isInSentence(one)).map(one => [one, target(one).getBoundingClientRect()])
    .filter(([one, box]) => box.width < least - .5 || box.height < least - .5)
    .map(([one, box]) => `${named(one)} ${Math.round(box.width)} × ${Math.round(box.height)}`);
}

function overlappingControls() {
  const all = [], found = new Set();
  for (const one of controls()) for (const box of one.getClientRects()) if (!isClipped(one, box)) all.push([one, box]);
  for (let i = 0; i < all.length; i++) for (let j = i + 1; j < all.length; j++) {
    const [a, x] = all[i], [b, y] = all[j];
    const across = Math.min(x.right, y.right) - Math.max(x.left, y.left);
    const down = Math.min(x.bottom, y.bottom) - Math.max(x.top, y.top);
    if (!a.contains(b) && !b.contains(a) && across > 1 && down > 1) found.add(`${named(a)} and ${named(b)}`);
  }
  return [...found];
}

// Scrolled out of sight within a box of its own.
function isClipped(element, box) {
  for (let one = element.parentElement; one; one = one.parentElement)
    if (getComputedStyle(one).overflowY !== "visible") {
      const around = one.getBoundingClientRect();
      if (box.bottom > around.bottom + 1 || box.top < around.top - 1) return true;
    }
  return false;
}

function sideways() {
  const page = document.scrollingElement, found = [];
  if (page.scrollWidth <= innerWidth) return [];
  for (const one of document.querySelectorAll("body *"))
    if (isSeen(one) && !isForEars(one) && one.getBoundingClientRect().right > innerWidth + 1 && !one.querySelector("*")) found.push(named(one));
  return [`${page.scrollWidth} px wide in ${innerWidth}`, ...found.slice(0, 5)];
}

// Text that is cut off at the side of a box, or below it.
function cutText() {
  const found = [];
  for (const one of document.querySelectorAll("body *")) {
    const style = getComputedStyle(one);
    if (!isSeen(one) || isForEars(one) || !one.innerText || !one.innerText.trim()) continue;
    const isCut = (way, more) => /hidden|clip/.test(way) && more > 1;
    if (isCut(style.overflowX, one.scrollWidth - one.clientWidth) || isCut(style.overflowY, one.scrollHeight - one.clientHeight))
      found.push(named(one));
  }
  return found;
}

function headings() {
  const found = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(isSeen), wrong = [];
  const levels = found.map(one => Number(one.tagName[1]));
  if (levels.filter(level => level === 1).length !== 1) wrong.push(`${levels.filter(level => level === 1).length} headings of the first level`);
  levels.forEach((level, i) => { if (level > (levels[i - 1] || 0) + 1) wrong.push(`${named(found[i])} after level ${levels[i - 1] || 0}`); });
  return wrong;
}

function layoutTables() {
  return [...document.querySelectorAll("table")].filter(isSeen).filter(one =>
    /presentation|none/.test(one.getAttribute("role") || "") || !one.querySelector("th") || one.querySelector("table, form, h1, h2, nav")).map(named);
}

function luminance(colour) {
  const [r, g, b] = colour.map(part => (part /= 255) <= .03928 ? part / 12.92 : Math.pow((part + .055) / 1.055, 2.4));
  return .2126 * r + .7152 * g + .0722 * b;
}

function parts(colour) {
  const found = colour.match(/[\d.]+/g).map(Number);
  return [found.slice(0, 3), found.length > 3 ? found[3] : 1];
}

function groundOf(element) {
  for (let one = element; one; one = one.parentElement) {
    const [colour, alpha] = parts(getComputedStyle(one).backgroundColor);
    if (alpha === 1) return colour;
  }
  return [255, 255, 255];
}

function weakPlaceholders(least) {
  const found = [];
  for (const one of document.querySelectorAll("input[placeholder], textarea[placeholder]")) {
    const style = getComputedStyle(one, "::placeholder"), ground = groundOf(one);
    const [ink, alpha] = parts(style.color), seen = alpha * parseFloat(style.opacity);
    const mixed = ink.map((part, i) => part * seen + ground[i] * (1 - seen));
    const [low, high] = [luminance(mixed), luminance(ground)].sort((a, b) => a - b);
    const ratio = (high + .05) / (low + .05);
    if (ratio < least) found.push(`${named(one)} ${ratio.toFixed(1)}`);
  }
  return found;
}

// Every piece of text that is seen, with the size of its letters.
function letters() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  for (let text; text = walker.nextNode();)
    if (text.data.trim() && isSeen(text.parentElement) && !isForEars(text.parentElement))
      found.push([text.parentElement, parseFloat(getComputedStyle(text.parentElement).fontSize)]);
  return found;
}

// The reader sets the text at twice its usual size; what does not grow with it is named. Words
// in a drawing are left out: they stand beside it as text too.
function doubled() {
  const root = document.documentElement, before = letters(), usual = 16;
  const factor = 2 * usual / parseFloat(getComputedStyle(root).fontSize);
  root.style.fontSize = `${2 * usual}px`;
  const after = new Map(letters());
  return before.filter(([one, size]) => !one.closest("svg") && after.get(one) < .95 * factor * size).map(([one, size]) => `${named(one)} stays at ${size} px`);
}

const TIBETAN = /[\u0f00-\u0fff]/;

// How far the ink of a text goes above and below its base line.
function inkOf(text, style) {
  const pen = document.createElement("canvas").getContext("2d");
  const larger = 16; // what is measured comes in whole pixels
  pen.font = `${style.fontWeight} ${larger * parseFloat(style.fontSize)}px ${style.fontFamily}`;
  const said = pen.measureText(text);
  return { above: said.actualBoundingBoxAscent / larger, below: said.actualBoundingBoxDescent / larger };
}

// Where the base line of a line of text is: an empty box that stands on it says so.
function baseLineOf(node) {
  const mark = document.createElement("span");
  mark.style.cssText = "display: inline-block; width: 0; height: 0; padding: 0; border: 0; margin: 0";
  node.parentNode.insertBefore(mark, node);
  const at = mark.getBoundingClientRect().bottom;
  mark.remove();
  return at;
}

// The ink of Tibetan letters against every box that cuts off what is outside of it, and against
// the lines above and below: letters must not run into those either.
function clippedStacks() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [], found = [];
  for (let node; node = walker.nextNode();) if (TIBETAN.test(node.data) && isSeen(node.parentElement) && !isForEars(node.parentElement)) texts.push(node);
  for (const node of texts) {
    const element = node.parentElement, style = getComputedStyle(element), ink = inkOf(node.data, style);
    const line = parseFloat(style.lineHeight), height = ink.above + ink.below;
    if (line < height - .5) found.push(`${named(element)}: lines of ${line.toFixed(1)} px, letters of ${height.toFixed(1)}`);
    const base = baseLineOf(node), box = { top: base - ink.above, bottom: base + ink.below };
    for (let one = element; one !== document.documentElement; one = one.parentElement) {
      const cut = getComputedStyle(one), around = one.getBoundingClientRect();
      if (!/hidden|clip/.test(cut.overflowY) && cut.clipPath === "none") continue;
      if (box.top < around.top - .5 || box.bottom > around.bottom + .5)
        found.push(`${named(element)}: ink from ${box.top.toFixed(1)} to ${box.bottom.toFixed(1)}, cut at ${around.top.toFixed(1)} and ${around.bottom.toFixed(1)}`);
    }
  }
  for (const field of document.querySelectorAll("input")) if (TIBETAN.test(field.value) && isSeen(field)) {
    const style = getComputedStyle(field), ink = inkOf(field.value, style);
    const room = field.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    if (room < ink.above + ink.below - .5) found.push(`${named(field)}: room of ${room} px, letters of ${(ink.above + ink.below).toFixed(1)}`);
  }
  return found;
}

function inkedRows(selector) {
  const element = document.querySelector(selector), node = element.firstChild;
  const ink = inkOf(node.data, getComputedStyle(element)), base = baseLineOf(node);
  return [base - ink.above, base + ink.below];
}
