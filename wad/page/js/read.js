// Reads what WhatsApp Web shows now, from its models and its DOM. Changes nothing.
//
// Facts about the page (its modules' names, which of them may be required when, the life of a code) were measured
// on the builds of April to September 2026. No text of the page is looked at: it is localised.
(moduleOf, memory) => {
  'use strict';

  const attempt = (read, otherwise = null) => {
    try {
      const value = read();
      return value === undefined ? otherwise : value;
    } catch {
      return otherwise;
    }
  };

  const socket = attempt(() => moduleOf('WAWebSocketModel').Socket);
  const conn = attempt(() => moduleOf('WAWebConnModel').Conn);
  const stream = attempt(() => moduleOf('WAWebStreamModel').Stream);
  // Anything but a boolean (a promise, say) would be a page that wad does not know.
  const told = attempt(() => moduleOf('WAWebUserPrefsMultiDevice').isRegistered());
  const registered = typeof told === 'boolean' ? told : null;
  const loaded = Boolean(socket && conn && stream && registered !== null);

  // Right after a rotation the DOM lags 40 to 210 ms behind the model: then there is no code to tell yet. A text
  // that stays beside the same ref for a second is no laggard, but a form that does not hold the ref verbatim.
  // Its form is remembered, for a code that has to be put together.
  const caughtUp = (shown) => {
    const start = shown.indexOf(conn.ref);
    if (start >= 0) {
      memory.form = { before: shown.slice(0, start), behind: shown.slice(start).split(',').slice(5) };
      return true;
    }
    const pair = `${conn.ref} ${shown}`;
    if (memory.lag?.pair !== pair) memory.lag = { pair, since: performance.now() };
    return performance.now() - memory.lag.since > 1000;
  };

  // While the socket is not UNPAIRED the DOM may still carry the last, dead code under the retry button.
  const code = () => {
    if (!socket || socket.state !== 'UNPAIRED' || !conn.ref) return null;
    const shown = document.querySelector('div[data-ref]')?.getAttribute('data-ref');
    if (shown && shown === memory.dead) return null;
    if (shown) return caughtUp(shown) ? shown : null;
    if (memory.rebuilt?.ref !== conn.ref) return null;
    return memory.form.before + [memory.rebuilt.text, ...memory.form.behind].join(',');
  };

  // A build whose models are elsewhere still draws its code. While a button lies over that it is dead, or nobody is
  // reached. Nothing tells of its end but the next one: the first of a batch has 60 s, each further one 20.
  const drawn = () => {
    const node = document.querySelector('div[data-ref]');
    const shown = node?.getAttribute('data-ref');
    const now = performance.now();
    if (!shown) return null;
    memory.drawn ??= { since: now, text: null, end: 0, life: 60000 };
    const { drawn } = memory;
    if (drawn.text !== shown) Object.assign(drawn, { text: shown, end: now + drawn.life, life: 20000 });
    // Models that are merely late are not missing.
    if (now - drawn.since < 3000 || node.querySelector('button')) return null;
    return shown;
  };

  // A ref's time runs from its first sight, also when the ADV secret changes the text around it.
  const remaining = () => {
    const now = performance.now();
    if (!loaded) return Math.max(0, memory.drawn.end - now);
    if (!memory.ref || memory.ref.value !== conn.ref) {
      const life = Number(conn.refTTL);
      // 20 s is the shorter of the two lives a ref can have.
      memory.ref = { value: conn.ref, end: now + (life > 0 ? life : 20000) };
    }
    return Math.max(0, memory.ref.end - now);
  };

  // Once a page has synced its mode tells of no loss any more; what tells is the socket's stream (measured in all
  // kinds of loss). One that comes back within a few seconds was none: up till then the page counts as it was.
  const connection = () => {
    const now = performance.now();
    const stands = attempt(() => socket.stream);
    if (stands !== 'DISCONNECTED') memory.down = null;
    else memory.down ??= now;
    if (stands === 'CONNECTED') memory.connected = true;
    const down = memory.down === null ? 0 : now - memory.down;
    const lasts = down > memory.blip;
    return { up: stands !== 'DISCONNECTED' || (memory.connected && !lasts), lost: lasts && memory.connected };
  };

  const digits = (wid) => {
    const user = wid && (wid.user || String(wid._serialized || wid).split('@')[0]);
    return user ? String(user).split(':')[0] : null;
  };

  const account = () => ({
    number: attempt(() => digits(moduleOf('WAWebUserPrefsMeUser').getMaybeMePnUser())),
    name: attempt(() => conn.pushname || moduleOf('WAWebUserPrefsMeUser').getMaybeMeDisplayName() || null),
    platform: attempt(() => conn.platform || null),
    // Known once somebody has asked for it, which is done when messages are taken up.
    picture: attempt(() => {
      const me = moduleOf('WAWebUserPrefsMeUser').getMaybeMePnUser();
      return moduleOf('WAWebCollections').ProfilePicThumb.get(me).eurl || null;
    }),
  });

  const percent = () => {
    const bar = document.querySelector('#wa_web_initial_startup progress, #app progress');
    if (bar && bar.max > 0 && bar.position >= 0) return Math.round((100 * bar.value) / bar.max);
    const share = attempt(() => moduleOf('WAWebOfflineHandler').OfflineMessageHandler.getOfflineDeliveryProgress());
    return typeof share === 'number' ? Math.round(share) : null;
  };

  // The page for browsers it does not like has no module system, but links to the makers of others.
  const refused = () =>
    document.readyState === 'complete' &&
    typeof window.require !== 'function' &&
    document.querySelector('a[href*="google.com/chrome"], a[href*="mozilla.org"]') !== null;

  // The document after a logout still bears its reason in the address.
  const loggedOutWhy = () => memory.meaningOfLogout(new URLSearchParams(location.search).get('logout_reason'));

  const live = loaded && !registered;
  // The page shows the code to type instead of the QR code; what is left of the latter is dead.
  const pairing = live ? memory.pairing : null;
  const drawnAlone = () => (loaded || registered ? null : drawn());
  const text = live && !pairing ? code() : attempt(drawnAlone);
  const pairingLeft = pairing && pairing.end !== null ? Math.max(0, pairing.end - performance.now()) : null;
  const { up, lost } = connection();
  memory.serial += 1;
  return {
    born: performance.timeOrigin,
    serial: memory.serial,
    loaded,
    registered,
    socket: attempt(() => socket.state),
    mode: attempt(() => stream.mode),
    up,
    lost,
    offline: attempt(() => moduleOf('WAWebNetworkStatus').online === false, false),
    leaving: memory.leaving !== null && performance.now() - memory.leaving < memory.farewell,
    synced: attempt(() => Boolean(socket.hasSynced), false),
    needsUpdate: attempt(() => Boolean(stream.needsUpdate), false),
    code: text,
    withdrawn: !loaded && memory.drawn !== null && text === null,
    remaining: text ? remaining() : pairingLeft,
    pairing: pairing && {
      ...{ code: pairing.code, spent: pairingLeft === 0 },
      ...{ entered: pairing.entered === true, failed: pairing.failed === true },
    },
    account: registered ? account() : null,
    progress: registered ? percent() : null,
    refused: attempt(refused, false),
    told: memory.told ?? memory.why ?? attempt(loggedOutWhy),
    until: memory.until === null ? null : memory.until - performance.now(),
  };
}
