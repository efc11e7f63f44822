'use strict';
// Runs wa-js, unchanged, in the page at the address it is given, and tells on stdout what it says: one line of JSON
// for each of its events.
//
//   node wa-js.js ADDRESS BROWSER PROFILE
//
// A line of JSON on stdin calls one of its functions: ["chat.sendTextMessage", argument, ...]; what that gives is told
// as an event of the same name.

const { readFileSync } = require('node:fs');
const { createInterface } = require('node:readline');
const puppeteer = require('puppeteer');

const [address, browser, profile] = process.argv.slice(2);
const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const library = readFileSync(require.resolve('@wppconnect/wa-js'), 'utf8');

const tell = (event, value = null) => process.stdout.write(`${JSON.stringify({ event, value })}\n`);

// In the page: what a test looks at.
const listen = () => {
  const id = (value) => String(value?._serialized ?? value);
  const events = {
    'conn.main_ready': () => null,
    'chat.new_message': ({ id: key, body, type }) => ({ id: id(key), body, type }),
    'chat.msg_ack_change': ({ ack, ids }) => ({ ack, ids: ids.map(id) }),
    'chat.msg_edited': ({ id: key, msg }) => ({ id: key, body: msg.body }),
    'chat.msg_revoke': ({ refId, type }) => ({ refId: id(refId), type }),
    'chat.new_reaction': ({ msgId, reactionText, sender }) => ({ msgId: id(msgId), reactionText, sender: id(sender) }),
    'group.participant_changed': ({ action, participants }) => ({ action, participants }),
    'chat.poll_response': ({ msgId, sender, selectedOptions }) =>
      ({ msgId: id(msgId), sender: id(sender), names: selectedOptions.filter(Boolean).map(({ name }) => name) }),
  };
  for (const [name, brief] of Object.entries(events)) window.WPP.on(name, (value) => window.tellTest(name, brief(value)));
  window.WPP.loader.onFullReady(() => window.tellTest('ready', null));
};

const main = async () => {
  const launched = await puppeteer.launch({
    executablePath: browser,
    userDataDir: profile,
    // The browser's own sandbox does not start for root.
    args: [`--user-agent=${USER_AGENT}`, ...(process.getuid() === 0 ? ['--no-sandbox'] : [])],
  });
  const [page] = await launched.pages();
  await page.exposeFunction('tellTest', tell);
  await page.evaluateOnNewDocument(() => { window.WPPConfig = { disableGoogleAnalytics: true }; });
  // The frames of the page are no concern of it.
  await page.evaluateOnNewDocument(`if (window === window.top) { ${library}\n(${listen})(); }`);
  if (process.env.PEER_CONSOLE) page.on('console', (message) => tell('console', message.text()));
  if (process.env.PEER_CONSOLE) page.on('pageerror', (error) => tell('pageerror', String(error)));

  const call = async (line) => {
    const [name, ...values] = JSON.parse(line);
    // A file comes as an address with its data; what a download gives is told in the same form.
    const run = async (path, all) => {
      const given = await path.split('.').reduce((object, member) => object[member], window.WPP)(...all);
      if (given instanceof Blob) return window.WPP.util.blobToBase64(given);
      if (!Array.isArray(given) || !given[0]?.serialize) return given;
      const id = (value) => String(value?._serialized ?? value);
      return given.map((each) => ({ id: id(each.id), name: each.formattedTitle ?? null, body: each.body ?? null, type: each.type ?? null }));
    };
    await page.evaluate(run, name, values).then((value) => tell(name, value), (error) => tell('failed', String(error)));
  };
  // Whoever started this ends it, or goes away: then there is nobody left to tell.
  createInterface({ input: process.stdin }).on('line', call).on('close', () => process.exit(0));
  await page.goto(address);
};

main().catch((error) => {
  tell('failed', String(error));
  process.exit(1);
});
