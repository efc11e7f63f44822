// Shows the description for programs, and lets people try it out. Swagger UI does nearly all of it; what is here
// keeps it within the policy of wad's pages: it makes no markup of text, and asks no other host.
const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*/g;

// Gives a line's texts, with code and what is bold in elements of their own.
const inline = (make, line) => {
  const parts = [];
  let end = 0;
  for (const found of line.matchAll(INLINE)) {
    const [whole, code, bold] = found;
    parts.push(line.slice(end, found.index), make(code ? 'code' : 'strong', null, code ?? bold));
    end = found.index + whole.length;
  }
  return [...parts, line.slice(end)];
};

const paragraph = (make, text) => {
  const items = text.split(/^- /m);
  const [before, ...listed] = items;
  const lead = before.trim() && make('p', null, ...inline(make, before));
  const list = listed.length > 0 && make('ul', null, ...listed.map((item) => make('li', null, ...inline(make, item))));
  return [lead, list];
};

// Others may look at the screen, and the command would show the token: docs/http.md has commands enough.
const NoCommand = { wrapComponents: { curl: () => () => null } };

// Of Markdown the description has paragraphs, lists, code and bold; Swagger UI's own way would write innerHTML.
const PlainText = ({ React: { createElement } }) => ({
  wrapComponents: {
    Markdown: () =>
      ({ source, className = '' }) =>
        createElement(
          'div',
          { className: `markdown ${className}` },
          ...String(source ?? '').split(/\n{2,}/).flatMap((text) => paragraph(createElement, text)),
        ),
  },
});

globalThis.SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#docs',
  layout: 'BaseLayout',
  presets: [globalThis.SwaggerUIBundle.presets.apis],
  plugins: [PlainText, NoCommand],
  // Another host's judgement of the description, and a token that outlives the tab: neither.
  validatorUrl: null,
  persistAuthorization: false,
  tryItOutEnabled: true,
  displayOperationId: true,
  defaultModelsExpandDepth: 0,
});
