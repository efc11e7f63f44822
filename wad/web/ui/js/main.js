// The page, put together: what wad tells goes into the store, and every view shows its part of it.

import { makeAccount } from './account.js';
import { makeApi } from './api.js';
import { makeChats } from './chats.js';
import { makeChatting } from './chatting.js';
import { serverNow } from './clock.js';
import { makeCode } from './code.js';
import { makeCommands } from './commands.js';
import { makeComposer } from './composer.js';
import { makeControls } from './controls.js';
import { makeConversation } from './conversation.js';
import { makeDialog } from './dialog.js';
import { makeDrawing } from './drawing.js';
import { makeFocus } from './focus.js';
import { makeFollowing } from './following.js';
import { makeFrame } from './frame.js';
import { makeHeadline } from './headline.js';
import { makeLink } from './link.js';
import { makeLive } from './live.js';
import { makeMessages } from './messages.js';
import { makeEntry, makeForm } from './pairing.js';
import { makePhone } from './phone.js';
import { NOTHING, withHistory, withPairingCode, withPicture, withStatus } from './present.js';
import { makeProgress } from './progress.js';
import { sceneOf } from './scene.js';
import { makeReply } from './reply.js';
import { makeSandbox } from './sandbox.js';
import { makeStore } from './store.js';
import { makeTimeline } from './timeline.js';
import { makeToken, token } from './token.js';
import { makeTrouble } from './trouble.js';
import { chooseLanguage } from './texts.js';

// If by then nothing new was told, the end of a code was missed.
const NEWS_DUE = 3000;

chooseLanguage(navigator.languages);

const store = makeStore(NOTHING);
const api = makeApi(token);

const live = makeLive(api, token, {
  status: (told, exact) => {
    const before = store.get();
    store.set((present) => withStatus(present, told, exact));
    const { instance, status } = store.get();
    if (instance !== before.instance) meet();
    // A daemon that is new to us, or tells us more since we have the token.
    const more = before.status?.authRequired && !status.authRequired;
    if (!status.authRequired && (more || instance !== before.instance)) recall();
  },
  picture: (url) => store.set((present) => withPicture(present, url)),
  event: (told) => following.take(told),
  pairingCode: (told) => store.set((present) => withPairingCode(present, told)),
  link: (link) => {
    const before = store.get().link;
    if (link === before) return;
    store.set({ link });
    if (before === 'away' && store.get().status?.authRequired === undefined) recall();
  },
});

/** Ask a daemon that is new to us which one it is; it can be done without. */
async function meet() {
  const health = await api.health().catch(() => null);
  if (health) store.set({ version: health.server.version });
}

/** A code's time has ended: show so, and make sure to hear what follows. */
function over() {
  store.tell();
  const { seq } = store.get().status;
  setTimeout(() => store.get().status.seq === seq && live.check(), NEWS_DUE);
}

/** Ask what the daemon has been through; this, too, can be done without. */
async function recall() {
  const history = await api.history().catch(() => null);
  if (history) store.set((present) => withHistory(present, history));
}

const following = makeFollowing(store, api);
const chatting = makeChatting(store, api);
const commands = makeCommands(store, api, live);
const focus = makeFocus();
const dialog = makeDialog();
const views = [
  makeFrame(store, dialog),
  makeLink(),
  makeHeadline(),
  makeDrawing(store, api),
  makeCode(over),
  makeForm(store, commands),
  makeEntry(store, over),
  makeProgress(),
  makeAccount(),
  makeTrouble(),
  makeControls(commands, dialog.ask),
  makeToken(store, api, live),
  makeMessages(store),
  makeComposer(store, api, following),
  makeChats(store, chatting),
  makeConversation(chatting, api),
  makeReply(store, api, chatting, following),
  makeTimeline(store),
  makeSandbox(),
  makePhone(api),
];
store.subscribe((present) => {
  const scene = sceneOf(present, serverNow());
  focus.keep();
  for (const show of views) show(present, scene);
  focus.mend();
});
store.tell();
live.start();
