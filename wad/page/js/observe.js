// Watches the page from its first moment and reports a reading whenever one differs from the last.
//
// Registered for every new document; does its work in the main frame only, once for each document. Reports the
// present first, then every change, once it was given what to report by: see `attach.js`. What it keeps is under one
// symbol, out of the page's sight. In ms: blip, how long a link may be down and still count as up; farewell, how long a
// page that logs out may take to its next document; entry, how long the servers may take over a code that was typed on
// the phone.
(moduleOf, read, rebuild, announcements, meaningOfLogout, key, blip, farewell, entry) => {
  'use strict';
  if (window !== window.top) return;
  const symbol = Symbol.for(key);
  if (window[symbol]) return;

  // Until there is something to report by, what there is to report waits; of a page gone mad the last of it.
  const MOST = 50;
  const waiting = [];
  let send = null;
  const report = (text) => {
    if (send) return send(text);
    waiting.push(text);
    if (waiting.length > MOST) waiting.shift();
  };

  // told: the trouble that the page announces once and then no longer shows in its models.
  // until: when a ban ends, if that was told. why: of a logout that goes on, as `meaningOfLogout` gives it.
  // pairing: the code to type that was asked for here, {code, end}; both are null until it is there. entered: a code
  // was typed on the phone; failed: and came to nothing.
  // dead: the text of the code that was drawn meanwhile: whoever asks for a code to type gives up its secret.
  // drawn: of the code in a document whose models are not where they were.
  // connected, down: whether the link was ever up in this document, and since when it is not. leaving: since when the
  // page logs out.
  const memory = {
    ...{ serial: 0, ref: null, rebuilt: null, told: null, until: null, why: null, lag: null, pairing: null, dead: null },
    // Of codes: what today's builds put before the five fields, and behind them, unless the page shows another form.
    form: { before: 'https://wa.me/settings/linked_devices#', behind: [] },
    ...{ drawn: null, connected: false, down: null, leaving: null, blip, farewell, entry, meaningOfLogout },
  };
  const observed = new Set();
  let last = '';
  let codeIsShown = false;

  const fingerprint = (reading) => JSON.stringify({ ...reading, serial: 0, remaining: 0, until: 0 });

  const look = () => {
    subscribe();
    const reading = read(moduleOf, memory);
    codeIsShown = Boolean(reading.code ?? reading.pairing?.code);
    const print = fingerprint(reading);
    if (print === last) return;
    last = print;
    report(JSON.stringify(reading));
  };

  // Several models change in one turn; one call after it sees them all in step. A page that changes without end is
  // not followed through each turn of it.
  const paced = (work) => {
    const GAP = 10;
    let last = -GAP;
    let pending = false;
    const run = () => {
      pending = false;
      last = performance.now();
      work();
    };
    return () => {
      if (pending) return;
      pending = true;
      setTimeout(run, Math.max(0, last + GAP - performance.now()));
    };
  };
  const soon = paced(look);

  const heard = announcements(memory, soon);

  // Modules appear in waves; each is listened to as soon as it is there.
  const listen = (id, member, events) => {
    const name = `${id}.${member}`;
    if (observed.has(name)) return;
    const emitter = moduleOf(id)?.[member];
    if (!emitter || typeof emitter.on !== 'function') return;
    observed.add(name);
    for (const [event, callback] of Object.entries(events)) emitter.on(event, callback);
  };

  const subscribe = () => {
    listen('WAWebSocketModel', 'Socket', {
      'change:state': soon,
      'change:hasSynced': soon,
      'change:stream': soon,
    });
    listen('WAWebConnModel', 'Conn', {
      'change:ref': soon,
      'change:platform': soon,
      'change:pushname': soon,
    });
    listen('WAWebStreamModel', 'Stream', {
      'change:mode': soon,
      'change:info': soon,
      'change:displayInfo': soon,
      'change:needsUpdate': soon,
    });
    listen('WAWebUserPrefsMultiDevice', 'advSecretEventEmitter', { change: rebuildSoon });
    listen('WAWebCmd', 'Cmd', {
      offline_progress_update_from_bridge: soon,
      logout_from_bridge: () => heard.leaving(),
      starting_logout_from_bridge: () => heard.leaving(),
      account_temporarily_banned_from_bridge: heard.ban,
      service_unavailable_503_from_bridge: heard.trouble('unavailable'),
    });
    // What older builds announced here is on Cmd today.
    listen('WAWebBackendEventBus', 'BackendEventBus', {
      set_socket_state: soon,
      starting_logout: heard.loggedOut,
      account_temporarily_banned: heard.ban,
      storage_initialization_error: heard.trouble('storage'),
      service_unavailable_503: heard.trouble('unavailable'),
    });
    listen('WAWebLinkDeviceEvents', 'WAWebLinkDeviceEvents', {
      'link_device_events:primary_hello_received': heard.entered,
      'link_device_events:error_alt_linking': heard.failed,
    });
    listenToLogout();
  };

  // Nobody but who calls it knows the reason. Of a logout that wad asks for there is none.
  const listenToLogout = () => {
    const socket = moduleOf('WAWebSocketModel')?.Socket;
    if (observed.has('logout') || typeof socket?.logout !== 'function') return;
    observed.add('logout');
    const logout = socket.logout;
    const value = function (...args) {
      if (typeof args[0] === 'string') heard.leaving(args[0]);
      return logout.apply(this, args);
    };
    Object.defineProperty(socket, 'logout', { value, configurable: true, writable: true });
  };

  // The rebuilt text is only for builds whose DOM no longer carries the code.
  const rebuildSoon = () => {
    memory.rebuilt = null;
    soon();
  };
  // The DOM shows a code 40 to 210 ms after the models have it; one that lacks it for three seconds never will.
  let lackingSince = null;
  const rebuildIfNeeded = () => {
    const conn = moduleOf('WAWebConnModel')?.Conn;
    const waits = !memory.pairing && conn?.ref && moduleOf('WAWebSocketModel')?.Socket?.state === 'UNPAIRED';
    if (!waits || document.querySelector('div[data-ref]')) {
      lackingSince = null;
      return;
    }
    lackingSince ??= performance.now();
    if (performance.now() - lackingSince < 3000 || memory.rebuilt?.ref === conn.ref) return;
    rebuild(moduleOf).then(
      (rebuilt) => {
        memory.rebuilt = rebuilt;
        soon();
      },
      () => {},
    );
  };

  // Whether there is a network the page asks when it loses a socket that stood. One that gets none in the first place
  // (at a new batch of codes, or right after its pairing) says nothing of it for minutes, until it is asked to look.
  const AGAIN = 15000;
  let inVain = null;
  const triesInVain = () => {
    const socket = moduleOf('WAWebSocketModel')?.Socket;
    const now = performance.now();
    if (socket?.state !== 'OPENING' || socket.hasSynced) {
      inVain = null;
      return false;
    }
    inVain ??= now + blip;
    if (now < inVain) return false;
    inVain = now + AGAIN;
    return true;
  };

  // An unlinked page that lost its network is not told when it is back, and tries again only after a minute
  // (measured: 66 s; asked like this, 2.5 s).
  let asking = false;
  const askForNetwork = () => {
    const network = moduleOf('WAWebNetworkStatus');
    const linked = moduleOf('WAWebUserPrefsMultiDevice')?.isRegistered?.();
    const lost = linked === false && network?.online === false;
    if (asking || !(lost || triesInVain())) return;
    asking = true;
    const renew = () => lost && network.online && moduleOf('WAWebBackendEventBus')?.BackendEventBus?.triggerRefreshQR?.();
    Promise.resolve(network?.checkOnline?.())
      .then(renew)
      .catch(() => {})
      .finally(() => {
        asking = false;
        soon();
      });
  };

  // Another document with this profile writes its own mark over ours, and the page gives up. The browser tells
  // of it only where another document wrote.
  window.addEventListener('storage', (event) => {
    if (event.key === 'whatsapp-mutex' && event.newValue) heard.trouble('replaced')();
  });

  // The code in the DOM follows the models after 40 to 210 ms, and is remounted now and then.
  const onMutation = (records) => {
    for (const record of records) {
      if (record.type === 'attributes') return soon();
      for (const node of record.addedNodes) {
        if (node.nodeType === 1 && (node.hasAttribute('data-ref') || node.querySelector('[data-ref]'))) return soon();
      }
    }
  };
  const mutations = new MutationObserver(onMutation);
  let watching = false;
  // A linked page changes its DOM all the time and holds no code: not watched then.
  const watchDom = () => {
    const wanted = moduleOf('WAWebUserPrefsMultiDevice')?.isRegistered?.() !== true;
    if (wanted === watching || !document.documentElement) return;
    watching = wanted;
    if (wanted) {
      mutations.observe(document.documentElement, {
        subtree: true,
        childList: true,
        attributes: true,
        attributeFilter: ['data-ref'],
      });
    } else {
      mutations.disconnect();
    }
  };

  const tick = () => {
    watchDom();
    rebuildIfNeeded();
    askForNetwork();
    look();
    // No event tells that the phone has scanned, and from then on the code that is shown is dead.
    setTimeout(tick, observed.size < 5 ? 100 : codeIsShown ? 200 : 1000);
  };

  const held = {
    attach: (binding) => {
      send = binding;
      // A binding takes one text and nothing beside it.
      for (const text of waiting.splice(0)) send(text);
    },
    read: () => read(moduleOf, memory),
    // Tells that there is something to ask for; what it is does not go this way, on which it could be lost.
    ring: paced(() => report('"mail"')),
    get pairing() {
      return memory.pairing;
    },
    set pairing(pairing) {
      memory.pairing = pairing;
      memory.rebuilt = null;
      memory.dead = document.querySelector('div[data-ref]')?.getAttribute('data-ref') ?? memory.dead;
      soon();
    },
  };
  Object.defineProperty(window, symbol, { value: held });
  tick();
}
