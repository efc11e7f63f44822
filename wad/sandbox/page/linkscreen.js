'use strict';
// The screen with the letters of a code to type, as a person sees it who chose there to link by number.
//
// In the variant `unseen` nothing of it is drawn; what is kept here then is the code alone, for the phone's owner.
// That the refs rest under the letters is an assumption, and the builds that were read speak against it.

__d('StandinLinkScreen', ['StandinScreens', 'StandinTexts'], (require, exports) => {
  const { element } = require('StandinScreens');
  const { text } = require('StandinTexts');
  const { clock } = window.__standin;
  // The screen's own: what the code's life is to the page is looked at when the phone's hello comes.
  const LIFE = 180000;
  let held = null; // {code, phone}; without a code once its time is over
  let timer = null;

  const covers = () => require('StandinLinking').covers();

  const changed = () => {
    if (covers()) require('StandinQr').render();
    require('StandinStage').report();
  };

  const expired = (phone) => {
    held = { code: null, phone };
    changed();
  };

  const again = async () => {
    const { initialise, start } = require('StandinLinking');
    const { phone } = held;
    await initialise();
    start(phone).catch(() => expired(phone));
  };

  exports.code = () => held?.code ?? null;

  exports.begin = () => {
    clearTimeout(timer);
    held = null;
    if (covers()) require('StandinRefs').stop();
    changed();
  };

  exports.show = (code, phone) => {
    clearTimeout(timer);
    held = { code, phone };
    if (covers()) timer = clock.after(LIFE, () => expired(phone));
    changed();
  };

  // Under the letters the old batch was given up. Without them that batch goes on, and what is drawn keeps the old
  // secret, dead, until the next ref: only then is it drawn again.
  exports.end = (covered) => {
    clearTimeout(timer);
    held = null;
    if (covered) require('StandinRefs').refresh();
    require('StandinStage').report();
  };

  const cells = (code) => [
    ...[...code.slice(0, 4)].map((letter) => element('div', element('span', letter))),
    element('span', '-', { 'aria-hidden': 'true' }),
    ...[...code.slice(4)].map((letter) => element('div', element('span', letter))),
  ];

  const letters = (code) => element('div', element('div', cells(code)), {
    'aria-details': 'link-device-phone-number-code-screen-instructions',
    'data-link-code': [...code].join(','),
  });

  const newCode = () => {
    const button = element('button', [element('div', text('code_expired')), element('div', text('new_code'))]);
    button.addEventListener('click', again);
    return button;
  };

  exports.draw = () => {
    const parts = [element('h2', text('code_title'))];
    if (held) parts.push(held.code ? letters(held.code) : newCode());
    return element('div', parts);
  };
});
