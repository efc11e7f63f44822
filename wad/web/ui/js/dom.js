// Small things with the DOM. Nothing here, or anywhere on the page, parses text as HTML.

import { t } from './texts.js';

/** Make an element: h('a', {href: '…'}, 'text', child, …); a property that is null is left out. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** Find the one part of this name. */
export const part = (name) => document.querySelector(`[data-part="${name}"]`);

/** Find the button of this name. */
export const button = (name) => document.querySelector(`[data-action="${name}"]`);

/** Write a text, touching the page only if it differs: a live region would be read out again. */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Show or hide. */
export function show(node, visible) {
  if (node.hidden === visible) node.hidden = !visible;
}

/** Set an attribute, or take it away if its value is null; untouched if it stands so already. */
export function attribute(node, name, value) {
  if (value === null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/** Write a text in which *names* are bold. */
export function rich(node, text) {
  const parts = text.split('*').map((each, index) => (index % 2 ? h('strong', {}, each) : each));
  node.replaceChildren(...parts.filter((each) => each !== ''));
}

/** Write every text that never changes but with the language. */
export function writeStatic(root = document) {
  for (const node of root.querySelectorAll('[data-text]')) write(node, t(node.dataset.text));
  for (const node of root.querySelectorAll('[data-rich]')) rich(node, t(node.dataset.rich));
  for (const node of root.querySelectorAll('[data-label]')) {
    attribute(node, node.tagName === 'IMG' ? 'alt' : 'aria-label', t(node.dataset.label));
  }
}
