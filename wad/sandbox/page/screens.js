'use strict';
// Which screen fills the page. Stream.mode decides, unless the socket's state stands for one, or something has
// overridden it.

__d('StandinScreens', ['StandinTexts', 'WAWebStreamModel', 'WAWebOfflineHandler', 'WAWebCmd'], (require, exports) => {
  const { text } = require('StandinTexts');
  const { Socket } = require('WAWebSocketModel');
  const { Stream } = require('WAWebStreamModel');
  const { Cmd } = require('WAWebCmd');
  const { OfflineMessageHandler } = require('WAWebOfflineHandler');
  let overriding = null;
  let shown = null;

  const element = (tag, content, attributes = {}) => {
    const node = document.createElement(tag);
    node.append(...[content].flat());
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  };

  const notice = (words, button) => () => {
    const parts = [element('h1', text(words))];
    if (button) {
      parts.push(element('button', text(button)));
      parts[1].addEventListener('click', () => location.reload());
    }
    return [element('div', parts, { class: 'screen' })];
  };

  const login = () => [element('div', [element('h1', text('qr_title')), element('div', [], { id: 'standin-qr' })], { class: 'screen' })];

  const loading = () => {
    const bar = element('progress', [], { max: '100', value: '0' });
    const follow = () => { bar.value = OfflineMessageHandler.getOfflineDeliveryProgress(); };
    Cmd.on('offline_progress_update_from_bridge', follow);
    follow();
    return [element('div', [element('h1', text('loading')), bar], { class: 'screen' })];
  };

  const main = () => [
    element('div', [element('header', text('chats')), element('div', [], { id: 'pane-side' })], { id: 'side' }),
    element('div', [], { id: 'main' }),
  ];

  const SCREENS = {
    login,
    loading,
    main,
    logging_out: notice('logging_out'),
    another_session: notice('another_session', 'use_here'),
    temp_ban: notice('temp_ban'),
    service_unavailable: notice('service_unavailable', 'retry'),
    update: notice('update', 'retry'),
    storage_error: notice('storage_error', 'retry'),
    blocked: notice('blocked'),
  };
  const BY_MODE = { QR: 'login', SYNCING: 'loading', MAIN: 'main' };
  const BLOCKS = ['CONFLICT', 'PROXYBLOCK', 'TOS_BLOCK', 'SMB_TOS_BLOCK', 'DEPRECATED_VERSION'];

  const chosen = () => {
    if (overriding) return overriding;
    if (BLOCKS.includes(Socket.state)) return 'blocked';
    // Without a network the page keeps what it shows.
    return BY_MODE[Stream.mode] ?? shown ?? 'loading';
  };

  const render = () => {
    const name = chosen();
    if (name === shown) return;
    shown = name;
    document.getElementById('app').replaceChildren(...SCREENS[name]());
    require('StandinQr').render();
  };

  exports.element = element;
  exports.override = (name) => {
    overriding = name;
    render();
  };
  exports.start = () => {
    Stream.on('change:mode', render);
    Socket.on('change:state', render);
    render();
  };
});
