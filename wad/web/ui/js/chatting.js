// How the page asks for chats: nothing until somebody opens the panel, then the first of them, a chat's messages
// when it is opened, and more on request. What happens from then on is told by the events that come anyway.

import { ApiError } from './api.js';
import {
  inChosen,
  NO_CHATS,
  withChats,
  withChosen,
  withMoreChats,
  withNewest,
  withNews,
  withOlder,
  withOwn,
  withRecalled,
  withSeen,
} from './chatbook.js';
import { mayAsk } from './following.js';

// With its session an account's chats are gone, and the next one's are others.
const ENDING = ['resetting', 'logging_out', 'forgetting', 'reset_pending'];
const isOver = ({ status }) => status?.authRequired || status?.state === 'qr' || ENDING.includes(status?.phase);
const mayAskNow = (present) => present.book.open && mayAsk(present) && present.status.state === 'ready';

/** Make what asks; the present's `book` is what is known. */
export function makeChatting(store, api) {
  let met = null; // of which daemon the chats were asked for
  let waiting = null;

  const update = (change) => store.set((present) => ({ ...present, book: change(present.book) }));
  const mend = (error) => {
    if (!(error instanceof ApiError)) reportError(error);
    if (error.code === 'unauthorized') store.set({ refused: true });
    return error instanceof ApiError ? error : new ApiError('other');
  };

  const ask = async (cursor) => {
    update((book) => ({ ...book, busy: true }));
    try {
      const told = await api.chats(cursor);
      // What was heard until now is part of the answer, or is seen to be.
      const { newest } = store.get().mail;
      update((book) => {
        if (!book.busy) return book;
        return cursor && book.list ? withMoreChats(book, told) : withChats(book, told, newest);
      });
    } catch (error) {
      const trouble = mend(error);
      update((book) => ({ ...book, trouble, busy: false }));
    }
  };
  const read = async (chat, cursor) => {
    update((book) => inChosen(book, chat, (chosen) => ({ ...chosen, busy: true })));
    try {
      const told = await api.chatMessages(chat.id, cursor);
      update((book) => inChosen(book, chat, (chosen) => (cursor ? withOlder : withNewest)(chosen, told)));
      // What waits, and what failed, is in no history.
      const { events, waiting: queued } = store.get().mail;
      update((book) => withOwn(withRecalled(book, events), queued));
    } catch (error) {
      const trouble = mend(error);
      update((book) => inChosen(book, chat, (chosen) => ({ ...chosen, trouble, busy: false })));
    }
  };

  const again = () => {
    const { book } = store.get();
    if (!mayAskNow(store.get())) return Promise.resolve();
    return Promise.all([ask(null), book.chosen ? read(book.chosen.chat, null) : null]);
  };
  const changed = (present) => {
    const { book, mail, instance } = present;
    if (isOver(present) && (book.list || book.chosen || book.trouble)) {
      store.set({ book: { ...NO_CHATS, open: book.open } });
      return;
    }
    if (book.list && mail.newest !== book.taken) {
      update((known) => withNews(known, mail));
      return;
    }
    if (mail.waiting !== waiting) {
      waiting = mail.waiting;
      update((known) => withOwn(known, waiting));
    }
    const now = mayAskNow(present) ? instance : null;
    if (now === met) return;
    met = now;
    if (now) again();
  };
  store.subscribe(changed);

  return {
    /** The panel was opened or closed. */
    open: (isOpen) => store.get().book.open !== isOpen && update((book) => ({ ...book, open: isOpen })),
    again,
    more: () => ask(store.get().book.next),
    choose: (chat) => {
      update((book) => withChosen(book, chat));
      return read(chat, null);
    },
    leave: () => update((book) => ({ ...book, chosen: null })),
    older: () => {
      const { chat, next } = store.get().book.chosen;
      return read(chat, next);
    },
    /** Mark the open chat as read, for everybody to see who wrote. */
    seen: async () => {
      const { chat } = store.get().book.chosen;
      try {
        await api.seen(chat.id);
        update((book) => withSeen(book, chat));
      } catch (error) {
        const trouble = mend(error);
        update((book) => inChosen(book, chat, (chosen) => ({ ...chosen, trouble })));
      }
    },
    /** A message was accepted. */
    accepted: (message) => update((book) => withOwn(book, [message])),
  };
}
