// What is shown of a contact that somebody sent: RFC 2426, as far as people look at it.

const LINE = /^(?:[\w-]+\.)?([\w-]+)[^:]*:(.*)$/;

const unescaped = (text) =>
  text
    .replace(/\\n/gi, ' ')
    .replace(/\\(.)/g, '$1')
    .trim();

/** Give the name and the numbers on a card; what it lacks is empty. */
export function cardOf(vcard) {
  // A line that begins with a blank goes on with the one above.
  const lines = vcard.replace(/\r?\n[ \t]/g, '').split(/\r?\n/);
  const found = lines.map((line) => LINE.exec(line)).filter(Boolean);
  const all = (name) => found.filter((each) => each[1].toUpperCase() === name).map((each) => each[2]);
  const [formatted = ''] = all('FN');
  // Family name, given name and more, each of which may be missing.
  const parts = (all('N')[0] ?? '').split(/(?<!\\);/).filter(Boolean);
  const name = unescaped(formatted) || unescaped(parts.reverse().join(' '));
  return { name, numbers: all('TEL').map(unescaped).filter(Boolean) };
}
