// Says in names alone what was thrown: a message could hold anything, a number or a code.
//
// The page's own errors have a class whose name a minifier has eaten, and bear names as members: `name`, and `type.name`
// of what the servers answered, as CompanionHelloError's.
(error) => {
  'use strict';
  const names = [error?.name, error?.type?.name].filter((name) => typeof name === 'string' && /^\w{1,60}$/.test(name));
  return names.join(' ') || 'something';
}
