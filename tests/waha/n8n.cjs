// Asks a server as n8n's node for WAHA would: the package by which that node is made turns the description into n8n's
// properties, and this carries their routing out as n8n does with a declarative node: whatever a form shows is sent.
//
// In: JSON, {url, key, calls: [[operation, {field: value}]]}. Out: JSON, the [status, document] of each.
'use strict';

const { text } = require('node:stream/consumers');
const { N8NPropertiesBuilder } = require('@devlikeapro/n8n-openapi-node');

const description = require('./description.json');

const properties = new N8NPropertiesBuilder(description, {}).build([]);
const operations = properties
  .filter(each => each.name === 'operation' && each.type === 'options')
  .flatMap(each => each.options.map(option => ({ ...option, resource: each.displayOptions.show.resource[0] })));

const shown = (property, { resource, value }) =>
  property.displayOptions?.show?.resource?.includes(resource) &&
  property.displayOptions.show.operation?.includes(value);

// n8n's expressions, as far as these properties have any.
const evaluated = (expression, value, fields) =>
  expression === '={{ $value }}' ? value
    : expression === '={{ JSON.parse($value) }}' ? (typeof value === 'string' ? JSON.parse(value) : value)
      : expression.slice(1).replace(/\{\{\$parameter\["(\w+)"\]\}\}/g, (_, name) => encodeURIComponent(fields[name]));

const request = ({ url, key }, name, given) => {
  const wanted = name.toLowerCase();
  const operation = operations.find(each => each.value.replace(/\s/g, '').toLowerCase() === wanted);
  const form = properties.filter(each => each.name !== 'operation' && shown(each, operation));
  const fields = Object.fromEntries(form.map(each => [each.name, given[each.name] ?? each.default]));
  const body = {};
  const query = new URLSearchParams();
  for (const { name: field, routing } of form) {
    if (routing?.send === undefined) continue;
    const value = evaluated(routing.send.value, fields[field], fields);
    if (routing.send.type === 'body') body[routing.send.property] = value;
    else query.set(routing.send.property, String(value));
  }
  const { method, url: path } = operation.routing.request;
  const address = `${url}${evaluated(path, undefined, fields)}?${query}`;
  const headers = { 'X-Api-Key': key, 'Accept': 'application/json', 'Content-Type': 'application/json' };
  return fetch(address, { method, headers, body: method === 'GET' ? undefined : JSON.stringify(body) });
};

const main = async () => {
  const { calls, ...server } = JSON.parse(await text(process.stdin));
  const answers = [];
  for (const [name, given] of calls) {
    const answer = await request(server, name, given);
    answers.push([answer.status, await answer.json()]);
  }
  process.stdout.write(JSON.stringify(answers));
};

main();
