// Hatches on paper: lines, cut to what they fill. Each use of a pattern would be a picture of its own to a printer,
// and a class of thirty a file of thirty megabytes.
import { SVG } from "./page.js";

const FILLED = /fill:\s*url\(\s*["']?#([^"')]*)["']?\s*\)/;

// Draws the hatches of a picture as lines; returns what draws them as patterns again.
export function inked(svg) {
  const undone = [];
  const found = new Map();
  for (const node of svg.querySelectorAll('path[style*="url("], g[style*="url("]')) {
    const [, id] = FILLED.exec(node.getAttribute("style")) ?? [];
    const group = node.localName === "g" ? node : around(node);
    const byPattern = found.get(group) ?? new Map();
    if (id) found.set(group, byPattern.set(id, [...(byPattern.get(id) ?? []), node]));
  }
  for (const [group, byPattern] of found) {
    for (const [id, nodes] of byPattern) undone.push(ink(svg.querySelector(`pattern[id="${id}"]`), nodes, group));
  }
  return () => undone.forEach((each) => each());
}

function around(node) {
  const parent = node.parentNode;
  return parent.dataset?.mark === undefined ? parent : around(parent);
}

function ink(pattern, nodes, group) {
  const [ground, lines] = pattern.children;
  const styles = nodes.map((node) => node.getAttribute("style"));
  const plain = `fill: ${ground.getAttribute("fill")}`;
  nodes.forEach((node, place) => node.setAttribute("style", styles[place].replace(FILLED, plain)));
  const clip = made("clipPath", { id: `${pattern.id}-${Math.random().toString(36).slice(2)}` });
  const shapes = nodes.flatMap(paths).map((path) => path.getAttribute("d") ?? "");
  clip.append(made("path", { d: shapes.join(" ") }));
  const drawn = made("g", { "clip-path": `url(#${clip.id})`, "aria-hidden": "true" });
  for (const place of tiles(shapes, Number(pattern.getAttribute("width")))) {
    const tile = lines.cloneNode();
    tile.setAttribute("transform", `translate(${place})`);
    drawn.append(tile);
  }
  group.append(clip, drawn);
  return () => {
    nodes.forEach((node, place) => node.setAttribute("style", styles[place]));
    clip.remove();
    drawn.remove();
  };
}

// A shape, or the shapes of a group that looks like this as a whole.
function paths(node) {
  return node.localName === "g" ? [...node.querySelectorAll("path")] : [node];
}

// Where the tiles of a pattern lie that meet any of these shapes.
function tiles(shapes, size) {
  const places = new Set();
  for (const shape of shapes.filter(Boolean)) {
    const [across, down] = sides(shape);
    const [left, right] = ends(across, size);
    const [top, bottom] = ends(down, size);
    for (let x = left; x <= right; x += 1) {
      for (let y = top; y <= bottom; y += 1) places.add(`${x * size} ${y * size}`);
    }
  }
  return places;
}

// The places of a path, across and down: after H and V stand such of one kind, else pairs.
function sides(shape) {
  const found = [[], []];
  for (const [, sign, told] of shape.matchAll(/([A-Z])([^A-Za-z]*)/g)) {
    const numbers = (told.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
    numbers.forEach((number, place) => found[sign === "H" ? 0 : sign === "V" ? 1 : place % 2].push(number));
  }
  return found;
}

function ends(numbers, size) {
  return [Math.floor(Math.min(...numbers) / size), Math.floor(Math.max(...numbers) / size)];
}

function made(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}
