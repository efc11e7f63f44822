// What wad tells, as one stream: by Socket.IO where that goes, else by asking for the status now and then.
//
// `link` is live (Socket.IO), polling (asking), away (nobody answers) or connecting (not known yet).
// While Socket.IO is not there the status is asked for, and Socket.IO goes on trying to come back.

import { io } from '../vendor/socket.io.esm.min.js';
import { learn } from './clock.js';
import { isStandIn } from './present.js';

const EVERY = 3000;
// Nobody looks; Socket.IO, if it can, tells all the same.
const EVERY_HIDDEN = 30000;
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 5000;

const SOCKET = { reconnectionDelay: 500, reconnectionDelayMax: LONGEST_PAUSE, timeout: 8000 };

/** Make the stream; `on` has status(told, exactTime), picture(url), pairingCode(told), event(told), link(name). */
export function makeLive(api, token, on) {
  let timer = null;
  let asking = false;
  let failures = 0;
  let tried = false; // whether Socket.IO has come or failed at least once
  let standIn = false;

  // As the manager is told now, so it stays: the path lies beside the page, wherever that is.
  const path = new URL('socket.io/', document.baseURI).pathname;
  const socket = io({ ...SOCKET, path, autoConnect: false, auth: (give) => give({ token: token() }) });

  const say = () => {
    if (failures || standIn) on.link('away');
    else if (socket.connected) on.link('live');
    else if (tried) on.link('polling');
  };

  const pause = () => {
    if (failures) return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1));
    return document.hidden ? EVERY_HIDDEN : EVERY;
  };
  const plan = (delay = pause()) => {
    clearTimeout(timer);
    if (!socket.connected || failures) timer = setTimeout(ask, delay);
  };
  const ask = async () => {
    if (asking) return;
    asking = true;
    clearTimeout(timer);
    const asked = token();
    try {
      const told = await api.status();
      failures = 0;
      // What was said to somebody without the token must not hide what is said to its owner.
      if (told && asked === token()) taken(told);
    } catch {
      failures += 1;
    }
    asking = false;
    say();
    plan();
  };
  const taken = (told, exact) => {
    standIn = isStandIn(told);
    on.status(told, exact);
  };
  const heard = () => {
    failures = 0;
    say();
  };

  socket.on('connect', () => {
    tried = true;
    standIn = false;
    heard();
  });
  socket.on('connect_error', () => {
    tried = true;
    say();
  });
  socket.on('disconnect', (reason) => {
    // Whether wad is gone, or Socket.IO alone, is known when it was asked.
    plan(0);
    // The only end after which Socket.IO does not come back by itself.
    if (reason === 'io server disconnect') socket.connect();
  });
  socket.on('wa:state', (told) => {
    learn(told.timestamp);
    taken(told, told.timestamp);
    heard();
  });
  socket.on('wa:qr', on.picture);
  socket.on('wa:pairing-code', on.pairingCode);
  socket.on('wa:event', on.event);

  /** Ask whether all is as it seems: Socket.IO notices a dead network only after 45 s. */
  const check = () => ask();
  /** Begin anew at once, as with another token, or after a sleep. */
  const again = () => {
    api.anew();
    socket.disconnect().connect();
    return ask();
  };
  const wake = () => (socket.connected ? check() : again());
  const seen = () => {
    if (!document.hidden) wake();
  };
  const gone = () => {
    socket.disconnect();
    clearTimeout(timer);
  };

  const start = () => {
    socket.connect();
    ask();
    document.addEventListener('visibilitychange', seen);
    window.addEventListener('online', wake);
    window.addEventListener('offline', check);
    // A page that is put aside whole, and may be taken out again, must not hold a connection.
    window.addEventListener('pagehide', gone);
    window.addEventListener('pageshow', ({ persisted }) => persisted && again());
  };
  return { start, check, again };
}
