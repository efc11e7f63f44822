// Speaks the reader's language, names the account's service, and goes over to wad's page once wad answers.
//
// It asks for its own address, so that nothing needs to be known of prefixes: nginx answers with one of these for
// as long as it finds no wad behind it.
(() => {
  const NOBODY = [429, 502, 503, 504];
  const FIRST_PAUSE = 1000;
  const LONGEST_PAUSE = 10000;
  const PATIENCE = 20000;
  // As wad's own page keeps it.
  const KEPT = 'wad.language';
  const TEXTS = {
    en: { title: '! No answer — wad', language: 'Language' },
    ru: { title: '! Нет ответа — wad', language: 'Язык' },
  };
  // As in nginx's site.
  const ACCOUNT = /^\/accounts\/([A-Za-z0-9_][A-Za-z0-9_.-]*)\//;

  const kept = (work) => {
    try {
      return work(localStorage);
    } catch {
      return null; // a private window, or a policy
    }
  };
  const languages = document.querySelector('.languages');
  const speak = (language) => {
    document.documentElement.lang = language;
    document.documentElement.dataset.chosen = '';
    document.title = TEXTS[language].title;
    languages.setAttribute('aria-label', TEXTS[language].language);
    for (const each of languages.children) each.setAttribute('aria-pressed', each.dataset.language === language);
  };
  const asked = navigator.languages.map((tag) => tag.toLowerCase().split('-')[0]);
  const known = [kept((store) => store.getItem(KEPT)), ...asked].find((tag) => Object.hasOwn(TEXTS, tag));
  speak(known ?? 'en');
  languages.hidden = false;
  languages.addEventListener('click', ({ target }) => {
    const { language } = target.dataset;
    if (!language) return;
    kept((store) => store.setItem(KEPT, language));
    speak(language);
  });

  const account = ACCOUNT.exec(location.pathname);
  for (const unit of document.querySelectorAll('[data-part=unit]')) {
    unit.textContent = account ? `wad@${account[1]}` : 'wad';
  }

  let pause = FIRST_PAUSE;
  let timer = null;
  let asking = false;

  const ask = async () => {
    if (asking) return;
    asking = true;
    clearTimeout(timer);
    const options = { method: 'HEAD', cache: 'no-store', redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) };
    const answer = await fetch(location.href, options).catch(() => null);
    asking = false;
    if (answer && !NOBODY.includes(answer.status)) {
      location.reload();
      return;
    }
    timer = setTimeout(ask, pause);
    pause = Math.min(LONGEST_PAUSE, pause * 1.5);
  };
  const askAtOnce = () => {
    pause = FIRST_PAUSE;
    ask();
  };
  timer = setTimeout(ask, pause);
  window.addEventListener('online', askAtOnce);
  document.addEventListener('visibilitychange', () => document.hidden || askAtOnce());
  // One that was put aside whole, and is taken out again.
  window.addEventListener('pageshow', ({ persisted }) => persisted && askAtOnce());
})();
