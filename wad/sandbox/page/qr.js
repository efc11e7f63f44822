'use strict';
// The code on the screen: its node, its picture, and the button that covers it.

__d('StandinQr', ['StandinRefs', 'StandinScreens', 'StandinTexts', 'StandinKeys', 'WAWebConnModel'], (require, exports) => {
  const refs = require('StandinRefs');
  const { element } = require('StandinScreens');
  const { text } = require('StandinTexts');
  const { Conn } = require('WAWebConnModel');
  const { Socket } = require('WAWebSocketModel');
  const network = require('WAWebNetworkStatus');
  const prefs = require('WAWebUserPrefsMultiDevice');
  const { DEVICE_PLATFORM } = require('WAWebCompanionRegClientUtils');
  const { config, clock, random } = window.__standin;
  const SIZE = 228;
  const FORMS = {
    plain: (fields) => fields,
    prefix: (fields) => `https://wa.me/settings/linked_devices#${fields}`,
    suffix: (fields) => `${fields},https://faq.whatsapp.com/r/ld`,
  };
  let mounting = null;
  let node = null;
  let wanted = null;

  const code = () => {
    const { noise, identity } = require('StandinKeys').publicText();
    return FORMS[config.qrForm]([Conn.ref, noise, identity, prefs.getADVSecretKey(), DEVICE_PLATFORM].join(','));
  };

  const draw = async (canvas, words) => {
    wanted = words;
    const rows = await require('StandinStage').matrix(words);
    // Meanwhile the code may have changed: an older picture must not come over the newer one.
    if (wanted !== words) return;
    const context = canvas.getContext('2d');
    const scale = SIZE / rows.length;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, SIZE, SIZE);
    context.fillStyle = '#122e31';
    rows.forEach((row, y) => [...row].forEach((dark, x) => {
      // Whole pixels: gaps between the modules would make the picture unreadable.
      const [left, top] = [Math.round(x * scale), Math.round(y * scale)];
      if (dark === '1') context.fillRect(left, top, Math.round((x + 1) * scale) - left, Math.round((y + 1) * scale) - top);
    }));
  };

  const cover = (words) => {
    const button = element('button', text(words));
    button.addEventListener('click', refs.refresh);
    return button;
  };

  // Each time anew from its parts: without a secret there is none, and under a button it stays, expired as it is.
  const mount = (button) => {
    if (!exports.complete()) return unmount();
    const words = code();
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const canvas = element('canvas', [], { width: SIZE, height: SIZE, role: 'img', 'aria-label': text('qr_label') });
    const parts = [element('span', button ? [button] : []), element('div', [svg]), canvas];
    node = element('div', parts, { 'data-ref': words });
    node.classList.toggle('covered', Boolean(button));
    document.getElementById('standin-qr').replaceChildren(node);
    require('StandinStage').report();
    return draw(canvas, words);
  };

  const unmount = () => {
    clearTimeout(mounting);
    mounting = null;
    node?.remove();
    node = null;
    require('StandinStage').report();
  };

  // 40 to 210 ms after the state (measured); after that a new ref changes the node in its place.
  const showLive = () => {
    if (Conn.ref === undefined) return unmount();
    // Under a code to type there is no secret: what was drawn before stays, dead as it is.
    if (!exports.complete()) return undefined;
    if (node && !node.querySelector('button')) return update();
    mounting ??= clock.after(40 + random() * 170, () => {
      mounting = null;
      mount(null);
    });
    return undefined;
  };

  const update = () => {
    const words = code();
    node.setAttribute('data-ref', words);
    require('StandinStage').report();
    draw(node.querySelector('canvas'), words);
  };

  const render = () => {
    const hosted = exports.hosted();
    if (!hosted) return unmount();
    if (require('StandinLinking').covers()) {
      unmount();
      return hosted.replaceChildren(require('StandinLinkScreen').draw());
    }
    if (!node) hosted.replaceChildren();
    if (prefs.isRegistered()) return undefined;
    if (!network.online) return mount(cover('retry'));
    if (Socket.state === 'UNPAIRED_IDLE') return mount(cover('reload'));
    return refs.live() ? showLive() : unmount();
  };

  exports.code = code;
  exports.complete = () => Conn.ref !== undefined && prefs.getADVSecretKey() !== null;
  exports.hosted = () => document.getElementById('standin-qr');
  exports.render = render;
  exports.shown = () => (node?.isConnected ? node.getAttribute('data-ref') : null);
  exports.start = () => {
    Socket.on('change:state', () => {
      clearTimeout(mounting);
      mounting = null;
      render();
    });
    network.on('change:online', render);
    Conn.on('change:ref', render);
    prefs.advSecretEventEmitter.on('change', render);
    render();
  };
});
