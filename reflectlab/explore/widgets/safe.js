// From the text of an SVG to elements of this page: only what is known to draw, only from this very text.
export const SVG = "http://www.w3.org/2000/svg";

const ELEMENTS = new Set([
  "svg", "g", "defs", "path", "use", "text", "tspan", "rect", "circle", "ellipse", "line", "polyline", "polygon",
  "clipPath", "pattern", "image", "a",
]);

const ATTRIBUTES = new Set([
  "id", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy", "width", "height", "points",
  "viewBox", "preserveAspectRatio", "transform", "style", "clip-path", "fill", "stroke", "stroke-width", "opacity",
  "font-size", "font-family", "font-weight", "text-anchor", "patternUnits", "patternTransform", "clipPathUnits",
]);

const OUTWARD = /url\s*\((?!#)|image|src|element\s*\(|@|\\|expression|behavior|javascript/i;

// Returns an <svg> whose ids start with `prefix`, its links turned into <g data-mark>; null where it is no SVG.
export function safeSvg(text, prefix) {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  const root = parsed.documentElement;
  if (root.localName !== "svg" || root.namespaceURI !== SVG || parsed.querySelector("parsererror")) return null;
  return copied(root, prefix, false);
}

function copied(source, prefix, isText) {
  const isLink = source.localName === "a";
  const made = document.createElementNS(SVG, isLink ? "g" : source.localName);
  for (const { name, value } of source.attributes) copyAttribute(made, name, value, prefix);
  if (isLink) markLink(made, source);
  copyReference(made, source, prefix);
  const inText = isText || source.localName === "text";
  for (const child of source.childNodes) {
    if (child.nodeType === Node.TEXT_NODE || child.nodeType === Node.CDATA_SECTION_NODE) {
      if (inText) made.append(child.data);
    } else if (child.namespaceURI === SVG && ELEMENTS.has(child.localName)) {
      made.append(copied(child, prefix, inText));
    }
  }
  return made;
}

function copyAttribute(made, name, value, prefix) {
  if (name === "d") made.setAttribute(name, value);
  if (name === "d" || !ATTRIBUTES.has(name)) return;
  const local = value.replace(/url\(\s*["']?#([^"')]*)["']?\s*\)/g, (_, id) => `url(#${prefix}${id})`);
  if (OUTWARD.test(local)) return;
  made.setAttribute(name, name === "id" ? prefix + value : local);
}

function markLink(made, source) {
  const found = /^#m(\d+)$/.exec(reference(source));
  if (found) made.dataset.mark = found[1];
}

function copyReference(made, source, prefix) {
  const value = reference(source);
  if (source.localName === "use" && value.startsWith("#")) made.setAttribute("href", `#${prefix}${value.slice(1)}`);
  if (source.localName === "image" && value.startsWith("data:image/png;base64,")) made.setAttribute("href", value);
}

function reference(source) {
  return source.getAttribute("href") ?? source.getAttributeNS("http://www.w3.org/1999/xlink", "href") ?? "";
}
