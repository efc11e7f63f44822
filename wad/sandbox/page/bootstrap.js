'use strict';
// The first script of the page: a stub that collects definitions, and the waves in which the rest comes.
(() => {
  const config = JSON.parse(document.getElementById('standin-config').textContent);
  const nonce = document.currentScript.nonce;
  const definitions = [];

  // Delays differ from load to load but repeat for the same seed (mulberry32).
  let state = config.seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const clock = {
    factor: config.clock,
    // A span of the stand-in's clock, in its milliseconds, as real milliseconds.
    real: (span) => span / clock.factor,
    after: (span, callback) => setTimeout(callback, clock.real(span)),
    wait: (span) => new Promise((done) => clock.after(span, done)),
  };
  window.__standin = { config, clock, random, definitions, finished: false };
  window.__d = (...definition) => { definitions.push(definition); };

  // Measured: on the page that shows a code these have not run. Whoever requires one of their modules runs it.
  const MESSAGES = [
    'keys.js', 'lids.js', 'rows.js', 'collections.js', 'groups.js', 'messages.js', 'chats.js', 'getters.js', 'addons.js', 'arrivals.js',
    'happenings.js', 'inbox.js', 'sending.js', 'queries.js', 'marks.js', 'extras.js', 'contents.js', 'media.js', 'transfer.js',
    'prepare.js', 'download.js', 'people.js', 'history.js',
  ];
  const WAVES = [
    ['loader.js', 'foundation.js', 'wids.js'],
    ['storage.js', 'registration.js', 'account.js'],
    ['network.js', 'models.js', 'stream.js', 'bridge.js'],
    ['chat.js', 'refs.js', 'session.js', 'logout.js', 'standing.js'],
    MESSAGES,
    ['texts.js', 'screens.js', 'qr.js', 'linkscreen.js', 'linking.js', 'stage.js', 'app.js'],
  ];
  // With `never` the loader is there and the models are not.
  const waves = config.modules === 'never' ? WAVES.slice(0, 2) : WAVES;
  const [least, most] = config.modules === 'slow' ? [10000, 30000] : [1000, 3000];
  const between = (least + random() * (most - least)) / WAVES.length;

  // A wave is one file, as the real page's bundles are.
  const load = (names) => new Promise((done, fail) => {
    const script = document.createElement('script');
    script.nonce = nonce;
    script.src = `/static/${names.join('+')}`;
    script.dataset.runs = names === MESSAGES ? 'on demand' : 'at launch';
    script.onload = done;
    script.onerror = () => fail(new Error(`not loaded: ${names}`));
    document.head.append(script);
  });

  const progress = (percent) => {
    const bar = document.querySelector('#wa_web_initial_startup progress');
    if (bar) bar.value = percent;
  };

  const run = async () => {
    for (const [index, names] of waves.entries()) {
      await clock.wait(between);
      await load(names);
      progress((100 * (index + 1)) / WAVES.length);
    }
    if (waves === WAVES) window.require('StandinApp').launch();
  };
  // A script that was not loaded leaves the splash where it is, for ever, as the real page does.
  run().catch((error) => console.error(String(error)));
})();
