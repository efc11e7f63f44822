// Describes the page's structure for a person: no text, no attribute that could hold a secret.
(moduleOf) => {
  'use strict';
  const depth = 7;
  const breadth = 12;
  const outline = (element, level) => {
    const id = element.id ? `#${element.id}` : '';
    const role = element.getAttribute('role') ? `[role=${element.getAttribute('role')}]` : '';
    const mark = element.hasAttribute('data-ref') ? '[data-ref]' : '';
    const name = `${element.tagName.toLowerCase()}${id}${role}${mark}`;
    const children = [...element.children];
    if (level >= depth || children.length === 0) return children.length ? `${name} (${children.length})` : name;
    const shown = children.slice(0, breadth).map((child) => outline(child, level + 1));
    if (children.length > breadth) shown.push(`… ${children.length - breadth} more`);
    return { [name]: shown };
  };
  const modules = typeof window.require === 'function' ? window.require('__debug')?.modulesMap ?? {} : {};
  const wanted = [
    'WAWebSocketModel',
    'WAWebConnModel',
    'WAWebStreamModel',
    'WAWebUserPrefsMultiDevice',
    'WAWebUserPrefsMeUser',
    'WAWebCmd',
    'WAWebBackendEventBus',
  ];
  const splash = document.querySelector('#wa_web_initial_startup') !== null;
  const hasRequire = typeof window.require === 'function';
  return {
    // WhatsApp's own has its place for the page from the first byte on, whatever became of its scripts.
    foreign: document.readyState === 'complete' && !hasRequire && !splash && document.querySelector('#app') === null,
    socket: String(moduleOf('WAWebSocketModel')?.Socket?.state ?? '').slice(0, 30) || null,
    readyState: document.readyState,
    hasRequire,
    moduleCount: Object.keys(modules).length,
    modules: Object.fromEntries(wanted.map((id) => [id, modules[id] ? Boolean(modules[id].factoryFinished) : null])),
    mounted: document.querySelector('#app')?.childElementCount > 0,
    links: [...document.querySelectorAll('a[href^="http"]')].map((link) => link.host).slice(0, 10),
    splash,
    chats: document.querySelector('#pane-side') !== null,
    version: moduleOf('WAWebBuildConstants')?.VERSION_STR ?? null,
    outline: document.body ? outline(document.body, 0) : null,
  };
}
