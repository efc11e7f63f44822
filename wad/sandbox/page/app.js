'use strict';
// The launch: run what was defined, take away the splash, open the socket.

__d('StandinApp', ['StandinStage', 'StandinSession', 'StandinScreens', 'StandinQr', 'StandinStanding', 'StandinStorage'], (require, exports) => {
  const { config, clock, onDemand } = window.__standin;
  const mutex = JSON.stringify(`x${crypto.randomUUID()}`);
  const LATE = 25000;
  const showDebug = () => { window.Debug = { VERSION: require('WAWebBuildConstants').VERSION_STR }; };

  const takeMutex = () => {
    localStorage.setItem('whatsapp-mutex', mutex);
    // Another tab of this profile that starts takes the session, and this one steps back.
    window.addEventListener('storage', (event) => {
      if (event.key === 'whatsapp-mutex' && event.newValue && event.newValue !== mutex) exports.replaced();
    });
  };

  exports.replaced = () => {
    require('StandinRefs').stop();
    require('StandinChat').close();
    require('StandinChat').setState('UNLAUNCHED');
    require('StandinScreens').override('another_session');
  };

  exports.launch = async () => {
    // Before any model runs: whoever reads the mutex together with a model reads this page's own.
    takeMutex();
    for (const id of Object.keys(require('__debug').modulesMap)) if (!onDemand.has(id)) require(id);
    if (config.debug === 'early') showDebug();
    if (config.debug === 'late') clock.after(LATE, showDebug);
    await require('StandinStorage').create();
    await require('StandinKeys').load();
    await require('StandinAccount').restore();
    await require('StandinStage').start();
    document.getElementById('wa_web_initial_startup').remove();
    require('WAWebStreamModel').Stream.set({ needsUpdate: config.needsUpdate });
    require('StandinStanding').start();
    require('StandinScreens').start();
    require('StandinQr').start();
    require('StandinSession').start();
    config.renamed.forEach(window.__standin.rename);
  };
});
