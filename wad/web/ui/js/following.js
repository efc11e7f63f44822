// How the page hears of messages: what is there is asked for once, then Socket.IO tells each event as it comes;
// where that does not get through, wad answers when there is one (long polling).
//
// The outbox has no events of its own for what is queued or under way, so it is looked at: after each event that
// changes it, and with growing pauses while something waits.

import {
  isOpen,
  KEPT,
  NO_MAIL,
  TYPES,
  withAccepted,
  withEvent,
  withMessage,
  withOutbox,
  withRecent,
  withTrouble,
} from './mailbox.js';
import { isStandIn } from './present.js';

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30000;
const WAYS = ['live', 'polling'];
// Many events at once are one look.
const TOGETHER = 300;
// In seconds; a proxy in front gives up after 60.
const LONG_POLL = 25;
// What the outbox may have changed with; with the link's state all may have, as by a reset.
const CHANGING = ['message.own', 'message.failed'];

/** Tell whether wad may be asked: it is there, and takes the token. */
export const mayAsk = ({ status, link }) =>
  WAYS.includes(link) && Boolean(status) && !status.authRequired && !isStandIn(status) && status.success !== false;
const mayPoll = (present) =>
  present.link === 'polling' && mayAsk(present) && present.mail.known && !document.hidden;

/** Make the follower; the present's `mail` is what it knows. */
export function makeFollowing(store, api) {
  let met = null; // of which daemon, and by which way, the present was asked for
  let daemon = null;
  let reading = null;
  let again = false;
  let polling = false;
  let pause = FIRST_PAUSE;
  const due = new Map();

  const later = (work, delay) => {
    const at = Date.now() + delay;
    const planned = due.get(work);
    if (planned?.at <= at) return;
    clearTimeout(planned?.timer);
    const begin = () => {
      due.delete(work);
      work();
    };
    due.set(work, { at, timer: setTimeout(begin, delay) });
  };
  const update = (change) => {
    // The token may be gone since it was asked: then nothing is kept.
    if (mayAsk(store.get())) store.set((present) => ({ ...present, mail: change(present.mail) }));
  };
  const fail = (error) => {
    update((mail) => withTrouble(mail, error));
    if (error.code === 'unauthorized') store.set({ refused: true });
  };
  const plan = () => {
    const { mail } = store.get();
    if (!mail.depth && !isOpen(mail.sent) && !mail.trouble) pause = FIRST_PAUSE;
    else if (!document.hidden) {
      later(mail.trouble ? read : look, pause);
      pause = Math.min(LONGEST_PAUSE, pause * 2);
    }
  };

  /** Look at the outbox; a message of ours that is no longer in it is asked for by itself. */
  const look = async () => {
    if (!mayAsk(store.get())) return;
    try {
      const outbox = await api.outbox();
      update((mail) => withOutbox(mail, outbox));
      const { sent } = store.get().mail;
      const there = outbox.messages.some(({ clientRef }) => clientRef === sent?.ref);
      const told = isOpen(sent) && !there ? await api.message(sent.ref).catch(() => null) : null;
      if (told) update((mail) => withMessage(mail, told.message));
    } catch (error) {
      fail(error);
    }
    plan();
  };

  /** Ask for all of it; whoever asks while an answer is under way gets another one. */
  const read = () => {
    again = true;
    reading ??= readAll().finally(() => {
      reading = null;
    });
    return reading;
  };
  const readAll = async () => {
    while (again) {
      again = false;
      await readOnce();
    }
  };
  const readOnce = async () => {
    if (!mayAsk(store.get())) return;
    try {
      const recent = await api.recentEvents(KEPT, TYPES);
      update((mail) => withRecent(mail, recent));
    } catch (error) {
      fail(error);
      if (!store.get().mail.missing) plan();
      return;
    }
    await look();
  };

  /** Take an event of Socket.IO's or of an answer that was waited for. */
  const take = (event) => {
    update((mail) => withEvent(mail, event));
    if (event.type === 'state') later(read, TOGETHER);
    else if (CHANGING.includes(event.type)) later(look, TOGETHER);
  };
  const follow = async () => {
    if (polling) return;
    polling = true;
    while (mayPoll(store.get())) {
      const told = await api.eventsAfter(store.get().mail.newest, LONG_POLL).catch(() => null);
      for (const event of told?.events ?? []) take(event);
      if (!told) {
        later(follow, LONGEST_PAUSE);
        break;
      }
    }
    polling = false;
  };

  const changed = (present) => {
    const { status, instance, link, mail } = present;
    if (status?.authRequired && mail !== NO_MAIL) store.set({ mail: NO_MAIL, texts: false });
    const now = mayAsk(present) ? `${instance} ${link}` : null;
    if (now === met) return;
    met = now;
    if (!now) return;
    // Another daemon may have begun to count anew.
    if (daemon !== null && daemon !== instance) update((known) => ({ ...known, events: [], newest: 0 }));
    daemon = instance;
    read().then(follow);
  };
  store.subscribe(changed);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) read().then(follow);
  });

  /** A message is on its way: the outbox is looked at closely at first. */
  const watch = () => {
    pause = FIRST_PAUSE;
    return look();
  };
  /** The form's message was accepted. */
  const accepted = (message) => {
    update((mail) => withAccepted(mail, message));
    watch();
  };
  return { take, accepted, watch };
}
