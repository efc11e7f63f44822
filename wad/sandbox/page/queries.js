'use strict';
// Whether a number is on WhatsApp: asked of the servers, which tell its LID, too. A question that has no answer
// stays open, over a lost socket as well (measured).

__d('WAWebQueryExistsJob', ['WAWebWidFactory', 'WAWebBackendEventBus', 'StandinLids'], (require, exports) => {
  const chat = require('StandinChat');
  const lids = require('StandinLids');
  const { createWid } = require('WAWebWidFactory');
  const { BackendEventBus } = require('WAWebBackendEventBus');
  const open = new Map(); // number of the question → what was asked, and who waits
  let number = 0;

  const failed = (code) => Object.assign(new Error(`ServerStatusCodeError: ${code}`), { name: 'ServerStatusCodeError', status: code });

  const answered = async ({ id, wid, lid, error }) => {
    const { done, fail } = open.get(id) ?? {};
    open.delete(id);
    if (!done) return;
    if (error) return fail(failed(error));
    if (!wid) return done(null);
    await lids.learn(wid, lid);
    return done({ wid: createWid(wid), lid: createWid(lid), biz: false, bizInfo: undefined, disappearingMode: undefined });
  };

  exports.queryWidExists = (wid) => new Promise((done, fail) => {
    number += 1;
    const question = { type: 'exists', id: number, wid: String(lids.toPn(wid) ?? wid) };
    open.set(number, { question, done, fail });
    chat.send(question);
  });
  exports.queryPhoneExists = (phone) => exports.queryWidExists(createWid(`${String(phone).replace(/\D/g, '')}@c.us`));
  exports.queryUsernameExists = async () => null;

  chat.handle('exists-answer', answered);
  BackendEventBus.on('offline_delivery_end', () => open.forEach(({ question }) => chat.send(question)));
});
