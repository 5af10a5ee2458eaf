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
  const isMarked = around.some(style => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  if (!isMarked) return `${named(element)} is not marked`;
  if (box.bottom <= 0 || box.top >= innerHeight) return `${named(element)} is out of sight`;
  return "";
}

function firstNumber(selector) {
  const said = document.querySelector(selector).innerText.replace(/[“”"].*[“”"]/, "").replace(/,/g, "");
  return parseInt(said.match(/\d+/)[0], 10);
}
