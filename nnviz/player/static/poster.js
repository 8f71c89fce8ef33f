// A poster: a part of the page as one image, as it stands.

import { make, penOf } from "./make.js";

const SHARP = 2; // pixels of the image for one of the page: to be printed, or shown large
const MARGIN = 16;

/**
 * Draw what an element shows: its boxes, its canvases and its words.
 *
 * @param {HTMLElement} element
 * @param {string} title  Above it.
 * @param {import("./theme.js").Theme} theme
 */
export function posterOf(element, title, { background, text }) {
  const { left, top, width, height } = element.getBoundingClientRect();
  const canvas = make("canvas", {
    width: Math.ceil((width + 2 * MARGIN) * SHARP),
    height: Math.ceil((height + 3 * MARGIN + 18) * SHARP),
  });
  const pen = penOf(canvas);
  pen.scale(SHARP, SHARP);
  pen.fillStyle = background;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  Object.assign(pen, { fillStyle: text, font: `600 18px ${getComputedStyle(element).fontFamily}` });
  pen.fillText(title, MARGIN, MARGIN + 14);
  pen.translate(MARGIN - left, 2 * MARGIN + 18 - top);
  drawElement(pen, element);
  return canvas;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Element} element
 */
function drawElement(pen, element) {
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  if (style.display === "none" || style.visibility === "hidden" || element.matches(".nnviz-text")) return;
  pen.fillStyle = style.backgroundColor;
  // To whole pixels, or two boxes side by side would have a seam.
  const [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom].map(whole);
  pen.fillRect(left, top, right - left, bottom - top);
  if (element instanceof HTMLCanvasElement && box.width) {
    pen.imageSmoothingEnabled = style.imageRendering !== "pixelated";
    pen.drawImage(element, box.left, box.top, box.width, box.height);
  }
  pen.save();
  if (style.overflow === "hidden") {
    pen.beginPath();
    pen.rect(box.left, box.top, box.width, box.height);
    pen.clip();
  }
  for (const child of element.childNodes) {
    if (child instanceof Element) drawElement(pen, child);
    else if (child instanceof Text) drawWords(pen, child, style);
  }
  pen.restore();
  const line = Number.parseFloat(style.borderTopWidth);
  if (!line || style.borderTopStyle === "none") return;
  Object.assign(pen, { strokeStyle: style.borderTopColor, lineWidth: line });
  pen.strokeRect(box.left + line / 2, box.top + line / 2, box.width - line, box.height - line);
}

/** @param {number} at */
function whole(at) {
  return Math.round(at * SHARP) / SHARP;
}

/**
 * Draw each word where it stands, since a line may have been broken between any two.
 *
 * @param {CanvasRenderingContext2D} pen
 * @param {Text} node
 * @param {CSSStyleDeclaration} style
 */
function drawWords(pen, node, style) {
  Object.assign(pen, {
    fillStyle: style.color,
    font: `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`,
  });
  const range = document.createRange();
  for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    const { left, top } = range.getBoundingClientRect();
    pen.fillText(word, left, top + pen.measureText(word).fontBoundingBoxAscent);
  }
}

/**
 * Hand an image to the visitor as a file.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {string} name
 */
export function download(canvas, name) {
  canvas.toBlob((blob) => {
    if (!blob) return;
    const link = make("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    URL.revokeObjectURL(link.href);
  });
}
